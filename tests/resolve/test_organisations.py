"""Names of bodies: slots, acronyms, and whether two can be one body's."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.resolve.organisations import BODY_FLOOR, compare_bodies, parse_body

CASES = tomllib.loads((Path(__file__).parent / "cases" / "organisations.toml").read_text(encoding="utf-8"))
STATES = ("Azerbaijan", "Israel", "Norway", "Peru", "Latvia", "Oman")


@pytest.mark.parametrize("case", CASES["pair"], ids=lambda case: case["why"])
def test_compare_bodies(case: dict[str, str | bool]) -> None:
    found = compare_bodies(str(case["one"]), str(case["two"]))
    assert (found.score >= BODY_FLOOR) is case["same"], found


@given(st.permutations(STATES))
def test_compare_bodies_keeps_origin_and_seat_apart(states: list[str]) -> None:
    of, at, *_ = states
    found = compare_bodies(f"Embassy of {of} in {at}", f"Embassy of {at} in {of}")
    assert found.score == 0.0
    assert found.reasons == (f"one is of {of}, the other of {at}",)


@given(st.text(max_size=60), st.text(max_size=60))
def test_compare_bodies_takes_any_text(left: str, right: str) -> None:
    found = compare_bodies(left, right)
    assert 0.0 <= found.score <= 1.0
    assert found.reasons


def test_parse_body_takes_the_seat_from_a_capital() -> None:
    assert parse_body("Norwegian Embassy in Lima")[:3] == ("embassy", "NO", "PE")
