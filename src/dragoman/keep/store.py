"""The store: articles with their readings, searched by word and name, and people's judgements.

One writer, many readers. Every change is one transaction, so a killed program leaves what it had
acknowledged and nothing else. A power cut may cost the last seconds of reading, which can be read
again, but no judgement: those are forced to the disk.
"""

from __future__ import annotations

import difflib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, delete, func, insert, or_, select

from dragoman.concord import Attested, Decision, Edge, Identity, Judgement, Placement, Profile
from dragoman.errors import NotFoundError, RecordError, StoreError
from dragoman.keep import attested, connect, identities, ledger, migrate, schema, search, write
from dragoman.keep.fulltext import fold_words, purge
from dragoman.keep.ledger import Order, Wanted
from dragoman.keep.project import check_unique
from dragoman.keep.rows import ArticleRow, AttestedRow, EngagementRow, Hit, NamedRow, StoreStatus
from dragoman.keep.settling import Settling
from dragoman.record import (
    EngagementKind,
    EntityKind,
    Reading,
    Status,
    check_reading,
    decode_reading,
)

Clock = Callable[[], datetime]
PAGE = 100  # rows fetched at once by everything that iterates
WAIT = 5.0  # seconds a writer stands in line for another
SHORTEST_PREFIX = 4  # characters of an id that may stand for it


