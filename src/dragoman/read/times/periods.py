"""Stretches of calendar time and how EDTF (ISO 8601-2:2019) writes them.

A `Period` is whole days from `first` to `last`, both included, with the unit its words speak of.
Years before 1 have no place in `datetime`, so a `Period` may instead carry its EDTF ready-made.
"""

from __future__ import annotations

from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

DAYS_IN_WEEK = 7
SEASON_MONTHS = {21: 3, 22: 6, 23: 9, 24: 12}  # first month, northern hemisphere (EDTF level 1)
MONTH_UNITS = {
    "month": 1,
    "quarter": 3,
    "half": 6,
    "year": 12,
    "decade": 120,
    "century": 1200,
    "millennium": 12000,
}


class Period(NamedTuple):
    """Whole days from `first` to `last`, both included.

    `unit` is the grain the words speak of; `clock` a time of day (`11:15`); `about` marks values
    that the words leave approximate; `edtf` is set only where days cannot say it (years before 1).
    """

    first: date
    last: date
    unit: str = "day"
    about: bool = False
    clock: str = ""
    edtf: str = ""


def make_day(year: int, month: int, day: int) -> Period | None:
    """That day, or None where the calendar has no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Period(found, found)


def make_months(year: int, month: int, count: int = 1, unit: str = "month") -> Period | None:
    """`count` whole months from that month on, or None outside years 1 to 9999."""
    end = year * 12 + month - 1 + count
    if not (year >= 1 and 1 <= month <= 12 and end // 12 <= MAXYEAR):
        return None
    after = date(end // 12, end % 12 + 1, 1) if end // 12 < MAXYEAR or end % 12 else None
    if after is None:
        return None
    return Period(date(year, month, 1), after - timedelta(days=1), unit)


def make_year(year: int) -> Period | None:
    """That calendar year."""
    return make_months(year, 1, 12, "year")


def make_season(year: int, season: int) -> Period | None:
    """A season by its EDTF number (21 spring to 24 winter); winter starts in December of `year`."""
    return make_months(year, SEASON_MONTHS[season], 3, "season")


def make_around(day: date, unit: str) -> Period | None:
    """The calendar unit that holds the day; weeks run Monday to Sunday, a weekend is its last two days."""
    if unit in MONTH_UNITS:
        return _months_around(day, unit)
    if unit in ("week", "weekend", "fortnight"):
        monday = day - timedelta(days=day.weekday())
        first = monday + timedelta(days=5) if unit == "weekend" else monday
        days = 13 if unit == "fortnight" else 6
        return Period(first, monday + timedelta(days=days), unit)
    return Period(day, day)


def _months_around(day: date, unit: str) -> Period | None:
    if unit in ("decade", "century", "millennium"):
        years = {"decade": 10, "century": 100, "millennium": 1000}[unit]
        start = day.year - day.year % years
        return make_months(max(start, 1), 1, (years - (0 if start else 1)) * 12, unit)
    size = MONTH_UNITS[unit]
    return make_months(day.year, (day.month - 1) // size * size + 1, size, unit)


def shift_day(day: date, unit: str, count: int) -> date | None:
    """The day `count` units away; the last day of a shorter month stands for a missing one."""
    if unit in MONTH_UNITS or unit == "season":
        months = day.year * 12 + day.month - 1 + count * MONTH_UNITS.get(unit, 3)
        year, month = divmod(months, 12)
        target = make_months(year, month + 1)
        return target and target.first.replace(day=min(day.day, target.last.day))
    days = {"week": 7, "weekend": 7, "fortnight": 14}.get(unit, 1 if unit in ("day", "night") else 0)
    try:
        return day + timedelta(days=days * count)
    except OverflowError:
        return None


def write_edtf(period: Period) -> str:
    """The EDTF of a period, as short as its grain allows.

    >>> write_edtf(Period(date(2023, 11, 1), date(2023, 11, 30), "month"))
    '2023-11'
    """
    about = "~" if period.about else ""
    if period.edtf:
        return period.edtf
    if period.first == period.last:
        return f"{period.first.isoformat()}{'T' + period.clock if period.clock else ''}{about}"
    single = _write_single(period)
    if single:
        return single + about
    first, last = period.first.isoformat(), period.last.isoformat()
    if period.first.day == 1 and (period.last + timedelta(days=1)).day == 1:
        first, last = first[:7], last[:7]
        if first.endswith("-01") and last.endswith("-12"):
            first, last = first[:4], last[:4]
    return f"{first}/{last}{about}"


def _write_single(period: Period) -> str:
    year, month = f"{period.first.year:04}", period.first.month
    if period.unit in ("year", "month") and period == make_around(period.first, period.unit)._replace(  # type: ignore[union-attr]
        about=period.about, clock=period.clock
    ):
        return year if period.unit == "year" else f"{year}-{month:02}"
    if period.unit == "season" and month != 12:
        return f"{year}-{20 + month // 3}"
    if period.unit == "decade":
        return f"{year[:3]}X"
    if period.unit == "century":
        return f"{period.last.year // 100:02}XX"
    return ""
