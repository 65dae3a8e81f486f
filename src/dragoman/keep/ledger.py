"""Engagements over all articles, read back: lists by who, where and when, and one in full.

A list is read along `attested_ref`, which is in order of days for every identity, state and place, so that
a page costs the same in a large store. What is written is in `attested`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select, tuple_

from dragoman.concord import Account, Attested, Decision, Witness
from dragoman.keep import fulltext, schema
from dragoman.keep.attested import find_homes, find_identities
from dragoman.keep.identities import find_number
from dragoman.keep.rows import AttestedRow, TakerRow
from dragoman.record import ClaimKind, EngagementKind, EntityKind, Part, Record, Slot, Status

_attested, _ref, _taker = schema.attested.c, schema.attested_ref.c, schema.attested_taker.c
NAMED = (Slot.WHO, Slot.WHERE)  # fields whose values are identities
UNDATED = "9999"  # sorts behind every day
SETTLING = tuple(d.value for d in (Decision.ACCEPTED, Decision.FIXED, Decision.REJECTED, Decision.LATER))


class Order(StrEnum):
    """In which order a list stands."""

    OLDEST = "oldest"
    NEWEST = "newest"


Ids = str | tuple[str, ...] | None  # of one, or of any of several


class Wanted(Record, frozen=True, kw_only=True):
    """What a list is narrowed to; None leaves it open.

    `identity` and `other` are ids of people, bodies, places or groups that take part or are taken part for,
    `behalf` of those taken part for, `place` of places; several ids are any of them, and a two-letter code
    is a state, as in `state`. `words` stand in a report's clause, names or topic. `start` and `end` are ISO
    days of which the engagement must touch one. `differing` True keeps those in which reports differ, False
    the others; `rejected` the same for what people rejected. `whole` is the id of a visit, of which the
    parts are wanted.
    """

    identity: Ids = None
    other: Ids = None
    behalf: Ids = None
    state: str | None = None
    place: Ids = None
    words: str | None = None
    kind: EngagementKind | str | None = None
    status: Status | str | None = None
    start: str | None = None
    end: str | None = None
    differing: bool | None = None
    rejected: bool | None = None
    whole: str | None = None


Refs = tuple[tuple[str, ...], ...]  # groups of what engagements are looked up by, one of every group


def find_refs(connection: Connection, wanted: Wanted) -> Refs | None:
    """What the engagements of a list are looked up by; None where nobody bears the ids of a group."""
    asked = (("#", wanted.identity), ("#", wanted.other), ("#", wanted.behalf), ("@", wanted.place))
    groups = [_find_group(connection, mark, ids) for mark, ids in asked if ids is not None]
    groups += [(wanted.state.upper(),)] if wanted.state else []
    return tuple(groups) if all(groups) else None


def _find_group(connection: Connection, mark: str, ids: str | tuple[str, ...]) -> tuple[str, ...]:
    refs = (_find_ref(connection, mark, id_) for id_ in ((ids,) if isinstance(ids, str) else ids))
    return tuple(dict.fromkeys(ref for ref in refs if ref))


def _find_ref(connection: Connection, mark: str, id_: str) -> str | None:
    if len(id_) == 2 and id_.isupper():
        return id_
    number = find_number(connection, id_)
    return None if number is None else f"{mark}{number}"


def count(connection: Connection, wanted: Wanted) -> int:
    """How many engagements a list has."""
    numbers = select_numbers(connection, wanted)
    if numbers is None:
        return 0
    return _count(connection, numbers)


def count_months(connection: Connection, wanted: Wanted) -> tuple[tuple[str, int], ...]:
    """How many engagements of a list begin in each month ("2021-03"), in order of time; no undated ones."""
    refs = find_refs(connection, wanted)
    if refs is None:
        return ()
    query, (day, _) = _select(connection, wanted, refs)
    month = func.substr(day, 1, 7)
    query = query.with_only_columns(month, func.count()).where(day < UNDATED).group_by(month).order_by(month)
    return tuple((value, n) for value, n in connection.execute(query))


def count_kinds(connection: Connection) -> tuple[tuple[str, str, int], ...]:
    """How many engagements there are of each kind and status, the most first."""
    n = func.count()
    query = select(_attested.kind, _attested.status, n).group_by(_attested.kind, _attested.status)
    return tuple((kind, status, n) for kind, status, n in connection.execute(query.order_by(n.desc())))


def select_numbers(connection: Connection, wanted: Wanted) -> Select[tuple[int]] | None:
    """The numbers of a list as a query, in no order; None where it is empty for want of somebody."""
    refs = find_refs(connection, wanted)
    return None if refs is None else _select(connection, wanted, refs)[0]


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
    query, (day, number) = _select(connection, wanted, refs)
    if order is Order.NEWEST:
        return read_rows(connection, _find_newest(connection, query, (day, number), after, offset, limit))
    if after is not None:
        query = query.where(tuple_(day, number) > after)
    found = connection.scalars(query.order_by(day, number).limit(limit).offset(offset))
    return read_rows(connection, found.all())


def _find_newest(
    connection: Connection,
    query: Select[Any],
    columns: tuple[Any, Any],
    after: tuple[str, int] | None,
    offset: int,
    limit: int,
) -> list[int]:
    """The numbers of a page, the latest day first; undated ones last, as in the other order."""
    day, number = columns
    ways = (day.desc(), number.desc())
    dated, undated = query.where(day < UNDATED), query.where(day >= UNDATED)
    if after is not None:
        dated = dated.where(tuple_(day, number) < (after if after[0] < UNDATED else ("", 0)))
        undated = undated.where(number < after[1]) if after[0] >= UNDATED else undated
    found = list(connection.scalars(dated.order_by(*ways).limit(limit).offset(offset)))
    if len(found) == limit:
        return found
    n_dated = offset + len(found) if found or not offset else _count(connection, dated)
    rest = undated.order_by(*ways).limit(limit - len(found)).offset(max(0, offset - n_dated))
    return found + list(connection.scalars(rest))


def _count(connection: Connection, query: Select[Any]) -> int:
    return connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def _select(connection: Connection, wanted: Wanted, refs: Refs) -> tuple[Select[Any], tuple[Any, Any]]:
    """The numbers of a list, and the columns it is sorted by."""
    lead = next((group for group in refs if len(group) == 1), None)
    if lead:
        query = select(_ref.attested.label("number")).where(_ref.ref == lead[0])
        day, last, kind, number = _ref.day, _ref.last, _ref.kind, _ref.attested
    else:
        query = select(_attested.number)
        day, last, kind, number = _attested.day, _attested.last, _attested.kind, _attested.number
    for group in (group for group in refs if group is not lead):
        query = query.where(_has_ref(group, day, number))
    if wanted.start:
        query = query.where(last >= wanted.start)
    if wanted.end:
        query = query.where(day <= wanted.end)
    if wanted.kind:
        query = query.where(kind == EngagementKind(wanted.kind).value)
    conditions = list(_list_conditions(connection, wanted))
    if lead and conditions:
        query = query.join(schema.attested, _attested.number == _ref.attested)
    if wanted.rejected is not None:
        rejected = number.in_(select(_attested.number).where(_attested.id.in_(_select_rejected())))
        query = query.where(rejected if wanted.rejected else ~rejected)
    if wanted.words:
        query = query.where(number.in_(_select_told(wanted.words)))
    return query.where(*conditions), (day, number)


def _has_ref(group: tuple[str, ...], day: Any, number: ColumnElement[int]) -> ColumnElement[bool]:
    if len(group) > 1:
        return number.in_(select(_ref.attested).where(_ref.ref.in_(group)))
    with_ = schema.attested_ref.alias(f"with_{group[0]}")
    return exists().where(with_.c.ref == group[0], with_.c.day == day, with_.c.attested == number)


def _list_conditions(connection: Connection, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What has to be read from the engagements themselves."""
    if wanted.status:
        yield _attested.status == Status(wanted.status).value
    if wanted.differing is not None:
        yield _attested.differing != "" if wanted.differing else _attested.differing == ""
    if wanted.behalf is not None:
        tokens = _find_group(connection, "#", wanted.behalf)
        for_whom = or_(_taker.behalf.in_(tokens), _taker.states.in_(tokens) & _taker.behalf.is_not(None))
        yield exists().where(_taker.attested == _attested.number, for_whom)
    if wanted.whole:
        yield _attested.whole == (find_homes(connection, [wanted.whole]).get(wanted.whole) or 0)


def _select_rejected() -> Select[tuple[str]]:
    """The ids of what people rejected, where nobody undid it or decided otherwise later."""
    of, later, undoing = schema.judgement.c, schema.judgement.alias(), schema.judgement.alias()
    undone = select(undoing.c.undoes).where(undoing.c.undoes.is_not(None))
    again = exists().where(
        later.c.target == of.target,
        later.c.id > of.id,
        later.c.action.in_(SETTLING),
        later.c.id.not_in(undone),
    )
    return select(of.target).where(of.action == Decision.REJECTED.value, of.id.not_in(undone), ~again)


def _select_told(words: str) -> Select[tuple[int]]:
    """The numbers of engagements some report of which holds all words."""
    member, told = schema.attested_member.c, schema.engagement.c
    return (
        select(member.attested)
        .join(schema.engagement, (told.id == member.engagement) & (told.document == member.document))
        .where(told.number.in_(fulltext.select_matching("engagement", words)))
    )


def read_rows(connection: Connection, numbers: Sequence[int]) -> tuple[AttestedRow, ...]:
    """The lines of some engagements by their numbers, in that order."""
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
