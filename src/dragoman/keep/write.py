"""Writing one article: its own rows once, the projections of its reading as often as it is read.

Every function here runs inside a transaction of the caller.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, delete, exists, insert, select, update

from dragoman.errors import RecordError
from dragoman.keep import attested, fulltext, identities, project, schema
from dragoman.keep.project import Row
from dragoman.record import Reading, encode_reading

T = TypeVar("T")
ZLIB_LEVEL = 1  # 0-9; level 6 makes a reading 15 % smaller and takes twice as long


def pack_reading(reading: Reading) -> bytes:
    """The JSON of the contract, compressed; RecordError where the text cannot be written as UTF-8."""
    try:
        return zlib.compress(encode_reading(reading), ZLIB_LEVEL)
    except UnicodeEncodeError as exc:
        raise RecordError(
            f"document {reading.document.id} holds half a character (a lone surrogate) in "
            f"{exc.object[:40]!r}; normalise its text before reading"
        ) from exc


def insert_document(connection: Connection, reading: Reading, *, added_at: str) -> int:
    """Write the document itself and its text; give back its running number."""
    document = reading.document
    columns = ("id", "title", "published", "published_source", "publisher", "url", "language")
    row = {column: getattr(document, column) for column in columns}
    result = connection.execute(insert(schema.document), {**row, "added_at": added_at})
    number = get_key(result)
    title = document.title or ""
    words = {
        "title": title,
        "text": document.text,
        "folded": fulltext.fold_foreign(f"{title} {document.text}"),
    }
    connection.execute(insert(schema.content), {"document": number, **words})
    return number


def insert_raw(connection: Connection, number: int, body: bytes, *, media_type: str, source: str) -> None:
    """Write the bytes the text was taken from."""
    row = {"document": number, "source": source, "media_type": media_type}
    connection.execute(insert(schema.raw), {**row, "body": zlib.compress(body, ZLIB_LEVEL)})


def insert_reading(connection: Connection, number: int, reading: Reading, body: bytes) -> None:
    """Write a reading (`body` is its packed JSON) and its projections."""
    counts = {
        f"n_{field}": len(getattr(reading, field))
        for field in ("entities", "engagements", "quotations", "claims")
    }
    row = {"document": number, "reader": reading.reader, **counts, "body": body}
    connection.execute(insert(schema.reading), row)
    entities = project.project_entities(reading)
    _insert(connection, schema.entity, entities, document=number)
    _insert(connection, schema.role, map(project.project_role, reading.roles), document=number)
    _insert(connection, schema.quotation, map(project.project_quotation, reading.quotations), document=number)
    _insert(connection, schema.claim, map(project.project_claim, reading.claims), document=number)
    _insert(connection, schema.time, project.project_times(reading), document=number)
    names = project.project_entity_names(reading, entities)
    numbers = _number_names(connection, {row["name"] for row in names})
    _insert(connection, schema.entity_name, _with_numbers(names, numbers), document=number)
    _insert_engagements(connection, number, reading, numbers)
    attested.mark_document(connection, number)


def _insert_engagements(connection: Connection, number: int, reading: Reading, names: dict[str, int]) -> None:
    entities = {entity.id: entity for entity in reading.entities}
    published = reading.document.published or ""
    for engagement in reading.engagements:
        row = project.project_engagement(engagement, entities, published)
        result = connection.execute(insert(schema.engagement), {"document": number, **row})
        key = get_key(result)
        takers = project.project_participations(engagement, entities)
        _insert(connection, schema.participation, takers, engagement=key)
        lookups = project.project_engagement_names(engagement, entities, row["day"])
        _insert(connection, schema.engagement_name, _with_numbers(lookups, names), engagement=key)


def delete_reading(connection: Connection, number: int) -> None:
    """Remove a reading and all that was projected from it, names nobody bears any more included."""
    entity_name, engagement_name, name = schema.entity_name.c, schema.engagement_name.c, schema.name.c
    attested.drop_document(connection, number)
    identities.drop_document(connection, number)
    numbers = list(
        connection.scalars(select(entity_name.name).where(entity_name.document == number).distinct())
    )
    for table in (*schema.PROJECTIONS, schema.reading):
        connection.execute(delete(table).where(table.c.document == number))
    borne = exists().where(entity_name.name == name.number) | exists().where(
        engagement_name.name == name.number
    )
    for some in _split(numbers):
        connection.execute(delete(schema.name).where(name.number.in_(some), ~borne))


def update_published(connection: Connection, number: int, reading: Reading) -> None:
    """Write the publication date a later reading knows."""
    document = reading.document
    values = {"published": document.published, "published_source": document.published_source}
    connection.execute(update(schema.document).where(schema.document.c.number == number).values(values))


def write_original(connection: Connection, number: int, body: bytes | None) -> None:
    """Keep the packed reading from before people fixed something; None where nobody did."""
    connection.execute(delete(schema.original).where(schema.original.c.document == number))
    if body is not None:
        connection.execute(insert(schema.original), {"document": number, "body": body})


def get_key(result: CursorResult[Any]) -> int:
    """The number the database gave the row just inserted."""
    key = result.inserted_primary_key
    return int(key[0]) if key else 0


def _insert(connection: Connection, table: Any, rows: Iterable[Row], **key: int) -> None:
    if filled := [{**key, **row} for row in rows]:
        connection.execute(insert(table), filled)


def _number_names(connection: Connection, folded: set[str]) -> dict[str, int]:
    """The number of each folded name; new names get one. Safe because only one writer is inside."""
    known = _find_numbers(connection, folded)
    if fresh := sorted(folded - known.keys()):
        connection.execute(insert(schema.name), [{"folded": name} for name in fresh])
        known |= _find_numbers(connection, set(fresh))
    return known


def _find_numbers(connection: Connection, folded: set[str]) -> dict[str, int]:
    name = schema.name.c
    return {
        row.folded: row.number
        for some in _split(sorted(folded))
        for row in connection.execute(select(name.folded, name.number).where(name.folded.in_(some)))
    }


def _with_numbers(rows: Iterable[Row], numbers: dict[str, int]) -> Iterator[Row]:
    for row in rows:
        yield row | {column: numbers[row[column]] for column in ("name", "main") if column in row}


def _split(values: list[T], size: int = 500) -> Iterator[list[T]]:
    """Pieces small enough for one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))
