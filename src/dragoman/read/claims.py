"""Claims: what is asserted, of whom, and in whose voice; counts are added up.

A claim inside a statement is its speaker's; every other claim is the report's own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from dragoman.read.arcs import Scene, best_target, score_targets
from dragoman.read.labels import CLAIM_KINDS
from dragoman.read.numbers import parse_number
from dragoman.read.score import softmax
from dragoman.record import Check, Claim, ClaimKind, Quotation, Verdict, make_id

# [0, 1]; what training meant by "more likely than not".
ABOUT_FLOOR = 0.5
PLACE_FLOOR = 0.5
TIME_FLOOR = 0.5
UNIT = re.compile(
    r"\s+(?:of\s+)?(?:(?:the|its|their|other|more)\s+)*(?!(?:in|at|from|to|on|and|or|by|with|were|was|had)\b)([a-z][\w'’-]*)"
)
NESTED = 12  # statements begun before a claim among which its own is looked for
LISTING = 200  # code points: how far after a total its parts may begin

Said = tuple[int, int, Quotation]  # a stretch of a statement: start, end, whose


def find_claims(scene: Scene, quotations: Sequence[Quotation]) -> tuple[Claim, ...]:
    """The claims of a document in text order, counts checked against each other."""
    said = sorted(
        ((piece.start, piece.end, quotation) for quotation in quotations for piece in quotation.spans),
        key=lambda row: row[:2],
    )
    claims = [_read_claim(scene, int(span), said) for span in scene.marked.of("claim")]
    return tuple(check_counts(claims))


def _read_claim(scene: Scene, span: int, said: Sequence[Said]) -> Claim:
    """One claim: kind, voice, what it is about, value and unit."""
    words = scene.words(span)
    chances = softmax(scene.links.classes["claim"][span])
    kind = CLAIM_KINDS[int(chances.argmax())]
    within = _find_voice(words.start, words.end, said)
    by = within.speaker if within and isinstance(within.speaker, str) else "author"
    value, unit = _read_count(scene, words.start, words.end) if kind is ClaimKind.COUNT else (None, None)
    place = best_target(scene, "claim_place", [span], PLACE_FLOOR)
    when = best_target(scene, "claim_time", [span], TIME_FLOOR)
    about = [t.id for t in score_targets(scene, "about", [span]) if t.chance >= ABOUT_FLOOR]
    return Claim(
        id=make_id("claim", scene.document_id, words.start, words.end),
        kind=kind,
        by=by,
        about=tuple(about),
        start=words.start,
        end=words.end,
        text=words.text,
        value=value,
        unit=unit,
        place=place.id if place else None,
        time=scene.times.get(when.span) if when else None,
        within=within.id if within else None,
        confidence=round(float(scene.marked.confidence[span]) * float(chances.max()), 3),
    )


def _find_voice(start: int, end: int, said: Sequence[Said]) -> Quotation | None:
    """The innermost statement that holds the claim, looked for among the last few that begin before it."""
    before = bisect_right(said, start + 1, key=lambda row: row[0])
    holding = [
        (b - a, quotation) for a, b, quotation in said[max(0, before - NESTED) : before] if end <= b + 1
    ]
    return min(holding, key=lambda row: row[0])[1] if holding else None


def _read_count(scene: Scene, start: int, end: int) -> tuple[float | int | None, str | None]:
    """The number a count gives and what it counts."""
    spans = scene.marked.spans
    for span in range(*map(int, np.searchsorted(spans.starts, [start, end]))):
        if scene.layer(span) == "number" and spans.ends[span] <= end:
            amount = parse_number(spans.words[span])
            if amount and amount.value is not None:
                unit = UNIT.match(scene.text, int(spans.ends[span]), end)
                return amount.value, unit.group(1) if unit else None
    return None, None


@dataclass
class _Sum:
    """A total and the counts that follow it in one listing."""

    total: int
    parts: list[int]


def check_counts(claims: Sequence[Claim]) -> list[Claim]:
    """The claims, totals compared with the parts listed after them ("seven: three in A, two in B …").

    A total is followed, within one listing, by at least two counts of the same voice; the parts may leave
    the unit unsaid. The total and its parts get the verdict and name each other.
    """
    checked = list(claims)
    for listing in _find_listings(claims):
        members = [claims[listing.total], *(claims[n] for n in listing.parts)]
        total, parts = members[0].value, [m.value or 0 for m in members[1:]]
        agrees = sum(parts) == total
        note = f"{' + '.join(map(str, parts))} = {sum(parts)}" + ("" if agrees else f", not {total}")
        verdict = Verdict.CONSISTENT if agrees else Verdict.INCONSISTENT
        for number in (listing.total, *listing.parts):
            others = tuple(m.id for m in members if m.id != claims[number].id)
            checked[number] = _with_check(claims[number], Check(verdict=verdict, with_=others, note=note))
    return checked


def _with_check(claim: Claim, check: Check) -> Claim:
    return msgspec.structs.replace(claim, check=check)


def _find_listings(claims: Sequence[Claim]) -> list[_Sum]:
    """Runs of counts close together: the first with a unit is the total of those after it."""
    counts = [n for n, c in enumerate(claims) if c.kind is ClaimKind.COUNT and c.value is not None]
    listings: list[_Sum] = []
    for n in counts:
        claim = claims[n]
        last = listings[-1] if listings else None
        if last and _continues(
            claims[last.total], claims[last.parts[-1] if last.parts else last.total], claim
        ):
            last.parts.append(n)
        else:
            listings.append(_Sum(n, []))
    return [listing for listing in listings if len(listing.parts) >= 2]


def _continues(total: Claim, before: Claim, claim: Claim) -> bool:
    """Whether a count goes on a listing: near, same voice, no larger than the total, no unit of its own."""
    near = claim.start - before.end < 60 and claim.start - total.end < LISTING
    fits = claim.by == total.by and (claim.value or 0) <= (total.value or 0)
    same_unit = claim.unit is None or claim.unit == total.unit
    return near and fits and same_unit
