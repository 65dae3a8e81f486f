"""Commands that ask what the reports say together: ledger and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import click

from dragoman.cli_parts import Day, examples, open_store, print_rows, print_view, say, store_option

if TYPE_CHECKING:
    from dragoman.concord import Counted
    from dragoman.keep.ledger import Wanted
    from dragoman.keep.store import Store
    from dragoman.record import Reading
    from dragoman.show.ledger import LedgerRow, Whose


@click.command(
    epilog=examples("ledger 'Nadia Ferran'", "ledger Georgia --from 2026-01-01 --csv > visits.csv")
)
@click.argument("who", metavar="PERSON|COUNTRY")
@click.option("--from", "start", type=Day(), metavar="DATE", help="First day to show, YYYY-MM-DD.")
@click.option("--to", "end", type=Day(), metavar="DATE", help="Last day to show, YYYY-MM-DD.")
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
@store_option
def ledger(who: str, start: date | None, end: date | None, as_csv: bool, store_path: str | None) -> None:
    """List whom a person or country met, when, where and for whom.

    One engagement a line, however many reports tell of it; where they differ, the line says in what. A body
    has a ledger, too, and a place lists what happened there. For one in full: dragoman show ENGAGEMENT.
    """
    from dragoman.show.ledger import render_ledger, write_csv

    with closing(open_store(store_path)) as store:
        wanted, whose = find_wanted(store, who, start=start, end=end)
        if store.unsettled(1):
            say("some articles are not yet compared with the others; first: dragoman resolve")
        rows = _list_rows(store, wanted, whose)
        first = next(rows, None)
        if first is None and not as_csv:
            say(f"the record has {who!r}, but no engagement of theirs in these days")
            return
        rows = chain([first] if first else [], rows)
        if as_csv:
            for line in write_csv(rows):
                click.echo(line, nl=False)
            return
        for page in render_ledger(rows):
            print_view(page)


def find_wanted(
    store: Store, who: str, *, start: date | None = None, end: date | None = None
) -> tuple[Wanted, Whose]:
    """Which engagements are asked for, and who stands on the left; NotFoundError where nobody is meant.

    A country is meant by its name or two-letter code, everybody else by a name or an id.
    """
    from dragoman.identify import find_one
    from dragoman.keep.ledger import Wanted
    from dragoman.record import EntityKind
    from dragoman.show.ledger import Whose

    first, last = (day.isoformat() if day else None for day in (start, end))
    if state := find_state_code(who):
        return Wanted(state=state, start=first, end=last), Whose(state=state)
    identity = find_one(store, who)
    if identity.kind is EntityKind.PLACE:
        return Wanted(place=identity.id, start=first, end=last), Whose()
    return Wanted(identity=identity.id, start=first, end=last), Whose(identity=identity.id)


def find_state_code(who: str) -> str | None:
    """The two-letter code of a state meant by its name, adjective or code; None for anybody else."""
    from dragoman.resolve.reports import load_state_names
    from dragoman.text import fold_name

    codes = load_state_names()
    return who if who in codes.values() else codes.get(fold_name(who))


def _list_rows(store: Store, wanted: Wanted, whose: Whose) -> Iterator[LedgerRow]:
    from dragoman.show.ledger import build_ledger

    return build_ledger(
        store.iter_attested(wanted), whose, tell=store.attested, find_office=cache(store.find_office)
    )


@click.command(epilog=examples("counts", "counts 'Lirgate Harbour Board' --all"))
@click.argument("name", required=False)
@click.option("--all", "show_all", is_flag=True, help="Show counts on which reports agree, too.")
@store_option
def counts(name: str | None, show_all: bool, store_path: str | None) -> None:
    """List what reports count differently.

    "Seven synagogues" in one report and "six" in another are a disagreement; every number is listed with
    the words and the source that give it. NAME is a person, body or place; all of the record without it.
    """
    from dragoman.concord import Agreement
    from dragoman.identify import find_one
    from dragoman.resolve.counts import compare_counts

    with closing(open_store(store_path)) as store:
        asked = find_one(store, name).id if name else None
        homes: dict[str, str] = {}
        sources: dict[str, str] = {}
        readings = _iter_counting(store, asked, homes, sources)
        found = compare_counts(readings, homes)
        shown = [
            counted
            for counted in found
            if (asked is None or asked in (*counted.about, counted.place))
            and (show_all or counted.agreement is Agreement.DIFFER)
        ]
    if not shown:
        say("no report counts anything here" if show_all else "no two reports count anything differently")
        return
    print_rows(_write_counts(shown, sources))


def _iter_counting(
    store: Store, asked: str | None, homes: dict[str, str], sources: dict[str, str]
) -> Iterator[Reading]:
    """The readings that count, and, before each is given, whose its entities are and who published it."""
    for reading in store.counting(asked):
        claimed = {id_ for claim in reading.claims for id_ in (*claim.about, claim.place) if id_}
        homes |= store.homes(claimed)
        document = reading.document
        sources[document.id] = (
            f"{document.publisher or document.title or document.id}, {document.published or 'undated'}"
        )
        yield reading


def _write_counts(found: Iterable[Counted], sources: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """A line for every number told of a thing, with its words and who tells it."""
    for counted in found:
        for n, told in enumerate(counted.told):
            said = "; ".join(sources[document] for document in told.documents)
            yield (counted.unit if n == 0 else "", f"{float(told.value):g}", f"“{told.label}” ({said})")


COMMANDS = (ledger, counts)
