from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from dragoman.acquire.sources import list_sources
from dragoman.errors import NotFoundError
from dragoman.keep.store import Store
from dragoman.pipeline import (
    Outcome,
    count_documents,
    find_article,
    read_safely,
    read_sources,
    redate_article,
    reread,
)
from dragoman.record import Document, Reading
from tests.conftest import EXAMPLES

READER = "fakes:load_reader"


def _kinds(outcomes: list[Outcome]) -> list[str]:
    return ["read" if outcome.reading else "skipped" if outcome.skipped else "failed" for outcome in outcomes]


@pytest.mark.parametrize("jobs", [0, 1])
def test_read_sources_goes_on_after_errors_and_names_the_source(articles: list[str], jobs: int) -> None:
    outcomes = list(read_sources(articles, jobs=jobs, reader=READER))
    assert sorted(o.source for o in outcomes) == sorted(articles)
    outcomes.sort(key=lambda outcome: outcome.source)
    assert _kinds(outcomes) == ["read", "failed", "read", "failed", "failed", "read"]
    for outcome in outcomes:
        if outcome.error:
            assert Path(outcome.source).name in str(outcome.error)
            assert "\n" not in str(outcome.error)


def test_read_sources_with_two_workers_reads_the_same(articles: list[str]) -> None:
    one = read_sources(articles, jobs=1, reader=READER)
    two = read_sources(articles, jobs=2, reader=READER)
    assert {o.source: o.reading for o in one} == {o.source: o.reading for o in two}


def test_read_sources_keeps_and_then_skips(articles: list[str], tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "record.db")) as store:
        first = next(read_sources(articles[:1], store=store, jobs=0, reader=READER))
        again = next(read_sources(articles[:1], store=store, jobs=1, reader="fakes:load_nothing"))
        assert first.reading
        assert again == Outcome(articles[0], skipped=first.reading.document.id)
        assert store.raw(first.reading.document.id).startswith(b"The ministers")


def test_read_sources_skips_the_same_words_from_another_file(articles: list[str], tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(Path(articles[0]).read_bytes())
    with closing(Store.open(tmp_path / "record.db")) as store:
        outcomes = list(read_sources([articles[0], str(copy)], store=store, jobs=0, reader=READER))
    assert _kinds(outcomes) == ["read", "skipped"]


def test_read_sources_stops_at_the_limit_and_goes_on_later(articles: list[str], tmp_path: Path) -> None:
    good = [articles[0], articles[2], articles[5]]
    with closing(Store.open(tmp_path / "record.db")) as store:
        assert _kinds(list(read_sources(good, store=store, jobs=1, limit=2, reader=READER))) == ["read"] * 2
        rest = list(read_sources(good, store=store, jobs=1, limit=2, reader=READER))
        assert _kinds(rest) == ["skipped", "skipped", "read"]


def test_read_sources_stopped_midway_keeps_what_it_yielded(articles: list[str], tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "record.db")) as store:
        outcomes = read_sources(articles, store=store, jobs=1, reader=READER)
        first = next(outcomes)
        outcomes.close()
        assert first.reading
        assert store.has(first.reading.document.id)
        assert len(tuple(store.articles())) == 1


def test_read_sources_reads_a_crash_as_an_error(tmp_path: Path) -> None:
    lines = [{"text": f"The two ministers met in Oslo on day {n} of the talks."} for n in range(3)]
    lines[1]["text"] += " TEST-CRASH"
    source = tmp_path / "three.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    outcomes = list(read_sources([str(source)], jobs=1, reader=READER))
    assert _kinds(outcomes) == ["read", "failed", "read"]
    assert f"{source}:2: the reader crashed (SIGSEGV)" in str(outcomes[1].error)


def test_count_documents_counts_without_reading() -> None:
    assert count_documents(list_sources([str(EXAMPLES)])) == 8
    assert count_documents([str(EXAMPLES / "visit.txt"), "missing.jsonl"]) == 2
    assert count_documents(["-"]) == 1
    assert count_documents([str(EXAMPLES / "visit.txt"), "archive.warc.gz"]) is None
    assert count_documents(["https://example.org/feed.xml"]) is None


def test_redate_article_gives_the_date_and_keeps_it(articles: list[str], tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "record.db")) as store:
        (outcome,) = read_sources(articles[:1], store=store, jobs=0, reader=READER)
        assert outcome.reading
        id_ = outcome.reading.document.id
        redate_article(store, id_, date(2026, 3, 14))
        assert store.reading(id_).document.published == "2026-03-14"


def test_find_article_knows_the_file_it_was_read_from(articles: list[str], tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "record.db")) as store:
        (outcome,) = read_sources(articles[:1], store=store, jobs=0, reader=READER)
        assert outcome.reading
        assert find_article(store, articles[0]) == outcome.reading.document.id
        with pytest.raises(NotFoundError):
            find_article(store, articles[2])


def test_reread_replaces_every_reading(articles: list[str], tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "record.db")) as store:
        list(read_sources(articles, store=store, jobs=0, reader=READER))
        redate_article(store, "1", date(2026, 3, 14))
        before = {reading.document.id: reading.document for reading in store.readings()}
        assert _kinds(list(reread(store, jobs=0, reader=READER))) == ["read"] * 3
        assert {reading.document.id: reading.document for reading in store.readings()} == before


def test_read_safely_answers_a_crash_with_an_error() -> None:
    def fail(document: Document) -> Reading:
        raise ZeroDivisionError("told to")

    assert "ZeroDivisionError: told to" in str(read_safely(fail, Document(id="d", text="text")))
