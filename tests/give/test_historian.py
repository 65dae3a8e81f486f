"""Visits in the two lists of the Historian; the schema is held in `consumers`."""

from __future__ import annotations

from typing import Any

from dragoman.give.contents import Contents
from dragoman.give.historian import write_historian
from dragoman.record import EngagementKind, Part, Status
from tests.give.build import write
from tests.give.consumers import read_historian
from tests.give.talks import make_talk, make_talks, take_part

VISIT = EngagementKind.VISIT


def read(contents: Contents) -> tuple[list[Any], list[Any]]:
    found = read_historian(write(write_historian, contents)[0])
    return found["visits"], found["travels"]


def test_a_visit_stands_in_both_lists() -> None:
    parts = (take_part("person-a", Part.GUEST), take_part("person-b", Part.HOST))
    talk = make_talk(*parts, kind=VISIT, days=("2021-03-03", "2021-03-05"))
    (entry,), (trip,) = read(make_talks(talk))
    assert [child.text for child in entry[:5]] == [
        *("1", "2021-03-03", "2021-03-05", "Foreign Minister Nadira Vesholt", "Georgia")
    ]
    assert entry.find("from").get("id") == "georgia"
    assert entry.findtext("description") == "To Oslo. With Oren Calvaz. Lirgate Courier, 2021-03-05."
    assert dict(trip.attrib) == {"role": "foreign-minister", "who": "person-a"}
    assert (trip.findtext("country"), trip.findtext("locale")) == ("Norway", "Oslo")


def test_ids_of_the_historian_are_kept() -> None:
    _, (trip,) = read(make_talks(make_talk("person-b", kind=VISIT)))
    assert trip.get("who") == "calvaz-oren"


def test_only_dated_visits_that_were_held_are_listed() -> None:
    data, written = write(
        write_historian,
        make_talks(
            make_talk("person-a", kind=VISIT, status=Status.PLANNED),
            make_talk("person-a", kind=VISIT, days=(None, "2021-03-03")),
            make_talk("person-a", kind=VISIT, days=("0000-03-01", "0000-03-03")),
            make_talk("person-a", "person-b"),
        ),
    )
    assert sum(map(len, read_historian(data).values())) == written.n_entries == 0
    assert written.left_out[0] == "3 visits not known to be held, or without first and last day"