def tell_time() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class Store:
    """An open store file; close it, or use it in a `with` statement, from one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, clock: Clock) -> None:
        self.path = path
        self._sqlite = connection
        self._engine = connect.make_engine(connection)
        self._clock = clock

    @classmethod
    def open(
        cls, path: str | Path, *, readonly: bool = False, clock: Clock = tell_time, wait: float = WAIT
    ) -> Self:
        """The store in that file, made where there is none yet; older ones are brought forward.

        `wait` is how many seconds a change stands in line for another writer. Raises StoreError
        where the file cannot be used, with the reason.
        """
        path = Path(path)
        if readonly and not path.exists():
            raise StoreError(f"{path} does not exist; read an article into it first")
        with connect.explained(path):
            store = cls(connect.connect(path, readonly=readonly, wait=wait), path, clock)
            try:
                store._prepare(readonly=readonly)
            except BaseException:
                store.close()
                raise
        return store

    def _prepare(self, *, readonly: bool) -> None:
        with self._reading() as connection:
            version = migrate.find_version(connection, self.path)
        migrate.check_version(version, self.path)
        if version == schema.SCHEMA_VERSION:
            return
        if readonly:
            raise StoreError(f"{self.path} is empty or older than this Dragoman; open it once for writing")
        self._sqlite.execute("PRAGMA journal_mode = WAL")
        with self._writing() as connection:
            migrate.upgrade(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()
        self._sqlite.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with connect.explained(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        writer = self._engine.execution_options(writes=True)
        with connect.explained(self.path), writer.begin() as connection:
            yield connection

    # Articles

    def has(self, document_id: str) -> bool:
        """Whether an article of that id is kept."""
        with self._reading() as connection:
            return _find_number(connection, document_id) is not None

    def add(self, reading: Reading, *, raw: bytes = b"", media_type: str = "", source: str = "") -> bool:
        """Keep a document, the bytes it came from and its reading; False where it is kept already.

        Raises RecordError where the reading breaks its own rules; nothing is written then.
        """
        check_reading(reading)
        check_unique(reading)
        body = write.pack_reading(reading)
        with self._writing() as connection:
            if _find_number(connection, reading.document.id) is not None:
                return False
            added_at = self._clock().astimezone(UTC).isoformat(timespec="seconds")
            number = write.insert_document(connection, reading, added_at=added_at)
            write.insert_raw(connection, number, raw, media_type=media_type, source=source)
            write.insert_reading(connection, number, reading, body)
        return True

    def replace(self, reading: Reading, *, original: Reading | None = None) -> None:
        """Put a new reading of a kept document in place of the old one.

        Document, bytes and judgements stay; a publication date learned since is taken over. `original` is
        the reading before people fixed anything in it, where they did. Raises NotFoundError for a document
        not kept, RecordError where its text is not the one kept.
        """
        check_reading(reading)
        check_unique(reading)
        body = write.pack_reading(reading)
        before = None if original is None else write.pack_reading(original)
        with self._writing() as connection:
            number = self._number(connection, reading.document.id)
            content = schema.content.c
            text = connection.scalars(select(content.text).where(content.document == number)).one()
            if text != reading.document.text:
                raise RecordError(
                    f"the text of document {reading.document.id} is not the one in {self.path}; "
                    "a changed text is a new document: add it"
                )
            write.delete_reading(connection, number)
            write.insert_reading(connection, number, reading, body)
            write.update_published(connection, number, reading)
            write.write_original(connection, number, before)

    def reading(self, document_id: str) -> Reading:
        """The reading of an article; NotFoundError where there is none."""
        return decode_reading(zlib.decompress(self._body(schema.reading, document_id)))

    def original(self, document_id: str) -> Reading:
        """The reading of an article as the reader gave it, before people fixed anything in it."""
        with self._reading() as connection:
            number = self._number(connection, document_id)
            of = schema.original.c
            body = connection.scalar(select(of.body).where(of.document == number))
        return self.reading(document_id) if body is None else decode_reading(zlib.decompress(body))

    def raw(self, document_id: str) -> bytes:
        """The bytes the article came from, empty where none were given; NotFoundError for no article."""
        return zlib.decompress(self._body(schema.raw, document_id))

    def _body(self, table: Any, document_id: str) -> bytes:
        with self._reading() as connection:
            number = self._number(connection, document_id)
            return bytes(connection.scalars(select(table.c.body).where(table.c.document == number)).one())

    def _number(self, connection: Connection, document_id: str) -> int:
        number = _find_number(connection, document_id)
        if number is None:
            raise NotFoundError(f"{self.path} holds no article with the id {document_id!r}; add it first")
        return number

    def readings(self) -> Iterator[Reading]:
        """Every reading, in the order the articles were added; memory stays flat."""
        of, last = schema.reading.c, 0
        while True:
            with self._reading() as connection:
                page = connection.execute(
                    select(of.document, of.body).where(of.document > last).order_by(of.document).limit(PAGE)
                ).all()
            if not page:
                return
            yield from (decode_reading(zlib.decompress(row.body)) for row in page)
            last = page[-1].document

    def articles(self, *, limit: int | None = None, newest_first: bool = True) -> Iterator[ArticleRow]:
        """The articles in the order they were added, the last one first unless told otherwise."""
        of, last, left = schema.document.c, None, limit
        while left is None or left > 0:
            query = _select_articles().order_by(of.number.desc() if newest_first else of.number)
            if last is not None:
                query = query.where(of.number < last if newest_first else of.number > last)
            with self._reading() as connection:
                page = connection.execute(query.limit(PAGE if left is None else min(PAGE, left))).all()
            if not page:
                return
            yield from (ArticleRow(**row._mapping) for row in page)
            last, left = page[-1].number, None if left is None else left - len(page)

    def resolve_article(self, ref: str) -> str:
        """The id of the article meant by a running number, an id or its beginning, an address or title.

        Raises NotFoundError that says what is near, or which articles it could be.
        """
        ref = ref.strip()
        with self._reading() as connection:
            for condition in _make_conditions(ref):
                query = select(schema.document.c.id, schema.document.c.number).where(condition)
                rows = connection.execute(query.order_by(schema.document.c.number).limit(4)).all()
                if len(rows) == 1:
                    return str(rows[0].id)
                if rows:
                    which = ", ".join(f"a/{row.number}" for row in rows[:3])
                    more = " and others" if len(rows) > 3 else ""
                    raise NotFoundError(f"{ref!r} is several articles: {which}{more}; name one by its number")
            near = _find_near(connection, ref)
        raise NotFoundError(f"{self.path} holds no article {ref!r}; {near}")

    def forget(self, *document_ids: str) -> None:
        """Remove articles with text, bytes, reading and index; judgements stay.

        The words leave the file too: freed pages are overwritten, the indexes rewritten. That takes
        time in a large store, so forget many articles in one call.
        """
        self._sqlite.execute("PRAGMA secure_delete = ON")
        try:
            with self._writing() as connection:
                for number in {self._number(connection, document_id) for document_id in document_ids}:
                    write.delete_reading(connection, number)
                    connection.execute(delete(schema.document).where(schema.document.c.number == number))
                purge(connection)
        finally:
            self._sqlite.execute("PRAGMA secure_delete = OFF")
        with connect.explained(self.path):
            self._sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # Questions

    def find(self, words: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """The names, engagements and articles that hold all the words, as written or folded."""
        with self._reading() as connection:
            return search.find_hits(connection, words, limit=limit)

    def named(self, name: str, *, kind: EntityKind | str | None = None) -> tuple[NamedRow, ...]:
        """Who and what goes by that name or alias in any article: exact first, then all its words."""
        kind = None if kind is None else EntityKind(kind)
        with self._reading() as connection:
            return search.find_named(connection, name, kind)

    def engagements(
        self,
        *,
        who: str | None = None,
        kind: EngagementKind | str | None = None,
        status: Status | str | None = None,
        place: str | None = None,
        limit: int | None = 100,
    ) -> Iterator[EngagementRow]:
        """Engagements, the latest first; `who` takes part or is taken part for, by name or alias."""
        of, left = schema.engagement.c, limit
        after: tuple[str, int] | None = None
        conditions = [column == value for column, value in ((of.kind, kind), (of.status, status)) if value]
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            with self._reading() as connection:
                rows, after = search.find_engagements(
                    connection, who=who, place=place, conditions=conditions, after=after, limit=size
                )
            yield from rows
            if after is None:
                return
            left = None if left is None else left - len(rows)

    # Judgements

    def judge(self, judgement: Judgement) -> int:
        """Add a judgement and give back its number; it can be undone by another, never changed."""
        return self.judge_all((judgement,))[0]

    def judge_all(self, judgements: Iterable[Judgement]) -> tuple[int, ...]:
        """Add judgements, all of them or none; their numbers."""
        self._sqlite.execute("PRAGMA synchronous = FULL")
        try:
            with self._writing() as connection:
                return tuple(self._insert_judgement(connection, row) for row in judgements)
        finally:
            self._sqlite.execute("PRAGMA synchronous = NORMAL")

    def _insert_judgement(self, connection: Connection, judgement: Judgement) -> int:
        if judgement.undoes is not None:
            self._check_judgement(connection, judgement.undoes)
        columns = [name for name in judgement.__struct_fields__ if name != "id"]
        row = {name: getattr(judgement, name) for name in columns}
        result = connection.execute(insert(schema.judgement), row)
        attested.mark_judged(connection, judgement)
        return write.get_key(result)

    def _check_judgement(self, connection: Connection, number: int) -> None:
        known = connection.scalars(select(schema.judgement.c.id).where(schema.judgement.c.id == number))
        if known.first() is None:
            raise NotFoundError(f"{self.path} holds no judgement {number}; it cannot be undone")

    def judgements(self, *, target: str | None = None) -> Iterator[Judgement]:
        """The judgements in the order they were given, all or those about one id, on either side."""
        of, last = schema.judgement.c, 0
        while True:
            query = select(schema.judgement).where(of.id > last).order_by(of.id).limit(PAGE)
            with self._reading() as connection:
                page = connection.execute(
                    query if target is None else query.where(or_(of.target == target, of.other == target))
                ).all()
            if not page:
                return
            yield from map(identities.read_judgement, page)
            last = page[-1].id

    def fixing_judgements(self) -> tuple[Judgement, ...]:
        """The judgements that fix a value, and those that undo any, in the order they were given."""
        of = schema.judgement.c
        query = select(schema.judgement).where(or_(of.action == Decision.FIXED.value, of.undoes.is_not(None)))
        with self._reading() as connection:
            return tuple(map(identities.read_judgement, connection.execute(query.order_by(of.id))))

    def find_document(self, fact_id: str) -> str | None:
        """The id of the article that has an engagement, role, quotation or claim of that id."""
        with self._reading() as connection:
            for table in (schema.engagement, schema.role, schema.quotation, schema.claim):
                query = select(schema.document.c.id).join(table, table.c.document == schema.document.c.number)
                if found := connection.scalar(query.where(table.c.id == fact_id)):
                    return str(found)
        return None

    # Who is who

    def identities(self, kind: EntityKind | str | None = None) -> Iterator[Identity]:
        """Everybody and everything over all articles, in the order they were first met."""
        kind, last = None if kind is None else EntityKind(kind), 0
        while True:
            with self._reading() as connection:
                page, last = identities.find_page(connection, kind=kind, after=last, limit=PAGE)
            if not page:
                return
            yield from page

    def identity(self, entity_id: str) -> Identity:
        """The identity that goes by an id or has a member of that id; NotFoundError where there is none."""
        with self._reading() as connection:
            found = identities.find_identity(connection, entity_id)
        if found is None:
            raise NotFoundError(f"{self.path} knows nobody and nothing by the id {entity_id!r}")
        return found

    def identities_named(self, name: str) -> tuple[Identity, ...]:
        """Whoever bears exactly that name, letters folded, in some article."""
        with self._reading() as connection:
            ids = identities.find_named(connection, fold_words(name))
        return tuple(map(self.identity, ids))

    def canonical(self, reading: Reading) -> Mapping[str, str]:
        """The identity of each entity of a reading; one not settled yet stands for itself."""
        ids = [entity.id for entity in reading.entities]
        return {entity_id: entity_id for entity_id in ids} | self.homes(ids)

    def homes(self, entity_ids: Iterable[str]) -> dict[str, str]:
        """The identity each of some entities belongs to; those of none are left out."""
        with self._reading() as connection:
            return identities.find_homes(connection, entity_ids)

    def candidates(self, wanted: Iterable[Sequence[str]]) -> tuple[tuple[Profile, ...], ...]:
        """For each list of block keys the profiles of the identities met under them."""
        with self._reading() as connection:
            return identities.find_candidates(connection, wanted)

    def profiles(self, entity_id: str) -> tuple[Profile, ...]:
        """What each report tells of the members of an identity, in the order the reports were kept."""
        with self._reading() as connection:
            number = identities.find_number(connection, entity_id)
            return () if number is None else identities.list_members(connection, number)

    def pair_judgements(self) -> tuple[Judgement, ...]:
        """The judgements on two ids, and those that undo any, in the order they were given."""
        with self._reading() as connection:
            return identities.find_pair_judgements(connection)

    def place(self, document_id: str, placements: Iterable[Placement]) -> None:
        """Write which identities the entities of an article join, in place of those they were in."""
        with self._writing() as connection:
            identities.place(connection, self._number(connection, document_id), placements)

    def put_in(self, placement: Placement) -> None:
        """Write which identity one entity joins that was taken out."""
        with self._writing() as connection:
            identities.put_in(connection, placement)

    def take_out(self, entity_ids: Iterable[str]) -> tuple[Placement, ...]:
        """Take entities out of their identities; what each was, to be put in again."""
        with self._writing() as connection:
            return identities.take_out(connection, entity_ids)

    def unite(self, one_id: str, other_id: str) -> None:
        """Make two identities one."""
        with self._writing() as connection:
            identities.unite_ids(connection, one_id, other_id)

    def rebuild_identities(
        self,
        profiles: Iterable[Profile],
        keys: Iterable[tuple[str, str]],
        homes: Mapping[str, str],
        build: Callable[[Reading], Iterable[Profile]],
        doubts: Mapping[str, Edge] | None = None,
    ) -> None:
        """Write all identities anew: their profiles, (key, identity id), and where each entity is at home.

        `doubts` are the pairs a person is to be asked about, by the entity id of the first.
        """
        with self._writing() as connection:
            identities.rebuild(connection, profiles, keys, homes, build, doubts or {})

    # Engagements over all articles

    def attested(self, engagement_id: str) -> Attested:
        """One engagement as all its reports tell it: witnesses, every field with who tells what, its life.

        The id is its own or that of any report of it; NotFoundError where there is none. Participants and
        places are identity ids. Of very many witnesses the first and last are told.
        """
        with self._reading() as connection:
            found = ledger.find_one(connection, engagement_id)
        if found is None:
            raise NotFoundError(f"{self.path} knows no engagement {engagement_id!r}; ids are in the ledger")
        return found

    def attested_of(self, engagement_ids: Iterable[str]) -> dict[str, str]:
        """The id over all articles of each reported engagement; those not settled are left out."""
        with self._reading() as connection:
            numbers = attested.find_homes(connection, engagement_ids)
            ids = ledger.find_ids(connection, list(set(numbers.values())))
        return {engagement: ids[number] for engagement, number in numbers.items()}

    def list_attested(
        self, wanted: Wanted, *, order: Order = Order.OLDEST, limit: int = PAGE, offset: int = 0
    ) -> tuple[AttestedRow, ...]:
        """A page of the engagements over all articles, in order of their first days, undated ones last.

        `Wanted` says whose, where, when and of which kind. An id of nobody gives an empty page.
        """
        with self._reading() as connection:
            return ledger.find_page(connection, wanted, order=order, limit=limit, offset=offset)

    def count_attested(self, wanted: Wanted) -> int:
        """How many engagements such a list has in all."""
        with self._reading() as connection:
            return ledger.count(connection, wanted)

    def iter_attested(self, wanted: Wanted, *, order: Order = Order.OLDEST) -> Iterator[AttestedRow]:
        """The whole list, page after page; memory stays flat."""
        after: tuple[str, int] | None = None
        while True:
            with self._reading() as connection:
                page = ledger.find_page(connection, wanted, order=order, after=after, limit=PAGE)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].day, page[-1].number

    def find_office(self, identity_id: str, day: str) -> tuple[str, str | None] | None:
        """The office in which the engagements nearest to an ISO day saw somebody, and what it is of."""
        with self._reading() as connection:
            return ledger.find_office(connection, identity_id, day)

    def counting(self, identity_id: str | None = None) -> Iterator[Reading]:
        """The readings that count something, all or those that name an identity, in order."""
        last = 0
        while True:
            with self._reading() as connection:
                number = identities.find_number(connection, identity_id) if identity_id else None
                page = ledger.find_counting(connection, identity=number, after=last, limit=PAGE)
            yield from (decode_reading(zlib.decompress(row.body)) for row in page)
            if len(page) < PAGE:
                return
            last = page[-1].document

    def unsettled(self, limit: int = PAGE) -> tuple[str, ...]:
        """The ids of articles whose engagements are not yet compared with all others, in order."""
        with self._reading() as connection:
            return attested.find_marked(connection, limit)

    @contextmanager
    def settling(self) -> Iterator[Settling]:
        """One transaction in which an article is compared with all others and the outcome written."""
        with self._writing() as connection:
            yield Settling(connection)

    # The file

    def status(self) -> StoreStatus:
        """How much the store holds, and by which versions of the reader."""
        of = schema.reading.c
        fields = ("n_entities", "n_engagements", "n_quotations", "n_claims")
        sums = [func.coalesce(func.sum(of[field]), 0).label(field) for field in fields]
        readers = select(of.reader, func.count()).group_by(of.reader).order_by(of.reader)
        with self._reading() as connection:
            counts = connection.execute(select(func.count(of.document).label("n_documents"), *sums)).one()
            n_judgements = connection.scalar(select(func.count()).select_from(schema.judgement))
            return StoreStatus(
                path=str(self.path),
                schema_version=schema.SCHEMA_VERSION,
                n_bytes=self.path.stat().st_size,
                n_judgements=n_judgements or 0,
                readers=tuple((reader, count) for reader, count in connection.execute(readers)),
                **counts._mapping,
            )

    def backup(self, path: str | Path) -> None:
        """Write a sound copy to a new file while others read and write; StoreError where it exists."""
        path = Path(path)
        if path.exists():
            raise StoreError(f"{path} exists already; name a new file for the copy")
        with connect.explained(path):
            self._sqlite.execute("VACUUM INTO ?", (str(path),))


def _find_number(connection: Connection, document_id: str) -> int | None:
    query = select(schema.document.c.number).where(schema.document.c.id == document_id)
    return connection.scalar(query)


def _select_articles() -> Any:
    columns = [column for column in schema.document.c if column.name != "published_source"]
    counts = [column for column in schema.reading.c if column.name not in ("document", "body")]
    return select(*columns, *counts).join(
        schema.reading, schema.reading.c.document == schema.document.c.number
    )


def _make_conditions(ref: str) -> Iterator[Any]:
    """What a reference may mean, the surest first."""
    of, number = schema.document.c, ref.removeprefix("a/")
    if number.isascii() and number.isdigit() and len(number) < 16:
        yield of.number == int(number)
    yield of.id == ref
    if len(ref) >= SHORTEST_PREFIX:
        yield of.id.startswith(ref, autoescape=True)
    yield or_(of.url == ref, of.title == ref)


def _find_near(connection: Connection, ref: str) -> str:
    """What somebody who wrote `ref` could have meant, as the end of a sentence."""
    of = schema.document.c
    last = connection.scalar(select(func.max(of.number)))
    if last is None:
        return "it holds no articles yet"
    rows = connection.execute(select(of.number, of.title).order_by(of.number.desc()).limit(1000)).all()
    titles = {row.title: row.number for row in rows if row.title}
    near = difflib.get_close_matches(ref, titles, n=1, cutoff=0.5)
    if near:
        return f"near is a/{titles[near[0]]} {near[0]!r}"
    return f"its articles go up to a/{last}; name one by number, id, address or title"
