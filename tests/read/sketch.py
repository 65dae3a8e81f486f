"""A document sketched by hand: spans by their words, links by name. No model needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dragoman.read.arcs import Scene
from dragoman.read.entities import gather_entities
from dragoman.read.features import Spans
from dragoman.read.labels import ARCS, LAYER_INDEX, PARTS
from dragoman.read.pairs import CLASS_NAMES, Links
from dragoman.read.places import load_states
from dragoman.read.spans import Marked

SURE, NEVER = 5.0, -9.0


def mark(text: str, spans: Sequence[tuple[str, str]]) -> Marked:
    """The spans (layer, words) of a text; the same words again are the next place they stand."""
    found: list[tuple[int, int, int]] = []
    after: dict[tuple[str, str], int] = {}
    for layer, words in spans:
        start = text.index(words, after.get((layer, words), 0))
        after[layer, words] = start + 1
        found.append((LAYER_INDEX[layer], start, start + len(words)))
    found.sort(key=lambda row: (row[1], -row[2], row[0]))
    layers, starts, ends = (np.array(column, dtype=np.int64) for column in zip(*found, strict=True))
    words = tuple(text[s:e] for _, s, e in found)
    nothing = np.zeros((len(found), 1), dtype=np.float32)
    sentences = np.zeros(len(found), dtype=np.int64)
    return Marked(Spans(layers, starts, ends, sentences, words), nothing, nothing, nothing[:, 0] + 1)


def link(
    marked: Marked,
    *,
    same: Sequence[tuple[int, int]] = (),
    members: Sequence[tuple[int, int]] = (),
    arcs: Sequence[tuple[str, int, int]] = (),
    parts: Mapping[tuple[int, int], str] | None = None,
    classes: Mapping[tuple[str, int], str] | None = None,
) -> Links:
    """Links by span number in text order: `same` (later, earlier), `arcs` (name, anchor, target)."""
    n = len(marked.spans.layers)
    rows = np.zeros((max(1, len(arcs)), len(PARTS)), dtype=np.float32)
    table: dict[str, dict[int, list[tuple[int, int, float]]]] = {name: {} for name in ARCS}
    for row, (name, anchor, target) in enumerate(arcs):
        table[name].setdefault(anchor, []).append((target, row, SURE))
        rows[row, PARTS.index((parts or {}).get((anchor, target), "participant"))] = SURE
    scores = {
        name: np.full((n, len(values)), NEVER, dtype=np.float32) for name, values in CLASS_NAMES.items()
    }
    for (name, span), value in (classes or {}).items():
        scores[name][span, list(CLASS_NAMES[name]).index(value)] = SURE
    return Links(
        {i: [(j, SURE)] for i, j in same},
        {i: [(k, SURE) for m, k in members if m == i] for i, _ in members},
        table,
        rows,
        scores,
    )


def scene(text: str, marked: Marked, links: Links) -> Scene:
    """Everything the finders of facts are given."""
    cast = gather_entities("doc", text, marked, links, load_states())
    return Scene("doc", text, marked, links, cast, {e.id: e for e in cast.entities}, {})
