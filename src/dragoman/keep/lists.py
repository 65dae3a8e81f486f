"""Lists for people: pages of articles, engagements, names, quotations and claims, each with its total.

Every function reads rows by an index or the short tables alone, never a reading; a page is a list and
the number of all it was cut from. What a list is asked for is always an identity, a word or a day.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select, tuple_

from dragoman.concord import Witness
from dragoman.keep import fulltext, ledger, search
from dragoman.keep.identities import find_homes, unpack_profile
from dragoman.keep.ledger import Wanted
from dragoman.keep.rows import (
    ArticleRow,
    ChangedRow,
    ClaimRow,
    NameRow,
    SaidRow,
    SourceRow,
    WordsRow,
)
from dragoman.keep.schema import (
    attested_member,
    claim,
    content,
    document,
    engagement,
    entity_name,
    identity,
    identity_member,
    quotation,
)
from dragoman.keep.schema import reading as reading_table
from dragoman.keep.store import Store
from dragoman.record import ClaimKind, Mode

AROUND = 160  # characters before and after the words of an engagement in a list
_ENDS = re.compile(r"(?<=[a-z0-9)”\"][.!?])[”\"’]?\s+|\n+")
_END = re.compile(r"(?<=[a-z0-9)”\"])[.!?][”\"’]?(?=\s|$)|(?=\n)")
MOST_MATCHES = 2000  # rows a search by words looks at
MOST_ASKED = 400  # ids in one statement
MOST_A_REPORT = 8  # reports of one engagement, where those told of last are looked for
SOURCE = (document.c.number, document.c.id, document.c.title, document.c.published, document.c.publisher)
_day, _member, _report = document.c.published, identity_member.c, attested_member.c


# Articles ----------------------------------------------------------------------------------------

ARTICLE_ORDERS = {
    "newest": (_day.desc().nulls_last(), document.c.number.desc()),
    "oldest": (_day.asc().nulls_last(), document.c.number.asc()),
    "added": (document.c.number.desc(),),
    "title": (document.c.title.asc().nulls_last(), document.c.number.desc()),
    "engagements": (reading_table.c.n_engagements.desc(), document.c.number.desc()),
}


def list_articles(
    store: Store,
    *,
    words: str = "",
    publisher: str | None = None,
    start: str | None = None,
    end: str | None = None,
    is_dated: bool | None = None,
    order: str = "newest",
    limit: int = 50,
    offset: int = 0,
) -> tuple[tuple[ArticleRow, ...], int]:
    """A page of articles and how many there are; `words` stand in title or text."""
    where: list[ColumnElement[bool]] = []
    where += [document.c.publisher == publisher] if publisher else []
    where += [_day >= start] if start else []
    where += [_day <= end] if end else []
    where += [_day.isnot(None) if is_dated else _day.is_(None)] if is_dated is not None else []
    counts = [column for column in reading_table.c if column.name not in ("document", "body")]
    columns = [column for column in document.c if column.name != "published_source"]
    with store._reading() as connection:
        if words:
            where.append(document.c.number.in_(_match(connection, "content", words)))
        query = select(*columns, *counts).join(reading_table, reading_table.c.document == document.c.number)
        page = query.where(*where).order_by(*ARTICLE_ORDERS[order]).limit(limit).offset(offset)
        rows = tuple(ArticleRow(**row._mapping) for row in connection.execute(page))
        total = connection.scalar(select(func.count()).select_from(document).where(*where))
    return rows, total or 0


def count_publishers(store: Store, *, limit: int = 30) -> tuple[tuple[str, int], ...]:
    """The publishers with most articles."""
    of = document.c.publisher
    query = select(of, func.count()).where(of.isnot(None)).group_by(of)
    return _pairs(store, query.order_by(func.count().desc(), of).limit(limit))


def find_sources(store: Store, ids: Iterable[str]) -> dict[str, SourceRow]:
    """The articles of some ids as lists name them."""
    found: dict[str, SourceRow] = {}
    with store._reading() as connection:
        for some in _split(ids):
            rows = connection.execute(select(*SOURCE).where(document.c.id.in_(some)))
            found |= {row.id: SourceRow(**row._mapping) for row in rows}
    return found


def find_links(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """The addresses articles came from, by id; those of none are left out."""
    found: dict[str, str] = {}
    with store._reading() as connection:
        for some in _split(ids):
            query = select(document.c.id, document.c.url).where(document.c.id.in_(some))
            found |= {row.id: row.url for row in connection.execute(query.where(document.c.url.is_not(None)))}
    return found


# Engagements -------------------------------------------------------------------------------------


def count_months(store: Store, wanted: Wanted) -> tuple[tuple[str, int], ...]:
    """How many engagements of a list begin in each month ("2021-03"), in order of time."""
    with store._reading() as connection:
        return ledger.count_months(connection, wanted)


def count_kinds(store: Store) -> dict[str, tuple[tuple[str, int], ...]]:
    """How many engagements there are of each "kind" and of each "status", the most first."""
    with store._reading() as connection:
        rows = ledger.count_kinds(connection)
    kinds, statuses = Counter[str](), Counter[str]()
    for kind, status, n in rows:
        kinds[kind] += n
        statuses[status] += n
    return {"kind": tuple(kinds.most_common()), "status": tuple(statuses.most_common())}


def find_first_reports(store: Store, ids: Iterable[str]) -> dict[str, Witness]:
    """The report each engagement goes by, by its id."""
    found: dict[str, Witness] = {}
    columns = (_report.engagement, document.c.id, document.c.published, document.c.publisher)
    with store._reading() as connection:
        for some in _split(ids):
            query = select(*columns).join(document, document.c.number == _report.document)
            for id_, article, day, publisher in connection.execute(query.where(_report.engagement.in_(some))):
                found[id_] = Witness(document=article, engagement=id_, published=day, publisher=publisher)
    return found


def list_changed(store: Store, wanted: Wanted, *, limit: int = 50) -> tuple[ChangedRow, ...]:
    """The engagements of a list that reports added last tell of, each once, the latest first."""
    with store._reading() as connection:
        numbers = ledger.select_numbers(connection, wanted)
        if numbers is None:
            return ()
        query = (
            select(_report.attested, _report.engagement, document.c.added_at, *SOURCE)
            .join(document, document.c.number == _report.document)
            .where(_report.attested.in_(numbers))
            .order_by(_report.document.desc(), _report.position)
            .limit(limit * MOST_A_REPORT)
        )
        latest: dict[int, Any] = {}
        for row in connection.execute(query):
            latest.setdefault(row.attested, row)
        rows = ledger.read_rows(connection, list(latest)[:limit])
    return tuple(
        ChangedRow(
            fact=row,
            report=latest[row.number].engagement,
            source=make_source(latest[row.number]),
            at=latest[row.number].added_at,
        )
        for row in rows
    )


def find_words(store: Store, reports: Iterable[tuple[str, str]]) -> dict[str, WordsRow]:
    """The words of reports, given as pairs of article and engagement id, by engagement id."""
    of, wanted = engagement.c, dict.fromkeys(reports)
    found: dict[str, WordsRow] = {}
    with store._reading() as connection:
        for some in _split(wanted):
            numbers = select(document.c.number).where(document.c.id.in_([pair[0] for pair in some]))
            low = func.max(of.start - AROUND, 0)
            around = func.substr(content.c.text, low + 1, of.end - low + AROUND)
            query = select(
                document.c.id.label("article"),
                of.id,
                of.quote,
                of.time_text,
                (of.start - low).label("at"),
                around.label("around"),
            )
            query = query.join(document, document.c.number == of.document)
            query = query.join(content, content.c.document == of.document)
            query = query.where(of.document.in_(numbers), of.id.in_([pair[1] for pair in some]))
            for row in connection.execute(query):
                before, after = cut_sentence(row.around, row.at, row.at + len(row.quote))
                found[row.id] = WordsRow(
                    document=row.article,
                    id=row.id,
                    before=before,
                    words=row.quote,
                    after=after,
                    time=row.time_text,
                )
    return found


def cut_sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after some words in their sentence, cut with an ellipsis where it is long.

    >>> text = "It rained. Nadira Vesholt met nobody. He left."
    >>> cut_sentence(text, 26, 29)
    ('Nadira Vesholt ', ' nobody.')
    """
    before = _ENDS.split(text[:start])[-1]
    if before == text[:start] and start >= AROUND:
        before = f"…{before.partition(' ')[2]}"
    after = text[end:]
    stop = _END.search(after)
    if stop:
        after = after[: stop.end()].rstrip()
    elif len(after) >= AROUND:
        after = f"{after.rpartition(' ')[0]}…"
    return before, after


