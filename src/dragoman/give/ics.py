"""Engagements as an iCalendar file (RFC 5545), for Thunderbird, Outlook, Google and Apple calendars.

Written here rather than with a library: folding and escaping are the whole of it, and a library that
is not ours reads the files back in the tests. No clock is asked, so the same record gives the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import BinaryIO

from dragoman.concord import Attested
from dragoman.give.contents import Contents, Written
from dragoman.give.geojson import get_point
from dragoman.give.sources import Report, Sources, list_differences, open_sources
from dragoman.record import Status

MOST_DAYS = 366  # "in the 1870s" is no day in a calendar
WIDTH = 75  # bytes of a line, RFC 5545 section 3.1
STATUSES = {
    Status.HELD: "CONFIRMED",
    Status.PLANNED: "TENTATIVE",
    Status.ALLEGED: "TENTATIVE",
    Status.RECURRING: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
    Status.NEGATED: "CANCELLED",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")


def write_ics(contents: Contents, out: BinaryIO) -> Written:
    """Write one all-day entry an engagement that has a day, or days up to a year."""
    n_written = n_undated = 0
    _write_lines(out, ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Dragoman//Dragoman//EN"])
    with open_sources(contents) as sources:
        for engagement in contents.engagements():
            if days := _get_days(engagement):
                _write_lines(out, _iter_lines(engagement, days, sources))
                n_written += 1
            else:
                n_undated += 1
    _write_lines(out, ["END:VCALENDAR"])
    undated = (
        f"{n_undated} engagements without a day: none is told, it is before year 1, "
        f"or the words leave more than {MOST_DAYS} days open"
    )
    return Written(n_written, (*((undated,) if n_undated else ()), "positions of words; quotations, claims"))


def _get_days(engagement: Attested) -> tuple[date, date] | None:
    """First day, and the day after the last: DTEND is exclusive."""
    first, last = _parse_day(engagement.earliest), _parse_day(engagement.latest)
    if not first or not last or last == date.max or not 0 <= (last - first).days < MOST_DAYS:
        return None
    return first, last + timedelta(days=1)


def _parse_day(value: str | None) -> date | None:
    """A day of the years 1 to 9999, else None."""
    if not value or not re.fullmatch(r"\d{4}-\d\d-\d\d", value) or value.startswith("0000"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:  # 30 February
        return None


def _iter_lines(engagement: Attested, days: tuple[date, date], sources: Sources) -> Iterator[str]:
    reports = sources.get_reports(engagement)
    start, end = (f"{day.year:04d}{day.month:02d}{day.day:02d}" for day in days)
    yield "BEGIN:VEVENT"
    yield f"UID:{_escape(engagement.id)}@dragoman"
    yield f"DTSTAMP:{_get_stamp(reports)}"
    yield f"DTSTART;VALUE=DATE:{start}"
    yield f"DTEND;VALUE=DATE:{end}"
    yield f"SUMMARY:{_escape(sources.get_title(engagement))}"
    yield f"STATUS:{STATUSES[engagement.status]}"
    yield f"X-DRAGOMAN-STATUS:{engagement.status}"
    yield "TRANSP:TRANSPARENT"
    yield f"CATEGORIES:{engagement.kind}"
    if engagement.place:
        yield f"LOCATION:{_escape(sources.get_name(engagement.place))}"
        if point := get_point(sources.get_identity(engagement.place)):
            yield f"GEO:{point[1]:.6f};{point[0]:.6f}"
    for url in filter(None, (report.url for report in reports)):
        yield f"URL:{_to_line(url)}"
        break  # the property may stand once
    yield f"DESCRIPTION:{_escape(_describe(engagement, reports, sources))}"
    yield "END:VEVENT"


def _get_stamp(reports: tuple[Report, ...]) -> str:
    """The last day of publication, at midnight; the start of 1970 where no report has one."""
    days = [day for day in (_parse_day(report.published) for report in reports) if day]
    day = max(days, default=date(1970, 1, 1))
    return f"{day.year:04d}{day.month:02d}{day.day:02d}T000000Z"


def _describe(engagement: Attested, reports: tuple[Report, ...], sources: Sources) -> str:
    """Status and day as told, who took part and how, where the reports differ, and each report's words."""
    lines = [f"{engagement.kind}, {engagement.status}; when: {engagement.edtf or 'unknown'}"]
    for p in engagement.participants:
        behalf = f", for {sources.get_name(p.on_behalf_of)}" if p.on_behalf_of else ""
        lines.append(f"- {sources.get_name(p.entity)} ({p.part}{behalf})")
    if engagement.topic:
        lines.append(f"about: {engagement.topic}")
    lines += [f"reports differ on {difference}" for difference in list_differences(engagement)]
    for report in reports:
        words = f"“{report.words}” – " if report.words else ""
        lines.append(" ".join(filter(None, (f"{words}{report.source}", report.url))))
    return "\n".join(lines)


def _to_line(value: str) -> str:
    return _CONTROL.sub("", _LINE_END.sub(" ", value)).replace("\n", " ").strip()


def _escape(value: str) -> str:
    """TEXT of RFC 5545 section 3.3.11: backslash, semicolon, comma and line end."""
    value = _CONTROL.sub("", _LINE_END.sub("\n", value)).replace("\\", "\\\\")
    return value.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _write_lines(out: BinaryIO, lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        out.write(_fold(line.encode()) + b"\r\n")


def _fold(line: bytes) -> bytes:
    """The line in pieces of at most 75 bytes; no character is cut in two."""
    pieces, start, size = [], 0, WIDTH
    while len(line) - start > size:
        end = start + size
        while line[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(line[start:end])
        start, size = end, WIDTH - 1  # the blank that continues a line counts
    return b"\r\n ".join([*pieces, line[start:]])
