"""Values for time expressions whose spans are known, each read in its context.

The text is walked once, in order: every resolved stretch is the reference of what follows it ("the
next day", "the 12th", "three years later", a month beside a stated year).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from dragoman.read.times.build import hence
from dragoman.read.times.close import Setting, Stretch, close_meaning
from dragoman.read.times.context import (
    REACH,
    ends_now,
    find_direction,
    find_side,
    find_side_of_stay,
    has_tail,
    is_stay,
    leads_to,
    load_words,
    opens_line,
    same_sentence,
)
from dragoman.read.times.meaning import Anchor, Meaning, Op, pick
from dragoman.read.times.parse import parse_expression
from dragoman.read.times.periods import Period, write_edtf
from dragoman.record import Note, Span, TimeClass, TimeEnd, Timex

MAX_STAY = 60  # days or weeks; longer ones are no visits
NARRATIVE_SHARE = 6  # stated years for every expression counted from today
NARRATIVE_YEARS = 5  # stated years that a text needs before it counts as telling of the past
HEADING_ENDS = frozenset({":", ",", "\n"})  # what follows a weekday that heads an agenda entry
SOFT_STEPS = frozenset({"early", "mid", "late", "start", "end", "turn", "new"})


class _Reference(NamedTuple):
    """What was told last: the stretch, the last single day, how it hangs on publication."""

    period: Period | None = None
    day: Period | None = None
    past_day: Period | None = None
    relative: str | None = None
    day_relative: str | None = None
    end: int = -10_000
    dated: bool = False
    heading: bool = False


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
    order = sorted(range(len(spans)), key=lambda i: (spans[i].start, -spans[i].end))
    meanings = read_meanings(text, spans, order)
    narrative = is_narrative(meanings, published)
    found: dict[int, Timex] = {}
    reference = _Reference()
    said = published
    for place, at in enumerate(order):
        span, meaning = spans[at], meanings[at]
        if meaning is None:
            found[at] = write_timex(text, span, None, Stretch())
            continue
        meaning = read_usage(text, span, meaning)
        if narrative and published:
            meaning = tell(meaning, reference.period)
        setting = read_setting(text, span, meaning, said, reference, narrative=narrative)
        if meaning.anchor is Anchor.EVENT and place + 1 < len(order):
            behind = order[place + 1]
            event = _read_event(text, span, spans[behind], meanings[behind], said, reference)
            setting = setting._replace(event=event)
        stretch = close_meaning(meaning, setting)
        found[at] = write_timex(text, span, meaning, stretch)
        said = read_dateline(text, span, stretch, said)
        if not (narrative and meaning.rule in ("today", "now")):  # a story goes on where it was
            reference = _next_reference(text, reference, meaning, stretch, span, published)
    return close_stays(text, tuple(found[at] for at in range(len(spans))), published)


def read_meanings(text: str, spans: Sequence[Span], order: Sequence[int]) -> list[Meaning | None]:
    """The meaning of every span, helped by its neighbours."""
    meanings = [parse_expression(text[span.start : span.end]) for span in spans]
    for at, after in pairwise(order):
        meanings[at] = _with_date_behind(text, spans[at], spans[after], meanings[at])
    join_neighbours(text, spans, order, meanings)
    return meanings


def _read_event(
    text: str,
    span: Span,
    behind: Span,
    meaning: Meaning | None,
    published: date | None,
    reference: _Reference,
) -> Stretch | None:
    """The time of the event a span hangs on, where it stands right behind: "after his arrival in | 2014"."""
    if meaning is None or meaning.class_ is not TimeClass.DATE or not leads_to(text[span.end : behind.start]):
        return None
    return close_meaning(meaning, read_setting(text, behind, meaning, published, reference, narrative=False))


_PLACE_BEFORE = re.compile(
    r"(?:^|\n)[^\n]{0,60}?[A-ZÀ-Ž][^\n,.;]{1,40},\s*(?:[A-Z][^\n,.;]{1,30},\s*)?(?:\([A-Z]+\)\s*)?$"
)
_DATELINE_AFTER = re.compile(r"\.?\s*(?:\(|/|—|–|--|-|:|\n)")
DATELINE_REACH = 300  # code points from the top of a text
DATELINE_DAYS = 3  # days; a dateline older than that is some other date


def read_dateline(text: str, span: Span, stretch: Stretch, published: date | None) -> date | None:
    """The day a report was filed, where its dateline is a little older than its publication.

    "OSKLAND, September 23 (Agency)" printed on the 24th: "today" is the 23rd.
    """
    day = stretch.period.first if stretch.period and stretch.period.first == stretch.period.last else None
    if published is None or day is None or span.start > DATELINE_REACH:
        return published
    placed = _PLACE_BEFORE.search(text[: span.start]) and _DATELINE_AFTER.match(text[span.end : span.end + 4])
    return day if placed and 0 < (published - day).days <= DATELINE_DAYS else published


def _with_date_behind(text: str, span: Span, after: Span, meaning: Meaning | None) -> Meaning | None:
    """A time of day takes the date that stands right behind it: "at 6 p.m. | Thursday"."""
    if meaning is None or not meaning.clock or text[span.end : after.start].strip(" ,") not in ("", "on"):
        return meaning
    together = parse_expression(text[span.start : after.end])
    return together if together and together.clock == meaning.clock else meaning


_IN = re.compile(r"\bin\s+$", re.IGNORECASE)


def _is_planned_length(text: str, span: Span, meaning: Meaning) -> bool:
    """Whether "in two weeks" names a day ahead, not how long something takes."""
    amount = meaning.amount
    if amount is None or amount.n is None or amount.unit in ("hour", "minute", "second") or amount.rough:
        return False
    told = text[span.end : span.end + 1] in ("", ".", ":", ",") or not has_tail(text, span.end)
    return (
        told and find_direction(text, span.start, span.end) > 0 and not ends_now(text, span.start, span.end)
    )


_RATE = re.compile(r"\b(?:\d[\d,.]*|[a-z]+s|[A-Z]{3})\s+$")


def read_usage(text: str, span: Span, meaning: Meaning) -> Meaning:
    """The meaning as the words before it bend it: "600 meetings a year" repeats, "that August" is told."""
    words = text[span.start : span.end].lower()
    before = text[max(0, span.start - 24) : span.start]
    if meaning.rule == "duration" and words.startswith(("a ", "an ")):
        rate = _RATE.search(before)
        if rate and rate.group().strip() not in load_words("not-rate"):
            return meaning._replace(class_=TimeClass.SET)
    if meaning.rule == "weekday" and before.endswith(", a "):
        return meaning._replace(anchor=Anchor.TEXT)
    if meaning.rule == "weekday" and before.endswith((" on a ", " on any ")):
        return meaning._replace(class_=TimeClass.SET)
    said_in = _IN.search(before) or words.startswith("in ")
    if meaning.rule == "duration" and said_in and _is_planned_length(text, span, meaning):
        return hence(meaning.amount) or meaning if meaning.amount else meaning
    if meaning.steps and meaning.anchor is Anchor.CALENDAR and before.endswith("that ") and words.isalpha():
        return meaning._replace(anchor=Anchor.TEXT)
    return meaning


def close_stays(text: str, times: Sequence[Timex], published: date | None) -> tuple[Timex, ...]:
    """Stays of some days put where they begin or end: "ended a three-day visit on Tuesday".

    The day is the nearest one told in the same sentence, else the publication day.
    """
    closed = list(times)
    days = [t for t in times if t.earliest and t.earliest == t.latest and t.class_ is TimeClass.DATE]
    days.sort(key=lambda day: day.start)
    for at, time in enumerate(times):
        days_long = _days_of_stay(text, time)
        side = find_side_of_stay(text, time.start) if days_long else 0
        day = (_nearest_day(text, time, days) or published) if side else None
        if day:
            other = day + timedelta(days=side * (days_long - 1))
            period = Period(min(day, other), max(day, other), "span")
            closed[at] = write_timex(text, time, parse_expression(time.text), Stretch(period))
    return tuple(closed)


def _days_of_stay(text: str, time: Timex) -> int:
    """How many days a visit, tour or the like lasts; 0 for what is none."""
    if time.class_ is not TimeClass.DURATION or time.edtf != "unknown" or not is_stay(text, time):
        return 0
    meaning = parse_expression(time.text)
    amount = meaning.amount if meaning else None
    if amount is None or amount.unit not in ("day", "week") or not amount.n or amount.n > MAX_STAY:
        return 0
    return int(amount.n * (7 if amount.unit == "week" else 1))


def _nearest_day(text: str, time: Timex, days: Sequence[Timex]) -> date | None:
    """The day told nearest to a time in its sentence."""
    first = bisect_left(days, time.start - REACH, key=lambda day: day.start)
    last = bisect_left(days, time.end + REACH, key=lambda day: day.start)
    near = [day for day in days[first:last] if day.earliest and same_sentence(text, time, day)]
    told = min(near, key=lambda day: abs(day.start - time.start), default=None)
    return date.fromisoformat(told.earliest) if told and told.earliest else None


def is_narrative(meanings: Sequence[Meaning | None], published: date | None) -> bool:
    """Whether a text tells of a past of its own: it states years, long gone, and hardly counts from today."""
    stated = [m.steps[0] for m in meanings if m and m.steps and m.steps[0].what in ("year", "year_bc")]
    years = sorted(int(step.n) * (1 if step.what == "year" else -1) for step in stated)
    today = sum(1 for m in meanings if m and _counts_from_today(m))
    if len(years) < NARRATIVE_YEARS:
        return False
    gap = published.year - years[len(years) // 2] if published else NARRATIVE_SHARE
    return gap > 1 and len(years) >= today * NARRATIVE_SHARE


def _counts_from_today(meaning: Meaning) -> bool:
    if not meaning.steps or meaning.rule in LOOSE_RULES:
        return False
    first = meaning.steps[0]
    if (meaning.rule == "today" and not first.n) or (
        meaning.rule in LOOSE_UNITS and first.what not in ("day", "week")
    ):
        return False
    return meaning.anchor is Anchor.PUBLICATION or first.what == "weekday"


# Rules whose words narrative prose uses of the time it tells: "the end of the year", "now", "two years ago";
# those of LOOSE_UNITS only with months and longer ("later this year", but not "later this week").
LOOSE_RULES = frozenset(
    {
        "the-unit",
        "part-of",
        "coming",
        "recent",
        "past-unit",
        "before",
        "before-end",
        "now",
        "this-century",
        "ago",
        "unit-end",
    }
)
LOOSE_UNITS = frozenset({"rest", "sofar", "this-unit"})


def tell(meaning: Meaning, reference: Period | None) -> Meaning:
    """The meaning in a narrative, where "the year" and "two years ago" count from the time told."""
    bare = (
        meaning.anchor is Anchor.CALENDAR and meaning.steps and meaning.steps[0].what in ("month", "season")
    )
    if bare and reference and reference.edtf[:1] == "-":
        return meaning._replace(steps=(pick("year_bc", int(reference.edtf[1:5]) + 1), *meaning.steps))
    moves = meaning.anchor is Anchor.PUBLICATION and reference and meaning.rule not in ("today", "now")
    return meaning._replace(anchor=Anchor.TEXT) if moves else meaning


_JOINED = re.compile(r"\s*(?:and|or|to|-|–|—|until|through|,)\s*(?:and\s+)?(?:on |the |early |late |mid-)?$")


def join_neighbours(
    text: str, spans: Sequence[Span], order: Sequence[int], meanings: list[Meaning | None]
) -> None:
    """Give each expression what its neighbour says for both: "August and September 1914", "June 4 and 7"."""
    for at, after in pairwise(order):
        if not _JOINED.match(text[spans[at].end : spans[after].start]):
            continue
        words = text[spans[at].start : spans[at].end], text[spans[after].start : spans[after].end]
        first, second = meanings[at], meanings[after]
        if second and second.steps:
            meanings[at] = _complete(words[0], first, second)
        if first and first.steps:
            meanings[after] = _complete(words[1], second, first, backward=True)


def _complete(
    words: str, meaning: Meaning | None, other: Meaning, *, backward: bool = False
) -> Meaning | None:
    steps = other.steps
    if meaning is None and words.isdigit():
        if steps[0].what == "year_bc" and not backward:
            return other._replace(steps=(steps[0]._replace(n=int(words)),))
        whats = [step.what for step in steps]
        if "day" in whats and int(words) <= 31:
            at = whats.index("day")
            return other._replace(steps=(*steps[:at], steps[at]._replace(n=int(words))), end=None)
        return None
    bare = meaning and meaning.anchor is Anchor.CALENDAR and meaning.steps[:1] and meaning.seek is None
    if not bare or backward or meaning is None or not other.is_absolute or len(steps) < 2:
        return meaning
    if meaning.steps[0].what in ("month", "season") and steps[0].what == "year":
        return meaning._replace(steps=(steps[0], *meaning.steps))
    return meaning


def read_setting(
    text: str, span: Span, meaning: Meaning, published: date | None, reference: _Reference, *, narrative: bool
) -> Setting:
    """What the surroundings of a span say about it."""
    bare = _is_bare(meaning)
    side = find_side(text, span.start)
    told = reference.period
    year = told.first.year if bare and narrative and told and not told.edtf else None
    return Setting(
        published=published,
        direction=read_direction(text, span, meaning, side) if bare and published else 0,
        side=side,
        reference=reference.period,
        day=read_day(text, span, meaning, published, reference),
        reference_relative=reference.day_relative if _hangs_on_day(meaning) else reference.relative,
        dated_reference=reference.dated,
        year=year,
        narrative=narrative,
        tail=meaning.anchor is Anchor.EVENT and (meaning.tail or has_tail(text, span.end)),
        ends_now=meaning.class_ is TimeClass.DURATION and ends_now(text, span.start, span.end),
    )


def _is_bare(meaning: Meaning) -> bool:
    """Whether a meaning needs its setting: a month, weekday, feast … without a year."""
    return bool(meaning.steps) and meaning.anchor is Anchor.CALENDAR and not meaning.is_absolute


def read_direction(text: str, span: Span, meaning: Meaning, side: str) -> int:
    """-1 past, 1 planned, 0 open: what the clause, the side and the place on the line say."""
    if side == "since":
        return -1
    heads = opens_line(text, span.start) and text[span.end : span.end + 1] in HEADING_ENDS
    if meaning.steps[0].what == "weekday" and heads:
        return 1
    return find_direction(text, span.start, span.end) or (1 if side in ("by", "until") else 0)


def read_day(
    text: str, span: Span, meaning: Meaning, published: date | None, reference: _Reference
) -> Period | None:
    """The single day that "in the evening" or a time of day belongs to."""
    day = reference.day
    if published is None:
        return day
    if meaning.clock and meaning.anchor is Anchor.TEXT and opens_line(text, span.start):
        return day if reference.heading else Period(published, published)
    if day and day.first > published and _hangs_on_day(meaning):
        return reference.past_day if find_direction(text, span.start, span.end) < 0 else day
    return day


def _hangs_on_day(meaning: Meaning) -> bool:
    first = meaning.steps[0] if meaning.steps else None
    return (
        meaning.side != "vague"
        and first is not None
        and first.op is Op.SHIFT
        and first.what in ("day", "night")
    )


def _next_reference(
    text: str, before: _Reference, meaning: Meaning, stretch: Stretch, span: Span, published: date | None
) -> _Reference:
    if meaning.class_ is not TimeClass.DATE or (meaning.clock and meaning.anchor is Anchor.TEXT):
        return before
    if stretch.period is None:
        if not stretch.relative:
            return before
        of_day = stretch.relative.startswith(("day", "week", "weekday"))
        return before._replace(
            relative=stretch.relative,
            period=None,
            day_relative=stretch.relative if of_day else before.day_relative,
        )
    period = stretch.period
    stated = [step.what for step in meaning.steps if step.op is Op.PICK]
    dated = "month" in stated or "day" in stated or (before.dated and meaning.anchor is Anchor.TEXT)
    ahead = published is not None and period.first > published
    single = (
        period.first == period.last
        and not period.edtf
        and not (meaning.steps and meaning.steps[-1].op is Op.PART)
    )
    return _Reference(
        period=period,
        day=period._replace(clock="") if single else before.day,
        past_day=period._replace(clock="") if single and not ahead else before.past_day,
        relative=stretch.relative,
        day_relative=stretch.relative if single else before.day_relative,
        end=span.end,
        dated=dated,
        heading=opens_line(text, span.start) if single else before.heading,
    )


def write_timex(text: str, span: Span, meaning: Meaning | None, stretch: Stretch) -> Timex:
    """The record of a closed expression."""
    period = stretch.period
    words = text[span.start : span.end]
    class_ = meaning.class_ if meaning else TimeClass.DATE
    if period is None:
        unknown = Timex(start=span.start, end=span.end, text=words, edtf="unknown", class_=class_)
        return replace(unknown, relative=stretch.relative, earliest_end=TimeEnd.OPEN, latest_end=TimeEnd.OPEN)
    soft = period.about or bool(
        meaning and any(s.op is Op.PART and s.what in SOFT_STEPS for s in meaning.steps)
    )
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
        stated = (
            meaning and time.edtf == "unknown" and {"month", "day"} <= {step.what for step in meaning.steps}
        )
        if (stated and time.relative is None) or (stated and _never_exists(meaning)):
            message = f"{time.text!r} is no date of the calendar; its time is left unknown"
            notes.append(Note(code="time-unreadable", message=message, start=time.start, end=time.end))
    return tuple(notes)


def _never_exists(meaning: Meaning | None) -> bool:
    return meaning is not None and close_meaning(meaning, Setting(published=date(2024, 2, 29))).period is None
