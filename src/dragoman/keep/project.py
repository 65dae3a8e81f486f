"""From a reading to the rows of the tables that queries need. Pure: nothing is written here.

Folded names come out as text; `write` gives them their numbers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dragoman.errors import RecordError
from dragoman.keep.fulltext import fold_words
from dragoman.record import Claim, Engagement, Entity, Mention, Quotation, Reading, Role, Slot, Words

Row = dict[str, Any]


def check_unique(reading: Reading) -> None:
    """Raise RecordError where two facts of one kind share an id."""
    for field in ("entities", "roles", "engagements", "quotations", "claims"):
        counts = Counter(fact.id for fact in getattr(reading, field))
        twice = next((fact_id for fact_id, count in counts.items() if count > 1), None)
        if twice is not None:
            raise RecordError(
                f"document {reading.document.id} has two {field} with the id {twice!r}; "
                "read the document again"
            )


def fold_names(entity: Entity) -> tuple[str, ...]:
    """The folded name, then the folded aliases, each once; empty ones are left out."""
    return tuple(dict.fromkeys(filter(None, map(fold_words, (entity.name, *entity.aliases)))))


def project_entities(reading: Reading) -> list[Row]:
    """One row an entity, with the number of its mentions and the first of them."""
    first: dict[str, Mention] = {}
    counts: Counter[str] = Counter()
    for mention in reading.mentions:
        for entity_id in mention.entities:
            first.setdefault(entity_id, mention)
            counts[entity_id] += 1
    return [_project_entity(entity, counts[entity.id], first.get(entity.id)) for entity in reading.entities]


def _project_entity(entity: Entity, n_mentions: int, first: Mention | None) -> Row:
    return {
        "id": entity.id,
        "kind": entity.kind.value,
        "name": entity.name,
        "aliases": _dump(entity.aliases),
        "country": entity.country,
        "geonames": entity.geonames,
        "lat": entity.lat,
        "lon": entity.lon,
        "n_mentions": n_mentions,
        **_quote(first),
    }


def project_entity_names(reading: Reading, entities: Iterable[Row]) -> list[Row]:
    """One row for each name of an entity; `main` is the folded name it is grouped under."""
    n_mentions = {row["id"]: row["n_mentions"] for row in entities}
    return [
        {
            "name": folded,
            "main": names[0],
            "kind": entity.kind.value,
            "entity": entity.id,
            "n_mentions": n_mentions[entity.id],
        }
        for entity in reading.entities
        for names in (fold_names(entity),)
        for folded in names
    ]


def project_engagement(engagement: Engagement, entities: Mapping[str, Entity], published: str) -> Row:
    """The row of an engagement; its day is its own first day, else the day of publication."""
    time = engagement.time
    place = entities.get(engagement.place or "")
    return {
        "id": engagement.id,
        "kind": engagement.kind.value,
        "status": engagement.status.value,
        "day": (time and (time.earliest or time.latest)) or published,
        "earliest": time and time.earliest,
        "latest": time and time.latest,
        "edtf": time and time.edtf,
        "time_text": time and time.text,
        "place": engagement.place,
        "place_name": place and place.name,
        "at": engagement.at,
        "topic": engagement.topic and engagement.topic.text,
        "via": engagement.via,
        "confidence": engagement.confidence,
        **_quote(_find_core(engagement)),
        "folded": _fold_engagement(engagement, entities),
    }


def _find_core(engagement: Engagement) -> Words | None:
    core = (evidence for evidence in engagement.evidence if evidence.slot is Slot.CORE)
    return next(core, None) or next(iter((*engagement.triggers, *engagement.evidence)), None)


def _fold_engagement(engagement: Engagement, entities: Mapping[str, Entity]) -> str:
    named = (entities[entity_id].name for entity_id in _name_all(engagement) if entity_id in entities)
    topic = engagement.topic.text if engagement.topic else ""
    triggers = (trigger.text for trigger in engagement.triggers)
    return fold_words(" ".join((*named, topic, *triggers)))


def _name_all(engagement: Engagement) -> tuple[str, ...]:
    """The ids of everybody and every place of an engagement, each once."""
    takers = (
        entity_id
        for participation in engagement.participants
        for entity_id in (participation.entity, participation.on_behalf_of)
    )
    return tuple(dict.fromkeys(filter(None, (*takers, engagement.place))))


def project_engagement_names(engagement: Engagement, entities: Mapping[str, Entity], day: str) -> list[Row]:
    """One row for each name the engagement can be looked up by, as a taker (`who`) or a `place`."""
    takers = {entity_id for p in engagement.participants for entity_id in (p.entity, p.on_behalf_of)}
    slots = [("who", entity_id) for entity_id in takers] + [("place", engagement.place)]
    keys = {
        (folded, slot)
        for slot, entity_id in slots
        if entity_id in entities
        for folded in fold_names(entities[entity_id or ""])
    }
    return [{"name": folded, "slot": slot, "day": day} for folded, slot in sorted(keys)]


def project_participations(engagement: Engagement, entities: Mapping[str, Entity]) -> list[Row]:
    """One row for each that takes part, with the names spelt out."""
    rows = []
    for position, participation in enumerate(engagement.participants):
        taker = entities.get(participation.entity)
        behalf = entities.get(participation.on_behalf_of or "")
        rows.append(
            {
                "position": position,
                "entity": participation.entity,
                "kind": taker.kind.value if taker else "",
                "name": taker.name if taker else participation.entity,
                "part": participation.part.value,
                "on_behalf_of": participation.on_behalf_of,
                "behalf_name": behalf.name if behalf else participation.on_behalf_of,
            }
        )
    return rows


def project_role(role: Role) -> Row:
    """The row of an office somebody bears."""
    return {
        "id": role.id,
        "person": role.person,
        "title": role.title,
        "of": role.of,
        "to": role.to,
        "flags": _dump(role.flags),
    }


def project_quotation(quotation: Quotation) -> Row:
    """The row of a quotation; no speaker is an empty list."""
    speaker = quotation.speaker
    speakers = () if speaker is None else (speaker,) if isinstance(speaker, str) else speaker
    return {
        "id": quotation.id,
        "speakers": _dump(speakers),
        "mode": quotation.mode.value,
        "text": quotation.text,
        "to": quotation.to,
        "occasion": quotation.occasion,
    }


def project_claim(claim: Claim) -> Row:
    """The row of a claim."""
    return {
        "id": claim.id,
        "kind": claim.kind.value,
        "by": claim.by,
        "about": _dump(claim.about),
        "text": claim.text,
        "value": claim.value,
        "unit": claim.unit,
        "verdict": claim.check.verdict.value if claim.check and claim.check.verdict else None,
    }


def project_times(reading: Reading) -> list[Row]:
    """One row a time expression, in the order of the reading."""
    return [
        {
            "position": position,
            "text": time.text,
            "start": time.start,
            "end": time.end,
            "edtf": time.edtf,
            "earliest": time.earliest,
            "latest": time.latest,
        }
        for position, time in enumerate(reading.times)
    ]


def _quote(words: Words | None) -> Row:
    return {
        "quote": words.text if words else "",
        "start": words.start if words else 0,
        "end": words.end if words else 0,
    }


def _dump(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
