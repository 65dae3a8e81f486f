from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.concord import Decision, Judgement
from dragoman.errors import NotFoundError, RecordError, StoreError
from dragoman.keep.schema import SCHEMA_VERSION
from dragoman.keep.store import Store
from dragoman.record import EngagementKind, EntityKind, Reading, Status
from dragoman.text import normalise_text
from tests.factory import TEXT, TITLE, make_document, make_reading

AT = "2024-01-01T00:00:00Z"
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
FOREIGN = "Tural Məmmədzadə met Oren Calvaz in Şəhərcik. Fatma Əlibəyli stayed away."


def open_store(path: Path, **options: object) -> Store:
    return Store.open(path / "news.db", clock=lambda: NOON, **options)  # type: ignore[arg-type]


def make_foreign() -> Reading:
    document = make_document(FOREIGN, title="Şəhərcik", published="2020-01-02", url=None)
    return make_reading(document, person="Tural Məmmədzadə", place="Şəhərcik")


def make_many(count: int) -> list[Reading]:
    texts = [f"Nadira Vesholt met Oren Calvaz in Lirgate, report {n}." for n in range(count)]
    return [make_reading(make_document(text, title=f"Report {n}")) for n, text in enumerate(texts)]


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every projected row without the numbers that differ from one writing to the next."""
    with closing(sqlite3.connect(store.path)) as connection:
        return {
            "entity": connection.execute("SELECT * FROM entity ORDER BY 1, 2").fetchall(),
            "names": connection.execute(
                "SELECT folded, kind, document, entity, n_mentions FROM entity_name "
                "JOIN name ON number = name "
                "ORDER BY 1, 2, 3, 4"
            ).fetchall(),
            "engagement": connection.execute(
                "SELECT document, id, kind, status, day, quote, folded FROM engagement ORDER BY 1, 2"
            ).fetchall(),
        }


# Articles


def test_add_gives_back_the_same_reading_and_bytes(tmp_path: Path) -> None:
    reading = make_reading()
    with open_store(tmp_path) as store:
        assert store.add(reading, raw=b"<p>bytes", media_type="text/html", source="a.html")
        assert store.has(reading.document.id)
        assert store.reading(reading.document.id) == reading
        assert store.raw(reading.document.id) == b"<p>bytes"
    with open_store(tmp_path, readonly=True) as store:
        assert store.reading(reading.document.id) == reading


def test_add_skips_what_is_kept(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.add(make_reading())
        assert not store.add(make_reading(reader="test-2"))
        assert store.status().readers == (("test-1", 1),)


def test_add_refuses_words_that_are_not_the_documents(tmp_path: Path) -> None:
    reading = make_reading()
    moved = msgspec.structs.replace(reading.mentions[0], start=1)
    with open_store(tmp_path) as store:
        with pytest.raises(RecordError, match="read the document again"):
            store.add(msgspec.structs.replace(reading, mentions=(moved,)))
        assert not store.has(reading.document.id)


def test_add_refuses_two_facts_of_one_id(tmp_path: Path) -> None:
    reading = make_reading()
    twice = msgspec.structs.replace(reading, entities=reading.entities + reading.entities[:1])
    with open_store(tmp_path) as store, pytest.raises(RecordError, match="two entities with the id"):
        store.add(twice)


def test_add_refuses_half_a_character(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, pytest.raises(RecordError, match="lone surrogate"):
        store.add(make_reading(make_document("broken \ud800 text")))


words = st.text(max_size=60).map(normalise_text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.none() | words, person=words.filter(str.strip), tail=words, raw=st.binary(max_size=200))
def test_any_reading_comes_back_as_it_was(
    tmp_path: Path, title: str | None, person: str, tail: str, raw: bytes
) -> None:
    document = make_document(f"{person} met Oren Calvaz. {tail}", title=title)
    reading = make_reading(document, person=person)
    with open_store(tmp_path) as store:
        if store.add(reading, raw=raw):
            assert store.raw(document.id) == raw
            assert store.reading(document.id) == reading
        store.find(tail)
        store.named(person)


def test_replace_rebuilds_rows_and_takes_the_date(tmp_path: Path) -> None:
    reading = make_reading()
    dated = msgspec.structs.replace(reading.document, published="2021-03-09")
    with open_store(tmp_path) as store:
        store.add(reading, raw=b"bytes")
        before = dump(store)
        store.replace(reading)
        assert dump(store) == before
        store.replace(make_reading(dated, entities=(), mentions=(), engagements=(), quotations=(), roles=()))
        (row,) = store.articles()
        assert (row.published, row.n_engagements, row.added_at) == (
            "2021-03-09",
            0,
            "2024-05-06T12:00:00+00:00",
        )
        assert store.named("Vesholt") == ()
        assert store.raw(reading.document.id) == b"bytes"


def test_replace_refuses_a_changed_text(tmp_path: Path) -> None:
    reading = make_reading()
    changed = msgspec.structs.replace(reading.document, text=TEXT + " More.")
    with open_store(tmp_path) as store:
        store.add(reading)
        with pytest.raises(RecordError, match="add it"):
            store.replace(msgspec.structs.replace(reading, document=changed))
        assert store.reading(reading.document.id) == reading


def test_unknown_ids_are_not_found(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for ask in (store.reading, store.raw, store.forget):
            with pytest.raises(NotFoundError, match="'feed'"):
                ask("feed")
        with pytest.raises(NotFoundError):
            store.replace(make_reading())


def test_readings_and_articles_keep_their_order(tmp_path: Path) -> None:
    many = make_many(105)  # more than a page
    with open_store(tmp_path) as store:
        for reading in many:
            store.add(reading)
        assert list(store.readings()) == many
        assert [row.number for row in store.articles()] == list(range(105, 0, -1))
        assert [row.title for row in store.articles(limit=2, newest_first=False)] == ["Report 0", "Report 1"]
        assert len(list(store.engagements(limit=None))) == 105
        assert len(list(store.engagements(who="Calvaz", limit=None))) == 105
        assert len(list(store.engagements(who="Calvaz", limit=3))) == 3


def test_resolve_article(tmp_path: Path) -> None:
    reading, foreign = make_reading(), make_foreign()
    first, second = reading.document.id, foreign.document.id
    with open_store(tmp_path) as store:
        with pytest.raises(NotFoundError, match="no articles yet"):
            store.resolve_article("1")
        store.add(reading)
        store.add(foreign)
        for ref in ("1", "a/1", first, first[:6], reading.document.url or "", TITLE):
            assert store.resolve_article(ref) == first
        assert store.resolve_article("Şəhərcik") == second
        with pytest.raises(NotFoundError, match="near is a/1 'Envoy meets"):
            store.resolve_article("Envoy meets harbor council")
        with pytest.raises(NotFoundError, match="up to a/2"):
            store.resolve_article("9")
        store.add(make_reading(make_document("Another text.", title=TITLE)))
        with pytest.raises(NotFoundError, match="several articles: a/1, a/3"):
            store.resolve_article(TITLE)


def test_forget_leaves_nothing_but_judgements(tmp_path: Path) -> None:
    reading, kept = make_reading(), make_foreign()
    with open_store(tmp_path) as store:
        store.add(reading, raw=TEXT.encode())
        store.add(kept)
        store.judge(Judgement(at=AT, by="ada", target=reading.document.id, action=Decision.ACCEPTED))
        store.forget(reading.document.id)
        assert not store.has(reading.document.id)
        assert store.find("harbours") == ()
        assert store.named("Vesholt") == ()
        assert [row.number for row in store.articles()] == [2]
        assert len(list(store.judgements())) == 1
        assert store.add(reading)
        assert store.resolve_article("a/3") == reading.document.id
        store.forget(reading.document.id, reading.document.id)
    found = (tmp_path / "news.db").read_bytes().lower()
    assert b"tural" in found
    assert b"vesholt" not in found
    assert b"harbours" not in found


# Questions


@pytest.mark.parametrize(
    "words",
    ["Mammadzada", "Məmmədzadə", "mammadzada calvaz", "sheharcik", "Əlibəyli", "Alibayli", "SHAHARCIK"],
)
def test_find_folds_names(tmp_path: Path, words: str) -> None:
    with open_store(tmp_path) as store:
        store.add(make_reading())
        store.add(make_foreign())
        found = {hit.number for hit in store.find(words)}
    assert found == ({2} if words != "sheharcik" else set())


def test_find_gives_kinds_and_words_in_place(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(make_reading())
        hits = store.find("Vesholt")
        assert hits[0].kind == "person"
        assert {hit.kind for hit in hits} == {"person", "engagement", "text"}
        assert all(TEXT[hit.start : hit.end] == hit.words and 0 <= hit.score <= 1 for hit in hits)
        assert store.find("Nadira Vesholt")[0].score == 1.0
        (title,) = store.find("Envoy")
        assert (title.kind, title.words, title.start, title.end) == ("text", TITLE, 0, 0)
        assert len(store.find("Vesholt", limit=2)) == 2


@pytest.mark.parametrize(
    "words", ["", " ", '"', "AND", "NEAR(", "a* OR", "title:x", "^", "-", "_", "()'", "\x00", "ə" * 999]
)
def test_find_takes_any_input(tmp_path: Path, words: str) -> None:
    with open_store(tmp_path) as store:
        store.add(make_reading())
        assert store.find(words) == ()
        assert store.named(words) == ()


def test_named_groups_over_articles(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(make_reading())
        store.add(make_foreign())
        (calvaz,) = store.named("calvaz")
        assert (calvaz.name, calvaz.n_documents, calvaz.n_mentions) == ("Oren Calvaz", 2, 2)
        assert calvaz.documents == (make_foreign().document.id, make_reading().document.id)
        assert store.named("Oren Calvaz")[0].is_exact
        assert store.named("calvaz", kind=EntityKind.PLACE) == ()
        assert [row.name for row in store.named("Mammadzada", kind="person")] == ["Tural Məmmədzadə"]


def test_engagements_by_who_kind_status_and_place(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(make_foreign())
        store.add(make_reading())

        def ask(**conditions: object) -> list[int]:
            return [row.number for row in store.engagements(**conditions)]  # type: ignore[arg-type]

        assert ask() == ask(who="Calvaz") == [2, 1]
        assert ask(who="Vesholt", place="Lirgate") == ask(place="lirgate") == [2]
        assert ask(who="Vesholt", place="Shaharcik") == ask(who="Nobody") == []
        assert ask(kind=EngagementKind.MEETING, status=Status.HELD) == [2, 1]
        assert ask(who="Calvaz", kind="visit") == ask(status="planned") == []
        row = next(store.engagements(who="Vesholt"))
    assert (row.earliest, row.place, row.words) == ("2021-03-03", "Lirgate", "met")
    assert [taker.name for taker in row.participants] == ["Nadira Vesholt", "Oren Calvaz"]


# Judgements


def test_judgements_are_only_added(tmp_path: Path) -> None:
    first = Judgement(at=AT, by="ada", target="name:vesholt", action=Decision.SAME, other="name:vessholt")
    with open_store(tmp_path) as store:
        number = store.judge(first)
        undo = msgspec.structs.replace(first, action=Decision.UNDONE, undoes=number)
        assert store.judge(undo) == number + 1
        assert next(store.judgements(target="name:vesholt")) == msgspec.structs.replace(first, id=number)
        assert len(list(store.judgements(target="name:vessholt"))) == 2
        assert list(store.judgements(target="else")) == []
        with pytest.raises(NotFoundError, match="no judgement 99"):
            store.judge(msgspec.structs.replace(first, undoes=99))
    with closing(sqlite3.connect(tmp_path / "news.db")) as connection:
        for statement in ("DELETE FROM judgement", "UPDATE judgement SET by = 'eve'"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                connection.execute(statement)


# The file


def test_status_counts(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.status().n_documents == 0
        store.add(make_reading())
        status = store.status()
    assert (status.n_documents, status.n_entities, status.n_engagements) == (1, 3, 1)
    assert (status.n_quotations, status.n_claims, status.readers) == (1, 1, (("test-1", 1),))
    assert status.n_bytes > 0
    assert status.schema_version == SCHEMA_VERSION


def test_backup_is_a_store(tmp_path: Path) -> None:
    reading = make_reading()
    with open_store(tmp_path) as store:
        store.add(reading)
        store.backup(tmp_path / "copy.db")
        with pytest.raises(StoreError, match="exists already"):
            store.backup(tmp_path / "copy.db")
        with pytest.raises(StoreError, match="nowhere"):
            store.backup(tmp_path / "nowhere" / "copy.db")
    with Store.open(tmp_path / "copy.db") as copy:
        assert copy.reading(reading.document.id) == reading
        assert copy.find("harbours")


def test_open_takes_odd_file_names(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a b?c#d%20é.db") as store:
        store.add(make_reading())
    assert (tmp_path / "a b?c#d%20é.db").exists()


def test_readers_see_what_a_writer_adds(tmp_path: Path) -> None:
    with open_store(tmp_path) as writer, open_store(tmp_path, readonly=True) as reader:
        assert writer.add(make_reading())
        assert reader.has(make_reading().document.id)
        with pytest.raises(StoreError, match="read-only"):
            reader.add(make_foreign())


# Bad files


def test_open_says_what_is_not_a_store(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with pytest.raises(StoreError, match="does not exist"):
        Store.open(path, readonly=True)
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="open it once for writing"):
        Store.open(path, readonly=True)
    path.write_bytes(b"this is a letter, not a database " * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(path)
    with pytest.raises(StoreError, match="folder exists"):
        Store.open(tmp_path / "no" / "folder.db")
    with pytest.raises(StoreError, match=str(tmp_path)):
        Store.open(tmp_path)


def test_open_leaves_another_programs_database_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "news.db")) as connection:
        connection.execute("CREATE TABLE song (title)")
    before = (tmp_path / "news.db").read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(tmp_path)
    assert (tmp_path / "news.db").read_bytes() == before


def test_open_refuses_a_newer_version(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "news.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer Dragoman"):
        open_store(tmp_path)


def test_a_locked_store_is_said_and_loses_nothing(tmp_path: Path) -> None:
    reading = make_reading()
    with open_store(tmp_path, wait=0.05) as store, closing(sqlite3.connect(tmp_path / "news.db")) as other:
        store.add(reading)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            store.add(make_foreign())
        assert store.reading(reading.document.id) == reading
        other.rollback()
        assert store.add(make_foreign())


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    kept = make_reading()
    with open_store(tmp_path) as store:
        store.add(kept)
        pages = store._sqlite.execute("PRAGMA page_count").fetchone()[0]
        store._sqlite.execute(f"PRAGMA max_page_count = {pages}")
        big = make_reading(make_document("Long. " * 50_000))
        with pytest.raises(StoreError, match="disk is full"):
            store.add(big)
        store._sqlite.execute("PRAGMA max_page_count = 1000000")
        assert list(store.readings()) == [kept]
        assert store.add(big)


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder of somebody without rights over everything; root lays its rights down for a while."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if is_root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o700)


def test_read_only_files_and_folders(tmp_path: Path) -> None:
    open_store(tmp_path).close()  # what is imported late is imported with all rights
    reading = make_reading()
    with unprivileged() as folder:
        with open_store(folder) as store:
            store.add(reading)
        (folder / "news.db").chmod(0o400)
        with open_store(folder) as store, pytest.raises(StoreError, match="read-only"):
            store.add(make_foreign())
        folder.chmod(0o500)
        with open_store(folder, readonly=True) as store:
            assert store.reading(reading.document.id) == reading
        with pytest.raises(StoreError, match="folder"):
            Store.open(folder / "new.db")


CHILD = """
import sys
from dragoman.keep.schema import SCHEMA_VERSION
from dragoman.keep.store import Store
from tests.keep.test_store import make_many
with Store.open(sys.argv[1]) as store:
    for reading in make_many(5_000):
        store.add(reading)
        print(reading.document.id, flush=True)
"""


def test_a_killed_writer_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(root / "src"), str(root)))}
    command = [sys.executable, "-c", CHILD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        acknowledged = [child.stdout.readline().strip() for _ in range(40)]
        child.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in child.stdout if line.endswith("\n")]
    with Store.open(path) as store:
        assert store._sqlite.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        store._sqlite.execute("INSERT INTO content_index(content_index) VALUES ('integrity-check')")
        assert all(store.has(document_id) for document_id in acknowledged)
        n_documents = store.status().n_documents
        assert n_documents in (len(acknowledged), len(acknowledged) + 1)
        assert len(list(store.readings())) == n_documents
