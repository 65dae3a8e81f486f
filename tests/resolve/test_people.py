"""Whether two people, bodies or groups of different reports are one, and what a reading tells of each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dragoman.concord import Decision, Post, Profile
from dragoman.record import EntityKind
from dragoman.resolve.countries import name_state
from dragoman.resolve.people import build_profiles, compare_profiles, expand_name, is_proper, make_post
from tests.factory import make_reading
from tests.resolve.reported import tell

CASES = tomllib.loads((Path(__file__).parent / "cases" / "people.toml").read_text(encoding="utf-8"))


def make_profile(
    id_: str,
    name: str,
    *,
    kind: EntityKind = EntityKind.PERSON,
    posts: list[list[str]] | None = None,
    company: tuple[str, ...] = (),
    on: str | None = None,
    **fields: Any,
) -> Profile:
    """A profile by hand."""
    held = tuple(make_post(title, of=name_state(of)) for title, of in posts or [])
    countries = tuple(of for _, of in posts or [] if of)
    known = {"posts": held, "countries": countries, "company": tuple(company), "first": on, "last": on}
    return Profile(id=id_, kind=kind, names=(name,), documents=(id_,), **(known | fields))


@pytest.mark.parametrize("case", CASES["pair"], ids=lambda case: case["why"])
def test_compare_profiles_of_people(case: dict[str, Any]) -> None:
    one, two = make_profile("a", **case["one"]), make_profile("b", **case["two"])
    found = compare_profiles(one, two)
    assert found.decision == case["decision"], found
    assert compare_profiles(two, one).decision == found.decision


def test_compare_profiles_tells_a_diplomat_why() -> None:
    posts, company = [["ambassador", "AZ"]], ("oren calvaz",)
    one = make_profile("a", "N. Vesholt", posts=posts, company=company)
    two = make_profile("b", "Nadira Vesholt", posts=posts, company=company)
    assert compare_profiles(one, two).reasons == (
        "N is the initial of Nadira",
        "both are called ambassador of Azerbaijan",
        "both are reported with Oren Calvaz",
    )


def test_compare_profiles_never_holds_a_person_for_a_place() -> None:
    place = make_profile("b", "Vesholt", kind=EntityKind.PLACE)
    found = compare_profiles(make_profile("a", "Vesholt"), place)
    assert (found.decision, found.reasons) == (Decision.DIFFERENT, ("one is a person, the other a place",))


def test_compare_profiles_wants_the_country_of_a_ministry() -> None:
    one, two = (make_profile(i, "Foreign Ministry", kind=EntityKind.ORGANIZATION) for i in "ab")
    assert compare_profiles(one, two).decision is Decision.DIFFERENT
    told = [make_profile(i, "Foreign Ministry", kind=EntityKind.ORGANIZATION, country="AZ") for i in "ab"]
    assert compare_profiles(*told).decision is Decision.SAME


@pytest.mark.parametrize(
    ("name", "company", "days", "decision"),
    [
        ("officials", (), ("2021-03-02", "2021-03-03"), Decision.DIFFERENT),
        ("ministers", ("oren calvaz", "lirgate"), ("2021-03-02", "2021-03-03"), Decision.SAME),
        ("ministers", ("oren calvaz", "lirgate"), ("2021-03-02", "2021-06-03"), Decision.DIFFERENT),
        ("Council of Elders", (), ("2021-03-02", "2001-03-03"), Decision.SAME),
    ],
)
def test_compare_profiles_of_groups(
    name: str, company: tuple[str, ...], days: tuple[str, str], decision: Decision
) -> None:
    one, two = (make_profile(d, name, kind=EntityKind.GROUP, company=company, on=d) for d in days)
    assert compare_profiles(one, two).decision is decision


@pytest.mark.parametrize(
    ("title", "of", "expected"),
    [
        ("Azerbaijani ambassador", None, Post(title="ambassador", of="AZ")),
        ("ambassador to Norway", "Peru", Post(title="ambassador", of="PE", to="NO")),
        ("President of France", None, Post(title="president", of="FR")),
        ("PM", "Latvia", Post(title="prime minister", of="LV")),
        ("prime ministers", None, Post(title="prime minister")),
        ("minister", "Ministry of Economy and Ports of Peru", Post(title="minister", of="PE")),
    ],
)
def test_make_post(title: str, of: str | None, expected: Post) -> None:
    assert make_post(title, of=of) == expected


def test_build_profiles_gathers_office_company_and_day() -> None:
    meeting = {"who": ["p:Nadira Vesholt>l:Georgia", "p:Oren Calvaz"], "where": "Tbilisi"}
    reading = tell("They met.", meeting, roles=(("p:Nadira Vesholt", "envoy", "l:Georgia"),))
    profile = build_profiles(reading)[0]
    assert (profile.names, profile.first) == (("Nadira Vesholt",), "2021-05-14")
    assert profile.posts == (Post(title="envoy", of="GE"),)
    assert profile.company == ("georgia", "oren calvaz", "tbilisi")


def test_build_profiles_follows_the_reading() -> None:
    reading = make_reading()
    assert [profile.id for profile in build_profiles(reading)] == [entity.id for entity in reading.entities]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("my brother", False), ("the ambassador", False), ("Nadira Vesholt", True), ("Ludwig van Calvaz", True)],
)
def test_is_proper(name: str, expected: bool) -> None:
    assert is_proper(name) is expected


def test_expand_name_takes_a_second_name_out_of_brackets() -> None:
    assert expand_name("Mordechai (Mark) Vesholt") == ("Mordechai Vesholt", "Mark Vesholt")
    assert expand_name("Nadira Vesholt") == ("Nadira Vesholt",)
