"""Statements: what is said, directly or not, by whom, to whom and when.

Quotation marks are read exactly (`spans`); the network attaches cues and speakers. A broken quotation
is one statement with several spans.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from dragoman.read.arcs import Scene, Target, score_targets
from dragoman.read.labels import MODES
from dragoman.read.score import probability, softmax
from dragoman.read.spans import find_quotes
from dragoman.record import Evidence, Mode, Quotation, Slot, Span, make_id

# [0, 1]; best F1 of quotations.attributed on dev.
SPEAKER_FLOOR = 0.25
CUE_FLOOR = 0.5
ADDRESSEE_FLOOR = 0.5
OCCASION_FLOOR = 0.5
JOIN_FLOOR = 0.5
BESIDE = 50  # code points between a quotation and the cue beside it


def find_statements(scene: Scene, engagement_of: dict[int, str]) -> tuple[Quotation, ...]:
    """The statements of a document in text order."""
    cue_of = _match_cues(scene)
    quotes = find_quotes(scene.text)
    groups = _join_spans(scene, cue_of)
    return tuple(_read_statement(scene, group, cue_of, quotes, engagement_of) for group in groups)


def _match_cues(scene: Scene) -> dict[int, int]:
    """The cue of each said span, where one scores above the floor."""
    rows: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for cue in map(int, scene.marked.of("cue")):
        for said, _, score in scene.links.arcs["says"].get(cue, ()):
            rows[said].append((score, cue))
    found = {}
    for said, scored in rows.items():
        score, cue = max(scored)
        if probability(score) >= CUE_FLOOR:
            found[said] = cue
    for said in map(int, scene.marked.of("said")):
        if said not in found and (beside := _cue_beside(scene, said)) is not None:
            found[said] = beside
    return found


def _cue_beside(scene: Scene, said: int) -> int | None:
    """The nearest cue just behind or before a stretch, on the same line."""
    words, spans = scene.words(said), scene.marked.spans
    near = []
    around = [words.start - 2 * BESIDE, words.end + BESIDE]
    for cue in range(*map(int, np.searchsorted(spans.starts, around))):
        if scene.layer(cue) != "cue":
            continue
        start, end = int(spans.starts[cue]), int(spans.ends[cue])
        apart = start - words.end if start >= words.end else words.start - end
        between = scene.text[min(words.end, end) : max(words.start, start)]
        if 0 <= apart <= BESIDE and "\n" not in between:
            near.append((apart, cue))
    return min(near)[1] if near else None


def _join_spans(scene: Scene, cue_of: dict[int, int]) -> list[list[int]]:
    """Said spans of one statement together: one cue, or joined by their scores."""
    owner: dict[int, int] = {}
    by_cue: dict[int, int] = {}
    for span in map(int, scene.marked.of("said")):
        rows = [(score, j) for j, score in scene.links.same.get(span, ()) if j in owner]
        score, best = max(rows, default=(-30.0, -1))
        cue = cue_of.get(span)
        if best >= 0 and probability(score) >= JOIN_FLOOR:
            owner[span] = owner[best]
        elif cue in by_cue:
            owner[span] = by_cue[cue]
        else:
            owner[span] = span
        if cue is not None:
            by_cue.setdefault(cue, owner[span])
    groups: dict[int, list[int]] = defaultdict(list)
    for span, first in owner.items():
        groups[first].append(span)
    return sorted(groups.values())


def _read_statement(
    scene: Scene,
    group: Sequence[int],
    cue_of: dict[int, int],
    quotes: Sequence[Span],
    engagement_of: dict[int, str],
) -> Quotation:
    """One statement: its words, mode, cue, speaker, addressee and occasion."""
    cues = list(dict.fromkeys(cue_of[span] for span in group if span in cue_of))
    anchors = [*cues, *group]
    speaker, sure, evidence = _find_speaker(scene, anchors)
    words = [scene.words(span) for span in group]
    occasion = _best(scene, "occasion", anchors, OCCASION_FLOOR)
    addressee = _best(scene, "addressee", anchors, ADDRESSEE_FLOOR)
    to = addressee.id if addressee and addressee.id not in _as_tuple(speaker) else None
    return Quotation(
        id=make_id("quotation", scene.document_id, words[0].start, words[0].end),
        speaker=speaker,
        mode=_read_mode(scene, group, quotes),
        text=" … ".join(piece.text for piece in words),
        spans=tuple(Span(start=piece.start, end=piece.end) for piece in words),
        cue=scene.words(cues[0]) if cues else None,
        to=to,
        occasion=engagement_of.get(occasion.span) if occasion else None,
        evidence=evidence,
        confidence=round(sure * float(scene.marked.confidence[list(group)].max()), 3),
    )


def _as_tuple(speaker: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return speaker if isinstance(speaker, tuple) else (speaker,) if speaker else ()


def _best(scene: Scene, arc: str, anchors: Sequence[int], floor: float) -> Target | None:
    targets = score_targets(scene, arc, anchors)
    return targets[0] if targets and targets[0].chance >= floor else None


def _find_speaker(
    scene: Scene, anchors: Sequence[int]
) -> tuple[str | tuple[str, ...] | None, float, tuple[Evidence, ...]]:
    """Who speaks, how sure, and the words that name the speaker; several only where one phrase does."""
    targets = score_targets(scene, "speaker", anchors)
    if not targets or targets[0].chance < SPEAKER_FLOOR:
        return None, 1 - (targets[0].chance if targets else 0.0), ()
    best = targets[0]
    several = scene.things(best.span)
    speaker: str | tuple[str, ...] = several if len(several) > 1 else best.id
    return speaker, best.chance, (scene.evidence(Slot.WHO, best.span, best.id),)


def _read_mode(scene: Scene, group: Sequence[int], quotes: Sequence[Span]) -> Mode:
    """Direct where quotation marks hold all of it, mixed where they hold some, else indirect."""
    total, quoted = 0, 0
    for span in group:
        words = scene.words(span)
        total += words.end - words.start
        after = bisect_left(quotes, words.end, key=lambda quote: quote.start)
        for quote in reversed(quotes[:after]):
            if quote.end <= words.start:
                break
            quoted += min(quote.end, words.end) - max(quote.start, words.start)
    if quoted >= 0.9 * total:
        guessed = MODES[int(softmax(scene.links.classes["mode"][list(group)].mean(0)).argmax())]
        return Mode.MIXED if guessed is Mode.MIXED else Mode.DIRECT
    return Mode.MIXED if quoted else Mode.INDIRECT