# Names -------------------------------------------------------------------------------------------


def find_ids(store: Store, words: str, *, limit: int = 200) -> tuple[str, ...]:
    """The ids of the identities that bear a name which holds all of the words, the last perhaps begun."""
    with store._reading() as connection:
        numbers = _find_bearers(connection, words, limit)
        return tuple(connection.scalars(select(identity.c.id).where(identity.c.number.in_(numbers))))


def _find_bearers(connection: Connection, words: str, limit: int = MOST_MATCHES) -> list[int]:
    names = search.find_names(connection, words, is_open=True)
    query = (
        select(_member.identity)
        .select_from(entity_name)
        .join(identity_member, _member.entity == entity_name.c.entity)
        .where(entity_name.c.name.in_(names))
        .distinct()
    )
    return list(connection.scalars(query.limit(limit)))


def list_names(
    store: Store,
    *,
    words: str = "",
    kind: str | None = None,
    order: str = "articles",
    is_named: bool = True,
    limit: int | None = 50,
    offset: int = 0,
) -> tuple[tuple[NameRow, ...], int]:
    """A page of identities and how many there are; `is_named` leaves out "the envoy" and the like."""
    of = identity.c
    counts = select(_member.identity.label("identity"), func.count().label("n"))
    counted = counts.group_by(_member.identity).subquery()
    where: list[ColumnElement[bool]] = [of.kind == kind] if kind else []
    if is_named:
        where.append(cast(of.profile, Text).contains('"is_named":true'))
    orders = {"articles": (counted.c.n.desc(), of.name), "name": (of.name,), "newest": (of.number.desc(),)}
    with store._reading() as connection:
        if words:
            where.append(of.number.in_(_find_bearers(connection, words)))
        query = select(of.number, of.profile, counted.c.n).join(counted, counted.c.identity == of.number)
        query = query.where(*where).order_by(*orders[order]).limit(limit).offset(offset)
        rows = tuple(_make_name(row.profile, row.n) for row in connection.execute(query))
        total = connection.scalar(select(func.count()).select_from(identity).where(*where))
    return rows, total or 0


