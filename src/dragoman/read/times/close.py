"""Stretches of days from meanings: the arithmetic of the calendar, given where and when it was said.

`close_meaning` is a pure function of a meaning and a `Setting`. What the setting leaves open stays
open: without a publication date nothing that hangs on it gets a value.
"""

from __future__ import annotations

from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

from dragoman.read.times.festivals import find_festival
from dragoman.read.times.meaning import Amount, Anchor, Meaning, Op, Step, write_relative
from dragoman.read.times.parts import cut_part
from dragoman.read.times.periods import (
    Period,
    make_around,
    make_day,
    make_months,
    make_season,
    make_year,
    shift_day,
)
from dragoman.record import TimeClass

JUMP_DAYS = 270  # days; best on WikiWars development
NEAR_DAYS = 120  # days; a day and month this close to publication is meant whatever the tense says
GRAINS = ("day", "week", "month", "quarter", "season", "half", "year", "decade", "century")
GRAIN_OF_SPREAD = {"month": "month", "year": "year", "decade": "year", "century": "year"}
VAGUE_DAYS = {"day": 7, "week": 28}  # days; "recent weeks", "the coming days": our choice


class Stretch(NamedTuple):
    """A closed meaning: its period (None: unknown), and which side of it is open."""

    period: Period | None = None
    side: str = ""
    relative: str | None = None


class Setting(NamedTuple):
    """What the surroundings of an expression say.

    `direction` -1 for a clause about the past, 1 for a planned one, 0 where it does not show.
    `reference` is the stretch told last before it, `day` the last single day; `year` the year a bare
    month or day belongs to where the text tells of the past; `narrative` says that the whole text does;
    `event` is the time of the event the words hang on, where the text gives it right behind.
    """

    published: date | None = None
    direction: int = 0
    side: str = ""
    reference: Period | None = None
    day: Period | None = None
    reference_relative: str | None = None
    dated_reference: bool = False
    year: int | None = None
    narrative: bool = False
    tail: bool = False
    event: Stretch | None = None
    ends_now: bool = False


def close_meaning(meaning: Meaning, setting: Setting) -> Stretch:
    """The stretch of time an expression names in its setting."""
    relative = write_relative(meaning)
    if meaning.class_ is TimeClass.DURATION and meaning.side != "recent":
        return Stretch(_close_length(meaning, setting))
    if meaning.class_ is TimeClass.SET:
        return Stretch()
    period = _close_range(meaning, setting) if meaning.end else _close_one(meaning, setting)
    if period is None:
        inherits = meaning.anchor is Anchor.TEXT or meaning.anchor is Anchor.EVENT
        told = None if setting.published else setting.reference_relative
        if setting.event:
            told = setting.event.relative
        first = meaning.steps[0] if meaning.steps else None
        month = setting.reference_relative or ""
        if (
            first
            and first.what == "day"
            and first.op is Op.PICK
            and month.startswith("month")
            and "/" not in month
        ):
            relative = f"{month}/{first.n}"
        return Stretch(None, "", told if inherits else relative)
    if meaning.about:
        period = period._replace(about=True)
    if meaning.clock:
        period = period._replace(clock=meaning.clock, unit="day")
    return _apply_side(meaning, period, setting, relative)


def _close_length(meaning: Meaning, setting: Setting) -> Period | None:
    """A length gets days only where the words tie it to the publication: "the third envoy in seven years"."""
    amount, base = meaning.amount, setting.published
    if amount is None or amount.n is None or base is None or amount.n % 1:
        return None
    if setting.side == "within":
        return _spread(base, amount, 1, False)
    if setting.ends_now and amount.unit not in ("hour", "minute", "second"):
        spread = _spread(base, amount, -1, True)
        grain = GRAIN_OF_SPREAD.get(amount.unit) if amount.n > 1 else None
        if spread is None or grain is None:
            return spread
        first, last = make_around(spread.first, grain), make_around(base, grain)
        return Period(first.first, last.last, "span", True) if first and last else spread
    return None


