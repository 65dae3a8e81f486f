"""Settling the engagements of one article: what is looked up for it, and what is written in the end.

One `Settling` is one transaction of the store's writer, so that nobody sees an article half settled.
Identities stand as `#` and their number, which stays when they get another id.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from dragoman.concord import Attested, Edge, Judgement, Kept, Report
from dragoman.keep import attested, schema
from dragoman.keep.attested import split
from dragoman.keep.identities import read_judgement
from dragoman.record import EngagementKind

MOST_KEPT = 20  # engagements compared with one report, those with most keys in common
MOST_SHOWN = 40  # witnesses of one engagement that are compared field by field: the first and last ones
ZLIB_LEVEL = 1
ENGAGEMENT_IDS = ("engagement-", "engagement.")  # ids from the first to before the second

_attested, _member, _key = schema.attested.c, schema.attested_member.c, schema.attested_key.c
_ref, _stale = schema.attested_ref.c, schema.attested_stale.c
_encoder = msgspec.json.Encoder(order="deterministic")

Place = tuple[int, int]  # number of the article and position in its reading: the order of witnesses


def pack(record: Attested | Report) -> bytes:
    """A record as compressed JSON."""
    return zlib.compress(_encoder.encode(record), ZLIB_LEVEL)


class Settling:
    """The engagements of the store while one article is settled."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_number(self, document_id: str) -> int:
        """The running number of an article."""
        query = select(schema.document.c.number).where(schema.document.c.id == document_id)
        return int(self._connection.scalars(query).one())

    def take_back(self, number: int) -> None:
        """Take the witnesses of an article back before it is settled again."""
        attested.drop_document(self._connection, number)

    def dissolve(self, engagement_ids: Iterable[str]) -> None:
        """Take all witnesses of some engagements back, so that each is settled again, one by one."""
        for number in sorted(set(self.find_homes(engagement_ids).values())):
            query = select(_member.document).where(_member.attested == number).order_by(_member.document)
            for document in self._connection.scalars(query).all():
                attested.mark_document(self._connection, document)
            self._connection.execute(delete(schema.attested_member).where(_member.attested == number))
            attested.delete_engagement(self._connection, number)

    def find_homes(self, engagement_ids: Iterable[str]) -> dict[str, int]:
        """The number of the engagement over all articles that each reported one belongs to."""
        return attested.find_homes(self._connection, engagement_ids)

    def find_names(self, tokens: Iterable[str]) -> dict[str, str]:
        """The name of each identity, by its token."""
        found = attested.find_identities(self._connection, tokens)
        return {token: name for token, (_, name, _) in found.items()}

    def find_orphans(self) -> tuple[int, ...]:
        """The numbers of engagements that lost a witness and are to be told anew."""
        return tuple(self._connection.scalars(select(_attested.number).where(_attested.is_stale == 1)))

    def find_tokens(self, entity_ids: Iterable[str]) -> dict[str, str]:
        """`#` and the number of the identity of each entity that has one."""
        member = schema.identity_member.c
        tokens: dict[str, str] = {}
        for some in split(sorted(set(entity_ids))):
            query = select(member.entity, member.identity).where(member.entity.in_(some))
            tokens |= {row.entity: f"#{row.identity}" for row in self._connection.execute(query)}
        return tokens

    def find_near(self, keys: Sequence[str], at: int) -> tuple[int, ...]:
        """The kept engagements met under most of the keys, the nearest in days first among equals."""
        distance = func.min(func.abs(_key.at - at))
        query = (
            select(_key.attested)
            .where(_key.key.in_(keys))
            .group_by(_key.attested)
            .order_by(func.count().desc(), distance, _key.attested)
            .limit(MOST_KEPT)
        )
        return tuple(self._connection.scalars(query))

    def find_overlapping(
        self, refs: Sequence[str], days: tuple[str, str, str], kinds: Iterable[EngagementKind]
    ) -> tuple[int, ...]:
        """The kept engagements of some kinds of anybody in `refs` that reach into the days.

        `days` are the first day on which one may begin, and the first and last it must reach into.
        """
        begin, first, last = days
        query = (
            select(_ref.attested)
            .where(_ref.ref.in_(refs), _ref.day >= begin, _ref.day <= last, _ref.last >= first)
            .where(_ref.kind.in_([kind.value for kind in kinds]))
            .distinct()
            .order_by(_ref.attested)
            .limit(MOST_KEPT)
        )
        return tuple(self._connection.scalars(query))

    def load_members(
        self, numbers: Iterable[int], also: Iterable[str] = ()
    ) -> dict[int, tuple[tuple[Place, Report], ...]]:
        """The reports of engagements in the order they were kept, at most the first and last ones of each.

        `also` are engagement ids that must be among them, for somebody judged about them.
        """
        order = (_member.document, _member.position)
        place = func.row_number().over(partition_by=_member.attested, order_by=order)
        size = func.count().over(partition_by=_member.attested)
        chosen = sorted(numbers)
        rows = (
            select(*schema.attested_member.c, place.label("place"), size.label("size"))
            .where(_member.attested.in_(chosen))
            .subquery()
        )
        half = MOST_SHOWN // 2
        is_shown = (rows.c.place <= half) | (rows.c.place > rows.c.size - half) | rows.c.engagement.in_(also)
        found: dict[int, list[tuple[Place, Report]]] = {number: [] for number in chosen}
        query = select(rows).where(is_shown).order_by(rows.c.attested, rows.c.place)
        for row in self._connection.execute(query):
            found[row.attested].append(((row.document, row.position), _unpack_report(row.report)))
        return {number: tuple(members) for number, members in found.items() if members}

    def count_members(self, number: int) -> int:
        """How many reports an engagement has, copies included."""
        query = select(func.count()).select_from(schema.attested_member).where(_member.attested == number)
        return self._connection.scalar(query) or 0

    def load_prints(self, document_ids: Iterable[str]) -> dict[str, frozenset[int]]:
        """The fingerprints of articles that report engagements."""
        of = schema.fingerprint.c
        query = select(schema.document.c.id, of.body).join(
            schema.fingerprint, of.document == schema.document.c.number
        )
        rows = self._connection.execute(query.where(schema.document.c.id.in_(list(document_ids))))
        return {row.id: frozenset(struct.unpack(f"<{len(row.body) // 4}I", row.body)) for row in rows}

    def find_judgements(self) -> tuple[Judgement, ...]:
        """What people judged of pairs of engagements, and what they undid of it."""
        of, (low, high) = schema.judgement.c, ENGAGEMENT_IDS
        query = select(schema.judgement).where(of.target >= low, of.target < high).order_by(of.id)
        chosen = query.where(or_(of.other.is_not(None), of.undoes.is_not(None)))
        return tuple(map(read_judgement, self._connection.execute(chosen)))

    def write(self, number: int, entries: Iterable[Kept], prints: frozenset[int]) -> tuple[int, ...]:
        """Write what the article of that number adds; the numbers of its engagements, in the order given."""
        numbers = tuple(self._write_entry(number, entry) for entry in entries)
        if numbers:
            body = struct.pack(f"<{len(prints)}I", *sorted(prints))
            statement = insert_or(schema.fingerprint).on_conflict_do_nothing()
            self._connection.execute(statement, {"document": number, "body": body})
        self._connection.execute(delete(schema.attested_stale).where(_stale.document == number))
        return numbers

    def _write_entry(self, document: int, entry: Kept) -> int:
        known = self._connection.scalars(
            select(_attested.number).where(_attested.number.in_(entry.joins))
        ).all()
        kept = sorted(known, key=entry.joins.index)
        number = kept[0] if kept else self._insert(entry)
        for other in kept[1:]:
            self._unite(number, other)
        rows = [
            {"document": document, "position": position, "engagement": report.id, "attested": number}
            | {"report": pack(report)}
            for position, report in entry.fresh
        ]
        if rows:
            self._connection.execute(insert(schema.attested_member), rows)
        if kept:
            self.rewrite(number, entry)
        else:
            self._write_lookups(number, entry)
        return number

    def _insert(self, entry: Kept) -> int:
        result = self._connection.execute(insert(schema.attested), _make_row(entry))
        key = result.inserted_primary_key
        return int(key[0]) if key else 0

    def _unite(self, number: int, other: int) -> None:
        for table in (schema.attested_member, schema.attested_key):
            moved = update(table).where(table.c.attested == other).values(attested=number)
            self._connection.execute(moved.prefix_with("OR IGNORE"))
        self._connection.execute(update(schema.attested).where(_attested.whole == other).values(whole=number))
        attested.delete_engagement(self._connection, other)

    def rewrite(self, number: int, entry: Kept) -> None:
        """Write anew what is shown of an engagement and what it is looked up by."""
        values = _make_row(entry)
        self._connection.execute(update(schema.attested).where(_attested.number == number).values(**values))
        for table in (schema.attested_ref, schema.attested_taker):
            self._connection.execute(delete(table).where(table.c.attested == number))
        self._write_lookups(number, entry)

    def _write_lookups(self, number: int, entry: Kept) -> None:
        of = {"attested": number}
        days = {"day": entry.day, "last": entry.last, "kind": entry.attested.kind.value}
        refs = [of | days | {"ref": ref} for ref in dict.fromkeys(entry.refs)]
        takers = [
            of
            | {"position": position, "who": taker.who, "part": taker.part.value, "behalf": taker.behalf}
            | {"states": " ".join(taker.states), "office": taker.office, "office_of": taker.office_of}
            for position, taker in enumerate(entry.takers)
        ]
        keys = [of | {"key": key, "at": entry.at} for key in entry.keys]
        for table, rows in ((schema.attested_ref, refs), (schema.attested_taker, takers)):
            if rows:
                self._connection.execute(insert(table), rows)
        if keys:
            self._connection.execute(insert_or(schema.attested_key).on_conflict_do_nothing(), keys)

    def write_doubts(self, number: int, edges: Iterable[Edge]) -> None:
        """Write the pairs of engagements an article of that number leaves a person to be asked about."""
        rows = [
            {"document": number, "one": edge.left, "other": edge.right, "score": edge.score}
            | {"kind": attested.ENGAGEMENT}
            for edge in edges
        ]
        if rows:
            self._connection.execute(insert_or(schema.doubt).on_conflict_do_nothing(), rows)

    def set_whole(self, number: int, whole: int) -> None:
        """Say which visit an engagement is part of, unless it is known to be part of one."""
        row = update(schema.attested).where(_attested.number == number, _attested.whole.is_(None))
        self._connection.execute(row.values(whole=whole))


def _unpack_report(body: bytes) -> Report:
    return msgspec.json.decode(zlib.decompress(body), type=Report)


def _make_row(entry: Kept) -> dict[str, Any]:
    told = entry.attested
    place = told.place or ""
    return {
        "id": told.id,
        "kind": told.kind.value,
        "status": told.status.value,
        "day": entry.day,
        "last": entry.last,
        "earliest": told.earliest,
        "latest": told.latest,
        "edtf": told.edtf,
        "place": int(place[1:]) if place.startswith("#") else None,
        "topic": told.topic,
        "n_witnesses": entry.n_witnesses,
        "differing": " ".join(slot.value for slot in entry.differing),
        "is_stale": 0,
        "body": pack(told),
    }
