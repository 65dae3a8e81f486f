"""TIMEX3 values (ISO 24617-1) of the times Dragoman finds, for corpora annotated that way.

TIMEX3 keeps the grain a phrase speaks in and puts "mid" or "late" into a separate attribute, which is
not compared here; Dragoman keeps days. So the value is rebuilt from the meaning and the days.
"""

from __future__ import annotations

import re
from datetime import date

from dragoman.read.times.lexer import load_time_words
from dragoman.read.times.meaning import Amount, Meaning, Op
from dragoman.read.times.parse import parse_expression
from dragoman.record import TimeClass, Timex

UNITS = {
    **{"day": "D", "night": "D", "week": "W", "fortnight": "W", "month": "M", "quarter": "Q", "year": "Y"},
    **{"decade": "DE", "century": "CE", "hour": "H", "minute": "M", "second": "S", "weekend": "WE"},
}
CLOCK_UNITS = frozenset({"hour", "minute", "second"})
DAYPARTS = {
    **{"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "tonight": "NI"},
    **{"overnight": "NI", "noon": "12:00", "midday": "12:00", "midnight": "24:00", "dawn": "MO"},
}
SEASONS = {21: "SP", 22: "SU", 23: "FA", 24: "WI"}
VAGUE = {"past": "PAST_REF", "present": "PRESENT_REF", "future": "FUTURE_REF"}
CUTS = {"month": 7, "year": 4, "decade": 3, "decade_name": 3, "century": 2}


def write_timex3(time: Timex) -> str:
    """The TIMEX3 value of a time; "" where it has none."""
    meaning = parse_expression(time.text)
    if meaning is None:
        return "" if time.edtf == "unknown" else _write_bc(time.edtf) if time.edtf[0] == "-" else time.edtf
    if meaning.rule == "vague":
        kinds = [row[1] for word in time.text.lower().split() for row in load_time_words().get(word, ())]
        return next((VAGUE[str(kind)] for kind in kinds if kind in VAGUE), "")
    if meaning.rule == "now":
        return "PRESENT_REF"
    length = meaning.amount and (
        time.class_ is not TimeClass.DATE or meaning.side in ("recent", "coming", "within")
    )
    if length and meaning.amount:
        return _write_amount(meaning.amount)
    if time.class_ is not TimeClass.DATE or time.edtf == "unknown":
        return ""
    return _write_date(time, meaning)


def _write_amount(amount: Amount) -> str:
    n = "X" if amount.n is None else f"{amount.n:g}"
    if amount.unit == "fortnight" and amount.n:
        n = f"{amount.n * 2:g}"
    return f"P{'T' * (amount.unit in CLOCK_UNITS)}{n}{UNITS.get(amount.unit, 'D')}"


def _write_date(time: Timex, meaning: Meaning) -> str:
    edtf = re.sub(r"[~?]", "", time.edtf)
    edtf = edtf.removesuffix("/..").removeprefix("../")
    if edtf.startswith("-"):
        return _write_bc(edtf)
    if not time.earliest and not time.latest:
        return ""
    first = date.fromisoformat(time.earliest or time.latest or "")
    last = date.fromisoformat(time.latest or time.earliest or "")
    if meaning.amount and meaning.side == "moved" and time.earliest == time.latest:
        return _write_grain(first, meaning.amount.unit)
    parts = [
        i
        for i, step in enumerate(meaning.steps)
        if step.op is Op.PART and step.what not in ("last_day", "turn")
    ]
    if parts:
        return _write_cut(first, meaning, parts[0])
    if "/" in edtf:
        return _write_span(first, last, meaning)
    if "T" in edtf:
        return edtf + "Z" * bool(re.search(r"\b(?:UTC|GMT)\b", time.text))
    if "X" in edtf:
        return edtf.rstrip("X")
    if re.fullmatch(r"\d{4}-2[1-4]", edtf):
        return edtf[:5] + SEASONS[int(edtf[5:])]
    return edtf + _daypart(time, edtf)


def _write_bc(edtf: str) -> str:
    if "/" in edtf:
        return f"BC{edtf[1:3]}"
    part = edtf[6:8]
    rest = "" if not part else "-" + SEASONS[int(part)] if int(part) > 12 else f"-{part}"
    return f"BC{int(edtf[1:5]) + 1:04}{rest}"


def _daypart(time: Timex, edtf: str) -> str:
    if len(edtf) != 10:
        return ""
    found = [code for word, code in DAYPARTS.items() if re.search(rf"\b{word}\b", time.text.lower())]
    return f"T{found[0]}" if found else ""


def _write_grain(day: date, unit: str) -> str:
    if unit in ("week", "fortnight"):
        return "{}-W{:02}".format(*day.isocalendar()[:2])
    if unit in ("month", "quarter"):
        return f"{day:%Y-%m}"
    return f"{day:%Y}" if unit in ("year", "decade") else day.isoformat()


def _write_cut(first: date, meaning: Meaning, at: int) -> str:
    before = meaning.steps[at - 1] if at else meaning.steps[0]
    if before.what == "season":
        return f"{first.year}-{SEASONS[int(before.n)]}"
    if before.what == "week":
        return _write_grain(first, "week")
    return first.isoformat()[: CUTS.get(before.what, 10)]


def _write_span(first: date, last: date, meaning: Meaning) -> str:
    days = (last - first).days + 1
    whats = [step.what for step in meaning.steps]
    if meaning.end:
        return f"{first}/{last}"
    if "weekend" in whats and days == 2:
        return _write_grain(first, "week") + "-WE"
    if days == 7 and first.isoweekday() == 1:
        return _write_grain(first, "week")
    if "quarter" in whats and days > 88:
        return f"{first.year}-Q{first.month // 3 + 1}"
    if "half" in whats:
        return f"{first.year}-H{first.month // 6 + 1}"
    if "season" in whats:
        return f"{first.year}-WI"
    if meaning.side in ("rest", "sofar") and whats:
        return _write_grain(last, whats[0])
    return f"{first}/{last}"
