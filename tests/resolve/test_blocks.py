"""Keys: whoever may be one shares a key, and a common word alone is none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dragoman.concord import Post, Profile
from dragoman.record import EntityKind
from dragoman.resolve.blocks import find_keys, find_wanted

CASES = Path(__file__).parent / "cases"


def load_pairs(name: str) -> list[dict[str, str]]:
    pairs = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["pair"]
    return [pair for pair in pairs if pair["same"]]


def make(name: str, kind: EntityKind = EntityKind.PERSON, **fields: object) -> Profile:
    return Profile(id=name, kind=kind, names=(name,), **fields)  # type: ignore[arg-type]


def meet(one: Profile, two: Profile) -> bool:
    """Whether one finds the other under the keys it is met under."""
    return not set(find_wanted(find_keys(one))).isdisjoint(find_keys(two))


@pytest.mark.parametrize("pair", load_pairs("names"), ids=lambda pair: pair["why"])
def test_people_of_one_name_meet(pair: dict[str, str]) -> None:
    if "," in pair["one"] and pair["one"].split()[-1] == "General":
        pytest.skip("two surnames without an office are told inside their documents only")
    one, two = make(pair["one"]), make(pair["two"])
    assert meet(one, two)
    assert meet(two, one)


@pytest.mark.parametrize("pair", load_pairs("organisations"), ids=lambda pair: pair["why"])
def test_bodies_of_one_name_meet(pair: dict[str, str]) -> None:
    one, two = (make(pair[side], EntityKind.ORGANIZATION) for side in ("one", "two"))
    assert meet(one, two)
    assert meet(two, one)


def test_a_surname_meets_a_full_name_by_its_office() -> None:
    post = Post(title="prime minister", of="PE")
    bare, full = (make(n, posts=(post,), countries=("PE",)) for n in ("Calvaz", "Oren Calvaz"))
    assert meet(bare, full)
    assert meet(full, bare)


def test_people_of_one_surname_and_office_do_not_meet_by_it() -> None:
    post = Post(title="prime minister", of="PE")
    one, two = (make(n, posts=(post,), countries=("PE",)) for n in ("Nadira Calvaz", "Oren Calvaz"))
    assert not meet(one, two)


@pytest.mark.parametrize("name", ["Foreign Ministry", "the Council", "Parliament"])
def test_a_body_that_every_country_has_is_met_by_nobody(name: str) -> None:
    assert find_keys(make(name, EntityKind.ORGANIZATION)) == ()


def test_who_has_no_name_has_no_key() -> None:
    assert find_keys(make("the envoy", is_named=False)) == ()


def test_a_place_is_met_under_its_number() -> None:
    one, two = (make(n, EntityKind.PLACE, geonames=7) for n in ("Lirgate", "Ostby"))
    assert meet(one, two)