def _close_range(meaning: Meaning, setting: Setting) -> Period | None:
    end = meaning.end
    assert end is not None
    start = meaning._replace(end=None)
    if end.is_absolute and not start.is_absolute:
        last = _close_one(end, setting)
        first = _close_one(start, setting._replace(year=last.first.year)) if last else None
        if first and last and first.first > last.last:
            first = _close_one(start, setting._replace(year=last.first.year - 1))
    else:
        first = _close_one(start, setting)
        after = setting._replace(year=first.first.year) if first and start.is_absolute else setting
        last = _close_one(end, after)
        if first and last and last.last < first.first:
            last = _close_one(end._replace(seek=1), setting._replace(published=first.first, year=None))
    if first is None or last is None or last.last < first.first:
        return None
    return Period(first.first, last.last, "span", first.about or last.about)


def _near_event(meaning: Meaning, event: Period) -> Period | None:
    """A time that hangs on an event by an unsaid length: within the event's own stretch, if that is long."""
    short = meaning.amount is None or meaning.amount.unit in ("hour", "minute", "second")
    return event if short or _is_coarser(event, "week") else None


def _close_one(meaning: Meaning, setting: Setting) -> Period | None:
    if meaning.anchor is Anchor.EVENT and setting.event and setting.event.period:
        told = setting.event.period
        return _move(told, meaning.steps[0], moved=True) if meaning.steps else _near_event(meaning, told)
    period, steps = _start(meaning, setting)
    for step in steps:
        if period is None:
            return None
        period = _step(period, step, setting)
    return period


def _start(meaning: Meaning, setting: Setting) -> tuple[Period | None, tuple[Step, ...]]:
    """Where the steps begin, and the steps that are left."""
    if not meaning.steps:
        return None, ()
    first, *rest = meaning.steps
    left = tuple(rest)
    if meaning.anchor is Anchor.PUBLICATION:
        if setting.published is None:
            return None, ()
        base = Period(setting.published, setting.published)
        return _move(base, first, moved=meaning.side == "moved"), left
    if (meaning.anchor is Anchor.TEXT and first.op is Op.SHIFT) or meaning.anchor is Anchor.EVENT:
        return _from_reference(meaning, first, setting), left
    if first.what in ABSOLUTE:
        return ABSOLUTE[first.what](first.n), left
    if meaning.anchor is Anchor.TEXT and setting.reference is None:
        return None, ()
    return _seek(meaning, first, left, setting)


def _from_reference(meaning: Meaning, step: Step, setting: Setting) -> Period | None:
    if meaning.anchor is Anchor.EVENT and setting.tail:
        return None
    reference = setting.reference
    if setting.day and step.what in ("day", "night") and meaning.side != "since":
        far = reference is None or reference.edtf or _is_coarser(reference, "month")
        reference = setting.day if step.n == 0 or far else reference
    elif setting.published is None and setting.reference_relative and step.what in ("day", "night"):
        return None
    if reference is None:
        today = setting.published
        of_today = meaning.side not in ("since", "moved") and (step.what != "day" or step.n == 0)
        reference = Period(today, today) if today and of_today else None
    return reference and _move(reference, step, moved=meaning.side == "moved")


def _move(base: Period, step: Step, *, moved: bool) -> Period | None:
    """The unit around the base, moved; a base coarser than the unit stays what it is."""
    unit, n = step.what, int(step.n)
    if unit in ("hour", "minute", "second"):
        return base._replace(clock="")
    grain = "week" if unit in ("fortnight", "weekend") else "day" if unit == "night" else unit
    if base.edtf or _is_coarser(base, grain):
        return base if abs(n) <= 1 or moved else None
    day = shift_day(base.first, unit, n)
    if day is None:
        return None
    if moved and grain in ("day", "week"):
        return Period(day, day)
    if moved and abs(n) == 1 and unit == "year" and not _is_coarser(base, "month"):
        return make_around(day, "month")
    return make_around(day, unit)


def _is_coarser(base: Period, unit: str) -> bool:
    days = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366, "decade": 3653}
    return (base.last - base.first).days + 1 > days.get(unit, 99999)


