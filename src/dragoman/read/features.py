"""What two spans have in common and how far apart they stand, as numbers for the pair scorers.

Training and reading both compute these here, so that they cannot differ. No names of particular people
or papers: only letters, order and distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.read.labels import LAYER_INDEX, LAYERS
from dragoman.read.places import load_states, stands_for_state
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
    acronym = is_acronym(left, b) or is_acronym(right, a)
    stem = a[-1][:4] == b[-1][:4] and len(a[-1]) > 3
    facts = (a == b, one <= two, two <= one, a[-1] == b[-1], a[0] == b[0], acronym, stem)
    return tuple(map(float, facts))


def is_acronym(short: str, tokens: tuple[str, ...]) -> bool:
    """Whether a short form is made of the initials of these words, or of the first of them."""
    letters = short.replace(".", "").replace(" ", "")
    if not (2 <= len(letters) <= 8 and letters.isupper() and len(tokens) >= 2):
        return False
    initials = "".join(token[0] for token in tokens)
    return letters.casefold() in (initials, initials[: len(letters)])


N_WORDS = 10  # seven of compare_words, then three of states
N_SAME = N_WORDS + len(NEAR) + len(BETWEEN) + 1
N_ARC = len(NEAR) + 1 + len(CLOSE) + 1 + len(BETWEEN) + 5


def _one_hot(values: Ints, bounds: NDArray[np.int64], *, low: bool = False) -> Floats:
    """Class of each value by lower bounds, as float32 (…, classes); `low` adds a class below all."""
    index = np.searchsorted(bounds, values, side="right") - (0 if low else 1)
    width = len(bounds) + low
    return np.eye(width, dtype=np.float32)[np.clip(index, 0, width - 1)]


class Homes(NamedTuple):
    """What state each span names or is the capital of, as numbers (0 is none); arrays of one length.

    `speaks` is float32 in [0, 1]: how likely a capital stands for its government here.
    """

    named: Ints
    capital: Ints
    speaks: Floats


def find_homes(text: str, spans: Spans) -> Homes:
    """The states behind the names of places among the spans."""
    states = load_states()
    codes: dict[str, int] = {"": 0}
    rows = []
    for layer, start, end, words in zip(spans.layers, spans.starts, spans.ends, spans.words, strict=True):
        if not LAYERS[layer].startswith("place"):
            rows.append((0, 0, 0.0))
            continue
        named, capital = states.state_of(words) or "", states.capital_state(words) or ""
        speaks = stands_for_state(text, int(start), int(end), states) if capital else 0.0
        rows.append((codes.setdefault(named, len(codes)), codes.setdefault(capital, len(codes)), speaks))
    named_, capital_, speaks_ = zip(*rows, strict=True) if rows else ((), (), ())
    return Homes(np.array(named_, np.int64), np.array(capital_, np.int64), np.array(speaks_, np.float32))


def same_features(spans: Spans, left: Ints, right: Ints, ranks: Ints, homes: Homes) -> Floats:
    """float32 (pairs, N_SAME): may spans `left` and `right` be the same; `ranks` counts within a kind."""
    unique = {word: number for number, word in enumerate(dict.fromkeys(spans.words))}
    at = np.array([unique[word] for word in spans.words], dtype=np.int64)
    words = _compare_all(tuple(unique), at[left], at[right])
    named, capital, speaks = homes
    same = (named[left] == named[right]) & (named[left] > 0)
    one = ((capital[left] == named[right]) & (named[right] > 0)) * speaks[left]
    two = ((capital[right] == named[left]) & (named[left] > 0)) * speaks[right]
    apart = ((capital[left] == capital[right]) & (capital[left] > 0)) * np.abs(speaks[left] - speaks[right])
    sentences = np.abs(spans.sentences[left] - spans.sentences[right])
    between = np.abs(ranks[left] - ranks[right]) - 1
    inside = (spans.starts[left] >= spans.starts[right]) & (spans.ends[left] <= spans.ends[right])
    columns = np.stack([same, one + two, apart, inside], axis=1)
    parts = [words, columns, _one_hot(sentences, NEAR), _one_hot(between, BETWEEN)]
    return np.concatenate(parts, axis=1, dtype=np.float32)


def _compare_all(words: Sequence[str], left: Ints, right: Ints) -> Floats:
    """float32 (pairs, 7): `compare_words` of each pair of word numbers, each asked once."""
    keys = left * len(words) + right
    asked, back = np.unique(keys, return_inverse=True)
    rows = [compare_words(words[key // len(words)], words[key % len(words)]) for key in asked.tolist()]
    table = np.array(rows, dtype=np.float32).reshape(-1, 7)
    return table[back]


class Ground(NamedTuple):
    """What is asked of all spans once: int64 (n, layers) spans of each layer before it; bool (n,) said."""

    before: Ints
    said: NDArray[np.bool_]


def find_ground(spans: Spans) -> Ground:
    """How many spans of each layer begin before each span, and whether it lies in what somebody says."""
    hits = np.eye(len(LAYERS), dtype=np.int64)[spans.layers]
    said = np.zeros(len(spans.layers), dtype=bool)
    for number in np.flatnonzero(spans.layers == LAYER_INDEX["said"]):
        start, end = spans.starts[number], spans.ends[number]
        near = slice(*np.searchsorted(spans.starts, [start, end]))
        said[near] |= spans.ends[near] <= end
        said[number] = False
    return Ground(np.cumsum(hits, axis=0) - hits, said)


def arc_features(spans: Spans, anchors: Ints, targets: Ints, ground: Ground) -> Floats:
    """float32 (pairs, N_ARC): how anchor and target stand to one another."""
    sentences = spans.sentences[targets] - spans.sentences[anchors]
    gap = np.where(
        spans.starts[targets] >= spans.starts[anchors],
        np.maximum(spans.starts[targets] - spans.ends[anchors], 0),
        np.minimum(spans.ends[targets] - spans.starts[anchors], 0),
    )
    layers = spans.layers[targets]
    between = np.abs(ground.before[targets, layers] - ground.before[anchors, layers])
    within = (spans.starts[targets] >= spans.starts[anchors]) & (spans.ends[targets] <= spans.ends[anchors])
    around = (spans.starts[targets] <= spans.starts[anchors]) & (spans.ends[targets] >= spans.ends[anchors])
    said = ground.said
    flags = np.stack([within, around, sentences < 0, said[anchors], said[targets] != said[anchors]], axis=1)
    parts = [
        _one_hot(np.abs(sentences), NEAR),
        (sentences > 0)[:, None],
        _one_hot(gap, CLOSE, low=True),
        _one_hot(between, BETWEEN),
        flags,
    ]
    return np.concatenate(parts, axis=1, dtype=np.float32)