def count_names(store: Store) -> dict[str, int]:
    """How many named identities there are of each kind."""
    named = cast(identity.c.profile, Text).contains('"is_named":true')
    query = select(identity.c.kind, func.count()).where(named).group_by(identity.c.kind)
    return dict(_pairs(store, query))


def name_identities(store: Store, ids: Iterable[str]) -> dict[str, NameRow]:
    """The identities of some ids, by id; ids of nobody are left out."""
    found: dict[str, NameRow] = {}
    with store._reading() as connection:
        for some in _split(ids):
            query = select(identity.c.id, identity.c.profile).where(identity.c.id.in_(some))
            found |= {row.id: _make_name(row.profile, 0) for row in connection.execute(query)}
    return found


def count_articles(store: Store, identity_id: str) -> int:
    """In how many articles an identity is met."""
    with store._reading() as connection:
        numbers = _find_numbers(connection, [identity_id])
        query = select(func.count(_member.document.distinct())).where(_member.identity.in_(numbers))
        return connection.scalar(query) or 0


def _make_name(body: bytes, n_articles: int) -> NameRow:
    profile = unpack_profile(body)
    titles = [post.title for post in profile.posts]
    return NameRow(
        id=profile.id,
        kind=profile.kind,
        name=profile.names[0] if profile.names else profile.id,
        aliases=profile.names[1:],
        country=profile.country,
        lat=profile.lat,
        lon=profile.lon,
        office=titles[-1] if titles else "",
        first=profile.first,
        last=profile.last,
        n_articles=n_articles,
    )


# Quotations and claims ---------------------------------------------------------------------------


