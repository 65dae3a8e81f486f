"""Commands by which the record leaves and comes back: export, import."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from dragoman.cli_parts import Day, examples, open_store, say, store_option
from dragoman.errors import DragomanError

if TYPE_CHECKING:
    from dragoman.gather import Filters
    from dragoman.give.formats import Format

KINDS = (
    *("meeting", "visit", "call", "gathering", "agreement"),
    *("appointment", "departure", "ceremony", "message", "founding"),
)
STATUSES = ("held", "planned", "cancelled", "alleged", "negated", "recurring")
STATES = ("suggested", "accepted", "rejected")


@click.command(
    epilog=examples(
        "export graphml -o record.graphml",
        "export ics --who 'Nadia Ferran' --status planned -o next.ics",
        "export csv --who Georgia --from 2026-01-01 --state accepted -o georgia.zip",
        "export jsonl > record.jsonl",
        "export --evidence --article 'Envoy in Tbilisi' -o evidence.zip",
    )
)
@click.argument("format_name", required=False, metavar="FORMAT")
@click.option("-o", "--output", default="-", metavar="FILE", help="Where to; standard output if left out.")
@click.option("--article", "articles", multiple=True, metavar="REF", help="Only this article; repeatable.")
@click.option("--who", multiple=True, metavar="NAME", help="Person, body or country taking part; repeatable.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Kind of engagement.")
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="Its status.")
@click.option("--from", "start", type=Day(), metavar="DATE", help="First day, YYYY-MM-DD.")
@click.option("--to", "end", type=Day(), metavar="DATE", help="Last day, YYYY-MM-DD.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES),
    help="What people made of it; suggested and accepted if left out, all for jsonl and evidence.",
)
@click.option("--evidence", is_flag=True, help="The bundle of record, texts, hashes and verifier.")
@store_option
def export(
    format_name: str | None, output: str, evidence: bool, store_path: str | None, **wishes: Any
) -> None:
    """Write the record in a format other tools read.

    Options that choose engagements bring along the articles that report them. Without FORMAT the formats
    are listed; docs/formats.md says which is for which tool.
    """
    from dragoman import gather
    from dragoman.give.formats import find_format

    entry = find_format(_pick_name(format_name, evidence))
    if output == "-" and not entry.is_text and sys.stdout.isatty():
        raise DragomanError(f"{entry.name} is no text for a terminal; name a file with -o")
    with closing(open_store(store_path)) as store:
        written = gather.export(store, entry.name, output, _make_filters(entry, **wishes))
    if not written.n_entries:
        say(f"nothing in the record fits; {entry.name} is written all the same, and empty")
    if written.left_out:
        say(f"{entry.name} has no room for: {'; '.join(written.left_out)}")


def _pick_name(format_name: str | None, evidence: bool) -> str:
    from dragoman.give.formats import FORMATS

    if evidence and format_name not in (None, "evidence"):
        raise click.UsageError(f"--evidence is a format of its own; leave out {format_name}")
    if not evidence and format_name is None:
        raise click.UsageError(f"name a format: {', '.join(sorted(FORMATS))}")
    return "evidence" if evidence else format_name or ""


def _make_filters(
    entry: Format, *, start: date | None, end: date | None, states: tuple[str, ...], **chosen: Any
) -> Filters:
    from dragoman.gather import ALL_STATES, USUAL_STATES, Filters, State
    from dragoman.record import EngagementKind, Status

    usual = ALL_STATES if entry.is_whole else USUAL_STATES
    return Filters(
        articles=chosen["articles"],
        who=chosen["who"],
        kinds=frozenset(map(EngagementKind, chosen["kinds"])),
        statuses=frozenset(map(Status, chosen["statuses"])),
        start=str(start) if start else None,
        end=str(end) if end else None,
        states=frozenset(map(State, states)) or usual,
    )


@click.command(
    "import",
    epilog=examples("import record.jsonl --store copy.db", "import visits.xml entities.ftm.json"),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@store_option
def import_(files: tuple[str, ...], store_path: str | None) -> int:
    """Take in records that others exported, and lists of known people and visits.

    A FILE is what `export jsonl` or `read --json` wrote; visits, travels or people of the Office of the
    Historian; or people and bodies of FollowTheMoney. What the record has already stays as it is.
    """
    from dragoman.receive import import_files

    n_errors = 0
    with closing(open_store(store_path, readonly=False)) as store:
        for received in import_files(store, files):
            for error in received.errors:
                say(str(error))
            n_errors += len(received.errors)
            known = f", {received.n_known} known already" if received.n_known else ""
            counts = {
                "judgement": received.n_judgements,
                "known name": received.n_named,
                "visit": received.n_visits,
            }
            more = "".join(f", {_count(n, word)}" for word, n in counts.items() if n)
            click.echo(f"{received.source}: {_count(received.n_articles, 'article')}{known}{more}")
    return 1 if n_errors else 0


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"


COMMANDS = (export, import_)
