"""One engagement before its witnesses: field by field who tells what, in which words, and since when.

Nothing is decided between them; who stands nearest to the engagement is said, as a reader wants to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dragoman.concord import Account, Agreement, Attested, Known, Nearness, Told, Witness
from dragoman.record import Engagement, EngagementKind, Evidence, Reading, Record, Slot, Status, Words
from dragoman.show.wording import clip, get_headline

if TYPE_CHECKING:
    from rich.console import RenderableType

FIELDS = {
    Slot.CORE: "kind",
    Slot.STATUS: "status",
    Slot.WHO: "who",
    Slot.WHERE: "where",
    Slot.WHEN: "when",
    Slot.COUNT: "how many",
    Slot.ABOUT: "about",
}
AGREEMENTS = {
    Agreement.ALONE: "one report",
    Agreement.AGREE: "all agree",
    Agreement.ADD: "not all say",
    Agreement.DIFFER: "they differ",
}
NEARNESS = {Nearness.HOST: "host", Nearness.PARTICIPANT: "takes part", Nearness.THIRD: "third party"}
MOST_WORDS = 70  # characters of a quoted stretch


class Report(Record, frozen=True, kw_only=True):
    """A witness with the number it goes by here; `copy_of` is the number of the report it repeats."""

    number: int
    document: str
    engagement: str
    headline: str
    publisher: str | None
    published: str | None
    nearness: Nearness
    copy_of: int | None = None


class Value(Record, frozen=True, kw_only=True):
    """One value of a field: the numbers of the reports that tell it, and the words of each that has some."""

    value: str
    label: str
    reports: tuple[int, ...]
    words: tuple[tuple[int, str], ...]


class Field(Record, frozen=True, kw_only=True):
    """One field with all its values, however many reports differ."""

    slot: Slot
    name: str
    agreement: Agreement
    values: tuple[Value, ...]


class Step(Record, frozen=True, kw_only=True):
    """What was known of the engagement on a day of publication, None where the report is undated."""

    on: str | None
    status: Status
    reports: tuple[int, ...]


class Hearing(Record, frozen=True, kw_only=True):
    """All that the reports of one engagement say, ready to be shown."""

    id: str
    kind: EngagementKind
    status: Status
    part_of: str | None
    reports: tuple[Report, ...]
    fields: tuple[Field, ...]
    life: tuple[Step, ...]


def build_hearing(attested: Attested, readings: Iterable[Reading], homes: Mapping[str, str]) -> Hearing:
    """The engagement with the words of its reports.

    Args:
        attested: the engagement.
        readings: those of its witnesses; words of missing ones are left out.
        homes: the identity of each entity of these readings.
    """
    by_document = {reading.document.id: reading for reading in readings}
    numbers = {w.document: n for n, w in enumerate(attested.witnesses, 1)}
    told = {
        w.document: engagement
        for w in attested.witnesses
        for engagement in (by_document[w.document].engagements if w.document in by_document else ())
        if engagement.id == w.engagement
    }
    return Hearing(
        id=attested.id,
        kind=attested.kind,
        status=attested.status,
        part_of=attested.part_of,
        reports=tuple(_make_report(w, numbers, by_document.get(w.document)) for w in attested.witnesses),
        fields=tuple(_make_field(account, numbers, told, homes) for account in attested.accounts),
        life=tuple(_make_step(known, numbers) for known in attested.life),
    )


def _make_report(witness: Witness, numbers: Mapping[str, int], reading: Reading | None) -> Report:
    return Report(
        number=numbers[witness.document],
        document=witness.document,
        engagement=witness.engagement,
        headline=get_headline(reading) if reading else "",
        publisher=witness.publisher,
        published=witness.published,
        nearness=witness.nearness,
        copy_of=numbers.get(witness.copy_of) if witness.copy_of else None,
    )


def _make_field(
    account: Account, numbers: Mapping[str, int], told: Mapping[str, Engagement], homes: Mapping[str, str]
) -> Field:
    return Field(
        slot=account.slot,
        name=FIELDS.get(account.slot, account.slot.value),
        agreement=account.agreement,
        values=tuple(_make_value(account.slot, value, numbers, told, homes) for value in account.told),
    )


def _make_value(
    slot: Slot,
    value: Told,
    numbers: Mapping[str, int],
    told: Mapping[str, Engagement],
    homes: Mapping[str, str],
) -> Value:
    words = (
        (numbers[document], " … ".join(dict.fromkeys(_find_words(slot, value, told[document], homes))))
        for document in value.documents
        if document in told
    )
    return Value(
        value=value.value,
        label=value.label,
        reports=tuple(numbers[document] for document in value.documents if document in numbers),
        words=tuple((number, text) for number, text in words if text),
    )


def _find_words(slot: Slot, value: Told, engagement: Engagement, homes: Mapping[str, str]) -> Iterator[str]:
    """The words of a report on which one value rests."""
    told = [e for e in engagement.evidence if e.slot is slot]
    if slot is Slot.WHO:
        told = [e for e in told if _is_about(e, value, homes)]
    yield from (words.text for words in told or _list_stated(slot, engagement))


def _list_stated(slot: Slot, engagement: Engagement) -> Iterator[Words]:
    """The words that the fields of an engagement carry themselves."""
    stated = {Slot.WHEN: engagement.time, Slot.ABOUT: engagement.topic, Slot.COUNT: engagement.headcount}
    if words := stated.get(slot):
        yield words
    if slot is Slot.CORE:
        yield from engagement.triggers


def _is_about(evidence: Evidence, value: Told, homes: Mapping[str, str]) -> bool:
    entity = evidence.entity or ""
    return homes.get(entity, entity) == value.value


def _make_step(known: Known, numbers: Mapping[str, int]) -> Step:
    reports = tuple(numbers[document] for document in known.documents if document in numbers)
    return Step(on=known.on, status=known.status, reports=reports)


def render_hearing(hearing: Hearing) -> RenderableType:
    """The engagement for the terminal: its reports by number, then every field with who tells what."""
    from rich.console import Group
    from rich.text import Text

    head = Text.assemble(
        (f"{hearing.kind.value}, {hearing.status.value}", "bold"), (f"  {hearing.id}", "dim")
    )
    if hearing.part_of:
        head.append(f"  part of {hearing.part_of}", "dim")
    return Group(head, Text(), _render_reports(hearing), Text(), _render_fields(hearing))


def _render_reports(hearing: Hearing) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for report in hearing.reports:
        kind = f"copy of {report.copy_of}" if report.copy_of else NEARNESS[report.nearness]
        cells = (report.published or "undated", report.publisher or "source not stated", kind)
        grid.add_row(_mark([report.number]), *map(Text, (*cells, clip(report.headline, MOST_WORDS))))
    return grid


def _render_fields(hearing: Hearing) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for field in hearing.fields:
        for n, value in enumerate(field.values):
            style = "red" if field.agreement is Agreement.DIFFER else "dim"
            state = Text(AGREEMENTS[field.agreement] if n == 0 else "", style)
            name = Text(field.name if n == 0 else "", "dim")
            quotes = Text("; ".join(_quote(value.words, one=len(hearing.reports) == 1)))
            grid.add_row(name, Text(value.label, "bold"), _mark(value.reports), state, quotes)
    for n, step in enumerate(hearing.life if len(hearing.life) > 1 else ()):
        known = Text(f"{step.status.value}, known on {step.on or 'an unknown day'}", "bold")
        grid.add_row(Text("life" if n == 0 else "", "dim"), known, _mark(step.reports))
    return grid


def _quote(words: Sequence[tuple[int, str]], *, one: bool) -> Iterator[str]:
    for number, text in words:
        yield f"“{clip(text, MOST_WORDS)}”" if one else f"{number} “{clip(text, MOST_WORDS)}”"


def _mark(numbers: Sequence[int]) -> RenderableType:
    from rich.text import Text

    return Text(" ".join(map(str, numbers)), "bold yellow")
