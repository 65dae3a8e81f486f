"""Copies of one text are found, reports of one event in other words are not."""

from __future__ import annotations

from dragoman.resolve.copies import find_copies

TEXT = (
    "Lirgate, 3 March. The harbour council and the envoy of Ostrava Republic agreed on Tuesday to reopen "
    "the ferry line across the sound, which had been idle for eleven years, and to share the cost of "
    "two new piers. "
    "The envoy said the first boat would leave before the end of the month if the ice allowed it."
)
OTHER = (
    "After eleven years without a ferry the two sides want boats across the sound again. The council said "
    "it would pay for one of the piers and Ostrava Republic for the second, and nobody would say when."
)


def test_find_copies_names_the_earliest_as_the_original() -> None:
    texts = {
        "late": (TEXT + " (Agencies)", "2021-03-05"),
        "first": (TEXT, "2021-03-04"),
        "undated": (TEXT.upper(), None),
        "own words": (OTHER, "2021-03-04"),
    }
    assert find_copies(texts) == {"late": "first", "undated": "first"}


def test_find_copies_leaves_short_texts_alone() -> None:
    assert find_copies({"a": ("They met.", None), "b": ("They met.", None), "c": ("", None)}) == {}
