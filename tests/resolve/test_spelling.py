"""Words of names: folding, sound, and the consonants of scripts without vowels."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.resolve.spelling import compare_skeletons, compare_words, fold_words, get_sound

CASES = tomllib.loads((Path(__file__).parent / "cases" / "spelling.toml").read_text(encoding="utf-8"))
WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


@pytest.mark.parametrize("case", CASES["fold"], ids=lambda case: case["words"])
def test_fold_words(case: dict[str, str]) -> None:
    assert fold_words(case["words"]) == case["folded"]


@pytest.mark.parametrize("case", CASES["alike"], ids=lambda case: case["why"])
def test_compare_words_alike(case: dict[str, list[list[str]]]) -> None:
    scores = {tuple(pair): compare_words(*pair) for pair in case["pairs"]}
    assert {pair: score for pair, score in scores.items() if score < case["least"]} == {}


@pytest.mark.parametrize("case", CASES["unlike"], ids=lambda case: case["why"])
def test_compare_words_unlike(case: dict[str, list[list[str]]]) -> None:
    scores = {tuple(pair): compare_words(*pair) for pair in case["pairs"]}
    assert {pair: score for pair, score in scores.items() if score} == {}


@given(WORDS, WORDS)
def test_compare_words_does_not_depend_on_the_order(left: str, right: str) -> None:
    assert compare_words(left, right) == compare_words(right, left)
    assert 0.0 <= compare_words(left, right) <= 1.0
    assert compare_words(left, left) == 1.0


@given(st.text(max_size=30))
def test_fold_words_is_plain_and_stays(words: str) -> None:
    folded = fold_words(words)
    assert folded.isascii()
    assert folded == " ".join(folded.split())
    assert fold_words(folded) == folded


@given(WORDS)
def test_get_sound_never_loses_a_word(word: str) -> None:
    assert get_sound(word) == get_sound(word)
    assert compare_skeletons(word, word) > 0.7