def _seek(
    meaning: Meaning, step: Step, rest: tuple[Step, ...], setting: Setting
) -> tuple[Period | None, tuple[Step, ...]]:
    """The month, weekday, feast … without a year that fits the setting."""
    if step.what == "weekday":
        return _seek_weekday(int(step.n), meaning, setting), rest
    if step.what == "weekend":
        return _seek_weekend(meaning, setting), rest
    if step.what == "day":
        return _seek_day_of_month(int(step.n), setting), rest
    if step.what == "month" and rest and rest[0].what == "day":
        return _seek_yearly((step, rest[0]), meaning, setting), rest[1:]
    return _seek_yearly((step,), meaning, setting), rest


def _inside_year(steps: tuple[Step, ...], year: int) -> Period | None:
    period = make_year(year) if 1 <= year < MAXYEAR else None
    for step in steps:
        period = period and _step(period, step, Setting())
    return period


def _seek_yearly(steps: tuple[Step, ...], meaning: Meaning, setting: Setting) -> Period | None:
    """What comes once a year: a month, a day of a month, a season, a quarter, a feast."""
    base = setting.published
    if meaning.anchor is Anchor.TEXT and setting.reference:
        return _inside_year(steps, setting.reference.first.year)
    direction = setting.direction
    if {setting.side, meaning.side} & {"by", "until", "before"} and base:
        direction = 1
    if setting.year is not None and meaning.seek in (None, 0):
        return _after_told(steps, setting)
    if base is None:
        return None
    found = _near_years(steps, base.year, 1)
    if len(found) < 3:  # 29 February, and lunar feasts that skip a year
        found = _near_years(steps, base.year, 4)
    past = [p for p in found if p.first <= base]
    future = [p for p in found if p.last >= base]
    if meaning.seek is not None and meaning.seek < 0:
        past = [p for p in past if p.last < base]
        return past[meaning.seek] if len(past) >= -meaning.seek else None
    if meaning.seek == 1:
        future = [p for p in future if p.first > base]
        return future[0] if future else None
    nearest = min(found, key=lambda p: _distance(p, base), default=None)
    if (len(steps) > 1 and nearest and _distance(nearest, base) <= NEAR_DAYS) or not direction:
        return nearest
    chosen = past[-1:] if direction < 0 else future[:1]
    return chosen[0] if chosen else nearest


def _near_years(steps: tuple[Step, ...], year: int, reach: int) -> list[Period]:
    return [p for near in range(year - reach, year + reach + 1) if (p := _inside_year(steps, near))]


def _after_told(steps: tuple[Step, ...], setting: Setting) -> Period | None:
    """In the year the text is in; in the next one where a story would else jump back by most of a year."""
    assert setting.year is not None
    here, told = _inside_year(steps, setting.year), setting.reference
    if here is None or told is None or not setting.narrative or told.unit not in ("day", "month"):
        return here
    later = _inside_year(steps, setting.year + 1)
    known = setting.published is None or later is None or later.first <= setting.published
    return later if known and (told.last - here.last).days > JUMP_DAYS else here


def _distance(period: Period, day: date) -> int:
    if period.first <= day <= period.last:
        return 0
    return min(abs((period.first - day).days), abs((period.last - day).days))


def _seek_weekday(weekday: int, meaning: Meaning, setting: Setting) -> Period | None:
    """A weekday by the convention of the wires.

    In a clause about the past the nearest one up to the publication day, in a planned clause the
    nearest from it on: the publication weekday itself is that day. "last Tuesday" is never yesterday
    and "next Thursday" never tomorrow (corpus guidelines).
    """
    seek = meaning.seek
    told = (
        setting.reference
        if setting.reference and not _is_coarser(setting.reference, "month")
        else setting.day
    )
    if meaning.anchor is Anchor.TEXT and told:
        base = told.first
        ahead = (weekday - base.isoweekday()) % 7
        days = ahead or 7 if seek == 1 else (ahead or 7) - 7 - (0 if ahead else 7) if seek == -1 else ahead
        if seek is None and told.first == told.last and days > 3:
            days -= 7
        return _plus(base, days)
    if setting.narrative and setting.reference and setting.reference.unit == "day" and seek is None:
        return _plus(setting.reference.first, (weekday - setting.reference.first.isoweekday()) % 7)
    base_day = setting.published
    if base_day is None:
        return None
    ahead = (weekday - base_day.isoweekday()) % 7
    behind = (base_day.isoweekday() - weekday) % 7
    if seek == -1:
        return _plus(base_day, -(behind if behind > 1 else behind + 7))
    if seek == 1:
        return _plus(base_day, ahead if ahead > 2 else ahead + 7)
    if seek == 2:
        return _plus(base_day, ahead or 7)
    return _plus(base_day, ahead if setting.direction > 0 else -behind)


