"""Times that hang on engagements: "the day before the talks", "several days after his arrival".

Where an engagement's trigger stands in the words of a time, or right behind them, the time takes its
value from the time of that engagement. Where that is unknown only the order remains.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from dragoman.read.times.close import Setting, Stretch, close_meaning
from dragoman.read.times.meaning import Anchor, Meaning
from dragoman.read.times.parse import parse_expression
from dragoman.read.times.periods import Period
from dragoman.read.times.resolve import write_timex
from dragoman.record import Engagement, Span, Timex

REACH = 40  # code points behind a time in which the trigger it hangs on may stand


def find_anchor(
    text: str, time: Timex, engagements: Sequence[Engagement], own: str = ""
) -> Engagement | None:
    """The engagement a time hangs on, by its trigger in the words of the time or close behind them."""
    words = time.text.lower()
    if not any(f" {w} " in f" {words} " for w in ("before", "after", "into")) and not words.endswith(
        ("before", "after", "eve")
    ):
        if not any(
            w in words for w in ("eve of", "day of", "time of", "morning of", "evening of", "night of")
        ):
            return None
    stop = text.find("\n", time.end, time.end + REACH)
    end = stop if stop >= 0 else time.end + REACH
    for mark in ".;!?":
        found = text.find(mark, time.end, end)
        end = found if found >= 0 else end
    near = [
        (trigger.start, engagement)
        for engagement in engagements
        if engagement.id != own
        for trigger in engagement.triggers
        if time.start <= trigger.start < end
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def anchor_time(text: str, time: Timex, engagement: Engagement) -> Timex:
    """The time with its anchor, and with the value that the engagement's own time gives it."""
    meaning = parse_expression(time.text)
    known = engagement.time
    if meaning is None or known is None or not (known.earliest and known.latest) or time.edtf != "unknown":
        return _with_anchor(time, engagement.id)
    reference = Period(date.fromisoformat(known.earliest), date.fromisoformat(known.latest), _unit(known))
    moved = close_meaning(_from_reference(meaning, time), Setting(reference=reference, day=reference))
    if moved.period is None:
        return _with_anchor(time, engagement.id)
    closed = write_timex(
        text, Span(start=time.start, end=time.end), meaning, Stretch(moved.period, "", time.relative)
    )
    return _with_anchor(closed, engagement.id)


def _with_anchor(time: Timex, anchor: str) -> Timex:
    return Timex(
        start=time.start, end=time.end, text=time.text, edtf=time.edtf, earliest=time.earliest, latest=time.latest,
        class_=time.class_, relative=time.relative, earliest_end=time.earliest_end, latest_end=time.latest_end,
        anchor=anchor,
    )  # fmt: skip


def _from_reference(meaning: Meaning, time: Timex) -> Meaning:
    return meaning._replace(anchor=Anchor.TEXT if meaning.anchor is Anchor.EVENT else meaning.anchor)


def _unit(time: Timex) -> str:
    if time.earliest == time.latest:
        return "day"
    first, last = date.fromisoformat(time.earliest or ""), date.fromisoformat(time.latest or "")
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    return "month" if whole and first.month == last.month else "span"
