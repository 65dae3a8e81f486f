"""Publication dates: what a written date means, and where a text or an address states one.

Only full dates count (day, month and year). Nothing here reads relative words; that is `read`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}
MONTH = "(?:" + "|".join(MONTHS) + r")\b\.?"
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
YEAR = r"(?:1[5-9]|20|21)\d\d"
FULL_DATE = (
    rf"(?:{MONTH} {DAY},? {YEAR}|{DAY} {MONTH},? {YEAR}|{YEAR}-\d\d-\d\d|\d{{1,2}}\.\d{{1,2}}\.{YEAR})"
)
SHORT_DATE = rf"(?:{MONTH} {DAY}|{DAY} {MONTH})"

_FULL_DATE = re.compile(rf"(?<![\w.]){FULL_DATE}(?![\w-])", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_URL_DATES = (
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=[/._-]|$)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)"),
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/._-]|$)"),
)


def parse_day(text: str) -> str | None:
    """The ISO date a full written date or ISO instant names, or None.

    A dotted date is day first, as everywhere dots are written; a slashed one is not read, because
    nobody can tell 3/4/2019 apart.

    >>> parse_day("Thursday, January 24, 2019"), parse_day("11.05.2023"), parse_day("31 June 2020")
    ('2019-01-24', '2023-05-11', None)
    """
    if iso := _ISO.match(text.strip()):
        return make_day(*iso.groups())
    found = _FULL_DATE.search(text)
    if not found:
        return None
    words = found.group()
    if iso := _ISO.match(words):
        return make_day(*iso.groups())
    if dotted := _DOTTED.match(words):
        return make_day(dotted[3], dotted[2], dotted[1])
    name = re.search(MONTH, words, re.IGNORECASE)
    numbers = re.findall(r"\d+", words)
    return make_day(numbers[1], MONTHS[name.group().lower().rstrip(".")], numbers[0]) if name else None


def make_day(year: str | int, month: str | int, day: str | int) -> str | None:
    """The ISO date of three numbers, or None where the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def parse_instant(text: str) -> datetime | None:
    """The instant an ISO 8601 string with time and zone names, or None."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def parse_past_day(text: str, retrieved: str | None) -> str | None:
    """`parse_day`, but None for a day later than the retrieval (an ISO date or instant, UTC).

    A stated instant is compared as an instant: a page of Auckland, morning of the 24th, may well be
    retrieved on the 23rd in UTC. A bare date is compared with the date in UTC.
    """
    day = parse_day(text)
    if day is None or retrieved is None:
        return day
    stated, taken = parse_instant(text), parse_instant(retrieved)
    if stated and taken:
        return day if stated <= taken else None
    return day if day <= retrieved[:10] else None


def find_url_day(url: str, retrieved: str | None = None) -> str | None:
    """The date an address carries in its path, as `/2019/01/24/`, or None.

    >>> find_url_day("https://example.org/news/2019/01/24/talks.html")
    '2019-01-24'
    """
    path = url.split("://", 1)[-1].partition("/")[2]
    for pattern in _URL_DATES:
        for found in pattern.finditer("/" + path.split("?")[0]):
            day = make_day(*found.groups())
            if day:
                return parse_past_day(day, retrieved)
    return None


def current_instant() -> str:
    """Now, as an ISO instant in UTC: the retrieval of what is read now."""
    return datetime.now(UTC).isoformat()
