"""Identities on disk: who is who over all articles, their members, and the keys they are met under.

Which entity is whom is decided elsewhere (`resolve`); here it is written, found again and taken back
when an article is read anew or forgotten. Every function runs inside a transaction of the caller. An
identity goes by the entity id of its first member, in the order articles were kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from dragoman.concord import (
    MOST_CANDIDATES,
    Decision,
    Edge,
    Identity,
    Judgement,
    Placement,
    Profile,
    merge_profiles,
)
from dragoman.keep import attested, schema
from dragoman.record import EntityKind, Reading, decode_reading

T = TypeVar("T")
MOST_MEMBERS = 200  # members a profile is made of anew when one leaves; the first ones tell enough
PAIR_DECISIONS = (Decision.SAME, Decision.DIFFERENT, Decision.UNSURE, Decision.UNDONE)
SIZE = 500  # values in one statement

_identity, _member, _key = schema.identity.c, schema.identity_member.c, schema.identity_key.c


def pack_profile(profile: Profile) -> bytes:
    """A profile as JSON; what is empty is left out."""
    return msgspec.json.encode({k: v for k, v in msgspec.to_builtins(profile).items() if v})


def unpack_profile(body: bytes) -> Profile:
    """The profile some JSON holds."""
    return msgspec.convert({"is_named": False} | msgspec.json.decode(body), Profile)


def find_candidates(
    connection: Connection, wanted: Iterable[Sequence[str]]
) -> tuple[tuple[Profile, ...], ...]:
    """For each list of keys the profiles of the identities met under them, the rarest keys first."""
    wanted = list(wanted)
    blocks = _load_blocks(connection, {key for keys in wanted for key in keys})
    chosen = [_choose([blocks[key] for key in keys if key in blocks]) for keys in wanted]
    profiles = _load_profiles(connection, {number for numbers in chosen for number in numbers})
    return tuple(tuple(profiles[number] for number in numbers) for numbers in chosen)


def _load_blocks(connection: Connection, keys: Iterable[str]) -> dict[str, list[int]]:
    """The numbers of the identities met under each key, the first so many in the order they began."""
    place = func.row_number().over(partition_by=_key.key, order_by=_key.identity)
    blocks: dict[str, list[int]] = {}
    for some in _split(sorted(keys)):
        ranked = select(_key.key, _key.identity, place.label("place")).where(_key.key.in_(some)).subquery()
        query = select(ranked.c.key, ranked.c.identity).where(ranked.c.place <= MOST_CANDIDATES)
        for row in connection.execute(query.order_by(ranked.c.key, ranked.c.place)):
            blocks.setdefault(row.key, []).append(row.identity)
    return blocks


def _choose(blocks: Iterable[list[int]]) -> dict[int, None]:
    """The numbers of at most so many identities, the smallest blocks first."""
    ordered = sorted(blocks, key=lambda block: len(block))
    return dict.fromkeys(islice(chain.from_iterable(ordered), MOST_CANDIDATES))


def _load_profiles(connection: Connection, wanted: Iterable[int]) -> dict[int, Profile]:
    profiles: dict[int, Profile] = {}
    for some in _split(sorted(wanted)):
        query = select(_identity.number, _identity.profile).where(_identity.number.in_(some))
        profiles |= {row.number: unpack_profile(row.profile) for row in connection.execute(query)}
    return profiles


def find_homes(connection: Connection, entity_ids: Iterable[str]) -> dict[str, str]:
    """The identity each entity belongs to, by entity id; those of no identity are left out."""
    homes: dict[str, str] = {}
    for some in _split(sorted(set(entity_ids))):
        query = select(_member.entity, _identity.id).join_from(
            schema.identity_member, schema.identity, _identity.number == _member.identity
        )
        homes |= {row.entity: row.id for row in connection.execute(query.where(_member.entity.in_(some)))}
    return homes


def place(connection: Connection, number: int, placements: Iterable[Placement]) -> None:
    """Write what becomes of the entities of article `number`; those it had before are taken back."""
    drop_document(connection, number)
    for placement in placements:
        _put(connection, number, placement)
        if placement.doubt:
            _write_doubt(connection, number, placement.profile.kind, placement.doubt)


def _write_doubt(connection: Connection, number: int, kind: EntityKind, edge: Edge) -> None:
    row = {"document": number, "one": edge.left, "other": edge.right, "kind": kind.value}
    statement = insert_or(schema.doubt).on_conflict_do_nothing()
    connection.execute(statement, {**row, "score": edge.score})


def put_in(connection: Connection, placement: Placement) -> None:
    """Write what becomes of one entity that was taken out."""
    document = placement.profile.documents[0]
    number = connection.scalars(
        select(schema.document.c.number).where(schema.document.c.id == document)
    ).one()
    _put(connection, number, placement)


def _put(connection: Connection, number: int, placement: Placement) -> None:
    home = _find_home(connection, placement)
    row = {"document": number, "position": placement.position, "entity": placement.profile.id}
    body = pack_profile(placement.profile)
    connection.execute(insert(schema.identity_member), {**row, "identity": home, "profile": body})
    _add_keys(connection, home, placement.keys)
    if placement.joins:
        _join_profile(connection, home, placement.profile)
    for other in placement.joins[1:]:
        unite(connection, home, other)


def _find_home(connection: Connection, placement: Placement) -> int:
    """The number of the identity an entity joins; a new one where it joins none."""
    joined = placement.joins[:1] and find_number(connection, placement.joins[0])
    if joined:
        return joined
    profile = placement.profile
    row = {"id": profile.id, "kind": profile.kind.value, "name": _name(profile)}
    result = connection.execute(insert(schema.identity), {**row, "profile": pack_profile(profile)})
    key = result.inserted_primary_key
    return int(key[0]) if key else 0


def find_number(connection: Connection, identity_id: str) -> int | None:
    """The number of an identity, by its id or by the entity id of any member."""
    number: int | None = connection.scalar(_select_number(), {"wanted": identity_id})
    if number is None:
        number = connection.scalar(select(_member.identity).where(_member.entity == identity_id))
    return number


@cache
def _select_number() -> Any:
    return select(_identity.number).where(_identity.id == bindparam("wanted"))


def _add_keys(connection: Connection, number: int, keys: Sequence[str]) -> None:
    if keys:
        statement = insert_or(schema.identity_key).on_conflict_do_nothing()
        connection.execute(statement, [{"key": key, "identity": number} for key in keys])


def _join_profile(connection: Connection, number: int, profile: Profile) -> None:
    row = connection.execute(_select_profile(), {"wanted": number}).one()
    _write_profile(connection, number, row.first, merge_profiles([unpack_profile(row.profile), profile]))


@cache
def _select_profile() -> Any:
    """The query for the profile of an identity and the entity id of its first member."""
    order = (_member.document, _member.position)
    first = select(_member.entity).where(_member.identity == bindparam("wanted")).order_by(*order).limit(1)
    query = select(_identity.profile, first.scalar_subquery().label("first"))
    return query.where(_identity.number == bindparam("wanted"))


@cache
def _update_profile() -> Any:
    return update(schema.identity).where(_identity.number == bindparam("wanted"))


def _write_profile(connection: Connection, number: int, first: str, profile: Profile) -> None:
    """Write a profile under the id of the first member."""
    profile = msgspec.structs.replace(profile, id=first)
    values = {"id": first, "name": _name(profile), "profile": pack_profile(profile)}
    connection.execute(_update_profile(), {"wanted": number, **values})


def _name(profile: Profile) -> str:
    return profile.names[0] if profile.names else ""


def unite(connection: Connection, number: int, other_id: str) -> None:
    """Make the identity of id `other_id` part of the one of that number."""
    other = find_number(connection, other_id)
    if other is None or other == number:
        return
    attested.mark_identity(connection, other)
    keys = connection.scalars(select(_key.key).where(_key.identity == other)).all()
    values = {"identity": number}
    connection.execute(update(schema.identity_member).where(_member.identity == other).values(**values))
    _delete_identity(connection, other)
    _add_keys(connection, number, keys)
    _mend(connection, number)


def unite_ids(connection: Connection, one_id: str, other_id: str) -> None:
    """Make two identities one, in the place of the one that began first."""
    numbers = {id_: find_number(connection, id_) for id_ in (one_id, other_id)}
    first, second = sorted(numbers, key=lambda id_: numbers[id_] or 0)
    if number := numbers[first]:
        unite(connection, number, second)


def drop_document(connection: Connection, number: int) -> None:
    """Take the members of one article out of their identities; who has no member left goes."""
    of = schema.doubt.c
    connection.execute(delete(schema.doubt).where(of.document == number, of.kind != attested.ENGAGEMENT))
    touched = connection.scalars(select(_member.identity).where(_member.document == number).distinct()).all()
    connection.execute(delete(schema.identity_member).where(_member.document == number))
    for identity in touched:
        _mend(connection, identity)


def take_out(connection: Connection, entity_ids: Iterable[str]) -> tuple[Placement, ...]:
    """Take entities out of their identities; what each was, to be placed again one by one."""
    taken = []
    for entity_id in dict.fromkeys(entity_ids):
        row = connection.execute(select(schema.identity_member).where(_member.entity == entity_id)).first()
        if row is not None:
            attested.mark_document(connection, row.document)
            connection.execute(delete(schema.identity_member).where(_member.entity == entity_id))
            _mend(connection, row.identity)
            taken.append(Placement(profile=unpack_profile(row.profile), position=row.position))
    return tuple(taken)


def _mend(connection: Connection, number: int) -> None:
    """Make the profile of an identity anew from the members left; none left, it goes."""
    profiles = list_members(connection, number, limit=MOST_MEMBERS)
    if profiles:
        _write_profile(connection, number, profiles[0].id, merge_profiles(profiles))
    else:
        _delete_identity(connection, number)


def _delete_identity(connection: Connection, number: int) -> None:
    connection.execute(delete(schema.identity_key).where(_key.identity == number))
    connection.execute(delete(schema.identity).where(_identity.number == number))


def list_members(connection: Connection, number: int, *, limit: int | None = None) -> tuple[Profile, ...]:
    """The profiles of the members, in the order they were kept."""
    query = select(_member.profile).where(_member.identity == number)
    rows = connection.scalars(query.order_by(_member.document, _member.position).limit(limit))
    return tuple(map(unpack_profile, rows))


def rebuild(
    connection: Connection,
    profiles: Iterable[Profile],
    keys: Iterable[tuple[str, str]],
    homes: Mapping[str, str],
    build: Callable[[Reading], Iterable[Profile]],
    doubts: Mapping[str, Edge],
) -> None:
    """Write all identities anew: profiles and keys of identities, and the members that `build` gives."""
    attested.mark_all(connection)
    connection.execute(delete(schema.doubt))
    for table in (schema.identity_key, schema.identity_member, schema.identity):
        connection.execute(delete(table))
    numbers: dict[str, int] = {}
    rows = (
        {"number": numbers.setdefault(p.id, len(numbers) + 1), "id": p.id, "kind": p.kind.value}
        | {"name": _name(p), "profile": pack_profile(p)}
        for p in profiles
    )
    _insert(connection, schema.identity, rows)
    _insert(connection, schema.identity_key, ({"key": key, "identity": numbers[home]} for key, home in keys))
    places = (
        {"document": number, "position": position, "entity": profile.id}
        | {"identity": numbers[homes[profile.id]], "profile": pack_profile(profile)}
        for number, reading in _iter_readings(connection)
        for position, profile in enumerate(build(reading))
    )
    _insert(connection, schema.identity_member, places)
    for some in iter_batches(doubts.items(), SIZE):
        query = select(_member.entity, _member.document).where(_member.entity.in_([one for one, _ in some]))
        homes_of = {row.entity: row.document for row in connection.execute(query)}
        for one, edge in some:
            _write_doubt(connection, homes_of[one], EntityKind(one.partition("-")[0]), edge)


def _iter_readings(connection: Connection) -> Iterator[tuple[int, Reading]]:
    of, last = schema.reading.c, 0
    query = select(of.document, of.body).order_by(of.document).limit(SIZE)
    while rows := connection.execute(query.where(of.document > last)).all():
        yield from ((row.document, decode_reading(zlib.decompress(row.body))) for row in rows)
        last = rows[-1].document


def _insert(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    for some in iter_batches(rows, SIZE * 10):
        connection.execute(insert(table), some)


def iter_batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of at most so many."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def find_named(connection: Connection, folded: str) -> tuple[str, ...]:
    """The ids of the identities that bear a folded name in some article, in the order they began."""
    name, entity_name = schema.name.c, schema.entity_name.c
    query = (
        select(_identity.id, _identity.number)
        .join_from(schema.name, schema.entity_name, entity_name.name == name.number)
        .join(schema.identity_member, _member.entity == entity_name.entity)
        .join(schema.identity, _identity.number == _member.identity)
        .where(name.folded == folded)
        .distinct()
        .order_by(_identity.number)
    )
    return tuple(row.id for row in connection.execute(query))


def find_identity(connection: Connection, entity_id: str) -> Identity | None:
    """The identity an entity belongs to, whichever of its members the id is."""
    query = select(_member.identity).where(_member.entity == entity_id)
    number = connection.scalar(query)
    return None if number is None else next(_read_identities(connection, _identity.number == number, 1))


def find_page(
    connection: Connection, *, kind: EntityKind | None, after: int, limit: int
) -> tuple[tuple[Identity, ...], int]:
    """Identities behind a number, in the order they began, and the last number (0: no more)."""
    condition = _identity.number > after
    if kind is not None:
        condition = condition & (_identity.kind == kind.value)
    query = select(_identity.number).where(condition).order_by(_identity.number).limit(limit)
    numbers = connection.scalars(query).all()
    if not numbers:
        return (), 0
    return tuple(_read_identities(connection, condition, limit)), numbers[-1]


def _read_identities(connection: Connection, condition: Any, limit: int) -> Iterator[Identity]:
    query = (
        select(_identity.number, _identity.profile).where(condition).order_by(_identity.number).limit(limit)
    )
    rows = connection.execute(query).all()
    members: dict[int, list[str]] = {row.number: [] for row in rows}
    chosen = select(_member.identity, _member.entity).where(_member.identity.in_(members))
    for row in connection.execute(chosen.order_by(_member.identity, _member.document, _member.position)):
        members[row.identity].append(row.entity)
    for row in rows:
        yield make_identity(unpack_profile(row.profile), members[row.number])


def make_identity(profile: Profile, members: Sequence[str]) -> Identity:
    """An identity as it is shown: named by its profile, with its members."""
    return Identity(
        id=profile.id,
        kind=profile.kind,
        name=profile.names[0] if profile.names else profile.id,
        aliases=profile.names[1:],
        country=profile.country,
        geonames=profile.geonames,
        lat=profile.lat,
        lon=profile.lon,
        members=tuple(members),
        known_as=tuple(member for member in members if ":" in member),  # ids that came with a list
    )


def find_pair_judgements(connection: Connection) -> tuple[Judgement, ...]:
    """The judgements on two ids, and what undoes any judgement, in the order given."""
    of = schema.judgement.c
    query = select(schema.judgement).where(of.action.in_([d.value for d in PAIR_DECISIONS])).order_by(of.id)
    return tuple(map(read_judgement, connection.execute(query)))


def read_judgement(row: Any) -> Judgement:
    """The judgement of a row."""
    return Judgement(**(dict(row._mapping) | {"action": Decision(row.action)}))


def _split(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + SIZE] for start in range(0, len(values), SIZE))
