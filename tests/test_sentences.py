"""Sentences end where a reader would say so."""

import pytest

from dragoman.sentences import find_sentences

CASES = [
    ("Amb. Rula Haddad met Gen. T. Okoro. They spoke.", 2),
    ("The U.S. and the U.K. agreed. Talks go on.", 2),
    ("He left the U.S. The minister stayed.", 2),
    ("No. 10 said so. Lt. Col. A. B. Navarre disagreed.", 2),
    ("“We agree.” She smiled.", 2),
    ('"We agree," she said. "We always did."', 2),
    ("It cost 3.5 million dollars in Jan. 2020. No more.", 2),
    ("First line without a stop\nSecond line", 2),
    ("Was it true? Yes! It was…", 3),
    ("H.E. Mr. Orhan Velidi, Amb. to Malta, spoke.", 1),
    ("", 0),
    (" \n\n ", 0),
]


@pytest.mark.parametrize(("text", "n"), CASES)
def test_find_sentences_counts_them(text: str, n: int) -> None:
    assert len(find_sentences(text)) == n


def test_find_sentences_covers_everything_but_white_space() -> None:
    text = "One. Two!\n\n  Three?  Four"
    covered = "".join(text[s.start : s.end] for s in find_sentences(text))
    assert covered.replace(" ", "") == "One.Two!Three?Four"


def test_find_sentences_is_linear_in_a_line_without_end() -> None:
    assert len(find_sentences("a" * 200_000)) == 1
    assert len(find_sentences("x. " * 50_000)) >= 1
