"""Engagements as PLOVER and CAMEO rows, by the rules of the conversion table."""

from __future__ import annotations

import pytest

from dragoman.concord import Attested
from dragoman.give.plover import find_code, find_sector, load_rules, write_plover
from dragoman.give.sides import Actor
from dragoman.record import EngagementKind, EntityKind, Part, Status
from tests.conftest import SHARED
from tests.give.build import write
from tests.give.consumers import read_rows
from tests.give.talks import make_talk, make_talks, take_part

TABLE = SHARED / "data" / "plover-gsr" / "CAMEO2PLOVER-2021.txt"
GUEST, HOST, CALLER = Part.GUEST, Part.HOST, Part.CALLER


def code(*engagements: Attested) -> list[dict[str, str]]:
    return read_rows(write(write_plover, make_talks(*engagements))[0])


def test_a_meeting_is_one_row_that_looks_both_ways() -> None:
    (row,) = code(make_talk("person-a", take_part("person-c", Part.PARTICIPANT, "place-no")))
    assert (row["event"], row["mode"], row["cameo"], row["symmetric"]) == ("CONSULT", "", "040", "1")
    assert (row["source_name"], row["source_country"], row["source_sector"]) == (
        "Nadira Vesholt",
        "GEO",
        "GOV",
    )
    assert (row["target_name"], row["target_country"], row["target_sector"]) == ("Pelle Ordstrand", "NOR", "")
    assert (row["date"], row["end_date"], row["place"]) == ("2021-03-03", "", "Oslo")
    assert (row["place_country"], row["latitude"], row["geonames"]) == ("NOR", "59.91", "3143244")


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (make_talk("person-a", "person-b", place="place-fi"), [("CONSULT", "third-party", "044", "")]),
        (make_talk("person-a", "person-b", place="place-ge"), [("CONSULT", "", "040", "resident envoy")]),
        (
            make_talk("person-a", "person-b", "place-fi"),
            [("CONSULT", "multilateral", "040", "")] * 3,
        ),
        (make_talk("person-a", "place-no", status=Status.PLANNED), [("AGREE", "", "036", "planned")]),
        (make_talk("person-a", "place-no", status=Status.ALLEGED), [("CONSULT", "", "040", "alleged")]),
        (
            make_talk(take_part("person-a", GUEST), kind=EngagementKind.VISIT),
            [("CONSULT", "visit", "042", ""), ("CONSULT", "host", "043", "")],
        ),
        (
            make_talk("person-b", take_part("person-a", CALLER), kind=EngagementKind.CALL, place=None),
            [("CONSULT", "phone", "041", "resident envoy")],
        ),
        (make_talk("place-no", "place-ge", kind=EngagementKind.AGREEMENT), [("SUPPORT", "", "057", "")]),
    ],
)
def test_codes(talk: Attested, expected: list[tuple[str, ...]]) -> None:
    rows = code(talk)
    assert [(row["event"], row["mode"], row["cameo"], row["flags"]) for row in rows] == expected


def test_a_visit_goes_from_guest_to_host_and_back() -> None:
    there, back = code(
        make_talk(take_part("person-b", HOST), take_part("person-a", GUEST), kind=EngagementKind.VISIT)
    )
    assert (there["source_name"], there["target_name"]) == ("Nadira Vesholt", "Oren Calvaz")
    assert (back["source_name"], back["target_name"]) == ("Oren Calvaz", "Nadira Vesholt")
    assert (there["symmetric"], there["id"], back["id"]) == ("0", "engagement-1-1", "engagement-1-2")


def test_who_travels_together_is_no_row() -> None:
    rows = code(
        make_talk(
            *(take_part("person-a", GUEST), take_part("place-fi", GUEST), take_part("person-b", HOST)),
            kind=EngagementKind.VISIT,
        )
    )
    assert {frozenset((row["source_country"], row["target_country"])) for row in rows} == {
        frozenset(("GEO", "NOR")),
        frozenset(("FIN", "NOR")),
    }


def test_what_has_no_row_is_counted() -> None:
    talks = [
        make_talk("person-a", "person-b", kind=EngagementKind.CEREMONY),
        make_talk("person-a", "person-b", status=Status.CANCELLED),
        make_talk("person-a"),
    ]
    data, written = write(write_plover, make_talks(*talks))
    assert read_rows(data) == []
    assert written.n_entries == 0
    assert written.left_out[:2] == (
        "1 engagements of which only one side is known",
        "2 engagements that PLOVER has no event for",
    )


def test_an_undated_engagement_has_no_day_and_keeps_its_words() -> None:
    (row,) = code(make_talk("person-a", "place-no", days=(None, None)))
    assert (row["date"], row["edtf"], row["published"]) == ("", "..", "2021-03-05")


@pytest.mark.parametrize(
    ("title", "name", "kind", "sector"),
    [
        ("Chief of Defence Staff", "Pelle", EntityKind.PERSON, "MIL"),
        ("deputy foreign minister", "Pelle", EntityKind.PERSON, "GOV"),
        ("chief rabbi", "Pelle", EntityKind.PERSON, "REL"),
        ("", "Lirgate Foundation", EntityKind.ORGANIZATION, "NGO"),
        ("", "Norway", EntityKind.PLACE, "GOV"),
        ("", "Minister Pelle", EntityKind.PERSON, ""),
    ],
)
def test_find_sector(title: str, name: str, kind: EntityKind, sector: str) -> None:
    actor = Actor(id="x", name=name, kind=kind, part=Part.PARTICIPANT, country="", title=title)
    assert find_sector(actor) == sector


def test_find_code_knows_nothing_of_what_did_not_happen() -> None:
    assert find_code(EngagementKind.MEETING, Status.NEGATED, "*") is None


@pytest.mark.skipif(not TABLE.is_file(), reason="the conversion table of PLOVER is not here")
def test_rules_are_those_of_the_conversion_table() -> None:
    """Every CAMEO code of ours stands there with our event; modes too, where the table has one."""
    table = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        number, _, rest = line.partition(":")
        if number.isdigit() and len(number) > 2:
            event, mode, *_ = (*(cell.strip() for cell in rest.split("#")[0].split(",")), "")
            table[number] = (event, mode)
    codes, _ = load_rules()
    for entry in codes.values():
        event, mode = table[entry.cameo]
        assert event == entry.event
        assert mode in ("", entry.mode)
