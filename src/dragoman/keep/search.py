"""Asking the store: hits for words, rows for names and engagements. Only reading happens here.

Functions give whole pages, never an open cursor: a page is read, the transaction ends, and a
writer's checkpoint need not wait for whoever looks at it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, text, tuple_, union

from dragoman.keep import fulltext
from dragoman.keep.rows import EngagementRow, Hit, NamedRow, ParticipantRow
from dragoman.keep.schema import (
    content,
    document,
    engagement,
    engagement_name,
    entity,
    entity_name,
    participation,
)
from dragoman.keep.schema import name as name_table
from dragoman.record import EngagementKind, EntityKind, Part, Status

MOST_NAMES = 100  # names one search looks at: the shortest that hold its words
MOST_DOCUMENTS = 100  # article ids in a NamedRow
SNIPPET = 60  # characters before and after the word found
ARTICLE = (document.c.number, document.c.id, document.c.title)  # what a hit says of its article
_WORD = re.compile(r"[^\W_]+")


def find_names(connection: Connection, asked: str, *, is_open: bool = False) -> list[int]:
    """The numbers of the names that are `asked`, or hold all its words; the exact one first.

    `is_open` lets the last word be the beginning of one.
    """
    folded = fulltext.fold_words(asked)
    if not folded:
        return []
    exact = connection.scalars(select(name_table.c.number).where(name_table.c.folded == folded))
    near = fulltext.match_names(connection, folded, limit=MOST_NAMES, is_open=is_open)
    return list(dict.fromkeys((*exact, *near)))


def find_hits(connection: Connection, words: str, *, limit: int) -> tuple[Hit, ...]:
    """Names, engagements and articles that hold all the words, best first."""
    query = fulltext.make_query(words)
    if not query:
        return ()
    hits = [
        *_find_name_hits(connection, words, limit=limit),
        *_find_engagement_hits(connection, query, limit=limit),
        *_find_text_hits(connection, words, query, limit=limit),
    ]
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:limit])


def _find_name_hits(connection: Connection, words: str, *, limit: int) -> list[Hit]:
    """One hit for each person, organisation, place or group, shown in its newest article.

    The score is the share of the name's words that were asked for: 1 is the whole name.
    """
    asked = len(fulltext.fold_words(words).split())
    hits = []
    for kind, main in _find_groups(connection, find_names(connection, words))[:limit]:
        row = _find_newest(connection, kind, main)
        score = min(1.0, asked / max(1, len(fulltext.fold_words(row.name).split())))
        hits.append(
            _make_hit(row, kind=kind, name=row.name, words=row.quote, at=(row.start, row.end), score=score)
        )
    return hits


def _find_engagement_hits(connection: Connection, query: str, *, limit: int) -> list[Hit]:
    scores = dict(fulltext.match(connection, "engagement", query, limit=limit))
    of = engagement.c
    rows = connection.execute(
        select(
            of.number.label("key"),
            of.quote,
            of.start,
            of.end,
            document.c.number,
            document.c.id,
            document.c.title,
        )
        .join(document, document.c.number == of.document)
        .where(of.number.in_(scores))
    )
    return [
        _make_hit(
            row, kind="engagement", name="", words=row.quote, at=(row.start, row.end), score=scores[row.key]
        )
        for row in rows
    ]


def _find_text_hits(connection: Connection, words: str, query: str, *, limit: int) -> list[Hit]:
    scores = dict(fulltext.match(connection, "content", query, limit=limit))
    rows = connection.execute(
        select(*ARTICLE, content.c.text)
        .join(content, content.c.document == document.c.number)
        .where(document.c.number.in_(scores))
    )
    wanted = {fulltext.fold_words(word) for word in fulltext.split_words(words)}
    hits = []
    for row in rows:
        start, end = find_snippet(row.text, wanted)
        shown = row.text[start:end] or row.title or ""
        hits.append(
            _make_hit(row, kind="text", name="", words=shown, at=(start, end), score=scores[row.number])
        )
    return hits


def find_snippet(body: str, wanted: set[str]) -> tuple[int, int]:
    """The stretch around the first word whose folded form is wanted; 0-0 where there is none.

    >>> body = "In Baku, Məmmədov spoke."
    >>> start, end = find_snippet(body, {"mammadov"})
    >>> body[start:end]
    'In Baku, Məmmədov spoke.'
    """
    found = next((m for m in _WORD.finditer(body) if fulltext.fold_words(m.group()) in wanted), None)
    if found is None:
        return 0, 0
    start, end = max(0, found.start() - SNIPPET), min(len(body), found.end() + SNIPPET)
    if start > 0:
        start = body.find(" ", start, found.start()) + 1 or found.start()
    if end < len(body):
        end = max(body.rfind(" ", found.end(), end), found.end())
    return start, end


def _make_hit(row: Any, *, kind: str, name: str, words: str, at: tuple[int, int], score: float) -> Hit:
    return Hit(
        number=row.number,
        document_id=row.id,
        title=row.title,
        kind=kind,
        name=name,
        words=words,
        start=at[0],
        end=at[1],
        score=score,
    )


def _find_groups(connection: Connection, names: Sequence[int]) -> list[tuple[str, int]]:
    """The kinds and main names of the entities that bear one of the names, in the order of names."""
    of = entity_name.c
    rows = connection.execute(select(of.kind, of.main, of.name).where(of.name.in_(names)).distinct())
    places = {number: place for place, number in enumerate(names)}
    ordered = sorted(rows, key=lambda row: (places[row.name], row.main != row.name, row.kind))
    return list(dict.fromkeys((row.kind, row.main) for row in ordered))


def _find_newest(connection: Connection, kind: str, main: int) -> Any:
    of = entity_name.c
    return connection.execute(
        select(
            document.c.number,
            document.c.id,
            document.c.title,
            entity.c.name,
            entity.c.quote,
            entity.c.start,
            entity.c.end,
        )
        .select_from(entity_name)
        .join(entity, (entity.c.document == of.document) & (entity.c.id == of.entity))
        .join(document, document.c.number == of.document)
        .where(of.name == main, of.kind == kind, of.main == main)
        .order_by(of.document.desc())
        .limit(1)
    ).one()


def find_named(connection: Connection, asked: str, kind: EntityKind | None) -> tuple[NamedRow, ...]:
    """One row for each kind and folded name that bears the name asked for; the exact ones first."""
    names = find_names(connection, asked)
    folded = fulltext.fold_words(asked)
    rows = [
        _make_named(connection, group_kind, main, folded)
        for group_kind, main in _find_groups(connection, names)
        if kind in (None, group_kind)
    ]
    return tuple(sorted(rows, key=lambda row: (not row.is_exact, -row.n_documents, row.folded, row.kind)))


def _make_named(connection: Connection, kind: str, main: int, asked: str) -> NamedRow:
    of = entity_name.c
    group = (of.name == main, of.kind == kind, of.main == main)
    each = select(func.sum(of.n_mentions).label("n")).where(*group).group_by(of.document).subquery()
    n_documents, n_mentions = connection.execute(select(func.count(), func.sum(each.c.n))).one()
    newest = select(of.document).where(*group).distinct().order_by(of.document.desc()).limit(MOST_DOCUMENTS)
    ids = connection.scalars(
        select(document.c.id).where(document.c.number.in_(newest)).order_by(document.c.number.desc())
    )
    folded = connection.scalars(select(name_table.c.folded).where(name_table.c.number == main)).one()
    return NamedRow(
        kind=EntityKind(kind),
        name=_find_newest(connection, kind, main).name,
        folded=folded,
        is_exact=folded == asked,
        n_documents=n_documents,
        n_mentions=n_mentions,
        documents=tuple(ids),
    )


def find_engagements(
    connection: Connection,
    *,
    who: str | None,
    place: str | None,
    conditions: Iterable[ColumnElement[bool]],
    after: tuple[str, int] | None,
    limit: int,
) -> tuple[list[EngagementRow], tuple[str, int] | None]:
    """One page of engagements, the latest first, and the key the next page begins after, if any."""
    pages = []
    for slot, asked in (("who", who), ("place", place)):
        if asked is not None:
            pages.append((slot, find_names(connection, asked)))
    if any(not names for _, names in pages):
        return [], None
    where = list(conditions)
    if len(pages) > 1:
        slot, names = pages.pop()
        where.append(_has_name(slot, names))
    keys = _page_by_name(*pages[0], where, after, limit) if pages else _page_by_day(where, after, limit)
    page = [(row.day, row.number) for row in connection.execute(keys)]
    rows = _make_engagements(connection, [number for _, number in page])
    return rows, page[-1] if len(page) == limit else None


def _has_name(slot: str, names: Sequence[int]) -> ColumnElement[bool]:
    of = engagement_name.c
    found = select(of.engagement).where(
        of.name.in_(names), of.slot == slot, of.engagement == engagement.c.number
    )
    return found.correlate(engagement).exists()


def _page_by_day(
    where: list[ColumnElement[bool]], after: tuple[str, int] | None, limit: int
) -> Select[tuple[str, int]]:
    of = engagement.c
    if after:
        where = [*where, tuple_(of.day, of.number) < after]
    return select(of.day, of.number).where(*where).order_by(of.day.desc(), of.number.desc()).limit(limit)


def _page_by_name(
    slot: str,
    names: Sequence[int],
    where: list[ColumnElement[bool]],
    after: tuple[str, int] | None,
    limit: int,
) -> Any:
    """The page as a merge of the names' own sorted rows: no more rows are read than are shown."""
    of = engagement_name.c

    def one(number: int) -> Select[tuple[str, int]]:
        query = select(of.day, of.engagement.label("number")).where(of.name == number, of.slot == slot)
        if after:
            query = query.where(tuple_(of.day, of.engagement) < after)
        if where:
            query = query.join(engagement, engagement.c.number == of.engagement).where(*where)
        return query

    return union(*map(one, names)).order_by(text("1 DESC, 2 DESC")).limit(limit)