def list_quotations(
    store: Store,
    *,
    speaker: Sequence[str] | None = None,
    words: str = "",
    mode: str | None = None,
    start: str | None = None,
    end: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[tuple[SaidRow, ...], int]:
    """A page of quotations, the latest reported first, and how many there are."""
    of = quotation.c
    where: list[ColumnElement[bool]] = [of.mode == mode] if mode else []
    where += [of.text.icontains(words, autoescape=True)] if words else []
    with store._reading() as connection:
        if speaker is not None:
            where.append(_mentions(connection, speaker, quotation, "speakers"))
        rows, total = _page(connection, quotation, where, (start, end), limit, offset)
        ids = [(json.loads(row.speakers), row.to) for row in rows]
        homes = find_homes(connection, {i for some, to in ids for i in (*some, to) if i})
    said = tuple(
        SaidRow(
            source=make_source(row),
            id=row.fact,
            speakers=tuple(homes.get(i, i) for i in speakers),
            mode=Mode(row.mode),
            text=row.text,
            to=homes.get(to or "", to),
        )
        for row, (speakers, to) in zip(rows, ids, strict=True)
    )
    return said, total


def list_claims(
    store: Store,
    *,
    about: Sequence[str] | None = None,
    words: str = "",
    kind: str | None = None,
    verdict: str | None = None,
    start: str | None = None,
    end: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[tuple[ClaimRow, ...], int]:
    """A page of claims, the latest reported first, and how many there are."""
    of = claim.c
    where: list[ColumnElement[bool]] = [of.kind == kind] if kind else []
    where += [of.verdict == verdict] if verdict else []
    where += [of.text.icontains(words, autoescape=True)] if words else []
    with store._reading() as connection:
        if about is not None:
            where.append(_mentions(connection, about, claim, "about"))
        rows, total = _page(connection, claim, where, (start, end), limit, offset)
        ids = [(json.loads(row.about), row.by) for row in rows]
        homes = find_homes(connection, {i for some, by in ids for i in (*some, by)})
    claims = tuple(
        ClaimRow(
            source=make_source(row),
            id=row.fact,
            kind=ClaimKind(row.kind),
            by=homes.get(by, by),
            about=tuple(homes.get(i, i) for i in some),
            text=row.text,
            value=row.value,
            unit=row.unit,
            verdict=row.verdict,
        )
        for row, (some, by) in zip(rows, ids, strict=True)
    )
    return claims, total


def count_claims(store: Store) -> tuple[tuple[str, int], ...]:
    """How many claims there are of each kind, the most first."""
    return _pairs(
        store, select(claim.c.kind, func.count()).group_by(claim.c.kind).order_by(func.count().desc())
    )


def find_counting(store: Store, *, about: Sequence[str] | None = None, limit: int) -> tuple[str, ...]:
    """The articles that count something, all or those that name somebody, the latest published first."""
    counts = select(claim.c.document).where(claim.c.kind == ClaimKind.COUNT.value)
    query = select(document.c.id).where(document.c.number.in_(counts))
    with store._reading() as connection:
        if about is not None:
            named = select(_member.document).where(_member.identity.in_(_find_numbers(connection, about)))
            query = query.where(document.c.number.in_(named))
        return tuple(connection.scalars(query.order_by(_day.desc().nulls_last()).limit(limit)))


def _page(
    connection: Connection,
    table: Any,
    where: list[ColumnElement[bool]],
    days: tuple[str | None, str | None],
    limit: int,
    offset: int,
) -> tuple[Sequence[Any], int]:
    """A page of facts with their articles, the latest published first, and the number of all."""
    start, end = days
    where = [*where, *([_day >= start] if start else []), *([_day <= end] if end else [])]
    counted = select(func.count()).select_from(table)
    if any(days):
        counted = counted.join(document, document.c.number == table.c.document)
    counted = counted.where(*where)
    n = func.count().over() if where else counted.scalar_subquery()
    columns = [column for column in table.c if column.name not in ("id", "document")]
    query = select(table.c.id.label("fact"), n.label("n"), *columns, *SOURCE)
    query = query.join(document, document.c.number == table.c.document).where(*where)
    ordered = query.order_by(_day.desc().nulls_last(), document.c.number.desc(), table.c.id)
    rows = connection.execute(ordered.limit(limit).offset(offset)).all()
    return rows, rows[0].n if rows else connection.scalar(counted) or 0


def _mentions(connection: Connection, ids: Sequence[str], table: Any, field: str) -> ColumnElement[bool]:
    """Whether a JSON list of entity ids in a fact names a member of one of the identities."""
    of = table.alias().c
    found = (
        select(of.document, of.id)
        .select_from(identity_member)
        .join(of.document.table, of.document == _member.document)
        .where(
            _member.identity.in_(_find_numbers(connection, ids)), func.instr(of[field], _member.entity) > 0
        )
    )
    return tuple_(table.c.document, table.c.id).in_(found)


# Parts -------------------------------------------------------------------------------------------


def _find_numbers(connection: Connection, ids: Sequence[str]) -> Sequence[int]:
    """The numbers of identities by their ids."""
    return connection.scalars(select(identity.c.number).where(identity.c.id.in_(list(ids)))).all()


def _match(connection: Connection, table: str, words: str) -> list[int]:
    query = fulltext.make_query(words)
    if not query:
        return []
    return [number for number, _ in fulltext.match(connection, table, query, limit=MOST_MATCHES)]


def make_source(row: Any) -> SourceRow:
    """The article a row of SOURCE columns names."""
    return SourceRow(
        number=row.number, id=row.id, title=row.title, published=row.published, publisher=row.publisher
    )


def _pairs(store: Store, query: Any) -> tuple[tuple[str, int], ...]:
    with store._reading() as connection:
        return tuple((value, n) for value, n in connection.execute(query))


def _split(values: Iterable[Any]) -> Iterable[list[Any]]:
    kept = list(dict.fromkeys(values))
    return (kept[i : i + MOST_ASKED] for i in range(0, len(kept), MOST_ASKED))
