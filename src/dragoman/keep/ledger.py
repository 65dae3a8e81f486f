"""Engagements over all articles, read back: lists by who, where and when, and one in full.

A list is read along `attested_ref`, which is in order of days for every identity, state and place, so that
a page costs the same in a large store. What is written is in `attested`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Select, exists, func, select, tuple_

from dragoman.concord import Account, Attested, Witness
from dragoman.keep import schema
from dragoman.keep.attested import find_homes, find_identities
from dragoman.keep.identities import find_number
from dragoman.keep.rows import AttestedRow, TakerRow
from dragoman.record import ClaimKind, EngagementKind, EntityKind, Part, Record, Slot, Status

_attested, _ref, _taker = schema.attested.c, schema.attested_ref.c, schema.attested_taker.c
NAMED = (Slot.WHO, Slot.WHERE)  # fields whose values are identities


class Order(StrEnum):
    """In which order a list stands."""

    OLDEST = "oldest"
    NEWEST = "newest"


class Wanted(Record, frozen=True, kw_only=True):
    """What a list is narrowed to; None leaves it open.

    `identity` and `other` are ids of people, bodies, places or groups that take part or are taken part for,
    `state` a two-letter code, `place` the id of a place; `start` and `end` are ISO days of which the
    engagement must touch one. `differing` True keeps those in which reports differ, False the others.
    """

    identity: str | None = None
    other: str | None = None
    state: str | None = None
    place: str | None = None
    kind: EngagementKind | str | None = None
    status: Status | str | None = None
    start: str | None = None
    end: str | None = None
    differing: bool | None = None


def find_refs(connection: Connection, wanted: Wanted) -> tuple[str, ...] | None:
    """What the engagements of a list are looked up by; None where one of the ids is of nobody."""
    ids = (("#", wanted.identity), ("#", wanted.other), ("@", wanted.place))
    numbers = [(mark, find_number(connection, id_)) for mark, id_ in ids if id_ is not None]
    if any(number is None for _, number in numbers):
        return None
    states = (wanted.state.upper(),) if wanted.state else ()
    return (*(f"{mark}{number}" for mark, number in numbers), *states)


def count(connection: Connection, wanted: Wanted) -> int:
    """How many engagements a list has."""
    refs = find_refs(connection, wanted)
    if refs is None:
        return 0
    query, _ = _select(wanted, refs)
    return connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def find_page(
    connection: Connection,
    wanted: Wanted,
    *,
    order: Order = Order.OLDEST,
    after: tuple[str, int] | None = None,
    offset: int = 0,
    limit: int,
) -> tuple[AttestedRow, ...]:
    """The lines of a list from `offset`, or those that follow day and number `after`."""
    refs = find_refs(connection, wanted)
    if refs is None:
        return ()
    query, (day, number) = _select(wanted, refs)
    is_newest = order is Order.NEWEST
    if after is not None:
        behind = tuple_(day, number) < after if is_newest else tuple_(day, number) > after
        query = query.where(behind)
    ways = (day.desc(), number.desc()) if is_newest else (day, number)
    found = connection.execute(query.order_by(*ways).limit(limit).offset(offset))
    return _read_rows(connection, [row.number for row in found])


def _select(wanted: Wanted, refs: Sequence[str]) -> tuple[Select[Any], tuple[Any, Any]]:
    """The numbers of a list, and the columns it is sorted by."""
    if refs:
        query = select(_ref.attested.label("number")).where(_ref.ref == refs[0])
        day, last, kind, number = _ref.day, _ref.last, _ref.kind, _ref.attested
    else:
        query = select(_attested.number)
        day, last, kind, number = _attested.day, _attested.last, _attested.kind, _attested.number
    for ref in refs[1:]:
        with_ = schema.attested_ref.alias(f"with_{ref}")
        query = query.where(
            exists().where(with_.c.ref == ref, with_.c.day == day, with_.c.attested == number)
        )
    if wanted.start:
        query = query.where(last >= wanted.start)
    if wanted.end:
        query = query.where(day <= wanted.end)
    if wanted.kind:
        query = query.where(kind == EngagementKind(wanted.kind).value)
    if refs and (wanted.status or wanted.differing is not None):
        query = query.join(schema.attested, _attested.number == _ref.attested)
    if wanted.status:
        query = query.where(_attested.status == Status(wanted.status).value)
    if wanted.differing is not None:
        query = query.where(_attested.differing != "" if wanted.differing else _attested.differing == "")
    return query, (day, number)


def _read_rows(connection: Connection, numbers: Sequence[int]) -> tuple[AttestedRow, ...]:
    chosen = connection.execute(select(schema.attested).where(_attested.number.in_(numbers))).all()
    rows = {row.number: row for row in chosen}
    query = select(schema.attested_taker).where(_taker.attested.in_(numbers))
    takers: dict[int, list[Any]] = {number: [] for number in numbers}
    for row in connection.execute(query.order_by(_taker.attested, _taker.position)):
        takers[row.attested].append(row)
    tokens = {
        t for some in takers.values() for row in some for t in (row.who, row.behalf, row.office_of) if t
    }
    tokens |= {f"#{row.place}" for row in chosen if row.place}
    known = find_identities(connection, tokens)
    wholes = find_ids(connection, [row.whole for row in chosen if row.whole])
    return tuple(_make_row(rows[n], takers[n], known, wholes) for n in numbers if n in rows)


def find_ids(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """The ids of engagements over all articles, by their numbers."""
    query = select(_attested.number, _attested.id).where(_attested.number.in_(numbers))
    return {row.number: row.id for row in connection.execute(query)} if numbers else {}


Known = Mapping[str, tuple[str, str, str]]  # id, name and kind of identities by token


def _name(known: Known, token: str | None) -> str | None:
    return known[token][1] if token and token in known else token


def _get_id(known: Known, token: str) -> str:
    return known[token][0] if token in known else token


def _make_row(row: Any, takers: Iterable[Any], known: Known, wholes: Mapping[int, str]) -> AttestedRow:
    place = f"#{row.place}" if row.place else None
    return AttestedRow(
        number=row.number,
        id=row.id,
        kind=EngagementKind(row.kind),
        status=Status(row.status),
        day=row.day,
        last=row.last,
        earliest=row.earliest,
        latest=row.latest,
        edtf=row.edtf,
        place=_get_id(known, place) if place else None,
        place_name=_name(known, place),
        topic=row.topic,
        whole=wholes.get(row.whole),
        n_witnesses=row.n_witnesses,
        differing=tuple(map(Slot, row.differing.split())),
        takers=tuple(_make_taker(taker, known) for taker in takers),
    )


def _make_taker(row: Any, known: Known) -> TakerRow:
    return TakerRow(
        identity=_get_id(known, row.who),
        name=_name(known, row.who) or row.who,
        kind=EntityKind(known[row.who][2]) if row.who in known else None,
        part=Part(row.part),
        behalf=_get_id(known, row.behalf) if row.behalf else None,
        behalf_name=_name(known, row.behalf),
        states=tuple(row.states.split()),
        office=row.office,
        office_of=_name(known, row.office_of),
    )


def find_office(connection: Connection, identity_id: str, day: str) -> tuple[str, str | None] | None:
    """The office, and what it is of, in which the engagements nearest to a day saw somebody."""
    number = find_number(connection, identity_id)
    if number is None:
        return None
    token = f"#{number}"
    query = (
        select(_taker.office, _taker.office_of, _ref.day)
        .join(schema.attested_ref, (_ref.attested == _taker.attested) & (_ref.ref == token))
        .where(_taker.who == token, _taker.office.is_not(None))
        .limit(1)
    )
    before = connection.execute(query.where(_ref.day <= day).order_by(_ref.day.desc())).first()
    after = connection.execute(query.where(_ref.day > day).order_by(_ref.day)).first()
    row = min(filter(None, (before, after)), key=lambda row: _measure_days(row.day, day), default=None)
    if row is None:
        return None
    known = find_identities(connection, [row.office_of] if row.office_of else [])
    return row.office, _name(known, row.office_of)


def _measure_days(one: str, other: str) -> int:
    """Days between two ISO days, by their years, months and days; good enough to say which is nearer."""
    days = [[int(part) for part in day.lstrip("-").split("-")] for day in (one, other)]
    (a, b) = (sum(n * size for n, size in zip(day, (372, 31, 1), strict=False)) for day in days)
    return abs(a - b)


def find_counting(connection: Connection, *, identity: int | None, after: int, limit: int) -> Sequence[Any]:
    """The packed readings behind an article that hold a count, all or those that name an identity."""
    claim, reading, member = schema.claim.c, schema.reading.c, schema.identity_member.c
    counts = exists().where(claim.document == reading.document, claim.kind == ClaimKind.COUNT.value)
    query = select(reading.document, reading.body).where(reading.document > after, counts)
    if identity is not None:
        named = exists().where(member.identity == identity, member.document == reading.document)
        query = query.where(named)
    return connection.execute(query.order_by(reading.document).limit(limit)).all()


# One engagement ----------------------------------------------------------------------------------


def find_one(connection: Connection, engagement_id: str) -> Attested | None:
    """The engagement that goes by an id or that a report of that id tells of, in full."""
    number = find_homes(connection, [engagement_id]).get(engagement_id)
    if number is None:
        return None
    row = connection.execute(select(schema.attested).where(_attested.number == number)).one()
    if not row.body:
        return _make_bare(connection, row)
    found = msgspec.json.decode(zlib.decompress(row.body), type=Attested)
    known = find_identities(connection, _list_tokens(found))
    whole = find_ids(connection, [row.whole]).get(row.whole) if row.whole else None
    return replace(
        found,
        id=row.id,
        part_of=whole,
        place=_get_id(known, found.place) if found.place else None,
        at=_get_id(known, found.at) if found.at else None,
        participants=tuple(
            replace(
                p,
                entity=_get_id(known, p.entity),
                on_behalf_of=_get_id(known, p.on_behalf_of) if p.on_behalf_of else None,
            )
            for p in found.participants
        ),
        accounts=tuple(_name_account(account, known) for account in found.accounts),
    )


def _list_tokens(found: Attested) -> set[str]:
    told = (t.value for account in found.accounts if account.slot in NAMED for t in account.told)
    takers = (token for p in found.participants for token in (p.entity, p.on_behalf_of))
    return {token for token in (*told, *takers, found.place, found.at) if token}


def _name_account(account: Account, known: Known) -> Account:
    if account.slot not in NAMED:
        return account
    told = tuple(
        replace(t, value=_get_id(known, t.value), label=known[t.value][1] if t.value in known else t.label)
        for t in account.told
    )
    return replace(account, told=told)


def _make_bare(connection: Connection, row: Any) -> Attested:
    """What is left of an engagement whose witnesses are to be told anew: what it is and who tells it."""
    member, document = schema.attested_member.c, schema.document.c
    query = (
        select(member.engagement, document.id, document.published, document.publisher)
        .join(schema.document, document.number == member.document)
        .where(member.attested == row.number)
        .order_by(member.document, member.position)
    )
    return Attested(
        id=row.id,
        kind=EngagementKind(row.kind),
        status=Status(row.status),
        witnesses=tuple(
            Witness(document=w.id, engagement=w.engagement, published=w.published, publisher=w.publisher)
            for w in connection.execute(query)
        ),
    )
