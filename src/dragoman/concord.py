"""The types across documents: who is who, what the reports tell together, and what people decided.

All of it can be dropped and built again from readings and judgements; only judgements are never lost.
The types of a single document are in `record`; finding out is `resolve`, keeping is `keep`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

from msgspec.structs import replace

from dragoman.record import (
    Engagement,
    EngagementKind,
    EntityKind,
    Part,
    Participation,
    Record,
    RoleFlag,
    Slot,
    Status,
    Words,
)

T = TypeVar("T")


class Decision(StrEnum):
    """What a person, or a comparison, makes of one id or of two."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    ACCEPTED = "accepted"
    FIXED = "fixed"
    REJECTED = "rejected"
    LATER = "later"
    UNDONE = "undone"


class Agreement(StrEnum):
    """How the reports of one engagement stand to each other in one field."""

    ALONE = "alone"  # one report tells it, and it is the only report
    AGREE = "agree"
    ADD = "add"  # some tell it, the others are silent
    DIFFER = "differ"


class Nearness(StrEnum):
    """How near the publisher of a report stands to what it reports."""

    PARTICIPANT = "participant"
    HOST = "host"
    THIRD = "third"


class Judgement(Record, frozen=True, kw_only=True):
    """What a person decided: never changed, never deleted; undoing is a further judgement.

    `at` is a UTC time in ISO 8601, given by the caller. `target` is the id judged (entity, engagement,
    role, quotation, claim, document), `other` the second id of same, different and unsure; `before` and
    `after` are values as JSON. `id` is 0 until the store has numbered it.
    """

    at: str
    by: str
    target: str
    action: Decision
    other: str | None = None
    via: str = ""
    before: str | None = None
    after: str | None = None
    reason: str = ""
    batch: str = ""
    undoes: int | None = None
    id: int = 0


class Fix(Record, frozen=True, kw_only=True):
    """The value one field of a fact has, and its words: `before` and `after` of a judgement that fixes it.

    `field` is the name of the field, "who" for a participant and "for" for those they act for; `of` is then
    the participant meant, None where one is added. `value` is an entity id, a kind, a status or an ISO day;
    `kind` makes an entity of the words where no entity has that id. All None: the report does not say.
    """

    field: str
    of: str | None = None
    value: str | None = None
    words: Words | None = None
    kind: EntityKind | None = None


class Edge(Record, frozen=True, kw_only=True):
    """What is held of two ids: same, different or unsure, how surely, and why in words for people.

    `judgement` is the number of the judgement that settled it; None where only scores speak.
    """

    left: str
    right: str
    decision: Decision
    score: float
    reasons: tuple[str, ...]
    judgement: int | None = None


class Identity(Record, frozen=True, kw_only=True):
    """Who or what the entities of several readings are: one person, body, place or group.

    `id` is the id of the first of its `members` (entity ids in the order they were kept), so it stays
    when members join. `known_as` are ids in other records, such as `historian:biden-joseph-r`.
    """

    id: str
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    geonames: int | None = None
    lat: float | None = None
    lon: float | None = None
    members: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()


class Office(Record, frozen=True, kw_only=True):
    """An office as a dated observation: who was seen in it, from which report to which.

    `person`, `of` and `to` are identity ids; `first_seen` and `last_seen` are publication dates, None
    where the reports are undated. `starts` is the stated beginning in EDTF, None where no report says.
    """

    person: str
    title: str
    of: str | None = None
    to: str | None = None
    flags: tuple[RoleFlag, ...] = ()
    first_seen: str | None = None
    last_seen: str | None = None
    starts: str | None = None
    roles: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class Witness(Record, frozen=True, kw_only=True):
    """One report of an engagement, and how near it stands; `copy_of` is the document it repeats."""

    document: str
    engagement: str
    published: str | None = None
    publisher: str | None = None
    nearness: Nearness = Nearness.THIRD
    copy_of: str | None = None


class Told(Record, frozen=True, kw_only=True):
    """One value of a field and the documents that tell it; `value` is an id, EDTF or a plain word."""

    value: str
    label: str
    documents: tuple[str, ...]


class Account(Record, frozen=True, kw_only=True):
    """One field of an engagement over all its reports; values that differ all stay."""

    slot: Slot
    agreement: Agreement
    told: tuple[Told, ...]


class Known(Record, frozen=True, kw_only=True):
    """A step in the life of an engagement: what was known of it on a day of publication."""

    on: str | None
    status: Status
    documents: tuple[str, ...]


class Attested(Record, frozen=True, kw_only=True):
    """One engagement as all its reports tell it. `id` is the engagement id of its first witness.

    Participants and places are identity ids. Single values are those of the witness that tells most;
    `accounts` keep every value of every field, and who tells it.
    """

    id: str
    kind: EngagementKind
    status: Status
    participants: tuple[Participation, ...] = ()
    place: str | None = None
    at: str | None = None
    edtf: str | None = None
    earliest: str | None = None
    latest: str | None = None
    topic: str | None = None
    headcount: tuple[int | None, int | None] | None = None
    part_of: str | None = None
    witnesses: tuple[Witness, ...]
    accounts: tuple[Account, ...] = ()
    life: tuple[Known, ...] = ()


class Counted(Record, frozen=True, kw_only=True):
    """How many of something there are, as all reports tell it.

    `about` are identity ids, `unit` the reports' own words for what is counted; each Told has the number
    as its value and the words of the claim as its label.
    """

    about: tuple[str, ...]
    unit: str
    place: str | None = None
    agreement: Agreement
    told: tuple[Told, ...]
    claims: tuple[str, ...] = ()


