"""Counts that several reports give of one thing: "seven synagogues" against "six".

Two claims count the same thing where the unit is the same, the subject or the place is, and their times do
not exclude each other; of units as common as "people" they must share another word, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dragoman.concord import Agreement, Counted, Told
from dragoman.record import Claim, ClaimKind, Reading
from dragoman.resolve.reports import parse_day
from dragoman.text import fold_name

ROUND = 0.1  # share; "about 400" covers 360 to 440
_ROUGH = re.compile(r"\b(?:about|around|some|nearly|almost|roughly|approximately|estimated)\b")
_AT_LEAST = re.compile(r"\b(?:more than|over|at least|no fewer than|upwards of)\b")
_AT_MOST = re.compile(r"\b(?:up to|at most|fewer than|less than|no more than)\b")
_WORD = re.compile(r"[a-z]{4,}")
COMMON_UNITS = frozenset("people person member man woman child time year country state other meeting".split())
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "persons": "person",
    "countries": "country",
}


@dataclass(frozen=True, slots=True)
class _Count:
    """A claim of a count in identities: the range its words leave open, and the words to compare."""

    claim: Claim
    document: str
    about: tuple[str, ...]
    place: str | None
    unit: str
    low: float
    high: float
    words: frozenset[str]


def compare_counts(readings: Iterable[Reading], canonical: Mapping[str, str]) -> tuple[Counted, ...]:
    """What the reports count, each thing once, in order of its first claim, with every number told of it."""
    counts = [count for reading in readings for count in _find_counts(reading, canonical)]
    groups = _group(counts)
    return tuple(_tell(group) for group in groups)


def _find_counts(reading: Reading, canonical: Mapping[str, str]) -> Iterable[_Count]:
    for claim in reading.claims:
        if claim.kind is ClaimKind.COUNT and claim.value is not None and claim.unit:
            low, high = find_range(claim.text, claim.value)
            place = canonical.get(claim.place, claim.place) if claim.place else None
            unit = _find_unit(claim.unit)
            yield _Count(
                claim=claim,
                document=reading.document.id,
                about=tuple(dict.fromkeys(canonical.get(id_, id_) for id_ in claim.about)),
                place=place,
                unit=unit,
                low=low,
                high=high,
                words=frozenset(map(_singular, _WORD.findall(fold_name(claim.text)))) - {unit},
            )


def find_range(words: str, value: float) -> tuple[float, float]:
    """The least and the most that a number may stand for, by the words beside it.

    >>> find_range("more than 400 delegates", 400), find_range("some 50", 50), find_range("seven", 7)
    ((400, inf), (45.0, 55.0), (7, 7))
    """
    words = words.casefold()
    if _AT_LEAST.search(words):
        return value, float("inf")
    if _AT_MOST.search(words):
        return 0, value
    return (value - value * ROUND, value + value * ROUND) if _ROUGH.search(words) else (value, value)


def _find_unit(unit: str) -> str:
    """The counted thing by its last word, singular: "historic synagogues" is synagogue."""
    words = fold_name(unit.split(" of ")[0]).split()
    return _singular(words[-1]) if words else ""


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _group(counts: Sequence[_Count]) -> tuple[tuple[_Count, ...], ...]:
    """The counts of one thing together; only those of one unit and subject are compared."""
    blocks: dict[tuple[str, str], list[list[_Count]]] = {}
    groups: list[list[_Count]] = []
    for count in counts:
        keys = [(count.unit, id_) for id_ in (*count.about, *([count.place] if count.place else ()))]
        near = (group for key in keys for group in blocks.get(key, ()))
        home = next((group for group in near if all(_is_same(count, other) for other in group)), None)
        if home is None:
            home = []
            groups.append(home)
        home.append(count)
        for key in keys:
            block = blocks.setdefault(key, [])
            if not any(group is home for group in block):
                block.append(home)
    return tuple(map(tuple, groups))


def _is_same(left: _Count, right: _Count) -> bool:
    """Whether two claims count the same thing; two numbers of one report count two things."""
    if left.document == right.document and left.claim.value != right.claim.value:
        return False
    if left.unit in COMMON_UNITS and not left.words & right.words:
        return False
    if left.place and right.place and left.place != right.place:
        return False
    a, b = left.claim.time, right.claim.time
    if a is None or b is None:
        return True
    starts = [day for day in (parse_day(a.earliest), parse_day(b.earliest)) if day is not None]
    ends = [day for day in (parse_day(a.latest), parse_day(b.latest)) if day is not None]
    return not starts or not ends or max(starts) <= min(ends)


def _tell(group: Sequence[_Count]) -> Counted:
    documents = {count.document for count in group}
    differ = any(max(a.low, b.low) > min(a.high, b.high) for a, b in combinations(group, 2))
    told: dict[str, list[_Count]] = {}
    for count in group:
        told.setdefault(str(count.claim.value), []).append(count)
    agreement = Agreement.DIFFER if differ else Agreement.AGREE if len(documents) > 1 else Agreement.ALONE
    return Counted(
        about=tuple(dict.fromkeys(id_ for count in group for id_ in count.about)),
        unit=group[0].claim.unit or "",
        place=next((count.place for count in group if count.place), None),
        agreement=agreement,
        told=tuple(
            Told(
                value=value,
                label=same[0].claim.text,
                documents=tuple(dict.fromkeys(count.document for count in same)),
            )
            for value, same in told.items()
        ),
        claims=tuple(count.claim.id for count in group),
    )
