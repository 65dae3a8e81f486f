"""How facts are put into words."""

import pytest

from dragoman.record import Claim, ClaimKind, Entity, EntityKind, Headcount, Timex
from dragoman.show.wording import (
    describe_claim,
    describe_headcount,
    describe_time,
    get_short_name,
    join_names,
)


@pytest.mark.parametrize(
    ("edtf", "low", "high", "expected"),
    [
        ("../06XX", None, "0699-12-31", "until 699"),
        ("2022/..", "2022-01-01", None, "since 2022"),
        ("2022-03/..", "2022-03-01", None, "since March 2022"),
        ("2022-03-04/..", "2022-03-04", None, "since 4 March 2022"),
        ("../1991", None, "1991-12-31", "until 1991"),
        ("../1991-05", None, "1991-05-31", "until May 1991"),
        ("1867/1900~", "1867-01-01", "1900-12-31", "about 1867–1900"),
        ("2026-02-15T10:00", "2026-02-15", "2026-02-15", "15 February 2026, 10:00"),
        ("-0586", "-0586-01-01", "-0586-12-31", "587 BC"),
        ("2023-12-28/2024-01-03", "2023-12-28", "2024-01-03", "28 December 2023 – 3 January 2024"),
        ("unknown", None, None, ""),
    ],
)
def test_describe_time_says_days_as_people_do(edtf, low, high, expected):
    time = Timex(start=0, end=1, text="x", edtf=edtf, earliest=low, latest=high)
    assert describe_time(time) == expected


@pytest.mark.parametrize(
    ("kind", "name", "aliases", "expected"),
    [
        ("person", "Odo van Brann", ("van Brann", "Brann"), "Brann"),
        ("person", "Odo Brann", ("Odo",), "Odo Brann"),
        ("organization", "Union of Lake Towns", ("Union", "ULT"), "ULT"),
        ("organization", "Union of Lake Towns", ("Union",), "Union of Lake Towns"),
        ("place", "Norway", ("NO",), "Norway"),
    ],
)
def test_get_short_name_is_one_the_report_uses(kind, name, aliases, expected):
    entity = Entity(id="x", kind=EntityKind(kind), name=name, aliases=aliases)
    assert get_short_name(entity) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(200, 999, "200–999"), (40, None, "at least 40"), (None, 9, "at most 9"), (7, 7, "7")],
)
def test_describe_headcount_keeps_the_range(low, high, expected):
    assert describe_headcount(Headcount(start=0, end=1, text="x", min=low, max=high)) == expected


def test_describe_claim_and_join_names():
    claim = Claim(
        id="c", start=0, end=1, text="x", kind=ClaimKind.COUNT, by="author", value=4000, unit="seats"
    )
    assert describe_claim(claim) == "4,000 seats"
    assert join_names(["A", "B", "C", "D"]) == "A – B – C + 1"
