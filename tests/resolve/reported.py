"""Reports of invented engagements for tests: one line of facts a report, without a text that tells them."""

from __future__ import annotations

from typing import Any

from dragoman.record import (
    Document,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Headcount,
    Participation,
    Reading,
    Role,
    Slot,
    Status,
    Timex,
    Words,
    make_document_id,
)

KINDS = {"p": EntityKind.PERSON, "o": EntityKind.ORGANIZATION, "l": EntityKind.PLACE, "g": EntityKind.GROUP}
PLACES = {"Tbilisi": (41.69, 44.83, "GE"), "Gori": (41.98, 44.11, "GE"), "Georgia": (42.0, 43.5, "GE")}
APART = 200  # characters from the trigger of one engagement to that of the next


def tell(
    text: str,
    *engagements: dict[str, Any],
    published: str | None = "2021-05-14",
    publisher: str = "Lirgate Courier",
    roles: tuple[tuple[str, str, str], ...] = (),
) -> Reading:
    """A reading of `text`; who is written `p:Nadira Vesholt>l:Georgia`, a time as first and last day."""
    text = text.ljust(APART * (len(engagements) - 1) + 3, ".")
    document = Document(id=make_document_id(text), text=text, published=published, publisher=publisher)
    maker = _Maker(document)
    told = tuple(maker.make(number, facts) for number, facts in enumerate(engagements))
    offices = tuple(maker.make_role(*role) for role in roles)
    return Reading(
        document=document, entities=tuple(maker.entities.values()), engagements=told, roles=offices
    )


def name_ids(*readings: Reading) -> dict[str, str]:
    """Identities by name: whoever bears the same name is the same."""
    return {entity.id: entity.name for reading in readings for entity in reading.entities}


class _Maker:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.entities: dict[str, Entity] = {}

    def name(self, word: str) -> str:
        kind, _, name = word.partition(":")
        id_ = f"{self.document.id}/{name}"
        lat, lon, country = PLACES.get(name, (None, None, None))
        entity = Entity(id=id_, kind=KINDS[kind], name=name, country=country, lat=lat, lon=lon)
        self.entities.setdefault(id_, entity)
        return id_

    def make(self, number: int, facts: dict[str, Any]) -> Engagement:
        words = {"start": 0, "end": 1, "text": self.document.text[:1]}
        first, last = (facts.get("when") or (None, None)) if "when" in facts else (None, None)
        edtf = first if first == last else f"{first}/{last}"
        whole = facts.get("part_of")
        return Engagement(
            id=self.get_id(number),
            kind=EngagementKind(facts.get("kind", "meeting")),
            status=Status(facts.get("status", "held")),
            participants=tuple(map(self.join, facts.get("who", ()))),
            place=self.name(f"l:{facts['where']}") if facts.get("where") else None,
            time=Timex(edtf=edtf, earliest=first, latest=last, **words) if first else None,
            headcount=Headcount(min=facts["count"], max=facts["count"], **words)
            if "count" in facts
            else None,
            part_of=self.get_id(whole) if whole is not None else None,
            triggers=(self.find_trigger(number),),
            evidence=(Evidence(slot=Slot.CORE, **words),),
        )

    def find_trigger(self, number: int) -> Words:
        start = number * APART
        return Words(start=start, end=start + 3, text=self.document.text[start : start + 3])

    def get_id(self, number: int) -> str:
        return f"engagement-{self.document.id}-{number}"

    def join(self, word: str) -> Participation:
        who, _, side = word.partition(">")
        return Participation(entity=self.name(who), on_behalf_of=self.name(side) if side else None)

    def make_role(self, person: str, title: str, of: str) -> Role:
        evidence = Evidence(slot=Slot.TITLE, start=0, end=1, text=self.document.text[:1])
        id_ = f"role-{self.document.id}-{person}"
        return Role(id=id_, person=self.name(person), title=title, of=self.name(of), evidence=(evidence,))
