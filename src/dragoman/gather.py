"""What leaves: from a store and the wishes of a user to the `Contents` a writer is given, and the file.

Filters choose engagements; the articles that report them come along whole, and whoever is named there. This
stands above `give`, which writes whatever it is given and knows of no store.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dragoman.concord import Attested, Decision, Identity, Judgement, Office
from dragoman.errors import NotFoundError
from dragoman.give.atomic import open_target
from dragoman.give.contents import Contents, Written
from dragoman.give.formats import find_format
from dragoman.keep.ledger import Wanted
from dragoman.record import EngagementKind, EntityKind, Participation, Reading, RoleFlag, Status
from dragoman.resolve.attest import attest_engagements
from dragoman.resolve.offices import observe_offices
from dragoman.resolve.reports import load_state_names
from dragoman.text import fold_name

if TYPE_CHECKING:
    from dragoman.keep.store import Store

Day = tuple[int, int, int]


class State(StrEnum):
    """How far people have come with a fact: nobody judged it yet, or what they made of it."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


ALL_STATES = frozenset(State)
USUAL_STATES = frozenset({State.SUGGESTED, State.ACCEPTED})
STATES = {
    Decision.ACCEPTED: State.ACCEPTED,
    Decision.FIXED: State.ACCEPTED,
    Decision.REJECTED: State.REJECTED,
    Decision.LATER: State.SUGGESTED,
}


