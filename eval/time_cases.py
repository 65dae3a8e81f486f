"""The time cases of other projects, as far as they concern dates.

Recognizers-Text (MIT), chrono (MIT) and duckling (BSD) test their parsers on short English texts with a
reference date. A case with a time of day, a time zone or a bare number is left out: this is about
days. Their readers serve calendars and assistants, so a date without a year looks ahead there; a case
agrees where either their past or their future reading is ours.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from dragoman.read.times.find import find_spans
from dragoman.read.times.lexer import load_time_words
from dragoman.read.times.resolve import resolve_times
from dragoman.record import Span, Timex

DUCKLING_TODAY = date(2013, 2, 12)  # the reference time of its test context
DAY = timedelta(days=1)
SMALL = ("Hour", "Minute", "Second")


class Case(NamedTuple):
    """A text, the span of its time where the case gives it, and the (first, last) days that agree."""

    text: str
    today: date
    span: Span | None
    stretches: tuple[tuple[str, str], ...]


def read_recognizers(data: Path) -> Iterator[Case]:
    """DateParser and DatePeriodParser; the last day of a range may be told as excluded."""
    folder = data / "recognizers-specs/Specs/DateTime/English"
    for name in ("DateParser", "DatePeriodParser"):
        for item in json.loads((folder / f"{name}.json").read_text(encoding="utf-8-sig")):
            if len(item.get("Results", [])) != 1 or "Context" not in item:
                continue
            result = item["Results"][0]
            today = date.fromisoformat(item["Context"]["ReferenceDateTime"][:10])
            span = Span(start=result["Start"], end=result["Start"] + result["Length"])
            stretches = tuple(_recognizers_stretches(result["Value"]))
            if stretches:
                yield Case(item["Input"], today, span, stretches)


def _recognizers_stretches(value: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    for which in ("FutureResolution", "PastResolution"):
        found = value.get(which) or {}
        if re.fullmatch(r"\d{4}-\d\d-\d\d", found.get("date", "")):
            yield found["date"], found["date"]
        if "startDate" in found and "endDate" in found:
            end = date.fromisoformat(found["endDate"])
            yield found["startDate"], (end - DAY).isoformat()
            yield found["startDate"], end.isoformat()


CHRONO_CASE = re.compile(
    r'testSingleCase\(\s*chrono,\s*(["\'`])([^\n"`]+?)\1,'
    r"\s*new Date\((\d+),\s*(\d+)(?:\s*-\s*(\d+))?,\s*(\d+)[^)]*\),(.*?)\n    \}\);",
    re.DOTALL,
)


def read_chrono(data: Path) -> Iterator[Case]:
    """Cases that state year, month and day and no hour."""
    for path in sorted((data / "chrono-tests/test/en").glob("*.ts")):
        if path.name in ("en_time_exp.test.ts", "en_timezone_exp.test.ts"):
            continue
        for match in CHRONO_CASE.finditer(path.read_text(encoding="utf-8")):
            body = match[7]
            today = _make_date(int(match[3]), int(match[4]) - int(match[5] or 0) + 1, int(match[6]))
            first, last = _chrono_day(body, "start"), _chrono_day(body, "end")
            clock = re.search(r'get\("(?:hour|minute)"\)\)\.toBe\((?!12\))', body)
            if today and first and not clock:
                yield Case(match[2], today, None, ((first, last or first),))


def _chrono_day(body: str, which: str) -> str | None:
    found = [
        re.search(rf'result\.{which}\.get\("{unit}"\)\)\.toBe\((\d+)\)', body)
        for unit in ("year", "month", "day")
    ]
    if not all(found):
        return None
    day = _make_date(*(int(m[1]) for m in found if m))
    return day.isoformat() if day else None


DUCKLING_CASE = re.compile(
    r"examples \((datetime\w*) \(?\((-?\d+), (\d+), (\d+), (\d+), (\d+), \d+\)"
    r"(?:, \((\d+), (\d+), (\d+), (\d+), (\d+), \d+\)\))?"
    r"\s*(\w+)[^)]*\)\s*\[(.*?)\n\s*\]",
    re.DOTALL,
)


def read_duckling(data: Path) -> Iterator[Case]:
    """Cases of day grain or coarser; intervals end where the next unit starts."""
    text = (data / "duckling/Duckling/Time/EN/Corpus.hs").read_text(encoding="utf-8")
    for match in DUCKLING_CASE.finditer(text):
        kind, grain = match[1], match[12]
        clock = grain in SMALL or any(int(match[i] or 0) for i in (5, 6, 10, 11))
        first = _make_date(int(match[2]), int(match[3]), int(match[4]))
        if kind not in ("datetime", "datetimeInterval") or clock or first is None:
            continue
        last = _make_date(int(match[7]), int(match[8]), int(match[9])) if match[7] else _after(first, grain)
        if last is None:
            continue
        stretch = first.isoformat(), (last - DAY).isoformat()
        for words in re.findall(r'"((?:[^"\\]|\\.)*)"', match[13]):
            yield Case(words, DUCKLING_TODAY, None, (stretch,))


def _after(day: date, grain: str) -> date | None:
    months = {"Month": 1, "Quarter": 3, "Year": 12}.get(grain)
    if months is None:
        return day + timedelta(days=7 if grain == "Week" else 1)
    total = day.year * 12 + day.month - 1 + months
    return _make_date(total // 12, total % 12 + 1, 1)


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# A case is read in a clause about the past and in a planned one; the marks keep its own words as they are.
FRAMES = ("They met {}", "They will meet {}")


def read_case(case: Case) -> list[Timex]:
    """What Dragoman makes of a case, its words written as print has them, in a past and a planned clause."""
    if case.span:
        return [*resolve_times(case.text, [case.span], [], published=case.today)]
    words = print_case(case.text)
    read = []
    for frame in FRAMES:
        text = frame.format(words)
        start = frame.index("{")
        spans = [s for s in find_spans(text) if s.end - s.start > 1]
        if len(spans) != 1 or (spans[0].end - spans[0].start) * 2 < len(words):
            spans = [Span(start=start, end=len(text))]
        read.append(resolve_times(text, spans, [], published=case.today)[0])
    return read


def print_case(text: str) -> str:
    """Chat-style lower case with the capitals of print: "halloween", "oct 5"."""
    capital = {word for word, rows in load_time_words().items() if any(row[2] for row in rows)}
    return " ".join(w.capitalize() if w.lower().strip(".,") in capital else w for w in text.split(" "))


def agrees(case: Case, time: Timex, *, loose: bool) -> bool:
    """Whether the days are theirs, give or take the one at an end that is counted in or out.

    A month or year said for a single day ("a month ago" is a day there, a month in TIMEX3) agrees where
    it holds that day; `loose` lets any stretch do so (chrono implies a day for every week and month).
    """
    if not time.earliest or not time.latest:
        return False
    first, last = date.fromisoformat(time.earliest), date.fromisoformat(time.latest)
    for a, b in ((date.fromisoformat(x), date.fromisoformat(y)) for x, y in case.stretches):
        if a == b:
            whole = len(time.edtf) in (4, 7) and re.search(r"ago|later|from now|earlier|hence", case.text)
            if first == last == a or ((loose or whole) and first <= a <= last):
                return True
        elif abs((a - first).days) <= 1 and abs((b - last).days) <= 1:
            return True
    return False


# Why a case differs by intention: the first that fits its words; what fits none is a fault of ours.
REASONS = (
    (
        "chat abbreviation",
        r"\b(tmrw|tmr|qtr|yrs?|mo|[BE]O[MY]|\d+ ?[wd]|lastmonth|xmas)\b|^(mon|tue|wed|thu|fri|sat|sun)\.?$",
    ),
    (
        "figures without a year",
        r"(?<![\d/-])\d{1,2} ?[/-] ?\d{1,2}(?![\d/-])|\bthe 2\d\b|\bfor the (27|thirty)",
    ),
    ("two-digit year", r"[ -/'](\d\d)s?$|\d{1,2}-\d{1,2}-\d\d\b"),
    (
        "year in words",
        r"\b(thousand|hundred and|nineteen|twenty)\b.*\b(one|two|eight|ten|seven|nine|thousand)",
    ),
    ("several units at once", r"\d+ (days?|weeks?|months?|years?),? (and )?\d+ (days?|weeks?|months?)"),
    (
        "units counted from the calendar",
        r"\b(last|past|next|upcoming|previous|coming)\b.*\b(day|week|month|quarter|year|decade|season)s?",
    ),
    ("edge defined otherwise", r"\b(beginning|start|end|early|mid|late|first half|week of)\b"),
    (
        "phrase of an assistant",
        r"closest|(fri|sun|tues|thurs)days|back$|after next|ides|business day|[+]\d|-\d+ ?days"
        r"|from (tomorrow|yesterday)|hence",
    ),
    ("month or year said for a day", r"\b(ago|later|from now|in (a|one|1|two|2) (week|month|year)s?)\b"),
    ("last day of a range excluded", r"\b(from|between|to|through|till|until)\b|\d{4} ?- ?\d{4}"),
)


def find_reason(text: str) -> str:
    """Why a case is read otherwise, or "ours"."""
    return next((name for name, pattern in REASONS if re.search(pattern, text, re.IGNORECASE)), "ours")


def run_cases(data: Path, runs: Path) -> None:
    """Print the share of cases that agree and why others do not; write those to `runs/`."""
    for name, read in READERS.items():
        cases = list(read(data)) if data.is_dir() else []
        failed, reasons = [], Counter[str]()
        for case in cases:
            read_as = read_case(case)
            if any(agrees(case, time, loose=name == "chrono") for time in read_as):
                continue
            reason = find_reason(case.text)
            reasons[reason] += 1
            told = " or ".join(time.edtf for time in read_as)
            failed.append(f"{reason}\t{case.today}\t{case.text}\ttheirs {case.stretches}\tours {told}")
        if cases:
            faults = reasons.pop("ours", 0)
            judged = len(cases) - sum(reasons.values())
            share, fair = 1 - len(failed) / len(cases), 1 - faults / judged
            print(f"{name:12} cases {len(cases)}  agree {share:.1%}, of those meant alike {fair:.1%}")
            print("             " + ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
            (runs / f"time-cases-{name}.tsv").write_text("\n".join(sorted(failed)) + "\n", encoding="utf-8")


READERS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "recognizers": read_recognizers,
    "chrono": read_chrono,
    "duckling": read_duckling,
}
