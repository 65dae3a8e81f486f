"""Whether two places of different reports are one."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.concord import Profile
from dragoman.record import EntityKind
from dragoman.resolve.places import compare_places


def make_place(name: str, **fields: Any) -> Profile:
    return Profile(id=name, kind=EntityKind.PLACE, names=(name,), **fields)


CASES = [
    ("one entry of the gazetteer", make_place("Lirgate", geonames=7), make_place("Lirgat", geonames=7), True),
    ("two entries", make_place("Lirgate", geonames=7), make_place("Lirgate", geonames=8), False),
    ("one name in two countries", make_place("Lirg", country="NO"), make_place("Lirg", country="PE"), False),
    ("one name in one country", make_place("Lirg", country="NO"), make_place("Lirg", country="NO"), True),
    ("two ways to write it", make_place("Dzhirgat"), make_place("Jirgat"), True),
    ("two names", make_place("Lirg", country="NO"), make_place("Ostby", country="NO"), False),
    ("a state and its long name", make_place("Azerbaijan"), make_place("the Republic of Azerbaijan"), True),
    ("two states", make_place("Azerbaijan"), make_place("Armenia"), False),
    ("a state and a town", make_place("Norway", country="NO"), make_place("Lirg", country="NO"), False),
]  # fmt: skip


@pytest.mark.parametrize(("why", "one", "two", "same"), CASES, ids=[case[0] for case in CASES])
def test_compare_places(why: str, one: Profile, two: Profile, same: bool) -> None:
    assert (compare_places(one, two).score > 0.5) is same, why
    assert (compare_places(two, one).score > 0.5) is same, why