def _make_engagements(connection: Connection, numbers: Sequence[int]) -> list[EngagementRow]:
    rows = connection.execute(
        select(
            engagement,
            document.c.number.label("article"),
            document.c.id.label("document_id"),
            document.c.title,
            document.c.published,
        )
        .join(document, document.c.number == engagement.c.document)
        .where(engagement.c.number.in_(numbers))
        .order_by(engagement.c.day.desc(), engagement.c.number.desc())
    ).all()
    takers = _find_participants(connection, numbers)
    return [_make_engagement(row, tuple(takers[row.number])) for row in rows]


def _find_participants(connection: Connection, numbers: Sequence[int]) -> dict[int, list[ParticipantRow]]:
    of = participation.c
    takers: dict[int, list[ParticipantRow]] = defaultdict(list)
    query = select(of.engagement, of.entity, of.kind, of.name, of.part, of.behalf_name)
    query = query.where(of.engagement.in_(numbers)).order_by(of.engagement, of.position)
    for number, entity_id, kind, name, part, behalf in connection.execute(query):
        taker = ParticipantRow(
            entity=entity_id,
            kind=EntityKind(kind) if kind else None,
            name=name,
            part=Part(part),
            on_behalf_of=behalf,
        )
        takers[number].append(taker)
    return takers


def _make_engagement(row: Any, participants: tuple[ParticipantRow, ...]) -> EngagementRow:
    return EngagementRow(
        number=row.article,
        document_id=row.document_id,
        title=row.title,
        published=row.published,
        id=row.id,
        kind=EngagementKind(row.kind),
        status=Status(row.status),
        participants=participants,
        place=row.place_name,
        topic=row.topic,
        time=row.time_text,
        edtf=row.edtf,
        earliest=row.earliest,
        latest=row.latest,
        words=row.quote,
        start=row.start,
        end=row.end,
        confidence=row.confidence,
    )
