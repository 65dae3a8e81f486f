"""Values for time expressions whose spans are known, each read in its context.

The text is walked once, in order: every resolved stretch is the reference of what follows it ("the
next day", "the 12th", "three years later", a month beside a stated year).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dragoman.read.times.close import Setting, Stretch, close_meaning
from dragoman.read.times.context import find_direction, find_side, has_tail
from dragoman.read.times.meaning import Anchor, Meaning, Op
from dragoman.read.times.parse import parse_expression
from dragoman.read.times.periods import Period, write_edtf
from dragoman.record import Note, Span, TimeClass, TimeEnd, Timex

NARRATIVE_YEARS = 3  # stated years that a text needs before it counts as telling of the past
SOFT_STEPS = frozenset({"early", "mid", "late", "start", "end", "turn", "new"})


class _Reference(NamedTuple):
    """The stretch told last: its period, how it hangs on publication, where it stood, what said it."""

    period: Period | None = None
    relative: str | None = None
    end: int = -10_000
    dated: bool = False
    year: bool = False


def resolve_times(
    text: str, spans: Sequence[Span], sentences: Sequence[Span], *, published: date | None
) -> tuple[Timex, ...]:
    """One Timex a span, in the order of the spans; what cannot be read has the edtf "unknown".

    Without a publication date whatever hangs on it stays "unknown" and keeps its `relative` form.
    `sentences` are not needed to find the value: the words around a span are.

    >>> [t.edtf for t in resolve_times("They met on Monday.", [Span(start=12, end=18)], [],
    ...                                published=date(2023, 11, 15))]
    ['2023-11-13']
    """
    del sentences
    meanings = [parse_expression(text[span.start : span.end]) for span in spans]
    narrative = is_narrative(meanings)
    found: dict[int, Timex] = {}
    reference = _Reference()
    for at in sorted(range(len(spans)), key=lambda i: (spans[i].start, -spans[i].end)):
        span, meaning = spans[at], meanings[at]
        if meaning is None:
            found[at] = write_timex(text, span, None, Stretch())
            continue
        setting = read_setting(text, span, meaning, published, reference, narrative=narrative)
        stretch = close_meaning(meaning, setting)
        found[at] = write_timex(text, span, meaning, stretch)
        reference = _next_reference(reference, meaning, stretch, span)
    return tuple(found[at] for at in range(len(spans)))


def is_narrative(meanings: Sequence[Meaning | None]) -> bool:
    """Whether a text tells of the past: it states years more often than it counts from today."""
    years = sum(1 for m in meanings if m and m.is_absolute and m.steps[0].what == "year")
    today = sum(1 for m in meanings if m and (m.anchor is Anchor.PUBLICATION or m.steps[:1] and m.steps[0].what == "weekday"))
    return years >= NARRATIVE_YEARS and years > 2 * today


def read_setting(
    text: str, span: Span, meaning: Meaning, published: date | None, reference: _Reference, *, narrative: bool
) -> Setting:
    """What the surroundings of a span say about it."""
    bare = bool(meaning.steps) and meaning.anchor is Anchor.CALENDAR and not meaning.is_absolute
    direction = find_direction(text, span.start, span.end) if bare and published else 0
    year = None
    if bare and reference.period and not reference.period.edtf:
        near = "\n" not in text[max(reference.end, 0) : span.start] and span.start - reference.end < 120
        if narrative or published is None or (near and reference.year):
            year = reference.period.first.year
    return Setting(
        published=published,
        direction=direction,
        side=find_side(text, span.start),
        reference=reference.period,
        reference_relative=reference.relative,
        dated_reference=reference.dated,
        year=year,
        narrative=narrative,
        tail=meaning.anchor is Anchor.EVENT and has_tail(text, span.end),
    )


def _next_reference(before: _Reference, meaning: Meaning, stretch: Stretch, span: Span) -> _Reference:
    if meaning.class_ is not TimeClass.DATE or meaning.clock and meaning.anchor is Anchor.TEXT:
        return before
    if stretch.period is None:
        return before._replace(relative=stretch.relative, period=None) if stretch.relative else before
    stated = [step.what for step in meaning.steps if step.op is Op.PICK]
    dated = "month" in stated or (before.dated and meaning.anchor is Anchor.TEXT) or "day" in stated
    year = meaning.is_absolute or (before.year and (meaning.anchor is Anchor.TEXT or "month" in stated))
    return _Reference(stretch.period, stretch.relative, span.end, dated, year)


def write_timex(text: str, span: Span, meaning: Meaning | None, stretch: Stretch) -> Timex:
    """The record of a closed expression."""
    period = stretch.period
    words = text[span.start : span.end]
    class_ = meaning.class_ if meaning else TimeClass.DATE
    if period is None:
        return Timex(
            start=span.start, end=span.end, text=words, edtf="unknown", class_=class_, relative=stretch.relative,
            earliest_end=TimeEnd.OPEN, latest_end=TimeEnd.OPEN,
        )  # fmt: skip
    soft = period.about or bool(meaning and any(s.op is Op.PART and s.what in SOFT_STEPS for s in meaning.steps))
    firm = TimeEnd.SOFT if soft else TimeEnd.HARD
    edtf = write_edtf(period)
    first, last = (None, None) if period.edtf else (period.first.isoformat(), period.last.isoformat())
    opens_left, opens_right = stretch.side in ("until", "by"), stretch.side == "since"
    if opens_right:
        edtf = edtf.partition("/")[0] + "/.."
    if opens_left:
        edtf = "../" + edtf.rpartition("/")[2]
    return Timex(
        start=span.start,
        end=span.end,
        text=words,
        edtf=edtf,
        earliest=None if opens_left else first,
        latest=None if opens_right else last,
        class_=class_,
        relative=stretch.relative,
        earliest_end=TimeEnd.OPEN if opens_left else firm,
        latest_end=TimeEnd.OPEN if opens_right else firm,
    )


def notes_for_times(text: str, times: Sequence[Timex]) -> tuple[Note, ...]:
    """A note for every expression that states a date which does not exist ("31 June")."""
    notes = []
    for time in times:
        meaning = parse_expression(time.text)
        stated = meaning and time.edtf == "unknown" and {"month", "day"} <= {step.what for step in meaning.steps}
        if stated and time.relative is None or stated and _never_exists(meaning):
            message = f"{time.text!r} is no date of the calendar; its time is left unknown"
            notes.append(Note(code="time-unreadable", message=message, start=time.start, end=time.end))
    return tuple(notes)


def _never_exists(meaning: Meaning | None) -> bool:
    return meaning is not None and close_meaning(meaning, Setting(published=date(2024, 2, 29))).period is None
