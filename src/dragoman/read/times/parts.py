"""The parts of a period: early, mid, late, its start and its end.

A month splits as the corpus has it (1-10, 10-20, 20-end); longer periods by thirds. The ends of a
part are soft: `about` is set on those whose ends nobody would vouch for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dragoman.read.times.periods import Period, make_months, make_year

# Days of a month, counted from 1; None is its last day. "end" is our choice, the rest the corpus.
MONTH_PARTS = {"early": (1, 10), "mid": (10, 20), "late": (20, None), "start": (1, 10), "end": (25, None)}
# Months of a year.
YEAR_PARTS = {
    "early": (1, 3),
    "mid": (5, 8),
    "late": (10, 12),
    "start": (1, 1),
    "end": (12, 12),
    "new": (1, 1),
}
# Years of a decade, and of a century, counted from its first.
DECADE_PARTS = {"early": (0, 3), "mid": (4, 6), "late": (7, 9), "start": (0, 2), "end": (8, 9)}
CENTURY_PARTS = {"early": (1, 33), "mid": (34, 66), "late": (67, 100), "start": (0, 10), "end": (90, 100)}
# Days of a week, Monday 0.
WEEK_PARTS = {"early": (0, 1), "mid": (2, 3), "late": (3, 6), "start": (0, 1), "end": (4, 6)}


def cut_part(period: Period, name: str, near_year: int | None = None) -> Period | None:
    """That part of a period; `near_year` tells which turn of the century a text speaks of."""
    if period.edtf:
        return period
    if name == "last_day":
        return Period(period.last, period.last)
    if name == "turn":
        return _turn(period, near_year)
    cut = CUTS.get(period.unit)
    if cut is None:
        return _third(period, name)
    return cut(period, name)


def _turn(period: Period, near_year: int | None) -> Period | None:
    year = period.first.year
    if period.unit == "century" and year >= 2000 and near_year and near_year < 1950:
        year = 1900
    found = make_year(year)
    return found and found._replace(about=True)


def _cut_month(period: Period, name: str) -> Period | None:
    first, last = MONTH_PARTS.get(name, (1, None))
    end = period.last if last is None else period.first.replace(day=last)
    return Period(period.first.replace(day=first), end, "span")


def _cut_year(period: Period, name: str) -> Period | None:
    first, last = YEAR_PARTS.get(name, (1, 12))
    found = make_months(period.first.year, first, last - first + 1, "month" if first == last else "span")
    return found and found._replace(about=name == "new")


def _cut_years(table: dict[str, tuple[int, int]], period: Period, name: str) -> Period | None:
    if name not in table:
        return period
    first, last = (period.first.year + years for years in table[name])
    found = make_months(first, 1, (last - first + 1) * 12, "span")
    return found and found._replace(about=True)


def _cut_week(period: Period, name: str) -> Period | None:
    first, last = WEEK_PARTS.get(name, (0, 6))
    return Period(period.first + timedelta(days=first), period.first + timedelta(days=last), "span")


def _third(period: Period, name: str) -> Period | None:
    if period.first == period.last:
        return period
    days = (period.last - period.first).days + 1
    third = timedelta(days=days // 3)
    if name in ("early", "start"):
        return Period(period.first, period.first + third - timedelta(days=1), "span")
    if name in ("late", "end"):
        return Period(period.last - third + timedelta(days=1), period.last, "span")
    return Period(period.first + third, period.last - third, "span")


CUTS: dict[str, Callable[[Period, str], Period | None]] = {
    "month": _cut_month,
    "year": _cut_year,
    "week": _cut_week,
    "decade": lambda period, name: _cut_years(DECADE_PARTS, period, name),
    "century": lambda period, name: _cut_years(CENTURY_PARTS, period, name),
}
