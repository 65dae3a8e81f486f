"""What the words of a time expression mean before any calendar or context is consulted.

A `Meaning` starts somewhere (`Anchor`) and takes steps from there: "the first quarter of next year"
starts at the publication date, shifts the year by one and picks the first quarter. Written down, the
steps are the small language of `Timex.relative`:

    relative = start { "/" part }
    start    = unit ("+" | "-") n     the unit of the publication date, moved: week+0, day-1, month+1
             | pick ":" n             the nearest such one: month:11, weekday:4, season:22, day:14,
                                      festival:easter, quarter:3
    part     = "early" | "mid" | "late" | "start" | "end"      a third or an edge of what stands before
             | n                      that day of the month before: month+1/14
             | spring | summer | autumn | winter                year+1/summer
             | pick ":" n             month:5, weekday:3, week:2, quarter:1, half:2, weekend:1
    unit     = day | week | weekend | fortnight | month | quarter | year | decade | century

A weekday said with "this", "last" or "next" is written as its week (`week+0`, `week-1`, `week+1`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dragoman.record import TimeClass

SEASON_NAMES = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
ABSOLUTE = frozenset(
    {"year", "decade", "decade_name", "century", "year_bc", "century_bc"}
)  # picks that need no date


class Anchor(StrEnum):
    """Where the steps of a meaning start."""

    CALENDAR = "calendar"
    PUBLICATION = "publication"
    TEXT = "text"
    EVENT = "event"


class Op(StrEnum):
    """What one step does: moves by whole units, picks one inside or near, or cuts a part off."""

    SHIFT = "shift"
    PICK = "pick"
    PART = "part"


class Step(NamedTuple):
    """One step: `Step(Op.SHIFT, "week", -1)`, `Step(Op.PICK, "month", 11)`, `Step(Op.PART, "mid")`."""

    op: Op
    what: str
    n: int | str = 0


class Amount(NamedTuple):
    """A length of time, "three days"; `n` None is an unsaid number ("several", "years")."""

    n: float | None
    unit: str
    rough: bool = False


class Meaning(NamedTuple):
    """The meaning of an expression.

    `seek` says which of several fits: -1 the last, 1 the next, 0 the nearest, None as the clause says.
    `side` is what the expression adds to its value: "since", "until", "within", "rest", "sofar".
    `end` is the far end of a range. `rule` names the pattern that read it; `tail` is set where more
    words follow it in its span ("two days before | the vote").
    """

    anchor: Anchor = Anchor.CALENDAR
    steps: tuple[Step, ...] = ()
    seek: int | None = None
    class_: TimeClass = TimeClass.DATE
    amount: Amount | None = None
    about: bool = False
    side: str = ""
    clock: str = ""
    end: Meaning | None = None
    rule: str = ""
    tail: bool = False

    @property
    def is_absolute(self) -> bool:
        """Whether the words name their year, century or the like themselves."""
        return bool(self.steps) and self.steps[0].op is Op.PICK and self.steps[0].what in ABSOLUTE


def shift(unit: str, n: int) -> Step:
    """The same unit, `n` further."""
    return Step(Op.SHIFT, unit, n)


def pick(what: str, n: int | str) -> Step:
    """The n-th such one of what stands before, or the nearest where nothing does."""
    return Step(Op.PICK, what, n)


def part(name: str) -> Step:
    """An edge or third of what stands before."""
    return Step(Op.PART, name)


def write_relative(meaning: Meaning) -> str | None:
    """The steps in the small language above; None for what does not hang on the publication date.

    >>> write_relative(Meaning(Anchor.PUBLICATION, (shift("month", 1), pick("day", 14))))
    'month+1/14'
    """
    if meaning.is_absolute or not meaning.steps or meaning.anchor in (Anchor.TEXT, Anchor.EVENT):
        return None
    first, *rest = meaning.steps
    if first.what == "weekday" and meaning.seek in (-1, 1):
        return f"week{meaning.seek:+d}"
    if first.what == "season" and meaning.seek in (-1, 1):
        return f"year{meaning.seek:+d}/{_write_n(first)}"
    if first.op is Op.SHIFT and first.what == "week" and rest and rest[0].what == "weekday":
        rest = rest[1:]
    written = f"{first.what}{int(first.n):+d}" if first.op is Op.SHIFT else f"{first.what}:{_write_n(first)}"
    return "/".join(
        [written, *(_write_part(step, before) for step, before in zip(rest, [first, *rest], strict=False))]
    )


def _write_n(step: Step) -> str:
    return SEASON_NAMES[int(step.n)] if step.what == "season" else str(step.n)


def _write_part(step: Step, before: Step) -> str:
    if step.op is Op.PART:
        return step.what
    if step.what == "season":
        return SEASON_NAMES[int(step.n)]
    if step.what == "day" and before.what == "month":
        return str(step.n)
    return f"{step.what}:{step.n}"
