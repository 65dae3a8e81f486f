"""What two spans have in common and how far apart they stand, as numbers for the pair scorers.

Training and reading both compute these here, so that they cannot differ. No names of particular people
or papers: only letters, order and distance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.read.labels import LAYER_INDEX, LAYERS
from dragoman.text import fold_name

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SMALL = frozenset("of the and for in on de la le el al bin ibn van von der den du da dos das".split())
NEAR = np.array([0, 1, 2, 3, 5, 9])  # sentences apart, lower bounds of the classes
CLOSE = np.array([-400, -160, -60, -25, -8, 0, 8, 25, 60, 160, 400])  # code points apart
BETWEEN = np.array([0, 1, 2, 3, 5, 9])  # spans of the same layer between


class Spans(NamedTuple):
    """The spans of a document in text order: int64 arrays of one length, and their words."""

    layers: Ints
    starts: Ints
    ends: Ints
    sentences: Ints
    words: tuple[str, ...]


@lru_cache(maxsize=65536)
def _tokens(words: str) -> tuple[str, ...]:
    tokens = fold_name(words).replace("'s", "").split()
    return tuple(t for t in tokens if t not in SMALL) or tuple(tokens)


@lru_cache(maxsize=65536)
def compare_words(left: str, right: str) -> tuple[float, ...]:
    """Seven facts of two names: same, one inside the other, same first or last word, acronym, stem."""
    a, b = _tokens(left), _tokens(right)
    if not a or not b:
        return (0.0,) * 7
    one, two = set(a), set(b)
    acronym = _is_acronym(left, b) or _is_acronym(right, a)
    stem = a[-1][:4] == b[-1][:4] and len(a[-1]) > 3
    facts = (a == b, one <= two, two <= one, a[-1] == b[-1], a[0] == b[0], acronym, stem)
    return tuple(map(float, facts))


def _is_acronym(short: str, tokens: tuple[str, ...]) -> bool:
    letters = short.replace(".", "").replace(" ", "")
    if not (2 <= len(letters) <= 8 and letters.isupper() and len(tokens) >= 2):
        return False
    initials = "".join(token[0] for token in tokens)
    return letters.casefold() in (initials, initials[: len(letters)])


N_WORDS = 9  # seven of compare_words, same state, state and its capital
N_SAME = N_WORDS + len(NEAR) + len(BETWEEN) + 1
N_ARC = len(NEAR) + 1 + len(CLOSE) + 1 + len(BETWEEN) + 5


def _one_hot(values: Ints, bounds: NDArray[np.int64], *, low: bool = False) -> Floats:
    """Class of each value by lower bounds, as float32 (…, classes); `low` adds a class below all."""
    index = np.searchsorted(bounds, values, side="right") - (0 if low else 1)
    width = len(bounds) + low
    return np.eye(width, dtype=np.float32)[np.clip(index, 0, width - 1)]


def word_features(words: Sequence[str], state_of: Callable[[str], tuple[str, str]]) -> Floats:
    """float32 (n, n, 9) for n different words; `state_of` gives (state named, state it is capital of)."""
    table = np.zeros((len(words), len(words), N_WORDS), dtype=np.float32)
    states = [state_of(word) for word in words]
    for i, left in enumerate(words):
        for j, right in enumerate(words):
            named, capital = states[i][0] == states[j][0] != "", False
            if states[i][0] and states[j][1] == states[i][0]:
                capital = True
            if states[j][0] and states[i][1] == states[j][0]:
                capital = True
            table[i, j] = (*compare_words(left, right), named, capital)
    return table


def same_features(
    spans: Spans, left: Ints, right: Ints, ranks: Ints, state_of: Callable[[str], tuple[str, str]]
) -> Floats:
    """float32 (pairs, N_SAME): may spans `left` and `right` be the same; `ranks` counts within a kind."""
    unique = {word: number for number, word in enumerate(dict.fromkeys(spans.words))}
    at = np.array([unique[word] for word in spans.words], dtype=np.int64)
    words = word_features(tuple(unique), state_of)[at[left], at[right]]
    sentences = np.abs(spans.sentences[left] - spans.sentences[right])
    between = np.abs(ranks[left] - ranks[right]) - 1
    inside = (spans.starts[left] >= spans.starts[right]) & (spans.ends[left] <= spans.ends[right])
    parts = [words, _one_hot(sentences, NEAR), _one_hot(between, BETWEEN), inside[:, None]]
    return np.concatenate(parts, axis=1, dtype=np.float32)


def arc_features(spans: Spans, anchors: Ints, targets: Ints) -> Floats:
    """float32 (pairs, N_ARC): how anchor and target stand to one another."""
    sentences = spans.sentences[targets] - spans.sentences[anchors]
    gap = np.where(
        spans.starts[targets] >= spans.starts[anchors],
        np.maximum(spans.starts[targets] - spans.ends[anchors], 0),
        np.minimum(spans.ends[targets] - spans.starts[anchors], 0),
    )
    order = _layer_ranks(spans)
    between = np.abs(order[targets, spans.layers[targets]] - order[anchors, spans.layers[targets]])
    within = (spans.starts[targets] >= spans.starts[anchors]) & (spans.ends[targets] <= spans.ends[anchors])
    around = (spans.starts[targets] <= spans.starts[anchors]) & (spans.ends[targets] >= spans.ends[anchors])
    said = _inside_said(spans)
    flags = np.stack(
        [within, around, sentences < 0, said[anchors], said[targets] != said[anchors]], axis=1
    ).astype(np.float32)
    parts = [
        _one_hot(np.abs(sentences), NEAR),
        (sentences > 0)[:, None],
        _one_hot(gap, CLOSE, low=True),
        _one_hot(between, BETWEEN),
        flags,
    ]
    return np.concatenate(parts, axis=1, dtype=np.float32)


def _layer_ranks(spans: Spans) -> Ints:
    """int64 (n, layers): how many spans of each layer begin before each span."""
    hits = np.eye(len(LAYERS), dtype=np.int64)[spans.layers]
    return np.cumsum(hits, axis=0) - hits


def _inside_said(spans: Spans) -> NDArray[np.bool_]:
    """Whether each span lies inside what somebody says."""
    inside = np.zeros(len(spans.layers), dtype=bool)
    for number in np.flatnonzero(spans.layers == LAYER_INDEX["said"]):
        covered = (spans.starts >= spans.starts[number]) & (spans.ends <= spans.ends[number])
        covered[number] = False
        inside |= covered
    return inside
