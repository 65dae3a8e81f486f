"""Amounts as the guidelines give them."""

import pytest

from dragoman.read.numbers import parse_number

VALUES = {
    "seven": 7,
    "1,200": 1200,
    "61": 61,
    "some forty": 40,
    "two dozen": 24,
    "about 3 million": 3_000_000,
    "twenty-four": 24,
    "one hundred and five": 105,
    "two and a half million": 2_500_000,
    "third": 3,
    "1.5": 1.5,
}
RANGES = {"hundreds": (200, 999), "dozens": (24, 99), "six or seven": (6, 7), "10-15": (10, 15)}


@pytest.mark.parametrize(("words", "value"), VALUES.items())
def test_parse_number_gives_the_value(words: str, value: float) -> None:
    amount = parse_number(words)
    assert amount is not None
    assert amount.value == value


@pytest.mark.parametrize(("words", "ends"), RANGES.items())
def test_parse_number_gives_a_range(words: str, ends: tuple[int, int]) -> None:
    amount = parse_number(words)
    assert amount is not None
    assert (amount.value, amount.low, amount.high) == (None, *ends)


@pytest.mark.parametrize("words", ["", "several", "a few", "synagogues"])
def test_parse_number_says_none_where_there_is_none(words: str) -> None:
    assert parse_number(words) is None
