"""Quotation marks are read exactly; names and titles agree throughout a document."""

import re
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from dragoman.read.labels import LAYER_INDEX, LAYERS, VECTOR
from dragoman.read.spans import find_quotes, mark_spans
from dragoman.record import Span

CASES = [
    ("“We agree,” he said, “on most things.”", ["We agree", "on most things."]),
    ('He said "we agree" twice.', ["we agree"]),
    ("“This goes on\n“and ends here.”", ["This goes on", "and ends here."]),
    ("«Nous voilà», dit-elle.", ["Nous voilà"]),
    ('A lonely ” mark and a 5" pipe', []),
    ("No marks at all", []),
]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_find_quotes_gives_the_words_between_the_marks(text: str, words: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quotes(text)] == words


def test_find_quotes_is_linear() -> None:
    find_quotes("“" * 20_000 + "a" * 20_000)
    find_quotes('"' * 20_001)


class _Window(NamedTuple):
    """A window of words, as the encoder gives it: one piece a word."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    scores: NDArray[np.float32]
    vectors: NDArray[np.float32]


def _mark(text: str, labels: list[tuple[str, str, float]]) -> list[tuple[str, str]]:
    """Layer and words of what is marked where words have labels (layer, word, chance), in text order."""
    words = list(re.finditer(r"\w+", text))
    scores = np.zeros((len(words), len(LAYERS), 3), dtype=np.float32)
    scores[:, :, 0] = 9.0
    at = 0
    for layer, word, chance in labels:
        at = next(n for n in range(at, len(words)) if words[n].group() == word)
        scores[at, LAYER_INDEX[layer]] = np.log([1 - chance, chance, 1e-9])
        at += 1
    starts = np.array([m.start() for m in words], dtype=np.int64)
    ends = np.array([m.end() for m in words], dtype=np.int64)
    vectors = np.zeros((len(words), VECTOR), dtype=np.float32)
    window = _Window(starts, ends, scores.reshape(len(words), -1), vectors)
    spans = mark_spans(text, [window], [Span(start=0, end=len(text))]).spans
    return [(LAYERS[layer], word) for layer, word in zip(spans.layers, spans.words, strict=True)]


def test_mark_spans_takes_a_faint_name_only_where_it_is_sure_elsewhere() -> None:
    name = "person.name"
    assert _mark("Quorra met. Quorra left.", [(name, "Quorra", 0.95), (name, "Quorra", 0.6)]) == [
        (name, "Quorra"),
        (name, "Quorra"),
    ]
    assert _mark("Vexan met. Quorra left.", [(name, "Vexan", 0.95), (name, "Quorra", 0.6)]) == [
        (name, "Vexan")
    ]


def test_mark_spans_gives_a_name_one_kind_throughout() -> None:
    labels = [("place.name", "Quorra", 0.95), ("person.name", "Quorra", 0.9), ("place.name", "Quorra", 0.95)]
    assert _mark("Quorra, Quorra, Quorra", labels) == [("place.name", "Quorra")] * 3


def test_mark_spans_keeps_rank_words_with_their_title() -> None:
    assert _mark("the deputy special envoy left", [("title", "envoy", 0.9)]) == [
        ("title", "deputy special envoy")
    ]
