"""The days of feasts, fixed and movable, by published arithmetic.

Only feasts with a sound rule are here; those set by sighting or by local almanacs (Diwali, Vesak,
the lunar new year) give None, and the reader says "unknown".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from dragoman.read.times.periods import Period, make_day

# Days from 0001-01-01 (proleptic Gregorian, = 1) to the epochs of the calendars, in the same count.
# Source: Reingold and Dershowitz, Calendrical Calculations, 4th edition, chapters 7 and 8.
ISLAMIC_EPOCH = 227015
HEBREW_EPOCH = -1373427


def find_easter(year: int) -> date:
    """Western Easter Sunday (Meeus, Jones and Butcher, Astronomical Algorithms, chapter 8).

    >>> find_easter(2007).isoformat()
    '2007-04-08'
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    lunar = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * lunar) // 451
    month, day = divmod(h + lunar - 7 * m + 114, 31)
    return date(year, month, day + 1)


def find_orthodox_easter(year: int) -> date:
    """Orthodox Easter Sunday in the Gregorian calendar (Meeus, Julian algorithm).

    >>> find_orthodox_easter(2024).isoformat()
    '2024-05-05'
    """
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


def find_islamic_days(year: int, month: int, day: int) -> tuple[date, ...]:
    """The Gregorian days in `year` of a day of the tabular Islamic calendar: none, one or two.

    The civil (arithmetic) calendar: sightings may differ by a day, so callers mark it approximate.

    >>> [d.isoformat() for d in find_islamic_days(2023, 9, 1)]
    ['2023-03-23']
    """
    nearest = (year - 622) * 33 // 32
    found = []
    for hijri in range(nearest - 1, nearest + 3):
        count = day + (29 * (month - 1) + month // 2) + (hijri - 1) * 354 + (3 + 11 * hijri) // 30
        gregorian = date.fromordinal(count + ISLAMIC_EPOCH - 1)
        if gregorian.year == year:
            found.append(gregorian)
    return tuple(found)


def find_hebrew_new_year(hebrew_year: int) -> date:
    """The first of Tishri of a Hebrew year, with its four postponements.

    >>> find_hebrew_new_year(5784).isoformat()
    '2023-09-16'
    """

    def elapsed(year: int) -> int:
        months = (235 * year - 234) // 19
        parts = 12084 + 13753 * months
        days = 29 * months + parts // 25920
        return days + 1 if 3 * (days + 1) % 7 < 3 else days

    before, here, after = (elapsed(hebrew_year + i) for i in (-1, 0, 1))
    delay = 2 if after - here == 356 else 1 if here - before == 382 else 0
    return date.fromordinal(HEBREW_EPOCH + here + delay)


def find_passover(year: int) -> date:
    """The first day of Passover (15 Nisan), always 163 days before the next new year."""
    return find_hebrew_new_year(year + 3761) - timedelta(days=163)


def _fixed(month: int, day: int) -> Callable[[int], date | None]:
    def find(year: int) -> date | None:
        period = make_day(year, month, day)
        return period and period.first

    return find


def _from_easter(days: int) -> Callable[[int], date | None]:
    return lambda year: find_easter(year) + timedelta(days=days)


def _from_passover(days: int) -> Callable[[int], date | None]:
    return lambda year: find_passover(year) + timedelta(days=days)


def _from_new_year(days: int) -> Callable[[int], date | None]:
    return lambda year: find_hebrew_new_year(year + 3761) + timedelta(days=days)


def _islamic(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: next(iter(find_islamic_days(year, month, day)), None)


def _advent(year: int) -> date:
    christmas = date(year, 12, 25)
    return christmas - timedelta(
        days=christmas.isoweekday() % 7 + 21 + (7 if christmas.isoweekday() == 7 else 0)
    )


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def find_festival(name: str, year: int) -> Period | None:
    """The days of a feast that begins in `year`, approximate where a sighting decides."""
    rule = FESTIVALS.get(name)
    if rule is None or not 1583 <= year <= 9000:
        return None
    find, days, about = rule
    first = find(year)
    if first is None:
        return None
    return Period(first, first + timedelta(days=days - 1), "day" if days == 1 else "span", about)


# name: (first day in a year, length in days, approximate?)
FESTIVALS: dict[str, tuple[Callable[[int], date | None], int, bool]] = {
    "christmas": (_fixed(12, 25), 1, False),
    "christmas-eve": (_fixed(12, 24), 1, False),
    "boxing-day": (_fixed(12, 26), 1, False),
    "new-year-day": (_fixed(1, 1), 1, False),
    "new-year-eve": (_fixed(12, 31), 1, False),
    "epiphany": (_fixed(1, 6), 1, False),
    "candlemas": (_fixed(2, 2), 1, False),
    "valentine": (_fixed(2, 14), 1, False),
    "womens-day": (_fixed(3, 8), 1, False),
    "may-day": (_fixed(5, 1), 1, False),
    "michaelmas": (_fixed(9, 29), 1, False),
    "halloween": (_fixed(10, 31), 1, False),
    "armistice-day": (_fixed(11, 11), 1, False),
    "nowruz": (_fixed(3, 21), 1, True),
    "advent": (_advent, 22, True),
    "thanksgiving": (_thanksgiving, 1, False),
    "shrove-tuesday": (_from_easter(-47), 1, False),
    "ash-wednesday": (_from_easter(-46), 1, False),
    "lent": (_from_easter(-46), 46, False),
    "palm-sunday": (_from_easter(-7), 1, False),
    "holy-week": (_from_easter(-6), 6, False),
    "maundy-thursday": (_from_easter(-3), 1, False),
    "good-friday": (_from_easter(-2), 1, False),
    "easter": (_from_easter(0), 1, False),
    "easter-monday": (_from_easter(1), 1, False),
    "ascension": (_from_easter(39), 1, False),
    "pentecost": (_from_easter(49), 1, False),
    "orthodox-easter": (find_orthodox_easter, 1, False),
    "ramadan": (_islamic(9, 1), 30, True),
    "eid-al-fitr": (_islamic(10, 1), 1, True),
    "eid-al-adha": (_islamic(12, 10), 1, True),
    "ashura": (_islamic(1, 10), 1, True),
    "mawlid": (_islamic(3, 12), 1, True),
    "passover": (_from_passover(0), 8, False),
    "purim": (_from_passover(-30), 1, False),
    "shavuot": (_from_passover(50), 2, False),
    "rosh-hashanah": (_from_new_year(0), 2, False),
    "yom-kippur": (_from_new_year(9), 1, False),
    "sukkot": (_from_new_year(14), 7, False),
}
