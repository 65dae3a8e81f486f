"""A reading with what people fixed in place of what the reader found, each value with its words.

A fix stays with its fact through re-reading as long as the fact is found in the same words. A fact that is
not found again keeps nothing: nothing is moved to words that merely look alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from dragoman.concord import Decision, Fix, Judgement
from dragoman.read.redate import redate_reading
from dragoman.read.times.resolve import resolve_times
from dragoman.record import (
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Mention,
    MentionForm,
    Participation,
    Quotation,
    Reading,
    Role,
    Slot,
    Span,
    Status,
    Timex,
    Words,
    make_id,
)

F = TypeVar("F", Engagement, Role, Quotation)
Fact = Engagement | Role | Quotation  # what can be fixed
PUBLISHED = "published"  # the one field of a document that can be fixed
SLOTS = {
    "who": Slot.WHO,
    "for": Slot.BEHALF,
    "place": Slot.WHERE,
    "time": Slot.WHEN,
    "topic": Slot.ABOUT,
    "status": Slot.STATUS,
    "person": Slot.WHO,
    "title": Slot.TITLE,
    "of": Slot.OF,
    "to": Slot.TO,
    "speaker": Slot.WHO,
}  # which words of a fact a field has; kinds have none


class Given(NamedTuple):
    """A fix and the fact it is of."""

    target: str
    fix: Fix


def list_fixes(judgements: Iterable[Judgement]) -> tuple[tuple[int, Given], ...]:
    """The fixes that stand, in the order they were given, each with the number of its judgement."""
    rows = sorted(judgements, key=lambda row: row.id)
    undone: set[int] = set()
    for row in reversed(rows):
        if row.undoes is not None and row.id not in undone:
            undone.add(row.undoes)
    return tuple(
        (row.id, Given(row.target, decode_fix(row.after)))
        for row in rows
        if row.action is Decision.FIXED and row.after and row.id not in undone
    )


def encode_fix(fix: Fix) -> str:
    """A fix as the JSON a judgement holds."""
    return msgspec.json.encode(fix).decode()


def decode_fix(text: str) -> Fix:
    """The fix some JSON holds."""
    return msgspec.json.decode(text, type=Fix)


def apply_fixes(reading: Reading, given: Sequence[Given]) -> Reading:
    """The reading with the fixes in it, the publication date first, since times hang on it."""
    for target, fix in given:
        if target == reading.document.id and fix.field == PUBLISHED:
            day = date.fromisoformat(fix.value) if fix.value else None
            reading = redate_reading(reading, day)
    for target, fix in given:
        reading = _apply(reading, target, fix)
    return reading


def find_fact(reading: Reading, fact_id: str) -> Fact | None:
    """The fact of that id that can be fixed."""
    facts: tuple[Fact, ...] = (
        *reading.engagements,
        *reading.roles,
        *reading.quotations,
    )
    return next((fact for fact in facts if fact.id == fact_id), None)


def _apply(reading: Reading, target: str, fix: Fix) -> Reading:
    fact = find_fact(reading, target)
    if fact is None:
        return reading
    if fix.field in ENTITY_FIELDS and fix.value:
        reading = _add_entity(reading, fix)
        if all(entity.id != fix.value for entity in reading.entities):
            return reading  # neither the entity nor words for it are there any more
    if isinstance(fact, Engagement):
        changed = _fix_engagement(fact, fix, reading)
        facts = tuple(changed if one.id == target else one for one in reading.engagements)
        return replace(reading, engagements=facts)
    if isinstance(fact, Role):
        role = _fix_role(fact, fix)
        return replace(reading, roles=tuple(role if one.id == target else one for one in reading.roles))
    said = replace(_put_words(fact, fix), speaker=fix.value)
    return replace(reading, quotations=tuple(said if q.id == target else q for q in reading.quotations))


def _add_entity(reading: Reading, fix: Fix) -> Reading:
    """The reading with an entity made of the words, where it is not there."""
    if fix.words is None or fix.value is None or fix.kind is None:
        return reading
    if any(entity.id == fix.value for entity in reading.entities):
        return reading
    name = " ".join(fix.words.text.split())
    entity = Entity(id=fix.value, kind=fix.kind, name=name)
    words = fix.words
    mention = Mention(
        entity=entity.id, form=MentionForm.NAME, start=words.start, end=words.end, text=words.text
    )
    mentions = sorted((*reading.mentions, mention), key=lambda m: (m.start, m.end))
    return replace(reading, entities=(*reading.entities, entity), mentions=tuple(mentions))


def _fix_engagement(fact: Engagement, fix: Fix, reading: Reading) -> Engagement:
    return _put_words(ENGAGEMENT_FIELDS[fix.field](fact, fix, reading), fix)


def _fix_role(role: Role, fix: Fix) -> Role:
    value = fix.words.text if fix.field == "title" and fix.words else fix.value
    if fix.field in ("person", "title") and not value:
        return role
    return replace(_put_words(role, fix), **{fix.field: value})


def _put_words(fact: F, fix: Fix) -> F:
    """The fact with the words of the fix as the words of that field."""
    slot = SLOTS.get(fix.field)
    if slot is None:
        return fact
    about = fix.of if slot in (Slot.WHO, Slot.BEHALF) else None
    kept = [e for e in fact.evidence if e.slot is not slot or (about and e.entity != about)]
    if slot is Slot.WHO and isinstance(fact, Engagement) and fix.of is None:
        kept = list(fact.evidence)
    if fix.words:
        words, whose = fix.words, fix.value if slot is Slot.WHO else about
        kept.append(Evidence(slot=slot, entity=whose, start=words.start, end=words.end, text=words.text))
    return replace(fact, evidence=tuple(kept))


def _fix_who(fact: Engagement, fix: Fix, _: Reading) -> Engagement:
    takers = []
    for taker in fact.participants:
        if taker.entity != fix.of:
            takers.append(taker)
        elif fix.value:
            takers.append(replace(taker, entity=fix.value))
    if fix.of is None and fix.value and all(taker.entity != fix.value for taker in takers):
        takers.append(Participation(entity=fix.value))
    return replace(fact, participants=tuple({taker.entity: taker for taker in takers}.values()))


def _fix_behalf(fact: Engagement, fix: Fix, _: Reading) -> Engagement:
    takers = (replace(t, on_behalf_of=fix.value) if t.entity == fix.of else t for t in fact.participants)
    return replace(fact, participants=tuple(takers))


def _fix_time(fact: Engagement, fix: Fix, reading: Reading) -> Engagement:
    return replace(fact, time=read_time(reading, fix.words) if fix.words else None)


def read_time(reading: Reading, words: Words) -> Timex | None:
    """The time some words of an article name, as its publication date settles it."""
    known = (time for time in reading.times if (time.start, time.end) == (words.start, words.end))
    if time := next(known, None):
        return time
    published = reading.document.published
    day = date.fromisoformat(published) if published else None
    found = resolve_times(reading.document.text, [Span(start=words.start, end=words.end)], (), published=day)
    return found[0] if found else None


ENGAGEMENT_FIELDS: dict[str, Callable[[Engagement, Fix, Reading], Engagement]] = {
    "kind": lambda fact, fix, _: replace(fact, kind=EngagementKind(fix.value or fact.kind)),
    "status": lambda fact, fix, _: replace(fact, status=Status(fix.value or fact.status)),
    "who": _fix_who,
    "for": _fix_behalf,
    "place": lambda fact, fix, _: replace(fact, place=fix.value),
    "time": _fix_time,
    "topic": lambda fact, fix, _: replace(fact, topic=fix.words),
}
ROLE_FIELDS = ("person", "title", "of", "to")
ENTITY_FIELDS = frozenset({"who", "for", "place", "person", "of", "to", "speaker"})


# Asking for a fix ----------------------------------------------------------------------------------


def list_values(reading: Reading, fact: Fact) -> tuple[Fix, ...]:
    """The fields of a fact as they are now, in the order they are shown; each can be fixed."""
    if isinstance(fact, Quotation):
        speaker = fact.speaker if isinstance(fact.speaker, str) else None
        return (_see(fact, Fix(field="speaker", value=speaker)),)
    if isinstance(fact, Role):
        found = [Fix(field=name, value=getattr(fact, name)) for name in ROLE_FIELDS]
        return tuple(_see(fact, replace(f, value=None) if f.field == "title" else f) for f in found)
    takers = [
        fix
        for p in fact.participants
        for fix in (
            Fix(field="who", of=p.entity, value=p.entity),
            Fix(field="for", of=p.entity, value=p.on_behalf_of),
        )
    ]
    rest = (
        Fix(field="place", value=fact.place),
        Fix(field="time", words=_strip(fact.time)),
        Fix(field="topic", words=_strip(fact.topic)),
    )
    first = (Fix(field="kind", value=fact.kind.value), Fix(field="status", value=fact.status.value))
    return tuple(_see(fact, fix) for fix in (*first, *takers, *rest))


def _see(fact: Fact, fix: Fix) -> Fix:
    """A field with the first words that support it."""
    slot = SLOTS.get(fix.field)
    if fix.words or slot is None:
        return fix
    about = fix.of if fix.field in ("who", "for") else None
    words = (e for e in fact.evidence if e.slot is slot and (about is None or e.entity in (about, None)))
    return replace(fix, words=_strip(next(words, None)))


def _strip(words: Words | None) -> Words | None:
    return Words(start=words.start, end=words.end, text=words.text) if words else None


def find_words(reading: Reading, text: str, near: int) -> Words | None:
    """The words as they stand in the article, the place nearest to a position; None where they do not."""
    whole, places, at = reading.document.text, [], -1
    while text and (at := whole.find(text, at + 1)) >= 0:
        places.append(at)
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - near))
    return Words(start=start, end=start + len(text), text=text)


def name_words(reading: Reading, words: Words, kind: EntityKind) -> tuple[str, EntityKind]:
    """The entity some words name: who is meant there already, else a new one; its id and kind."""
    for mention in reading.mentions:
        if (mention.start, mention.end) == (words.start, words.end) and len(mention.entities) == 1:
            known = next((e for e in reading.entities if e.id == mention.entities[0]), None)
            if known is not None:
                return known.id, known.kind
    return make_id(kind.value, reading.document.id, words.start, words.end), kind


def find_mention(reading: Reading, entity_id: str, near: int) -> Words | None:
    """The words nearest to a position that stand for an entity."""
    own = [m for m in reading.mentions if entity_id in m.entities]
    return _strip(min(own, key=lambda m: (m.form is not MentionForm.NAME, abs(m.start - near)), default=None))