def _seek_weekend(meaning: Meaning, setting: Setting) -> Period | None:
    if setting.published is None:
        return None
    here = make_around(setting.published, "weekend")
    assert here is not None
    inside = setting.published >= here.first
    weeks = 0
    if meaning.seek == -1 or (meaning.seek is None and setting.direction < 0 and not inside):
        weeks = -1
    elif meaning.seek == 1 and inside:
        weeks = 1
    day = here.first + timedelta(days=7 * weeks)
    return make_around(day, "weekend")


def _seek_day_of_month(day: int, setting: Setting) -> Period | None:
    """ "the 12th": in the month the text is in, else the nearest the clause allows."""
    reference = setting.reference
    if (
        reference
        and (setting.dated_reference or setting.published is None)
        and not _is_coarser(reference, "month")
    ):
        return make_day(reference.first.year, reference.first.month, day)
    base = setting.published
    if base is None:
        return None
    months = [shift_day(base.replace(day=1), "month", n) for n in (-2, -1, 0, 1, 2)]
    found = [p for m in months if m and (p := make_day(m.year, m.month, day))]
    if setting.direction < 0:
        found = [p for p in found if p.first <= base]
    elif setting.direction > 0:
        found = [p for p in found if p.first >= base]
    return min(found, key=lambda p: abs((p.first - base).days), default=None)


def _plus(day: date, days: int) -> Period | None:
    moved = shift_day(day, "day", days)
    return Period(moved, moved) if moved else None


def _step(period: Period, step: Step, setting: Setting) -> Period | None:
    """One further step from a period."""
    if period.edtf and step.what in ("month", "season") and period.unit == "year":
        return period._replace(edtf=f"{period.edtf}-{int(step.n):02}", unit=step.what)
    if step.op is Op.PART:
        return cut_part(period, step.what, setting.reference and setting.reference.first.year)
    if step.op is Op.SHIFT:
        return _move(period, step, moved=True)
    return INSIDE[step.what](period, step.n)


def _month_in(period: Period, n: int | str) -> Period | None:
    return make_months(period.first.year, int(n))


def _day_in(period: Period, n: int | str) -> Period | None:
    return make_day(period.first.year, period.first.month, int(n))


def _weekday_in(period: Period, n: int | str) -> Period | None:
    return _plus(period.first, (int(n) - period.first.isoweekday()) % 7)


def _quarter_in(period: Period, n: int | str) -> Period | None:
    return make_months(period.first.year, int(n) * 3 - 2, 3, "quarter") if 1 <= int(n) <= 4 else None


def _half_in(period: Period, n: int | str) -> Period | None:
    if not 1 <= int(n) <= 2:
        return None
    if period.unit == "month":
        middle = period.first.replace(day=16)
        half = (period.first, middle - timedelta(days=1)) if n == 1 else (middle, period.last)
        return Period(*half, "span")
    return make_months(period.first.year, int(n) * 6 - 5, 6, "half")


def _season_in(period: Period, n: int | str) -> Period | None:
    return make_season(period.first.year, int(n))


def _week_in(period: Period, n: int | str) -> Period | None:
    if int(n) < 0:
        return Period(period.last - timedelta(days=6), period.last, "span")
    first = period.first + timedelta(days=7 * (int(n) - 1))
    return (
        Period(first, min(first + timedelta(days=6), period.last), "span") if first <= period.last else None
    )


