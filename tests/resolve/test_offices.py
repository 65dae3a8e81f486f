"""Offices as dated observations."""

from __future__ import annotations

from msgspec.structs import replace

from dragoman.record import Part, Participation, RoleFlag
from dragoman.resolve.offices import observe_offices
from tests.resolve.reported import name_ids, tell

MINISTER = ("p:Nadira Vesholt", "Minister of Foreign Affairs", "l:Georgia")


def test_observe_offices_spans_the_days_it_was_seen() -> None:
    first = tell("One.", published="2021-05-14", roles=(MINISTER,))
    later = tell(
        "Two.", published="2022-01-03", roles=(("p:Nadira Vesholt", "Foreign Affairs Minister", "l:Georgia"),)
    )
    (office,) = observe_offices([later, first], name_ids(first, later))
    assert (office.person, office.of) == ("Nadira Vesholt", "Georgia")
    assert (office.first_seen, office.last_seen, office.starts) == ("2021-05-14", "2022-01-03", None)
    assert len(office.documents) == len(office.roles) == 2


def test_former_office_is_another_observation() -> None:
    now = tell("One.", roles=(MINISTER,))
    past = tell("Two.", roles=(MINISTER,))
    past = replace(past, roles=(replace(past.roles[0], flags=(RoleFlag.FORMER,)),))
    assert len(observe_offices([now, past], name_ids(now, past))) == 2


def test_office_starts_with_the_appointment_its_report_dates() -> None:
    appointed = {"kind": "appointment", "who": ("p:Nadira Vesholt",), "when": ("2021-05-01", "2021-05-01")}
    reading = tell("One.", appointed, roles=(MINISTER,))
    engagement = reading.engagements[0]
    who = (Participation(entity=engagement.participants[0].entity, part=Part.APPOINTEE),)
    reading = replace(reading, engagements=(replace(engagement, participants=who),))
    assert observe_offices([reading], name_ids(reading))[0].starts == "2021-05-01"