class Post(Record, frozen=True, kw_only=True):
    """An office as one report words it: its title, whose it is and where to, as codes or folded names."""

    title: str
    of: str | None = None
    to: str | None = None


class Profile(Record, frozen=True, kw_only=True):
    """What tells one entity from another of its name: names, posts, company, places and days.

    `countries` are two-letter codes the entity belongs to or serves, `company` folded names of those it is
    reported with, `first` and `last` days of publication. `is_named` is False for "the envoy" and the like.
    `documents` are the latest few it was met in.
    """

    id: str
    kind: EntityKind
    names: tuple[str, ...]
    is_named: bool = True
    posts: tuple[Post, ...] = ()
    countries: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    country: str | None = None
    geonames: int | None = None
    lat: float | None = None
    lon: float | None = None
    first: str | None = None
    last: str | None = None
    documents: tuple[str, ...] = ()


MOST_CANDIDATES = 400  # identities an entity is compared with; those under its rarest keys come first
MOST_NAMES = 8  # of each the first so many stay in a profile: a name met in 100,000 reports stays cheap
MOST_POSTS = 24
MOST_COMPANY = 48
MOST_DOCUMENTS = 4


def merge_profiles(profiles: Sequence[Profile]) -> Profile:
    """One profile out of those of one person, body or place; id and kind are the first's.

    So is the main name, unless another one says more.
    """
    first = profiles[0]
    located = next((p for p in profiles if p.geonames is not None), first)
    days = sorted(day for p in profiles for day in (p.first, p.last) if day)
    return replace(
        first,
        names=_lead_with_full(first.kind, _unite((p.names for p in profiles), MOST_NAMES)),
        is_named=any(p.is_named for p in profiles),
        posts=_unite((p.posts for p in profiles), MOST_POSTS),
        countries=_unite((p.countries for p in profiles), MOST_NAMES),
        company=_unite((p.company for p in profiles), MOST_COMPANY),
        country=next((p.country for p in profiles if p.country), None),
        geonames=located.geonames,
        lat=located.lat,
        lon=located.lon,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        documents=_unite((p.documents for p in profiles), None)[-MOST_DOCUMENTS:],
    )


def _lead_with_full(kind: EntityKind, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, those that say less behind: a person's single word, "BAKU" of a dateline beside "Baku"."""
    written = {name.casefold() for name in names if not name.isupper()}

    def says_less(name: str) -> tuple[bool, bool]:
        return kind is EntityKind.PERSON and " " not in name, name.isupper() and name.casefold() in written

    return tuple(sorted(names, key=says_less)) if names and any(says_less(names[0])) else names


def _unite(rows: Iterable[tuple[T, ...]], most: int | None) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for row in rows for item in row))[:most]


class Placement(Record, frozen=True, kw_only=True):
    """What becomes of one entity: the identities it joins (none: it begins one), under which keys it is met.

    `position` is its place among the entities of its reading, `doubt` the most likely other identity a person
    is to be asked about.
    """

    profile: Profile
    position: int
    keys: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    doubt: Edge | None = None


class Spot(Record, frozen=True, kw_only=True):
    """A place as an identity, and what the gazetteer knew of it; `is_state` for a whole country."""

    identity: str
    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    is_state: bool = False


class Report(Record, frozen=True, kw_only=True):
    """One engagement as one document tells it, in identities and days.

    `who` are the people and bodies that take part, `sides` the states and bodies they stand for (a
    country as its two-letter code where that is known), by participant in `side_of`; `state_of` are the codes
    of participants, those of bodies included. `first` and `last` are day numbers of the stated time, both
    None where nothing states one; `fresh` is the same guessed from the publication date, None where the
    document is undated. `company` are all people and bodies the document names; `is_leading` where no other
    engagement stands before it in the document. `offices` are participant, title and what it is of.
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
    state_of: tuple[tuple[str, str], ...] = ()
    offices: tuple[tuple[str, str, str | None], ...] = ()

    @property
    def id(self) -> str:
        """The id of the engagement in its document."""
        return self.engagement.id

    @property
    def kind(self) -> EngagementKind:
        """The kind the report gives it."""
        return self.engagement.kind


class Taker(Record, frozen=True, kw_only=True):
    """Somebody who takes part in a kept engagement, with the office its reports give; ids as in `Kept`."""

    who: str
    part: Part
    behalf: str | None = None
    states: tuple[str, ...] = ()
    office: str | None = None
    office_of: str | None = None


class Kept(Record, frozen=True, kw_only=True):
    """What is written of one engagement when a document is settled.

    Identities stand as `#` and their number in the store, which stays when they get another id; an entity
    without one stands for itself. `joins` are the numbers of the kept engagements it is made of (none: it
    is new), `fresh` position and report of the witnesses the document adds, `keys` those under which it is
    met on the day of number `at`. `day` and `last` are ISO days to sort and choose by, `refs` what it is
    looked up by: `#12` takes part or is taken part for, `@12` is the place, `GE` a state that takes part.
    """

    attested: Attested
    joins: tuple[int, ...] = ()
    fresh: tuple[tuple[int, Report], ...] = ()
    keys: tuple[str, ...] = ()
    at: int = 0
    day: str
    last: str
    refs: tuple[str, ...] = ()
    takers: tuple[Taker, ...] = ()
    n_witnesses: int = 1
    differing: tuple[Slot, ...] = ()
