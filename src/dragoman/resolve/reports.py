"""One engagement of one report, put into the terms in which reports are compared.

Entities become identities, places get what is known of where they lie, times become days; what a
meeting takes over from the visit it is part of is filled in. Nothing is compared here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from dragoman.record import Engagement, EngagementKind, Entity, EntityKind, Participation, Reading
from dragoman.settings import load_lexicon
from dragoman.text import fold_name

ACTORS = (EntityKind.PERSON, EntityKind.ORGANIZATION)
LEAD = 60  # characters; engagements told in one headline lead together
_WORD = re.compile(r"[a-z]{4,}")
_PLAIN_WORDS = frozenset(
    "about after also among before between both country countries from have into made more other over "
    "said that their them they this were which will with would".split()
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as an identity, and what the gazetteer knew of it; `is_state` for a whole country."""

    identity: str
    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    is_state: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One engagement as one document tells it, in identities and days.

    `who` are the people and bodies that take part, `sides` the states and bodies they stand for (a
    country as its two-letter code where that is known), by participant in `side_of`. `first` and `last`
    are day numbers of the stated time, both None where nothing states one; `fresh` is the same guessed
    from the publication date, None where the document is undated. `company` are all people and bodies the
    document names; `is_leading` where no other engagement stands before it in the document.
    """

    engagement: Engagement
    document: str
    published: str | None
    publisher: str | None
    who: frozenset[str]
    groups: frozenset[str]
    sides: frozenset[str]
    side_of: tuple[tuple[str, str], ...]
    spot: Spot | None
    first: int | None
    last: int | None
    fresh: int | None
    words: frozenset[str]
    company: frozenset[str]
    is_leading: bool

    @property
    def id(self) -> str:
        """The id of the engagement in its document."""
        return self.engagement.id

    @property
    def kind(self) -> EngagementKind:
        """The kind the report gives it."""
        return self.engagement.kind


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
        for role in reading.roles:
            if role.of:
                self.offices.setdefault(role.person, []).append(role.of)

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
        )

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
