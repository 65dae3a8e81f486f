"""One engagement of one report, put into the terms in which reports are compared.

Entities become identities, places get what is known of where they lie, times become days; what a
meeting takes over from the visit it is part of is filled in. Nothing is compared here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from msgspec.structs import replace

from dragoman.concord import Report, Spot
from dragoman.record import Engagement, Entity, EntityKind, Participation, Reading, Role, RoleFlag
from dragoman.settings import load_lexicon
from dragoman.text import fold_name

ACTORS = (EntityKind.PERSON, EntityKind.ORGANIZATION)
LEAD = 60  # characters; engagements told in one headline lead together
_WORD = re.compile(r"[a-z]{4,}")
_PLAIN_WORDS = frozenset(
    "about after also among before between both country countries from have into made more other over "
    "said that their them they this were which will with would".split()
)


def make_reports(reading: Reading, canonical: Mapping[str, str]) -> tuple[Report, ...]:
    """The engagements of a reading as reports, in order; ids without an identity stand for themselves."""
    maker = _Maker(reading, canonical)
    return tuple(maker.make(engagement) for engagement in reading.engagements)


def parse_day(day: str | None) -> int | None:
    """The number of an ISO day, None where there is none or it lies outside the years 1 to 9999.

    >>> parse_day("2021-03-03") - parse_day("2021-03-01"), parse_day("-0599-01-01")
    (2, None)
    """
    if not day or not re.fullmatch(r"\d{4}-\d\d-\d\d", day) or day.startswith("0000"):
        return None
    return date.fromisoformat(day).toordinal()


@cache
def load_state_names() -> Mapping[str, str]:
    """The codes of states by folded name, adjective or demonym."""
    codes: dict[str, str] = {}
    for code, _, kind, name, *others in load_lexicon("states"):
        if kind in ("state", "observer", "territory"):
            words = [name, *(word for cell in others[:3] for word in cell.split("|") if word)]
            codes |= {fold_name(word): code for word in words}
    return codes


def count_rivals(left: Report, right: Report) -> int:
    """For how many sides the two reports name people or bodies of which none is the same."""
    mine, theirs = _list_people(left), _list_people(right)
    return sum(mine[side].isdisjoint(theirs[side]) for side in mine.keys() & theirs.keys())


def _list_people(report: Report) -> dict[str, set[str]]:
    people: dict[str, set[str]] = {}
    for who, side in report.side_of:
        if who in report.who and who != side:
            people.setdefault(side, set()).add(who)
    return people


def find_state(entity: Entity) -> str | None:
    """The code of the state a place is; None for others, such as Georgia where it lies in the US."""
    code = load_state_names().get(fold_name(entity.name)) if entity.kind is EntityKind.PLACE else None
    return code if entity.country in (None, code) else None


class _Maker:
    """The reading by id, so that each engagement is made in one pass."""

    def __init__(self, reading: Reading, canonical: Mapping[str, str]) -> None:
        self.document = reading.document
        self.canonical = canonical
        self.entities = {entity.id: entity for entity in reading.entities}
        self.engagements = {engagement.id: engagement for engagement in reading.engagements}
        self.company = frozenset(
            self._name(e.id)
            for e in reading.entities
            if e.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION)
        )
        starts = [t.start for engagement in reading.engagements for t in engagement.triggers]
        self.opening = min(starts, default=0)
        self.offices: dict[str, list[str]] = {}
        self.roles: dict[str, Role] = {}
        for role in reading.roles:
            if role.of:
                self.offices.setdefault(role.person, []).append(role.of)
            if RoleFlag.FORMER not in role.flags:
                self.roles.setdefault(role.person, role)

    def make(self, engagement: Engagement) -> Report:
        kinds = {p.entity: self._kind(p.entity) for p in engagement.participants}
        sides = [
            (self._name(p.entity), self._side(s)) for p in engagement.participants for s in self._sides_of(p)
        ]
        time = next((e.time for e in self._climb(engagement) if e.time), None)
        place = next((e.place for e in self._climb(engagement) if e.place), None)
        first, last = (parse_day(time.earliest), parse_day(time.latest)) if time else (None, None)
        return Report(
            engagement=engagement,
            document=self.document.id,
            published=self.document.published,
            publisher=self.document.publisher,
            who=frozenset(
                self._name(e)
                for e, kind in kinds.items()
                if kind in (EntityKind.PERSON, EntityKind.ORGANIZATION)
            ),
            groups=frozenset(self._name(e) for e, kind in kinds.items() if kind is EntityKind.GROUP),
            sides=frozenset(side for _, side in sides),
            side_of=tuple(dict.fromkeys(sides)),
            spot=self._make_spot(place) if place else None,
            first=first if first is not None else last,
            last=last if last is not None else first,
            fresh=parse_day(self.document.published),
            words=_find_words(engagement),
            company=self.company,
            is_leading=min(t.start for t in engagement.triggers) <= self.opening + LEAD,
            state_of=tuple(dict.fromkeys((*_find_states(sides), *self._find_bodies(kinds)))),
            offices=tuple(self._list_offices(kinds)),
        )

    def _find_bodies(self, takers: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The bodies that take part with their countries."""
        for entity in (self.entities[taker] for taker in takers if taker in self.entities):
            if entity.kind is EntityKind.ORGANIZATION and entity.country:
                yield self._name(entity.id), entity.country

    def _list_offices(self, takers: Iterable[str]) -> Iterator[tuple[str, str, str | None]]:
        for role in (self.roles[taker] for taker in takers if taker in self.roles):
            yield self._name(role.person), role.title, self._name(role.of) if role.of else None

    def _name(self, entity_id: str) -> str:
        return self.canonical.get(entity_id, entity_id)

    def _kind(self, entity_id: str) -> EntityKind:
        entity = self.entities.get(entity_id)
        return entity.kind if entity else EntityKind.GROUP

    def _sides_of(self, participation: Participation) -> Iterable[str]:
        entity, behalf = participation.entity, participation.on_behalf_of
        if self._kind(entity) is EntityKind.PLACE:
            return (entity,)
        return (behalf,) if behalf else self.offices.get(entity, ())

    def _side(self, entity_id: str) -> str:
        """The state a place or body belongs to as its code, else the identity itself."""
        entity = self.entities.get(entity_id)
        if entity is None:
            return self._name(entity_id)
        body = entity.country if entity.kind is EntityKind.ORGANIZATION else None
        return find_state(entity) or body or self._name(entity_id)

    def _climb(self, engagement: Engagement) -> Iterator[Engagement]:
        """The engagement, what it is part of or happened at, and so on upwards."""
        seen: set[str] = set()
        current: Engagement | None = engagement
        while current and current.id not in seen:
            yield current
            seen.add(current.id)
            current = self.engagements.get(current.part_of or current.at or "")

    def _make_spot(self, entity_id: str) -> Spot:
        entity = self.entities[entity_id]
        state = find_state(entity)
        return Spot(
            identity=self._name(entity_id),
            name=entity.name,
            country=entity.country or state,
            lat=entity.lat,
            lon=entity.lon,
            is_state=state is not None,
        )


def _find_words(engagement: Engagement) -> frozenset[str]:
    """The words of the topic and of the venue that are worth comparing."""
    words = [engagement.topic.text if engagement.topic else "", *(t.text for t in engagement.triggers)]
    return frozenset(_WORD.findall(fold_name(" ".join(words)))) - _PLAIN_WORDS


def _find_states(sides: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The participants that stand for a state, with its code."""
    return ((who, side) for who, side in sides if re.fullmatch("[A-Z]{2}", side))


def shorten(report: Report, tokens: Mapping[str, str]) -> Report:
    """The report as it is kept beside its document: ids replaced by `tokens`, evidence left out."""
    engagement = report.engagement
    takers = tuple(
        replace(
            p,
            entity=tokens.get(p.entity, p.entity),
            on_behalf_of=tokens.get(p.on_behalf_of, p.on_behalf_of) if p.on_behalf_of else None,
        )
        for p in engagement.participants
    )
    bare = replace(
        engagement,
        participants=takers,
        place=tokens.get(engagement.place, engagement.place) if engagement.place else None,
        at=tokens.get(engagement.at, engagement.at) if engagement.at else None,
        triggers=(),
        evidence=(),
    )
    return replace(report, engagement=bare)
