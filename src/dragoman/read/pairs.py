"""Pairs: which spans stand for the same thing, and which hang on which, as scores.

The work grows linearly with the text: a span is only compared with spans near it. What is made of the
scores is the business of `entities`, `roles`, `engagements`, `statements` and `claims`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.read.features import arc_features, find_homes, same_features
from dragoman.read.labels import (
    ANCHORS,
    ARC_INDEX,
    ARCS,
    CLAIM_KINDS,
    FLAGS,
    KINDS,
    LAYER_INDEX,
    LAYERS,
    MENTIONS,
    MODES,
    STATUSES,
)
from dragoman.read.score import Heads, score_classes, score_pairs, span_vectors
from dragoman.read.spans import Marked

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FAR = 60  # spans of a kind: how far back an antecedent is looked for, as in training
FAINT = -5.0  # log odds; fainter links are forgotten: they cannot carry a fact
REACH = 25  # sentences between an anchor and a target at most
SAME_KINDS = (
    *(
        tuple(m for m in MENTIONS if m.startswith(kind))
        for kind in ("person", "organization", "place", "group")
    ),
    ("trigger",),
    ("said",),
)
CLASS_NAMES = {"kind": KINDS, "status": STATUSES, "claim": CLAIM_KINDS, "mode": MODES, "flags": FLAGS}


class Links(NamedTuple):
    """Everything the pair scorers say about the spans of one document.

    `same[i]` lists (earlier span, score); `members[i]` (span, score) for spans that may be one of
    several `i` stands for; `arcs[arc][anchor]` lists (target, row of `parts`, score); `parts` is
    float32 (pairs, parts); `classes[name]` float32 (spans, classes). Scores are log odds.
    """

    same: dict[int, list[tuple[int, float]]]
    members: dict[int, list[tuple[int, float]]]
    arcs: dict[str, dict[int, list[tuple[int, int, float]]]]
    parts: Floats
    classes: dict[str, Floats]


def link_spans(text: str, marked: Marked, heads: Heads) -> Links:
    """Score every pair worth asking about, and the class of every span."""
    spans = span_vectors(heads, marked.first, marked.last, marked.spans.layers)
    classes = {name: score_classes(heads, name, spans) for name in CLASS_NAMES}
    same, members = _score_same(text, marked, spans, heads)
    arcs, parts = _score_arcs(marked, spans, heads)
    return Links(same, members, arcs, parts, classes)


def _score_same(
    text: str, marked: Marked, spans: Floats, heads: Heads
) -> tuple[dict[int, list[tuple[int, float]]], dict[int, list[tuple[int, float]]]]:
    """Antecedents, and members of those that stand for several."""
    ranks = np.zeros(len(spans), dtype=np.int64)
    left: list[int] = []
    right: list[int] = []
    for number, kind in enumerate(SAME_KINDS):
        of_kind = marked.of(*kind)
        ranks[of_kind] = np.arange(len(of_kind))
        for at, i in enumerate(of_kind):
            after = of_kind[at + 1 : at + FAR] if number < 4 else of_kind[:0]
            near = np.concatenate([of_kind[max(0, at - FAR) : at], after])
            left.extend([int(i)] * len(near))
            right.extend(map(int, near))
    same: dict[int, list[tuple[int, float]]] = {}
    members: dict[int, list[tuple[int, float]]] = {}
    if not left:
        return same, members
    one, two = np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)
    facts = same_features(marked.spans, one, two, ranks, find_homes(text, marked.spans))
    scores = score_pairs(heads, "same", spans, one, two, facts)
    for i, j, (alike, member) in zip(left, right, scores.tolist(), strict=True):
        if j < i and alike > FAINT:
            same.setdefault(i, []).append((j, alike))
        if member > FAINT:
            members.setdefault(i, []).append((j, member))
    return same, members


def _score_arcs(
    marked: Marked, spans: Floats, heads: Heads
) -> tuple[dict[str, dict[int, list[tuple[int, int, float]]]], Floats]:
    """Links from anchors to targets, arc by arc."""
    arcs: dict[str, dict[int, list[tuple[int, int, float]]]] = {name: {} for name in ARCS}
    left, right = _near_pairs(marked)
    if not len(left):
        return arcs, np.zeros((0, 0), dtype=np.float32)
    scores = score_pairs(heads, "arcs", spans, left, right, arc_features(marked.spans, left, right))
    layers = marked.spans.layers
    for arc, (anchors, targets) in ARCS.items():
        fits = np.isin(layers[left], [LAYER_INDEX[a] for a in anchors])
        fits &= np.isin(layers[right], [LAYER_INDEX[t] for t in targets])
        column = scores[:, ARC_INDEX[arc]]
        for row in np.flatnonzero(fits & (column > FAINT)):
            found = arcs[arc].setdefault(int(left[row]), [])
            found.append((int(right[row]), int(row), float(column[row])))
    return arcs, scores[:, len(ARCS) :]


def _near_pairs(marked: Marked) -> tuple[Ints, Ints]:
    """Numbers of anchors and targets that some arc may link, within reach."""
    allowed = np.zeros((len(LAYERS), len(LAYERS)), dtype=bool)
    for anchors, targets in ARCS.values():
        for anchor in anchors:
            allowed[LAYER_INDEX[anchor], [LAYER_INDEX[t] for t in targets]] = True
    layers, sentences = marked.spans.layers, marked.spans.sentences
    left, right = [], []
    for anchor in marked.of(*ANCHORS):
        lo = np.searchsorted(sentences, sentences[anchor] - REACH, side="left")
        hi = np.searchsorted(sentences, sentences[anchor] + REACH, side="right")
        near = np.arange(lo, hi)
        near = near[allowed[layers[anchor], layers[lo:hi]] & (near != anchor)]
        left.append(np.full(len(near), anchor))
        right.append(near)
    if not left:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(left), np.concatenate(right)


def best_links(rows: Sequence[tuple[int, float]], floor: float) -> list[int]:
    """The targets scored above `floor`, best first."""
    return [target for target, score in sorted(rows, key=lambda row: -row[1]) if score > floor]
