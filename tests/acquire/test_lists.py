"""Lists that others made: what becomes of a row, and of one that cannot be used. All people are invented."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.acquire.lists import READER, is_list, read_list
from dragoman.errors import FormatError
from dragoman.record import EntityKind, Part, Reading, check_reading
from tests.conftest import SHARED

VISIT = {
    "id": "1",
    "start": "1974-12-12",
    "end": "1974-12-23",
    "visitors": ["Prime Minister Nadira Vesholt"],
    "from_": [["georgia", "Georgia"]],
    "description": "Official visit.\n Met the mayor.",
}
TRAVEL = {
    "id": "2",
    "who": "calvaz-oren",
    "role": "secretary",
    "name": "Oren Calvaz",
    "start": "2021-06-09",
    "end": "2021-06-09",
    "country": [["norway", "Norway"]],
    "locale": "Oslo",
    "remarks": "Met with Pelle Ordstrand.",
}
CHIEF = {
    "id": "draval-ismet",
    "surname": "Draval",
    "forename": "Ismet",
    "gen": "Jr.",
    "altname": "Izzy Draval",
}
PERSON = {
    "id": "103",
    "preferred": "Łukar, Ula von, Jr.",
    "alternates": [],
    "originals": [{"name": "Lukar, Ula"}, {"name": "Łukar, Ula von, Jr."}],
    "birth": "1900",
}
FTM = {
    "id": "Q1",
    "schema": "PublicBody",
    "properties": {"name": ["Ministry of Ferries"], "alias": ["وزارة العبّارات"], "country": ["no"]},
}
XML = """<?xml version="1.0"?><visits><visit><id>1</id><start-date>1974-12-12</start-date>
<end-date>1974-12-23</end-date><visitor>Prime Minister Nadira Vesholt</visitor>
<from id="georgia">Georgia</from><description>Official visit. <em>Met</em> the mayor.</description>
</visit></visits>"""


def read(*rows: Any) -> tuple[Reading, list[str]]:
    data = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()
    reading, errors = read_list(data, source="list.jsonl")
    check_reading(reading)
    return reading, [str(error) for error in errors]


def test_a_visit_is_an_engagement_that_stands_on_its_words() -> None:
    reading, errors = read(VISIT)
    assert errors == []
    assert reading.document.text == (
        "Prime Minister Nadira Vesholt of Georgia visited United States, 1974-12-12 to 1974-12-23. "
        "Official visit. Met the mayor.\n"
    )
    (visit,), (role,) = reading.engagements, reading.roles
    people = {entity.id: entity for entity in reading.entities}
    guest, host = visit.participants
    assert (people[guest.entity].name, guest.part) == ("Nadira Vesholt", Part.GUEST)
    assert people[guest.on_behalf_of or ""].country == "GE"
    assert people[host.entity].country == "US" == people[visit.place or ""].country
    assert visit.time
    assert (visit.time.edtf, visit.time.latest) == ("1974-12-12/1974-12-23", "1974-12-23")
    assert (role.title, people[role.person].name) == ("Prime Minister", "Nadira Vesholt")
    assert reading.reader == READER


def test_a_visit_in_xml_is_the_same() -> None:
    assert is_list(XML.encode())
    reading, errors = read_list(XML.encode(), source="visits.xml")
    assert (reading.document.text, errors) == (read(VISIT)[0].document.text, ())


def test_a_traveller_keeps_the_id_and_is_one_on_every_line() -> None:
    reading, _ = read(TRAVEL, {**TRAVEL, "id": "3", "start": "2021-06-01"})
    ids = [entity.id for entity in reading.entities if entity.kind is EntityKind.PERSON]
    assert ids == ["travels:calvaz-oren"]
    assert [v.time and v.time.edtf for v in reading.engagements] == ["2021-06-09", "2021-06-01/2021-06-09"]
    assert len({v.id for v in reading.engagements}) == 2
    assert [role.title for role in reading.roles] == ["Secretary of State"]


@pytest.mark.parametrize(
    ("row", "id_", "names", "country", "text"),
    [
        (
            CHIEF,
            "pocom:draval-ismet",
            ("Ismet Draval Jr.", "Izzy Draval"),
            "US",
            "Ismet Draval Jr., also Izzy Draval.",
        ),
        (
            PERSON,
            "frus:103",
            ("Ula von Łukar, Jr.", "Ula Lukar"),
            None,
            "Ula von Łukar, Jr., also Ula Lukar; born 1900.",
        ),
        (
            FTM,
            "ftm:Q1",
            ("Ministry of Ferries", "وزارة العبّارات"),
            "NO",
            "Ministry of Ferries, also وزارة العبّارات.",
        ),
    ],
)
def test_a_person_keeps_id_and_names(
    row: Any, id_: str, names: tuple[str, ...], country: str | None, text: str
) -> None:
    reading, errors = read(row)
    (entity,) = reading.entities
    assert errors == []
    assert (entity.id, (entity.name, *entity.aliases), entity.country) == (id_, names, country)
    assert reading.document.text == f"{text}\n"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "no row of a list of the kind 'visits'"),
        ("[1]", "no row of a list"),
        (CHIEF, "no row of a list"),
        ({**VISIT, "start": "1975-01-01"}, "the visit ends (1974-12-23) before it begins (1975-01-01)"),
        ({**VISIT, "start": "12 May"}, "12 May"),
        ({**VISIT, "start": None}, "list.jsonl:2: "),
        ({**VISIT, "visitors": []}, "list.jsonl:2: "),
        ({**VISIT, "from_": [["", ""]]}, "names no visitor or no country"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_rest_goes_on(row: Any, words: str) -> None:
    reading, errors = read(VISIT, row, {**VISIT, "end": "1974-12-13"})
    (error,) = errors
    assert words in error
    assert error.startswith("list.jsonl:2: ")
    assert len(reading.engagements) == 2


def test_a_visitor_of_whom_only_the_title_is_known_goes_by_it() -> None:
    reading, _ = read({**VISIT, "visitors": ["King"]})
    assert (reading.entities[0].name, reading.roles) == ("King", ())


def test_an_id_that_stands_twice_is_an_error() -> None:
    reading, errors = read(CHIEF, CHIEF)
    assert len(reading.entities) == 1
    assert "stands in the list twice" in errors[0]


def test_what_is_no_list_is_none() -> None:
    assert not is_list(b'{"line":"record","version":1}\n')
    assert not is_list(b"<html>")
    assert not is_list(b"\xff")
    assert not is_list(b"")
    with pytest.raises(FormatError, match="no list of people or visits"):
        read_list(b'{"a": 1}', source="x")
    with pytest.raises(FormatError, match="broken XML"):
        read_list(b"<visits><visit>", source="x")


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(words, words, words)
def test_any_words_stand_where_the_reading_says(visitor: str, country: str, told: str) -> None:
    read({**VISIT, "visitors": [visitor], "from_": [["", country]], "description": told})
    read({**CHIEF, "forename": visitor, "altname": country})


@pytest.mark.parametrize(
    ("name", "n_entities"), [("visits", 1700), ("travels", 200), ("pocom_people", 4261), ("people", 16312)]
)
def test_lists_of_the_historian_are_read_whole(name: str, n_entities: int) -> None:
    path = SHARED / "data" / "historian" / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip("the lists of the Historian are not here")
    reading, errors = read_list(path.read_bytes(), source=name)
    check_reading(reading)
    assert errors == ()
    assert len(reading.entities) >= n_entities
