"""The ledger: the table a researcher makes by hand of whom a person or country met, when, where, for whom.

One engagement a row, in order of time. Where reports differ, the row says in what and who tells which;
nothing is chosen between them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from dragoman.concord import Agreement, Attested, Witness
from dragoman.keep.rows import AttestedRow, TakerRow
from dragoman.record import EntityKind
from dragoman.show.witnesses import FIELDS

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

COLUMNS = (
    *("date", "who", "office", "with", "for", "where", "kind", "status"),
    *("witnesses", "disagreement", "topic", "engagement", "part of"),
)
JOIN = "; "
PAGE = 200  # lines of one table in a terminal
WIDE = 110  # columns; a narrower terminal gets a list
UNDATED = "9999"  # what sorts behind every day


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One engagement of the person or country: columns as in COLUMNS, empty where no report says.

    `date` is EDTF, or the day of the first report in brackets where no report dates the engagement, or
    "undated"; `part_of` is the id of the visit it belongs to.
    """

    date: str
    who: str
    office: str
    with_whom: str
    for_whom: str
    where: str
    kind: str
    status: str
    witnesses: int
    disagreement: str
    topic: str
    engagement: str
    part_of: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose ledger it is: an identity, a state by its two-letter code, or a place where all are shown."""

    identity: str | None = None
    state: str | None = None

    def is_own(self, taker: TakerRow) -> bool:
        """Whether a participant is the one, or acts for it."""
        if self.identity:
            return self.identity in (taker.identity, taker.behalf)
        return self.state in taker.states if self.state else True


Offices = Callable[[str, str], tuple[str, str | None] | None]  # of an identity, about an ISO day


def build_ledger(
    rows: Iterable[AttestedRow],
    whose: Whose,
    *,
    tell: Callable[[str], Attested],
    find_office: Offices = lambda identity, day: None,
) -> Iterator[LedgerRow]:
    """The engagements as lines, one by one, so that memory stays flat.

    Args:
        rows: engagements over all articles, in the order wanted.
        whose: who stands on the left.
        tell: gives an engagement in full by its id; asked only where reports differ.
        find_office: the office in which reports nearest to a day saw somebody, and what it is of; asked
            only where the reports of an engagement give none.
    """
    for row in rows:
        own = [taker for taker in row.takers if whose.is_own(taker)]
        people = [taker for taker in own if not _is_whole(taker, whose)] or own
        others = [taker for taker in row.takers if taker not in own]
        entry = tell(row.id) if row.differing else None
        name_office = partial(_name_office, day=row.day, find_office=find_office)
        yield LedgerRow(
            date=_write_date(row),
            who=JOIN.join(taker.name for taker in people),
            office=JOIN.join(filter(None, map(name_office, people))),
            with_whom=JOIN.join(_describe(taker, name_office(taker)) for taker in others),
            for_whom=JOIN.join(dict.fromkeys(taker.behalf_name for taker in own if taker.behalf_name)),
            where=row.place_name or "",
            kind=row.kind.value,
            status=row.status.value,
            witnesses=row.n_witnesses,
            disagreement=JOIN.join(list_disagreements(entry)) if entry else "",
            topic=row.topic or "",
            engagement=row.id,
            part_of=row.whole or "",
        )


def _write_date(row: AttestedRow) -> str:
    if row.edtf and (row.earliest or row.latest):
        return row.edtf
    return "undated" if row.day == UNDATED else f"[{row.day}]"


def _is_whole(taker: TakerRow, whose: Whose) -> bool:
    """Whether a participant is the country or body itself rather than somebody who acts for it."""
    return taker.kind is EntityKind.PLACE if whose.state else taker.identity == whose.identity


def _describe(taker: TakerRow, office: str) -> str:
    """A counterpart with office, or with whom it acts for."""
    if not office and taker.behalf_name and taker.behalf != taker.identity:
        office = f"for {taker.behalf_name}"
    return f"{taker.name} ({office})" if office else taker.name


def _name_office(taker: TakerRow, day: str, find_office: Offices) -> str:
    """The office as the reports of the engagement give it, else as those nearest in time do."""
    title, of = taker.office, taker.office_of
    if title is None and taker.kind is EntityKind.PERSON:
        title, of = find_office(taker.identity, day) or (None, None)
    return f"{title}, {of}" if title and of else title or ""


def _name_witness(witness: Witness) -> str:
    """Who published a report; the report by its day, else by its id, where nobody knows."""
    day = witness.published and f"a report of {witness.published}"
    return witness.publisher or day or f"report {witness.document}"


def list_disagreements(entry: Attested) -> Iterator[str]:
    """Field by field: "when: 2021-05-14 (Courier) or 2021-05-15 (Herald)"."""
    publishers = {w.document: _name_witness(w) for w in entry.witnesses}
    for account in entry.accounts:
        if account.agreement is Agreement.DIFFER:
            values = (
                f"{told.label} ({', '.join(dict.fromkeys(publishers.get(d, d) for d in told.documents))})"
                for told in account.told
            )
            yield f"{FIELDS.get(account.slot, account.slot.value)}: {' or '.join(values)}"


def write_csv(rows: Iterable[LedgerRow]) -> Iterator[str]:
    """The ledger as CSV (RFC 4180), a line at a time, the column names first."""
    for cells in chain([COLUMNS], map(astuple, rows)):
        out = io.StringIO()
        csv.writer(out).writerow(cells)
        yield out.getvalue()


def render_ledger(rows: Iterable[LedgerRow]) -> Iterator[RenderableType]:
    """The ledger a page at a time for the terminal, a table where it is wide; ids stay in the CSV."""
    left = iter(rows)
    while page := list(islice(left, PAGE)):
        yield _Page(page)


@dataclass(frozen=True)
class _Page:
    """Lines that fit themselves to the terminal."""

    rows: Sequence[LedgerRow]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        yield _make_table(self.rows) if options.max_width >= WIDE else _make_list(self.rows)


def _make_table(rows: Sequence[LedgerRow]) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("date", no_wrap=True)
    for column in ("who", "with", "for", "where", "what"):
        table.add_column(column, overflow="fold")
    table.add_column("seen", justify="right")
    table.add_column("reports differ in", overflow="fold")
    for row in rows:
        cells = (row.date, _write_who(row), row.with_whom, row.for_whom, row.where, _write_what(row))
        table.add_row(*cells, str(row.witnesses), row.disagreement)
    return table


def _make_list(rows: Sequence[LedgerRow]) -> RenderableType:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        seen = f"{row.witnesses} report{'' if row.witnesses == 1 else 's'}"
        grid.add_row(row.date, " · ".join(filter(None, (_write_what(row), row.where, seen))))
        behalf = f" for {row.for_whom}" if row.for_whom else ""
        grid.add_row("", f"{_write_who(row)}{behalf}")
        grid.add_row("", f"with {row.with_whom}") if row.with_whom else None
        grid.add_row("", f"reports differ: {row.disagreement}") if row.disagreement else None
    return grid


def _write_who(row: LedgerRow) -> str:
    return f"{row.who} ({row.office})" if row.office else row.who


def _write_what(row: LedgerRow) -> str:
    return row.kind if row.status == "held" else f"{row.kind}, {row.status}"
