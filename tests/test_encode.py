"""The tokenizer is BERT's, piece by piece; windows hold whole sentences.

`cases/wordpiece.json` was printed by the reference implementation (tokenizers 0.23) over our own lines.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from dragoman.encode import find_windows, load_words, word_shape
from dragoman.record import Span
from dragoman.sentences import find_sentences

CASES = json.loads((Path(__file__).parent / "cases" / "wordpiece.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:20])
def test_cut_text_gives_the_pieces_of_the_reference(case: dict) -> None:
    text = case["text"]
    pieces = load_words().cut_text(text, [Span(start=0, end=len(text))])
    assert pieces.ids.tolist() == case["ids"]
    assert [list(pair) for pair in zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True)] == case[
        "spans"
    ]


def test_cut_text_marks_quotations_lines_and_sentences() -> None:
    text = "He said “we agree” twice. Yes.\nNo."
    sentences = find_sentences(text)
    pieces = load_words().cut_text(text, sentences)
    words = [text[s:e] for s, e in zip(pieces.starts, pieces.ends, strict=True)]
    places = dict(zip(words, pieces.places.tolist(), strict=True))
    assert (places["He"], places["we"], places["twice"], places["Yes"], places["No"]) == (6, 1, 0, 4, 6)


@pytest.mark.parametrize(
    ("word", "shape"),
    [("the", 1), ("Baku", 2), ("NATO", 3), ("McBride", 4), ("A", 5), ("2021", 6), ("G20", 7), ("(", 8)],
)
def test_word_shape_tells_how_a_word_is_written(word: str, shape: int) -> None:
    assert word_shape(word) == shape


def test_find_windows_covers_every_piece_once_and_cuts_between_sentences() -> None:
    text = " ".join(f"Sentence number {n} is here and goes on for a while." for n in range(200))
    sentences = find_sentences(text)
    pieces = load_words().cut_text(text, sentences)
    windows = find_windows(pieces, sentences, size=100)
    assert [w.start for w in windows] == [0, *(w.stop for w in windows[:-1])]
    assert windows[-1].stop == len(pieces.ids)
    assert max(w.stop - w.start for w in windows) <= 100
    starts = {s.start for s in sentences}
    assert all(int(pieces.starts[w.start]) in starts for w in windows)


def test_find_windows_cuts_a_sentence_longer_than_a_window() -> None:
    text = "word " * 1000
    sentences = find_sentences(text)
    pieces = load_words().cut_text(text, sentences)
    windows = find_windows(pieces, sentences, size=100)
    assert sum(w.stop - w.start for w in windows) == len(pieces.ids)
    assert max(w.stop - w.start for w in windows) == 100


def test_cut_text_of_nothing_is_empty() -> None:
    pieces = load_words().cut_text("", [])
    assert len(pieces.ids) == 0
    assert find_windows(pieces, []) == []
    assert pieces.ids.dtype == np.int64
