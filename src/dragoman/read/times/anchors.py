"""Times that hang on engagements: "the day before the talks", "several days after his arrival".

Where an engagement's trigger stands in the words of a time, or right behind them, the time takes its
value from the time of that engagement. Where that is unknown only the order remains.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from dragoman.read.times.close import Setting, Stretch, close_meaning
from dragoman.read.times.meaning import Anchor, Meaning
from dragoman.read.times.parse import parse_expression
from dragoman.read.times.periods import Period
from dragoman.read.times.resolve import write_timex
from dragoman.record import Engagement, Span, Timex

_HANGS = re.compile(
    r"\b(?:before|after|into)\b|\beve$|\b(?:eve|day|time|morning|evening|night) of\b", re.IGNORECASE
)
REACH = 40  # code points behind a time in which the trigger it hangs on may stand


Trigger = tuple[int, int, Engagement]


def sort_triggers(engagements: Sequence[Engagement]) -> list[Trigger]:
    """Every trigger with where it stands and whose it is, in text order."""
    triggers = [(t.start, t.end, e) for e in engagements for t in e.triggers]
    return sorted(triggers, key=lambda trigger: trigger[:2])


def find_anchor(text: str, time: Timex, triggers: Sequence[Trigger], own: str = "") -> Engagement | None:
    """The engagement a time hangs on, by its trigger in the words of the time or close behind them."""
    if not _HANGS.search(time.text):
        return None
    stop = text.find("\n", time.end, time.end + REACH)
    end = stop if stop >= 0 else time.end + REACH
    for mark in ".;!?":
        found = text.find(mark, time.end, end)
        end = found if found >= 0 else end
    at = bisect_left(triggers, time.start, key=lambda trigger: trigger[0])
    while at < len(triggers) and triggers[at][0] < end:
        if triggers[at][2].id != own:
            return triggers[at][2]
        at += 1
    return None


def anchor_time(text: str, time: Timex, engagement: Engagement) -> Timex:
    """The time with its anchor, and with the value that the engagement's own time gives it."""
    meaning = parse_expression(time.text)
    known = engagement.time
    if meaning is None or known is None or not (known.earliest and known.latest) or time.edtf != "unknown":
        return replace(time, anchor=engagement.id)
    reference = Period(date.fromisoformat(known.earliest), date.fromisoformat(known.latest), _unit(known))
    moved = close_meaning(_tell(meaning), Setting(reference=reference, day=reference))
    if moved.period is None:
        return replace(time, anchor=engagement.id)
    closed = write_timex(
        text, Span(start=time.start, end=time.end), meaning, Stretch(moved.period, "", time.relative)
    )
    return replace(closed, anchor=engagement.id)


def _tell(meaning: Meaning) -> Meaning:
    return meaning._replace(anchor=Anchor.TEXT) if meaning.anchor is Anchor.EVENT else meaning


def _unit(time: Timex) -> str:
    if time.earliest == time.latest:
        return "day"
    first, last = date.fromisoformat(time.earliest or ""), date.fromisoformat(time.latest or "")
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    return "month" if whole and first.month == last.month else "span"
