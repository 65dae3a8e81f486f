"""Documents and readings for tests, by hand and without models; all people in them are invented."""

from __future__ import annotations

from typing import Any

from dragoman.record import (
    Block,
    BlockRole,
    Claim,
    ClaimKind,
    DateSource,
    Document,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Mention,
    MentionForm,
    Mode,
    Participation,
    Quotation,
    Reading,
    Role,
    Slot,
    Span,
    Status,
    Timex,
    Words,
    make_document_id,
    make_id,
)

TITLE = "Envoy meets harbour council"
TEXT = (
    "Nadira Vesholt, the ambassador of Ostrava Republic, met Oren Calvaz in Lirgate on 3 March 2021. "
    '"Our ports are open," Vesholt said. The council counts seven harbours.'
)


def make_document(text: str = TEXT, **fields: Any) -> Document:
    """A document of that text with title, date and publisher; `fields` override."""
    known: dict[str, Any] = {
        "title": TITLE,
        "published": "2021-03-05",
        "published_source": DateSource.GIVEN,
        "publisher": "Lirgate Courier",
        "url": f"https://courier.example/{make_document_id(text)}",
        "language": "en",
        "blocks": (Block(start=0, end=len(text), role=BlockRole.BODY),) if text else (),
    }
    return Document(id=make_document_id(text), text=text, **(known | fields))


def find_words(text: str, words: str) -> dict[str, Any]:
    """The fields of a `Words` for the first place those words stand in the text."""
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def make_reading(
    document: Document | None = None,
    *,
    person: str = "Nadira Vesholt",
    other: str = "Oren Calvaz",
    place: str = "Lirgate",
    **fields: Any,
) -> Reading:
    """A reading in which `person` met `other` in `place`, where the text holds these names.

    Without a document it is the reading of `TEXT`, with every kind of fact in it. `fields` override.
    """
    document = document or make_document()
    named = ((EntityKind.PERSON, person), (EntityKind.PERSON, other), (EntityKind.PLACE, place))
    entities = tuple(_make_entity(document, *pair) for pair in named if pair[1] in document.text)
    mentions = tuple(
        Mention(entity=entity.id, form=MentionForm.NAME, **find_words(document.text, entity.name))
        for entity in entities
    )
    known: dict[str, Any] = {"entities": entities, "mentions": mentions, "reader": "test-1"}
    if "met" in document.text and entities:
        known["engagements"] = (_make_meeting(document, entities),)
    if document.text == TEXT and person == "Nadira Vesholt":
        known |= _make_facts(document, entities)
    return Reading(document=document, **(known | fields))


def _make_entity(document: Document, kind: EntityKind, name: str) -> Entity:
    surname = name.split()[-1]
    aliases = (surname,) if surname != name else ()
    return Entity(id=make_id(kind, document.id, name), kind=kind, name=name, aliases=aliases)


def _make_meeting(document: Document, entities: tuple[Entity, ...]) -> Engagement:
    people = [entity for entity in entities if entity.kind is EntityKind.PERSON]
    place = next((entity.id for entity in entities if entity.kind is EntityKind.PLACE), None)
    trigger = find_words(document.text, "met")
    return Engagement(
        id=make_id("engagement", document.id, trigger["start"]),
        kind=EngagementKind.MEETING,
        status=Status.HELD,
        participants=tuple(Participation(entity=entity.id) for entity in people),
        place=place,
        time=_make_time(document) if "3 March 2021" in document.text else None,
        triggers=(Words(**trigger),),
        evidence=(Evidence(slot=Slot.CORE, **trigger),),
    )


def _make_time(document: Document) -> Timex:
    words = find_words(document.text, "3 March 2021")
    return Timex(edtf="2021-03-03", earliest="2021-03-03", latest="2021-03-03", **words)


def _make_facts(document: Document, entities: tuple[Entity, ...]) -> dict[str, Any]:
    person, text = entities[0].id, document.text
    office, said = find_words(text, "ambassador"), find_words(text, "Our ports are open,")
    cue, count = find_words(text, "said"), find_words(text, "seven harbours")
    return {
        "roles": (
            Role(
                id=make_id("role", document.id, person),
                person=person,
                title="ambassador",
                evidence=(Evidence(slot=Slot.TITLE, **office),),
            ),
        ),
        "quotations": (
            Quotation(
                id=make_id("quotation", document.id, said["start"]),
                speaker=person,
                mode=Mode.DIRECT,
                text=said["text"],
                spans=(Span(start=said["start"], end=said["end"]),),
                cue=Words(**cue),
            ),
        ),
        "claims": (
            Claim(
                id=make_id("claim", document.id, count["start"]),
                kind=ClaimKind.COUNT,
                by="author",
                value=7,
                unit="harbours",
                **count,
            ),
        ),
        "times": (_make_time(document),),
    }
