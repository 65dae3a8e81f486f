"""The verbs of the grammar's `means` column: each makes a meaning from the values a pattern caught.

A verb that returns None refuses the match ("31" is a day, "32" is none). In the column, verbs are
joined by `|`: the meaning so far is the first argument of the next verb.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from dragoman.read.times.meaning import Amount, Anchor, Meaning, Step, part, pick, shift
from dragoman.record import TimeClass

CLOCK_UNITS = frozenset({"hour", "minute", "second"})
YEARS_IN = {"decade": 10, "century": 100}
WINTER = 24
DURATION, SET = TimeClass.DURATION, TimeClass.SET


def value(x: object) -> object:
    """The value itself."""
    return x


def day(n: int) -> int | None:
    """A day of the month."""
    return n if isinstance(n, int) and 1 <= n <= 31 else None


def count(n: int | float) -> int | float | None:
    """A number of units; thousands of years are no count a report means."""
    return n if 0 < n <= 9999 else None


def plus_half(n: int | float) -> float:
    """ "two and a half"."""
    return n + 0.5


def amount(n: int | float, unit: str) -> Amount:
    """A length of time; a half or quarter of a century is told in years."""
    if n % 1 and unit in YEARS_IN:
        return Amount(int(n * YEARS_IN[unit]), "year")
    return Amount(n, unit)


def vague(unit: str) -> Amount:
    """A length whose number is unsaid: "several days", "years"."""
    return Amount(None, unit, rough=True)


def rough(a: Amount) -> Amount:
    """The same length, said to be approximate."""
    return a._replace(rough=True)


def near(what: str, n: int | str) -> Meaning:
    """A year, or the month, weekday, season, feast … that fits."""
    return Meaning(steps=(pick(what, n),))


def pub(unit: str, n: int) -> Meaning | None:
    """The unit of the publication date, moved by n."""
    return None if unit in CLOCK_UNITS else Meaning(Anchor.PUBLICATION, (shift(unit, n),))


def txt(unit: str, n: int) -> Meaning | None:
    """The unit of the time told last in the text, moved by n."""
    return None if unit in CLOCK_UNITS else Meaning(Anchor.TEXT, (shift(unit, n),))


def into(p: Meaning, what: str, n: int | str) -> Meaning:
    """The n-th such one inside a period."""
    return p._replace(steps=(*p.steps, pick(what, n)))


def cut(p: Meaning, edge: str) -> Meaning | None:
    """An edge or third of a period."""
    if p.steps and p.steps[-1].what == "day":
        return None
    if edge == "turn" and not any(step.what in ("century", "year", "decade", "month") for step in p.steps):
        return None
    return p._replace(steps=(*p.steps, part(edge)))


def seek(p: Meaning, n: int) -> Meaning:
    """The last (-1), nearest (0) or next (1) such one, whatever the clause says."""
    return p._replace(seek=n)


def same(p: Meaning) -> Meaning:
    """The one that the text spoke of last: "that Saturday"."""
    return p._replace(anchor=Anchor.TEXT)


def about(p: Meaning) -> Meaning:
    """The same, said to be approximate."""
    return p._replace(about=True)


def side(p: Meaning, name: str) -> Meaning:
    """What the expression itself adds: "before", "since", "until", "sofar", "rest"."""
    return p._replace(side=name)


def century(n: int) -> Meaning:
    """The n-th century: the 7th is 06XX, as the press says it."""
    return near("century", n - 1)


def century_era(n: int, era: int) -> Meaning:
    """A century with its era."""
    return century(n) if era > 0 else near("century_bc", n)


def era_year(y: int, era: int) -> Meaning | None:
    """A year with its era."""
    return near("year", y) if era > 0 else near("year_bc", y)


def short_range(y: int, n: int) -> Meaning | None:
    """ "1988-92", "2009-10"."""
    last = y - y % 100 + n
    return between(near("year", y), near("year", last)) if 0 <= n < 100 and y < last else None


def year_month(y: int, n: int) -> Meaning | None:
    """ "2016-11"; where the figures could be a later year ("2009-10") they are one."""
    return into(near("year", y), "month", n) if 1 <= n <= 12 and n <= y % 100 else None


def between(a: Meaning, b: Meaning) -> Meaning | None:
    """From one period to another, both included."""
    return None if a.end or b.end else a._replace(end=b, about=a.about or b.about)


def days(d: int, e: int, m: int) -> Meaning | None:
    """Days of one month: "2 to 6 April"."""
    first, last = near("month", m), near("month", m)
    return between(into(first, "day", d), into(last, "day", e)) if d < e else None


def into_both(p: Meaning, y: int) -> Meaning | None:
    """The same range in a stated year."""
    if p.end is None or p.steps[0].what == "year":
        return None
    first = p._replace(steps=(pick("year", y), *p.steps))
    return first._replace(end=p.end._replace(steps=(pick("year", y), *p.end.steps)))


def days_in(p: Meaning, d: int, e: int) -> Meaning | None:
    """Two days of a month: "14th and 15th of this month"."""
    return between(into(p, "day", d), into(p, "day", e)) if d < e else None


def day_in_month(q: Meaning, d: int) -> Meaning | None:
    """The d-th of "next month"; other units have no such day."""
    return into(q, "day", d) if q.steps[-1].what == "month" else None


def decade_of(y: int) -> Meaning | None:
    """ "the 1970's"."""
    return near("decade", y // 10) if y % 10 == 0 else None


def in_year(p: Meaning, y: int) -> Meaning | None:
    """A date or season without a year, put into one."""
    if (
        p.end
        or not p.steps
        or p.steps[0].what not in ("month", "season", "festival", "quarter", "half", "day")
    ):
        return None
    return p._replace(steps=(pick("year", y), *p.steps))


def in_phrase(p: Meaning, q: Meaning) -> Meaning | None:
    """A date or season put into "last year", "the same year"."""
    if p.end or not p.steps or p.steps[0].what not in ("month", "season", "festival", "quarter", "half"):
        return None
    return q._replace(steps=(*q.steps, *p.steps))


def short_year(p: Meaning, n: int) -> Meaning | None:
    """ "17 February 09": a two-digit year; 30 and above are of the 1900s."""
    return in_year(p, n + (1900 if n >= 30 else 2000)) if 0 <= n < 100 else None


NUMERIC = re.compile(r"(\d+)[-/.](\d+)[-/.](\d+)$")


def numeric(raw: str) -> Meaning | None:
    """A date in figures; between slashes the month comes first unless it cannot."""
    found = NUMERIC.match(raw)
    if not found:
        return None
    a, b, c = (int(x) for x in found.groups())
    if len(found[1]) == 4:
        year, month, day_ = a, b, c
    else:
        year = c + (0 if c > 99 else 1900 if c >= 30 else 2000)
        month, day_ = (a, b) if "/" in raw and a <= 12 else (b, a)
    if not (1 <= month <= 12 and 1 <= day_ <= 31):
        return None
    return Meaning(steps=(pick("year", year), pick("month", month), pick("day", day_)))


def numeric_month_year(raw: str) -> Meaning | None:
    """ "11/2016", "2016/11"."""
    a, b = (int(x) for x in raw.split("/"))
    year, month = (a, b) if a > 99 else (b, a)
    return Meaning(steps=(pick("year", year), pick("month", month))) if 1 <= month <= 12 else None


def numeric_month(d: int, m: str, y: int) -> Meaning:
    """ "20-Jun-2013"."""
    return Meaning(steps=(pick("year", y), pick("month", m), pick("day", d)))


def clock(raw: str) -> str:
    """A time of day, "11:15"."""
    return raw


def hour(n: int, after: int) -> str | None:
    """ "6 pm"."""
    return f"{n % 12 + after:02}:00" if isinstance(n, int) and 1 <= n <= 12 else None


def clock_half(raw: str, after: int) -> str | None:
    """ "5:40 p.m."."""
    hour_, minute = (int(x) for x in raw.split(":"))
    return f"{hour_ % 12 + after:02}:{minute:02}" if hour_ <= 12 else raw


def oclock(n: int) -> str | None:
    """ "eleven o'clock"; which half of the day is left as said."""
    return f"{n:02}:00" if isinstance(n, int) and 1 <= n <= 24 else None


def at(p: Meaning, c: str) -> Meaning | None:
    """A day with a time of day."""
    return None if p.end or p.clock else p._replace(clock=c)


def ago(a: Amount) -> Meaning | None:
    """So long before the publication."""
    return _moved(Anchor.PUBLICATION, a, -1)


def hence(a: Amount) -> Meaning | None:
    """So long after the publication."""
    return _moved(Anchor.PUBLICATION, a, 1)


def later(a: Amount, n: int) -> Meaning | None:
    """So long after (1) or before (-1) the time told last."""
    return _moved(Anchor.TEXT, a, n)


def from_event(a: Amount, n: int) -> Meaning:
    """So long after or before an event the words name."""
    moved = _moved(Anchor.EVENT, a, n)
    return moved or Meaning(Anchor.EVENT, amount=a)


def near_event() -> Meaning:
    """Close to an event: "shortly after"."""
    return Meaning(Anchor.EVENT, side="vague")


def event_unit(unit: str, n: int) -> Meaning | None:
    """The unit after or before an event, or the time told last where none is named: "the day before"."""
    return None if unit in CLOCK_UNITS else Meaning(Anchor.EVENT, (shift(unit, n),))


def _moved(anchor: Anchor, a: Amount, sign: int) -> Meaning | None:
    steps: tuple[Step, ...] = ()
    if a.n is not None:
        unit, n = ("month", a.n * 12) if a.unit == "year" and a.n % 1 else (a.unit, a.n)
        steps = (shift(unit, sign * int(n)),)
    return Meaning(anchor, steps, amount=a, about=a.rough, side="moved" if steps else "vague")


def within(a: Amount) -> Meaning:
    """From the publication to so long after it."""
    return Meaning(Anchor.PUBLICATION, (shift("day", 0),), amount=a, side="within")


def recent(a: Amount) -> Meaning:
    """The stretch of that length that ends with the publication."""
    return Meaning(
        Anchor.PUBLICATION, (shift("day", 0),), amount=a, side="recent", class_=DURATION, about=True
    )


def coming(a: Amount) -> Meaning:
    """The stretch of that length that begins with the publication."""
    return Meaning(Anchor.PUBLICATION, (shift("day", 0),), amount=a, side="coming", about=True)


def lasting(a: Amount) -> Meaning | None:
    """A bare length of time."""
    return Meaning(class_=DURATION, amount=a)


def some_time() -> Meaning:
    """A length without a number or unit."""
    return Meaning(class_=DURATION)


def some_day() -> Meaning:
    """A time the words leave open: "recently", "in the future"."""
    return Meaning()


def every(a: object = None) -> Meaning:
    """A repetition; `a` is what it repeats by."""
    length = a if isinstance(a, Amount) else Amount(1, a) if isinstance(a, str) else None
    return Meaning(class_=SET, amount=length)


def seasons_ago(p: Meaning, n: int | float, s: int) -> Meaning:
    """ "two summers ago"."""
    return p._replace(steps=(shift("year", -int(n)), pick("season", s)))


def this_season(s: int) -> Meaning | None:
    """ "this autumn" is this year's; a winter lies in two years, the nearer one is meant."""
    if s == WINTER:
        return seek(near("season", s), 0)
    year = pub("year", 0)
    return year and into(year, "season", s)


def apart(a: Amount, p: Meaning, n: int) -> Meaning | None:
    """So long after or before a date the words give."""
    if a.n is None or p.end:
        return None
    return p._replace(steps=(*p.steps, shift(a.unit, n * int(a.n))), amount=a, side="moved")


def eve(p: Meaning) -> Meaning:
    """The day before a period begins."""
    return p._replace(side="eve")


VERBS: dict[str, Callable[..., object]] = {
    name.rstrip("_").replace("_", "-"): verb
    for name, verb in list(globals().items())
    if callable(verb) and getattr(verb, "__module__", "") == __name__ and not name.startswith("_")
}
