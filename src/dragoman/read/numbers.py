"""Numbers: "seven", "1,200", "some forty", "hundreds" as values or ranges. Exact, no model."""

from __future__ import annotations

import re
from typing import NamedTuple

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {w: 10 * v for v, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "bn": 10**9, "m": 10**6}
ORDINALS = {
    w: v
    for v, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        1,
    )
}
SOME = {
    "dozen": 12,
    "score": 20,
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "both": 2,
    "couple": 2,
    "pair": 2,
    "half": None,
}
RANGES = {  # plural words: from twice the unit to just under the next, the guidelines' "hundreds" = 200-999
    "dozens": (24, 99),
    "scores": (40, 99),
    "tens": (20, 99),
    "hundreds": (200, 999),
    "thousands": (2000, 9999),
    "millions": (2 * 10**6, 10**9 - 1),
}
_DIGITS = re.compile(r"\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


class Quantity(NamedTuple):
    """An amount: `value` where it is one, else the range `low` to `high`, both included."""

    value: float | int | None
    low: float | int | None
    high: float | int | None


def parse_number(words: str) -> Quantity | None:
    """The amount the words name; None where they name none.

    >>> parse_number("some forty").value, parse_number("hundreds")[1:]
    (40, (200, 999))
    """
    plain = re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", " to ", words.casefold().strip()).replace("-", " ")
    for word in plain.split():
        if word in RANGES and not _DIGITS.search(plain):
            low, high = RANGES[word]
            return Quantity(None, low, high)
    either = [_parse_one(part) for part in re.split(r"\s+(?:to|or)\s+", plain)]
    if len(either) == 2 and None not in either:
        least, most = sorted(value for value in either if value is not None)
        return Quantity(None, least, most)
    value = either[0] if len(either) == 1 else _parse_one(plain)
    return None if value is None else Quantity(value, value, value)


def _parse_one(plain: str) -> float | int | None:
    """One number in digits or words, with its scale."""
    digits = _DIGITS.search(plain)
    if digits:
        value = float(re.sub(r"[,  ]", "", digits.group()))
        after = re.match(r"\s*(hundred|thousand|million|billion|bn|m)\b", plain[digits.end() :])
        value *= SCALES[after.group(1)] if after else 1
        return int(value) if value == int(value) else value
    return _parse_words(plain.split())


def _parse_words(words: list[str]) -> float | int | None:
    total, current, seen = 0.0, 0.0, False
    for word in words:
        if word in UNITS or word in TENS or word in ORDINALS:
            current += UNITS.get(word, TENS.get(word, ORDINALS.get(word, 0)))
        elif word == "half" and seen:
            current += 0.5
        elif SOME.get(word):
            current = max(current, 1) * (SOME[word] or 1)
        elif word in SCALES:
            current = max(current, 1) * SCALES[word]
            if SCALES[word] > 100:
                total, current = total + current, 0.0
        else:
            continue
        seen = True
    if not seen:
        return None
    value = total + current
    return int(value) if value == int(value) else value
