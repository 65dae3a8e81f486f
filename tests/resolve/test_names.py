"""Names of people: how they are taken apart, and whether two can be one person's."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.resolve.names import NAME_FLOOR, compare_names, parse_name

CASES = tomllib.loads((Path(__file__).parent / "cases" / "names.toml").read_text(encoding="utf-8"))
GIVEN = ("Nadira", "Oren", "Theodore", "Ted", "Abd al-Karim", "N.", "Rauf bin Salem", "Орен", "אורן")
FAMILY = ("Vesholt", "Calvaz", "al-Washlat", "van der Holmen", "Strandmane-Berzina", "Abu Zahl", "Vasht Jr.")
NAMES = st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY))


@pytest.mark.parametrize("case", CASES["pair"], ids=lambda case: case["why"])
def test_compare_names(case: dict[str, str | bool]) -> None:
    found = compare_names(str(case["one"]), str(case["two"]))
    assert (found.score >= NAME_FLOOR) is case["same"], found


@pytest.mark.parametrize("case", CASES["parse"], ids=lambda case: case["name"] or "nothing")
def test_parse_name(case: dict[str, list[str]]) -> None:
    assert list(parse_name(str(case["name"])).words) == case["words"]


@given(NAMES, NAMES)
def test_compare_names_does_not_depend_on_the_order(left: str, right: str) -> None:
    assert (compare_names(left, right).score >= NAME_FLOOR) is (
        compare_names(right, left).score >= NAME_FLOOR
    )


@given(NAMES)
def test_compare_names_holds_a_name_for_itself(name: str) -> None:
    assert compare_names(name, name).score == 1.0


@given(st.text(max_size=40), st.text(max_size=40))
def test_compare_names_takes_any_text(left: str, right: str) -> None:
    found = compare_names(left, right)
    assert 0.0 <= found.score <= 1.0
    assert found.reasons


def test_compare_names_tells_why_in_words() -> None:
    assert compare_names("T. Calvaz", "Theodore Calvaz").reasons == ("T is the initial of Theodore",)
    assert compare_names("Ted Calvaz", "Theodore Calvaz").reasons == (
        "Ted and Theodore are forms of one name",
    )
    assert compare_names("Rauf Calvaz", "Oren Calvaz").reasons == ("Rauf is not Oren",)
