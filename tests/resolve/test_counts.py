"""Counts of one thing by several reports."""

from __future__ import annotations

import pytest

from dragoman.concord import Agreement
from dragoman.record import Claim, ClaimKind, Reading
from dragoman.resolve.counts import compare_counts
from tests.resolve.reported import tell


def count(text: str, value: int, unit: str, about: str) -> Reading:
    """A report whose one sentence counts something."""
    reading = tell(text)
    claim = Claim(
        id=f"claim-{reading.document.id}",
        start=0,
        end=len(text),
        text=text,
        kind=ClaimKind.COUNT,
        by="author",
        about=(about,),
        value=value,
        unit=unit,
    )
    return Reading(document=reading.document, claims=(claim,))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (("The town has six synagogues.", 6, "synagogues", "lirgate"), [Agreement.DIFFER]),
        (("There are seven old synagogues.", 7, "old synagogues", "lirgate"), [Agreement.AGREE]),
        (("It has about seven synagogues.", 7, "synagogues", "lirgate"), [Agreement.AGREE]),
        (("It has more than five synagogues.", 5, "synagogues", "lirgate"), [Agreement.AGREE]),
        (("Ostrava has six synagogues.", 6, "synagogues", "ostrava"), [Agreement.ALONE] * 2),
        (("Lirgate has six piers.", 6, "piers", "lirgate"), [Agreement.ALONE] * 2),
    ],
)
def test_compare_counts_of_two_reports(other: tuple[str, int, str, str], expected: list[Agreement]) -> None:
    found = compare_counts(
        [count("Lirgate has seven synagogues.", 7, "synagogues", "lirgate"), count(*other)], {}
    )
    assert [counted.agreement for counted in found] == expected


def test_compare_counts_keeps_both_numbers_with_their_words() -> None:
    first = count("Lirgate has seven synagogues.", 7, "synagogues", "a")
    second = count("There are six synagogues.", 6, "synagogues", "b")
    (found,) = compare_counts([first, second], {"a": "lirgate", "b": "lirgate"})
    assert [(told.value, told.label) for told in found.told] == [
        ("7", "Lirgate has seven synagogues."),
        ("6", "There are six synagogues."),
    ]
