"""Quotation marks are read exactly."""

import pytest

from dragoman.read.spans import find_quotes

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
