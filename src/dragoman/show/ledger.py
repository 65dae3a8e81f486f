"""The ledger: the table a researcher makes by hand of whom a person or country met, when, where, for whom.

One engagement a row, in order of time. Where reports differ, the row says in what and who tells which;
nothing is chosen between them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import astuple, dataclass
from datetime import date
from typing import TYPE_CHECKING

from dragoman.concord import Agreement, Attested, Office
from dragoman.record import Participation, RoleFlag, Slot

if TYPE_CHECKING:
    from rich.console import RenderableType

COLUMNS = (
    *("date", "who", "office", "with", "for", "where", "kind", "status"),
    *("witnesses", "disagreement", "topic", "engagement", "documents"),
)
FIELD_NAMES = {
    Slot.CORE: "kind",
    Slot.STATUS: "status",
    Slot.WHO: "who",
    Slot.WHERE: "where",
    Slot.WHEN: "when",
    Slot.COUNT: "how many",
}
JOIN = "; "
FAR = 1_000_000  # days


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One engagement of the person or country: columns as in COLUMNS, empty where no report says.

    `date` is EDTF, or the day of the first report in brackets where no report dates the engagement.
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
    documents: str


def build_ledger(
    attested: Iterable[Attested],
    names: Mapping[str, str],
    offices: Iterable[Office],
    *,
    who: AbstractSet[str],
    start: str | None = None,
    end: str | None = None,
) -> tuple[LedgerRow, ...]:
    """The engagements in which `who` takes part, by time; undated ones stand at the day of their report.

    Args:
        attested: engagements as all reports tell them.
        names: the name of each identity.
        offices: dated observations; the one nearest in time is shown.
        who: the identity of a person or body, or all identities of a country; a country takes part where
            it is named or somebody acts for it.
        start: first ISO day to show, None for all; an engagement that reaches into the days is shown.
        end: last ISO day to show.
    """
    desk = _Desk(names, offices, who)
    rows = [(_find_days(entry), desk.make_row(entry)) for entry in attested if desk.concerns(entry)]
    shown = [
        (days, row) for days, row in rows if (not end or days[0] <= end) and (not start or days[1] >= start)
    ]
    return tuple(row for _, row in sorted(shown, key=lambda pair: (pair[0], pair[1].engagement)))


def write_csv(rows: Iterable[LedgerRow]) -> str:
    """The ledger as CSV (RFC 4180) with a line of column names."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(map(astuple, rows))
    return out.getvalue()


def render_ledger(rows: Sequence[LedgerRow]) -> RenderableType:
    """The ledger as a table for the terminal; ids and documents stay in the CSV."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in ("date", "who", "with", "for", "where", "what"):
        table.add_column(column, overflow="fold")
    table.add_column("seen", justify="right")
    table.add_column("reports differ in", overflow="fold")
    for row in rows:
        who = f"{row.who} ({row.office})" if row.office else row.who
        what = row.kind if row.status == "held" else f"{row.kind}, {row.status}"
        cells = (row.date, who, row.with_whom, row.for_whom, row.where, what, str(row.witnesses))
        table.add_row(*cells, row.disagreement)
    return table


def _find_days(entry: Attested) -> tuple[str, str]:
    """The first and last day of an engagement, else those of its reports; undated ones come last."""
    if entry.earliest or entry.latest:
        return entry.earliest or entry.latest or "", entry.latest or entry.earliest or ""
    days = sorted(witness.published for witness in entry.witnesses if witness.published)
    return (days[0], days[-1]) if days else ("9999", "9999")


class _Desk:
    """Names and offices by identity, and whose ledger it is."""

    def __init__(self, names: Mapping[str, str], offices: Iterable[Office], who: AbstractSet[str]) -> None:
        self.names = names
        self.who = who
        self.offices: dict[str, list[Office]] = {}
        for office in offices:
            self.offices.setdefault(office.person, []).append(office)

    def concerns(self, entry: Attested) -> bool:
        """Whether `who` takes part, in person or by somebody who acts for it."""
        return any(self._is_own(p) for p in entry.participants)

    def _is_own(self, p: Participation) -> bool:
        """Whether a participant is `who`, or acts for it by the report's words or else by office."""
        if p.entity in self.who or p.on_behalf_of in self.who:
            return True
        held = (o for o in self.offices.get(p.entity, ()) if RoleFlag.FORMER not in o.flags)
        return p.on_behalf_of is None and any(office.of in self.who for office in held)

    def make_row(self, entry: Attested) -> LedgerRow:
        """One engagement as a row."""
        day = _find_days(entry)[0]
        own = [p for p in entry.participants if self._is_own(p)]
        people = [p for p in own if p.entity not in self.who] or own
        others = [p for p in entry.participants if p not in own]
        witnesses = [w for w in entry.witnesses if w.copy_of is None]
        return LedgerRow(
            date=entry.edtf if entry.edtf and (entry.earliest or entry.latest) else f"[{day}]",
            who=JOIN.join(self._name(p.entity) for p in people),
            office=JOIN.join(filter(None, (self._find_office(p.entity, day) for p in people))),
            with_whom=JOIN.join(self._describe(p, day) for p in others),
            for_whom=JOIN.join(dict.fromkeys(self._name(p.on_behalf_of) for p in own if p.on_behalf_of)),
            where=self._name(entry.place) if entry.place else "",
            kind=entry.kind.value,
            status=entry.status.value,
            witnesses=len(witnesses),
            disagreement=JOIN.join(self._list_disagreements(entry)),
            topic=entry.topic or "",
            engagement=entry.id,
            documents=" ".join(dict.fromkeys(w.document for w in entry.witnesses)),
        )

    def _name(self, identity: str) -> str:
        return self.names.get(identity, identity)

    def _describe(self, p: Participation, day: str) -> str:
        """A counterpart with office, or with whom it acts for."""
        name = self._name(p.entity)
        office = self._find_office(p.entity, day)
        if not office and p.on_behalf_of and p.on_behalf_of != p.entity:
            office = f"for {self._name(p.on_behalf_of)}"
        return f"{name} ({office})" if office else name

    def _find_office(self, person: str, day: str) -> str:
        """The office in which reports nearest to the day saw a person: "Foreign Minister, Georgia"."""
        held = [o for o in self.offices.get(person, ()) if RoleFlag.FORMER not in o.flags]
        if not held:
            return ""
        office = min(held, key=lambda o: (_measure_days(o, day), o.of is None, -len(o.documents)))
        return f"{office.title}, {self._name(office.of)}" if office.of else office.title

    def _list_disagreements(self, entry: Attested) -> Iterator[str]:
        """Field by field: "when: 2021-05-14 (Courier) or 2021-05-15 (Herald)"."""
        publishers = {w.document: w.publisher or w.document for w in entry.witnesses}
        for account in entry.accounts:
            if account.agreement is Agreement.DIFFER:
                values = (
                    f"{told.label} ({', '.join(dict.fromkeys(publishers.get(d, d) for d in told.documents))})"
                    for told in account.told
                )
                yield f"{FIELD_NAMES.get(account.slot, account.slot.value)}: {' or '.join(values)}"


def _measure_days(office: Office, day: str) -> int:
    """Days from the nearest day on which the office was seen; far where either is undated."""
    seen = [date.fromisoformat(d).toordinal() for d in (office.first_seen, office.last_seen) if d]
    if not seen or not re.fullmatch(r"[12]\d{3}-\d\d-\d\d", day):
        return FAR
    number = date.fromisoformat(day).toordinal()
    return max(0, seen[0] - number, number - seen[-1])
