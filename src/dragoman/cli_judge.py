"""Commands for people who decide who is who: same, merge, split, undo, judgements, resolve."""

from __future__ import annotations

import getpass
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from dragoman.cli_parts import examples, open_store, print_rows, store_option
from dragoman.errors import DragomanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dragoman.concord import Attested, Edge, Identity

why_option = click.option("--why", default="", metavar="TEXT", help="The reason, kept with the judgement.")
as_option = click.option("--as", "by", metavar="NAME", help="Who judges; your login name where left out.")


def _find_name(by: str | None) -> str:
    """Who judges; DragomanError where the system has no name for whoever runs this."""
    if by:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError) as exc:
        raise DragomanError("this system has no login name for you; say who judges with --as NAME") from exc


def _tell_time() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _name_engagement(entry: Attested) -> str:
    n = len(entry.witnesses)
    day = f" of {entry.edtf}" if entry.earliest or entry.latest else ""
    return f"{entry.kind.value}{day} ({entry.id}, {n} report{'' if n == 1 else 's'})"


def _name(identity: Identity) -> str:
    n = len(identity.members)
    return f"{identity.name} ({identity.id}, {n} article{'' if n == 1 else 's'})"


@click.command(
    epilog=examples("same 'Rauf Mammadov' 'Rauf Mamedov'", "same person-1f2e3d4c5b person-9a8b7c6d5e")
)
@click.argument("one")
@click.argument("two")
@store_option
def same(one: str, two: str, store_path: str | None) -> None:
    """Say whether two are one, and why.

    ONE and TWO are ids or names of people, bodies or places, or ids of engagements.
    """
    from dragoman import attesting
    from dragoman.identify import explain_same, find_one

    with closing(open_store(store_path)) as store:
        if attesting.is_engagement(one):
            edge = attesting.explain_same(store, one, two)
            sides = [_name_engagement(store.attested(ref)) for ref in (one, two)]
            print_rows(_list_edge(edge, sides))
            return
        edge = explain_same(store, one, two)
        left, right = find_one(store, one), find_one(store, two)
    print_rows(_list_edge(edge, [_name(left), _name(right)]))


def _list_edge(edge: Edge, sides: Sequence[str]) -> list[tuple[str, str]]:
    """A decision and its reasons as rows; two sides that are one now stand once."""
    settled = ("score", f"{edge.score:.2f}")
    if edge.judgement is not None:
        settled = ("judgement", str(edge.judgement))
    rows = [("decision", str(edge.decision)), settled, ("one", sides[0])]
    rows += [("other", sides[1])] if sides[0] != sides[1] else []
    return rows + [("because" if n == 0 else "", reason) for n, reason in enumerate(edge.reasons)]


@click.command(epilog=examples("merge 'Rauf Mammadov' person-9a8b7c6d5e --why 'same passport photo'"))
@click.argument("one")
@click.argument("two")
@why_option
@as_option
@store_option
def merge(one: str, two: str, why: str, by: str | None, store_path: str | None) -> None:
    """Judge that two are one.

    ONE and TWO are ids or names, or ids of engagements. No score outranks it; `undo` takes it back.
    """
    from dragoman import attesting, identify

    with closing(open_store(store_path, readonly=False)) as store:
        if attesting.is_engagement(one):
            number, entry = attesting.merge(store, one, two, by=_find_name(by), at=_tell_time(), why=why)
            click.echo(f"judgement {number}: {_name_engagement(entry)}")
            return
        number, identity = identify.merge(store, one, two, by=_find_name(by), at=_tell_time(), why=why)
    click.echo(f"judgement {number}: {_name(identity)}")


@click.command(epilog=examples("split person-9a8b7c6d5e --why 'the footballer'"))
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@why_option
@as_option
@store_option
def split(ids: tuple[str, ...], why: str, by: str | None, store_path: str | None) -> None:
    """Judge that members of one identity are others than the rest.

    Each ID is the id of a name in one article, as `same` and the exports give them, or of an engagement in
    one article.
    """
    from dragoman import attesting, identify

    with closing(open_store(store_path, readonly=False)) as store:
        if attesting.is_engagement(ids[0]):
            numbers = attesting.split(store, ids, by=_find_name(by), at=_tell_time(), why=why)
            for number, id_ in zip(numbers, ids, strict=False):
                click.echo(f"judgement {number}: {_name_engagement(store.attested(id_))}")
            return
        numbers = identify.split(store, ids, by=_find_name(by), at=_tell_time(), why=why)
        now = [store.identity(entity_id) for entity_id in ids]
    for number, identity in zip(numbers, now, strict=False):
        click.echo(f"judgement {number}: {_name(identity)}")


@click.command(epilog=examples("undo 3 --why 'two people after all'"))
@click.argument("number", type=int)
@why_option
@as_option
@store_option
def undo(number: int, why: str, by: str | None, store_path: str | None) -> None:
    """Take one judgement back.

    It stays on record, followed by a judgement that undoes it.
    """
    from dragoman import identify

    with closing(open_store(store_path, readonly=False)) as store:
        given = identify.undo(store, number, by=_find_name(by), at=_tell_time(), why=why)
    click.echo(f"judgement {given}: undid {number}")


@click.command(epilog=examples("judgements", "judgements person-9a8b7c6d5e"))
@click.argument("about", required=False, metavar="[ID]")
@store_option
def judgements(about: str | None, store_path: str | None) -> None:
    """List what people judged, all of it or what concerns one id."""
    with closing(open_store(store_path)) as store:
        rows = [
            (j.id, j.at[:16], j.by, _say_what(j.action.value, j.undoes), j.target, j.other, j.reason)
            for j in store.judgements(target=about)
        ]
    if not rows:
        raise DragomanError(f"no judgement concerns {about!r}" if about else "nobody has judged anything yet")
    print_rows([("no", "when", "who", "judged", "id", "other id", "why"), *rows])


def _say_what(action: str, undoes: int | None) -> str:
    return action if undoes is None else f"{action} {undoes}"


@click.command(epilog=examples("resolve", "resolve --store visits.db"))
@store_option
def resolve(store_path: str | None) -> None:
    """Find out anew who is who in all articles.

    New articles are settled as they are read; this does all of them again. Judgements stay in force.
    """
    from dragoman.identify import rebuild

    with closing(open_store(store_path, readonly=False)) as store:
        n = rebuild(store)
        n_entities = store.status().n_entities
    click.echo(f"{n_entities} names in articles are {n} people, bodies, places and groups")


COMMANDS = (same, merge, split, undo, judgements, resolve)