def _weekend_in(period: Period, n: int | str) -> Period | None:
    saturday = period.first + timedelta(days=(6 - period.first.isoweekday()) % 7 + 7 * (int(n) - 1))
    if int(n) < 0:
        saturday = period.last - timedelta(days=(period.last.isoweekday() - 6) % 7)
    return Period(saturday, saturday + timedelta(days=1), "weekend")


def _first_days(period: Period, n: int | str) -> Period | None:
    return Period(period.first, min(period.first + timedelta(days=int(n) - 1), period.last), "span")


def _around_weekend(period: Period, _: int | str) -> Period | None:
    return make_around(period.first, "weekend")


def _around_week(period: Period, _: int | str) -> Period | None:
    return make_around(period.first, "week")


def _festival_in(period: Period, n: int | str) -> Period | None:
    return find_festival(str(n), period.first.year)


def _decade_name(n: int | str) -> Period | None:
    return make_months(1900 + int(n) * 10, 1, 120, "decade")


def _century(n: int | str) -> Period | None:
    if int(n) == 0:
        return make_months(1, 1, 1188, "century")
    return make_months(int(n) * 100, 1, 1200, "century")


def _year_bc(n: int | str) -> Period | None:
    return Period(date.min, date.min, "year", edtf=f"-{int(n) - 1:04}")


def _century_bc(n: int | str) -> Period | None:
    return Period(date.min, date.min, "century", edtf=f"-{int(n) * 100 - 1:04}/-{int(n) * 100 - 100:04}")


ABSOLUTE = {
    "year": lambda n: make_year(int(n)) if 1 <= int(n) < MAXYEAR else None,
    "decade": lambda n: make_months(int(n) * 10, 1, 120, "decade"),
    "decade_name": _decade_name,
    "century": _century,
    "year_bc": _year_bc,
    "century_bc": _century_bc,
}
INSIDE = {
    "month": _month_in,
    "day": _day_in,
    "weekday": _weekday_in,
    "quarter": _quarter_in,
    "half": _half_in,
    "season": _season_in,
    "week": _week_in,
    "week_no": _week_in,
    "weekend": _weekend_in,
    "first_days": _first_days,
    "around_week": _around_week,
    "around_weekend": _around_weekend,
    "festival": _festival_in,
}


def _apply_side(meaning: Meaning, period: Period, setting: Setting, relative: str | None) -> Stretch:
    """The period as the words around it bound it."""
    side, published = meaning.side or setting.side, setting.published
    if side == "eve":
        return Stretch(_plus(period.first, -1), "", relative)
    if side in ("since", "until", "by"):
        keeps = side != "since" and (
            period.unit not in ("year", "decade", "century") or meaning.seek is not None
        )
        keeps = keeps or (side == "by" and published is not None and period.first < published)
        return Stretch(period, "" if keeps or meaning.end else side, relative)
    if side == "before" and meaning.anchor is Anchor.TEXT:
        return Stretch(period, "", relative)
    if side == "before":
        if published and meaning.side and published < period.first:
            return Stretch(Period(published, period.first - timedelta(days=1), "span"), "", relative)
        keeps = not meaning.side and period.unit not in ("year", "decade", "century")
        return Stretch(period, "" if keeps else "until", relative)
    if side in ("rest", "sofar") and published:
        first, last = (
            (max(published, period.first), period.last)
            if side == "rest"
            else (period.first, min(published, period.last))
        )
        return Stretch(Period(first, last, "span") if first <= last else period, "", relative)
    if side in ("within", "recent", "coming") and meaning.amount:
        return Stretch(
            _spread(period.first, meaning.amount, -1 if side == "recent" else 1, meaning.about), "", relative
        )
    return Stretch(period, "", relative)


def _spread(day: date, amount: Amount, sign: int, about: bool) -> Period | None:
    if amount.n is None:
        if amount.unit not in VAGUE_DAYS:
            return None
        other = shift_day(day, "day", sign * VAGUE_DAYS[amount.unit])
    else:
        other = shift_day(day, amount.unit, sign * int(amount.n))
    if other is None or other == day:
        return Period(day, day)
    first, last = sorted((day, other))
    return Period(first, last, "span", about)
