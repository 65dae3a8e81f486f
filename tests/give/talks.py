"""Engagements between invented people of real countries, for formats that code countries and offices."""

from __future__ import annotations

from collections.abc import Iterable

from dragoman.concord import Attested, Identity, Office, Witness
from dragoman.give.contents import Contents
from dragoman.record import EngagementKind, EntityKind, Part, Participation, RoleFlag, Status
from tests.give.build import make_contents

PERSON, PLACE, BODY = EntityKind.PERSON, EntityKind.PLACE, EntityKind.ORGANIZATION
IDENTITIES = (
    Identity(id="person-a", kind=PERSON, name="Nadira Vesholt"),
    Identity(id="person-b", kind=PERSON, name="Oren Calvaz", known_as=("pocom:calvaz-oren",)),
    Identity(id="person-c", kind=PERSON, name="Pelle Ordstrand"),
    Identity(id="place-no", kind=PLACE, name="Norway", country="NO"),
    Identity(id="place-ge", kind=PLACE, name="Georgia", country="GE"),
    Identity(id="place-fi", kind=PLACE, name="Finland", country="FI"),
    Identity(id="place-oslo", kind=PLACE, name="Oslo", country="NO", lat=59.91, lon=10.75, geonames=3143244),
    Identity(id="org-x", kind=BODY, name="Lirgate Foundation"),
)
OFFICES = (
    Office(
        person="person-a",
        title="Foreign Minister",
        of="place-ge",
        first_seen="2021-01-01",
        last_seen="2021-12-31",
        documents=("d1",),
    ),
    Office(person="person-a", title="mayor", first_seen="2010-01-01", last_seen="2011-01-01"),
    Office(person="person-b", title="ambassador", of="place-no", to="place-ge", first_seen="2021-02-01"),
    Office(person="person-b", title="general", of="place-no", flags=(RoleFlag.FORMER,)),
)


def make_talk(
    *parts: Participation | str,
    kind: EngagementKind = EngagementKind.MEETING,
    status: Status = Status.HELD,
    place: str | None = "place-oslo",
    days: tuple[str | None, str | None] = ("2021-03-03", "2021-03-03"),
) -> Attested:
    """An engagement of those people; a name of somebody is a plain participant."""
    participants = tuple(p if isinstance(p, Participation) else Participation(entity=p) for p in parts)
    witness = Witness(document="d1", engagement="e", published="2021-03-05", publisher="Lirgate Courier")
    return Attested(
        id="engagement-1",
        kind=kind,
        status=status,
        participants=participants,
        place=place,
        edtf="/".join(day or ".." for day in dict.fromkeys(days)),
        earliest=days[0],
        latest=days[1],
        witnesses=(witness,),
    )


def take_part(entity: str, part: Part, on_behalf_of: str | None = None) -> Participation:
    return Participation(entity=entity, part=part, on_behalf_of=on_behalf_of)


def make_talks(*engagements: Attested, offices: Iterable[Office] = OFFICES) -> Contents:
    """Contents of those engagements, with the people and their offices."""
    return make_contents([], engagements=engagements, identities=IDENTITIES, offices=offices)