@dataclass(frozen=True)
class Filters:
    """What is wanted; an empty field wants everything.

    `articles` are numbers, ids, addresses or titles. `who` are names or ids of people, bodies and
    countries, any of which takes part or is stood for. `start` and `end` are ISO days: an engagement that
    reaches into them is wanted, an undated one stands at the days of its reports. `engagements` are the ids
    of those over all articles that are wanted, where the caller has chosen; None for any.
    """

    articles: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    kinds: frozenset[EngagementKind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    start: str | None = None
    end: str | None = None
    states: frozenset[State] = field(default=USUAL_STATES)
    engagements: tuple[str, ...] | None = None

    @property
    def is_about_engagements(self) -> bool:
        """Whether only articles that report a wanted engagement are wanted."""
        chosen = self.engagements is not None
        return bool(chosen or self.who or self.kinds or self.statuses or self.start or self.end)

    @property
    def is_of_all_articles(self) -> bool:
        """Whether no article is left out."""
        return not self.articles and not self.is_about_engagements


def export(store: Store, name: str, path: str | Path, filters: Filters | None = None) -> Written:
    """Write the record, or the part the filters choose, in a format; what was written and left out.

    The file is there whole or not at all; `-` is standard output. Without filters, formats that are whole
    records (`jsonl`, `evidence`) hold rejected facts too, the others leave them out. Raises DragomanError
    for an unknown format, a name nobody bears, or a path that cannot be written.
    """
    entry = find_format(name)
    wanted = filters or Filters(states=ALL_STATES if entry.is_whole else USUAL_STATES)
    contents, write = gather(store, wanted), entry.load()
    with open_target(path) as out:
        return write(contents, out)


def gather(store: Store, filters: Filters) -> Contents:
    """The part of a store that the filters choose.

    Readings, identities and engagements stream from the disk. Offices and, where articles are left out,
    the ids of the articles that stay and of whoever is named in them, are held in memory.
    """
    source = _Source(store, filters)
    return Contents(
        readings=source.iter_readings,
        identities=source.iter_identities,
        offices=lambda: iter(source.offices),
        engagements=source.iter_engagements,
        canonical=store.canonical,
        state=source.find_decision,
        judgements=source.iter_judgements,
    )


def find_who(store: Store, ref: str) -> frozenset[str]:
    """The identities an id or a name stands for; a country goes by all its names.

    Raises NotFoundError where the record has nobody and nothing of that name.
    """
    if ref in store.homes([ref]):
        return frozenset({store.identity(ref).id})
    found = {identity.id for identity in store.identities_named(ref)}
    if state := load_state_names().get(fold_name(ref)):
        names = (name for name, code in load_state_names().items() if code == state)
        same = (identity for name in names for identity in store.identities_named(name))
        found |= {i.id for i in same if i.kind is EntityKind.PLACE and i.country in (None, state)}
    if not found:
        raise NotFoundError(f"the record has nobody and nothing called {ref!r}; try: dragoman find {ref!r}")
    return frozenset(found)


class _Source:
    """A store seen through filters; what is asked for twice is found once."""

    def __init__(self, store: Store, filters: Filters) -> None:
        self.store = store
        self.filters = filters
        self.articles = tuple(dict.fromkeys(map(store.resolve_article, filters.articles)))
        self.who = frozenset(id_ for ref in filters.who for id_ in find_who(store, ref))
        self.decided = find_decisions(store.judgements())

    def iter_readings(self) -> Iterator[Reading]:
        """The wanted articles, without facts in a state that is not wanted."""
        if not self.filters.is_about_engagements:
            yield from self._iter_articles()
            return
        if self.filters.engagements is not None:
            told = map(self.store.reading, sorted(self.reporting))
            yield from (self._drop_unwanted(reading) for reading in told)
            return
        for reading in self._iter_articles():
            if reading.document.id in self.reporting:
                yield reading

    def iter_identities(self) -> Iterator[Identity]:
        """Whoever is named in a wanted article."""
        if self.filters.is_of_all_articles:
            return self.store.identities()
        named = self.named
        return (identity for identity in self.store.identities() if identity.id in named)

    def iter_judgements(self) -> Iterator[Judgement]:
        """All judgements, or those about something in the wanted articles."""
        judgements = self.store.judgements()
        if self.filters.is_of_all_articles:
            return judgements
        there = self.judged
        return (row for row in judgements if row.target in there or row.other in there)

    def find_decision(self, id_: str) -> Decision | None:
        """What people decided of a fact."""
        return self.decided.get(id_)

    def iter_engagements(self) -> Iterator[Attested]:
        """The wanted engagements; one that people decided of as a report tells it is decided."""
        for entry in filter(self._is_wanted, self._iter_attested()):
            told = (self.decided.get(witness.engagement) for witness in entry.witnesses)
            if entry.id not in self.decided and (decision := next(filter(None, told), None)):
                self.decided[entry.id] = decision
            yield entry

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        """The offices that wanted articles tell of."""
        return observe_offices(self.iter_readings(), _gather_canonical(self.store, self.iter_readings()))

    @cached_property
    def reporting(self) -> frozenset[str]:
        """The articles that report a wanted engagement."""
        return frozenset(w.document for entry in self.iter_engagements() for w in entry.witnesses)

    @cached_property
    def named(self) -> frozenset[str]:
        """The identities named in wanted articles."""
        readings = self.iter_readings()
        return frozenset(id_ for reading in readings for id_ in self.store.canonical(reading).values())

    @cached_property
    def judged(self) -> frozenset[str]:
        """The ids that stand in wanted articles and that people judged."""
        rows = self.store.judgements()
        judged = {id_ for row in rows for id_ in (row.target, row.other) if id_}
        there = (id_ for reading in self.iter_readings() for id_ in _list_ids(reading) if id_ in judged)
        return frozenset(there)

    def _iter_attested(self) -> Iterator[Attested]:
        """Every engagement as all wanted reports tell it: as it is kept, or of some articles put together."""
        if self.articles or (self.filters.engagements is None and self.store.unsettled(1)):
            canonical = _gather_canonical(self.store, self._iter_articles())
            yield from attest_engagements(self._iter_articles(), canonical, tuple(self.store.judgements()))
            return
        chosen = self.filters.engagements
        ids = (row.id for row in self.store.iter_attested(Wanted())) if chosen is None else chosen
        for entry in map(self.store.attested, ids):
            if any(self._is_unwanted(witness.engagement) for witness in entry.witnesses):
                yield from self._tell_again(entry)
            else:
                yield entry

    def _tell_again(self, entry: Attested) -> tuple[Attested, ...]:
        """The engagement as its wanted reports tell it; nothing where none is left."""
        told = [w.engagement for w in entry.witnesses if not self._is_unwanted(w.engagement)]
        documents = dict.fromkeys(w.document for w in entry.witnesses if w.engagement in told)
        readings = [keep_engagements(self.store.reading(id_), told) for id_ in documents]
        judged = (Judgement(at="", by="", target=a, other=b, action=Decision.SAME) for a, b in pairwise(told))
        return attest_engagements(readings, _gather_canonical(self.store, readings), tuple(judged))

    @cached_property
    def _sides(self) -> dict[str, set[str]]:
        """The bodies and states whose office somebody holds, by identity."""
        canonical = _gather_canonical(self.store, self._iter_articles())
        sides: dict[str, set[str]] = {}
        for office in observe_offices(self._iter_articles(), canonical):
            if office.of and RoleFlag.FORMER not in office.flags:
                sides.setdefault(office.person, set()).add(office.of)
        return sides

    def _iter_articles(self) -> Iterator[Reading]:
        chosen = map(self.store.reading, self.articles) if self.filters.articles else self.store.readings()
        if self.filters.states == ALL_STATES:
            return iter(chosen)
        return map(self._drop_unwanted, chosen)

    def _drop_unwanted(self, reading: Reading) -> Reading:
        return drop_facts(reading, self._is_unwanted)

    def _is_unwanted(self, fact_id: str) -> bool:
        decision = self.decided.get(fact_id)
        state = STATES.get(decision, State.SUGGESTED) if decision else State.SUGGESTED
        return state not in self.filters.states

    def _is_wanted(self, entry: Attested) -> bool:
        f = self.filters
        return (
            (not f.kinds or entry.kind in f.kinds)
            and (not f.statuses or entry.status in f.statuses)
            and (not self.who or any(map(self._concerns, entry.participants)))
            and _is_within(entry, f.start, f.end)
        )

    def _concerns(self, p: Participation) -> bool:
        """Whether a participant is wanted, or stands for somebody who is, in words or by office."""
        if p.entity in self.who or p.on_behalf_of in self.who:
            return True
        return p.on_behalf_of is None and not self.who.isdisjoint(self._sides.get(p.entity, ()))


def find_decisions(judgements: Iterable[Judgement]) -> dict[str, Decision]:
    """What people decided last of each fact; what they undid counts no more."""
    rows = tuple(row for row in judgements if row.action in STATES or row.undoes is not None)
    undone = {row.undoes for row in rows}
    return {row.target: row.action for row in rows if row.action in STATES and row.id not in undone}


def drop_facts(reading: Reading, is_dropped: Callable[[str], bool]) -> Reading:
    """The reading without some of its facts, and without what points at them."""
    gone = {id_ for id_ in _list_facts(reading) if is_dropped(id_)}
    if not gone:
        return reading

    def keep(id_: str | None) -> str | None:
        return None if id_ in gone else id_

    return replace(
        reading,
        roles=tuple(fact for fact in reading.roles if fact.id not in gone),
        engagements=tuple(
            replace(
                e,
                at=keep(e.at),
                part_of=keep(e.part_of),
                before=tuple(id_ for id_ in e.before if id_ not in gone),
                after=tuple(id_ for id_ in e.after if id_ not in gone),
            )
            for e in reading.engagements
            if e.id not in gone
        ),
        quotations=tuple(
            replace(q, occasion=keep(q.occasion)) for q in reading.quotations if q.id not in gone
        ),
        claims=tuple(replace(c, within=keep(c.within)) for c in reading.claims if c.id not in gone),
    )


def keep_engagements(reading: Reading, ids: Container[str]) -> Reading:
    """The reading with no other engagements than some."""
    others = {e.id for e in reading.engagements if e.id not in ids}
    return drop_facts(reading, others.__contains__)


def _gather_canonical(store: Store, readings: Iterable[Reading]) -> dict[str, str]:
    return {id_: home for reading in readings for id_, home in store.canonical(reading).items()}


def _list_facts(reading: Reading) -> Iterator[str]:
    yield from (fact.id for fact in reading.roles)
    yield from (fact.id for fact in reading.engagements)
    yield from (fact.id for fact in reading.quotations)
    yield from (fact.id for fact in reading.claims)


def _list_ids(reading: Reading) -> Iterator[str]:
    """Every id a judgement may be about."""
    yield reading.document.id
    yield from (entity.id for entity in reading.entities)
    yield from _list_facts(reading)


def _is_within(entry: Attested, start: str | None, end: str | None) -> bool:
    """Whether an engagement reaches into the days; of an undated one those of its reports count."""
    if not (start or end):
        return True
    first, last = entry.earliest or entry.latest, entry.latest or entry.earliest
    if not first or not last:
        days = sorted(w.published for w in entry.witnesses if w.published)
        if not days:
            return False
        first, last = days[0], days[-1]
    return (not end or _parse_day(first) <= _parse_day(end)) and (
        not start or _parse_day(last) >= _parse_day(start)
    )


def _parse_day(day: str) -> Day:
    """Year, month and day of an ISO day; years before 1 come first, as they should.

    >>> _parse_day("-0043-03-15") < _parse_day("0001-01-01")
    True
    """
    sign = -1 if day.startswith("-") else 1
    year, month, of_month = day.removeprefix("-").split("-")
    return sign * int(year), int(month), int(of_month)
