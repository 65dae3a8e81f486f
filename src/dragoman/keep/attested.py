"""Engagements over all articles on disk: which are to be settled, and taking witnesses back.

Which reports tell of one engagement is decided elsewhere (`resolve`, `attesting`) and written by `settling`.
Whatever changes who is who, or what an article says, marks the articles it touches here; they are settled
again later. Every function runs inside a transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from dragoman.concord import Judgement
from dragoman.keep import schema

SIZE = 500  # values in one statement
ENGAGEMENT = "engagement"  # the kind of a pair of engagements that is in doubt

_attested, _member, _stale = schema.attested.c, schema.attested_member.c, schema.attested_stale.c


# Marking -----------------------------------------------------------------------------------------


def mark_document(connection: Connection, number: int) -> None:
    """Let the engagements of an article be settled against all others when there is time."""
    statement = insert_or(schema.attested_stale).on_conflict_do_nothing()
    connection.execute(statement, {"document": number})


def mark_identity(connection: Connection, number: int) -> None:
    """The same for all articles with engagements that name an identity, by its number."""
    member = schema.identity_member.c
    touched = (
        select(member.document)
        .join(schema.attested_member, _member.document == member.document)
        .where(member.identity == number)
        .distinct()
    )
    statement = insert_or(schema.attested_stale).from_select(["document"], touched)
    connection.execute(statement.on_conflict_do_nothing())


def mark_judged(connection: Connection, judgement: Judgement) -> None:
    """The same for the articles that report engagements somebody judged about."""
    ids = [id_ for id_ in (judgement.target, judgement.other) if id_]
    touched = select(_member.document).where(_member.engagement.in_(ids)).distinct()
    for number in connection.scalars(touched).all():
        mark_document(connection, number)


def mark_all(connection: Connection) -> None:
    """Drop every engagement over all articles, and let all articles be settled in order."""
    tables = (schema.attested_key, schema.attested_ref, schema.attested_taker, schema.attested_member)
    for table in (*tables, schema.attested, schema.attested_stale):
        connection.execute(delete(table))
    every = select(schema.reading.c.document)
    connection.execute(insert(schema.attested_stale).from_select(["document"], every))


def find_marked(connection: Connection, limit: int) -> tuple[str, ...]:
    """The ids of articles to be settled, in the order they were added."""
    query = (
        select(schema.document.c.id)
        .join(schema.attested_stale, _stale.document == schema.document.c.number)
        .order_by(_stale.document)
        .limit(limit)
    )
    return tuple(connection.scalars(query))


def count_marked(connection: Connection) -> int:
    """How many articles are to be settled."""
    return connection.scalar(select(func.count()).select_from(schema.attested_stale)) or 0


def drop_document(connection: Connection, number: int) -> None:
    """Take the witnesses of one article back; an engagement without any goes, the others are marked.

    The words of the article leave at once: what is kept of a marked engagement is nobody's words.
    """
    query = select(_member.attested).where(_member.document == number).distinct()
    touched = connection.scalars(query).all()
    connection.execute(delete(schema.attested_member).where(_member.document == number))
    connection.execute(delete(schema.fingerprint).where(schema.fingerprint.c.document == number))
    of = schema.doubt.c
    connection.execute(delete(schema.doubt).where(of.document == number, of.kind == ENGAGEMENT))
    for attested in touched:
        _mend(connection, attested)


def _mend(connection: Connection, number: int) -> None:
    order = (_member.document, _member.position)
    query = select(_member.engagement).where(_member.attested == number).order_by(*order).limit(1)
    first = connection.scalar(query)
    if first is None:
        delete_engagement(connection, number)
        return
    values = {"id": first, "is_stale": 1, "topic": None, "body": b""}
    connection.execute(update(schema.attested).where(_attested.number == number).values(**values))


def delete_engagement(connection: Connection, number: int) -> None:
    """Remove an engagement that has no witness any more."""
    for table in (schema.attested_key, schema.attested_ref, schema.attested_taker):
        connection.execute(delete(table).where(table.c.attested == number))
    parts = update(schema.attested).where(_attested.whole == number)
    connection.execute(parts.values(whole=None))
    connection.execute(delete(schema.attested).where(_attested.number == number))


# Looking up -----------------------------------------------------------------------------------


def find_homes(connection: Connection, engagement_ids: Iterable[str]) -> dict[str, int]:
    """The number of the attested engagement that each reported one belongs to."""
    homes: dict[str, int] = {}
    for some in split(sorted(set(engagement_ids))):
        query = select(_member.engagement, _member.attested).where(_member.engagement.in_(some))
        homes |= {row.engagement: row.attested for row in connection.execute(query)}
    return homes


def find_identities(connection: Connection, tokens: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Id, name and kind of each identity, by its token."""
    of = schema.identity.c
    numbers = sorted({int(token[1:]) for token in tokens if token.startswith("#")})
    return {
        f"#{row.number}": (row.id, row.name, row.kind)
        for some in split(numbers)
        for row in connection.execute(select(of.number, of.id, of.name, of.kind).where(of.number.in_(some)))
    }


def split(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Pieces small enough for one statement."""
    return (values[start : start + SIZE] for start in range(0, len(values), SIZE))
