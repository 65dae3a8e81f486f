"""Pairs: which spans stand for the same thing, and which hang on which, as scores.

The work grows linearly with the text: a span is only compared with spans near it. What is made of the
scores is the business of `entities`, `roles`, `engagements`, `statements` and `claims`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.read.features import arc_features, find_ground, find_homes, same_features
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
    PARTS,
    STATUSES,
)
from dragoman.read.score import Heads, score_classes, score_pairs, span_vectors
from dragoman.read.spans import Marked

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

ENTITY_KINDS = 4  # of SAME_KINDS; the rest have no members
LOT = 20_000  # pairs scored at a time
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
    float32 (links of the arc "who", parts); `classes[name]` float32 (spans, classes). Scores are log odds.
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
    pairs: list[tuple[Ints, Ints]] = []
    for number, kind in enumerate(SAME_KINDS):
        of_kind = marked.of(*kind)
        ranks[of_kind] = np.arange(len(of_kind))
        for at, i in enumerate(of_kind):
            after = of_kind[at + 1 : at + FAR] if number < ENTITY_KINDS else of_kind[:0]
            near = np.concatenate([of_kind[max(0, at - FAR) : at], after])
            pairs.append((np.full(len(near), i), near))
    homes = find_homes(text, marked.spans)
    same: dict[int, list[tuple[int, float]]] = {}
    members: dict[int, list[tuple[int, float]]] = {}
    for left, right in _lots(pairs):
        facts = same_features(marked.spans, left, right, ranks, homes)
        scores = score_pairs(heads, "same", spans, left, right, facts)
        for row in np.flatnonzero((scores[:, 0] > FAINT) & (right < left)).tolist():
            same.setdefault(int(left[row]), []).append((int(right[row]), float(scores[row, 0])))
        for row in np.flatnonzero(scores[:, 1] > FAINT).tolist():
            members.setdefault(int(left[row]), []).append((int(right[row]), float(scores[row, 1])))
    return same, members


def _score_arcs(
    marked: Marked, spans: Floats, heads: Heads
) -> tuple[dict[str, dict[int, list[tuple[int, int, float]]]], Floats]:
    """Links from anchors to targets, arc by arc, and the part scores of those that take part."""
    arcs: dict[str, dict[int, list[tuple[int, int, float]]]] = {name: {} for name in ARCS}
    parts: list[Floats] = [np.zeros((0, len(PARTS)), dtype=np.float32)]
    n_parts = 0
    ground = find_ground(marked.spans)
    layers = marked.spans.layers
    for left, right in _lots(_near_pairs(marked)):
        facts = arc_features(marked.spans, left, right, ground)
        scores = score_pairs(heads, "arcs", spans, left, right, facts)
        for arc, (anchors, targets) in ARCS.items():
            fits = np.isin(layers[left], [LAYER_INDEX[a] for a in anchors])
            fits &= np.isin(layers[right], [LAYER_INDEX[t] for t in targets])
            column = scores[:, ARC_INDEX[arc]]
            rows = np.flatnonzero(fits & (column > FAINT))
            for number, row in enumerate(rows.tolist()):
                found = arcs[arc].setdefault(int(left[row]), [])
                found.append((int(right[row]), n_parts + number, float(column[row])))
            if arc == "who":
                parts.append(scores[rows, len(ARCS) :])
                n_parts += len(rows)
    return arcs, np.concatenate(parts)


def _lots(pairs: Iterable[tuple[Ints, Ints]]) -> Iterator[tuple[Ints, Ints]]:
    """The pairs in lots of about `LOT`, so that a long text needs no more memory than a short one."""
    left: list[Ints] = []
    right: list[Ints] = []
    size = 0
    for one, two in pairs:
        left.append(one)
        right.append(two)
        size += len(one)
        if size >= LOT:
            yield np.concatenate(left), np.concatenate(right)
            left, right, size = [], [], 0
    if size:
        yield np.concatenate(left), np.concatenate(right)


def _near_pairs(marked: Marked) -> Iterator[tuple[Ints, Ints]]:
    """Numbers of each anchor and of the targets that some arc may link it to, within reach."""
    allowed = np.zeros((len(LAYERS), len(LAYERS)), dtype=bool)
    for anchors, targets in ARCS.values():
        for anchor in anchors:
            allowed[LAYER_INDEX[anchor], [LAYER_INDEX[t] for t in targets]] = True
    layers, sentences = marked.spans.layers, marked.spans.sentences
    for anchor in marked.of(*ANCHORS):
        lo = np.searchsorted(sentences, sentences[anchor] - REACH, side="left")
        hi = np.searchsorted(sentences, sentences[anchor] + REACH, side="right")
        near = np.arange(lo, hi)
        near = near[allowed[layers[anchor], layers[lo:hi]] & (near != anchor)]
        yield np.full(len(near), anchor), near
