"""A row a principal, and which of the five axes it meets."""

from __future__ import annotations

from dragoman.concord import Attested
from dragoman.give.colt import write_colt
from tests.give.build import make_small, write
from tests.give.consumers import read_rows
from tests.give.talks import make_talk, make_talks


def code(*engagements: Attested) -> list[dict[str, str]]:
    return read_rows(write(write_colt, make_talks(*engagements))[0])


def test_each_person_is_a_principal_once() -> None:
    one, two = code(make_talk("person-a", "person-b", "place-fi"))
    assert (one["principal"], one["principal_country"]) == ("Nadira Vesholt", "GEO")
    assert (one["role_then"], one["counterparts"]) == ("Foreign Minister, Georgia", "Oren Calvaz | Finland")
    assert (two["principal"], two["role_then"]) == ("Oren Calvaz", "ambassador, Norway")
    assert two["counterpart_roles"] == "Foreign Minister, Georgia"


def test_role_is_the_one_held_next_to_the_day() -> None:
    (row, _) = code(make_talk("person-a", "person-b", days=("2010-05-01", "2010-05-01")))
    assert (row["role_then"], row["principal_country"]) == ("mayor", "")


def test_axes_that_are_not_met_are_named() -> None:
    (row,) = code(make_talk("person-c", days=(None, "2021-03-03")))
    assert (row["axes_met"], row["missing"]) == ("1", "source | date | role | counterpart")


def test_all_axes_can_be_met() -> None:
    rows = read_rows(write(write_colt, make_small())[0])
    assert (rows[0]["axes_met"], rows[0]["missing"]) == ("5", "")
    assert rows[0]["disagreements"] == "when: 3 March 2021 (1), 4 March 2021 (1)"
    assert rows[0]["words"]
    assert rows[0]["acting_for"] == "Lirgate"
