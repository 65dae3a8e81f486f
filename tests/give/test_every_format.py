"""Every format on gold readings of the corpus, ten thousand synthetic engagements, and odd words."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from dragoman.give.contents import Contents
from dragoman.give.formats import FORMATS, Writer
from eval.gold import gold_reading
from tests.conftest import ROOT
from tests.give import consumers
from tests.give.build import make_contents, make_small, write
from tests.give.ftm_model import read_ftm
from tests.give.synthetic import make_many, make_synthetic


def count_ann(data: bytes) -> int:
    with TemporaryDirectory() as folder:
        return len(consumers.read_ann_zip(data, Path(folder)))


def count_jsonld(data: bytes) -> int:
    """The processor is slow: of a long graph it reads the start."""
    graph = json.loads(data)
    n_nodes = len(graph["@graph"])
    graph["@graph"] = graph["@graph"][:300]
    expanded = jsonld.expand(graph)
    assert len(expanded) == min(300, n_nodes)
    assert all(node["@type"][0].startswith("https://schema.org/") for node in expanded)
    return n_nodes


COUNTS: dict[str, Callable[[bytes], Any]] = {
    "jsonl": lambda data: len(consumers.read_jsonl(data)),
    "evidence": lambda data: len(consumers.read_evidence(data)),
    "ftm": lambda data: len(read_ftm(data)),
    "plover": lambda data: len(consumers.read_rows(data)),
    "historian": lambda data: sum(map(len, consumers.read_historian(data).values())),
    "colt": lambda data: len(consumers.read_rows(data)),
    "graphml": lambda data: consumers.count_graph(consumers.read_graphml(data)),
    "gexf": lambda data: consumers.count_graph(consumers.read_gexf(data)),
    "csv": lambda data: consumers.count_tables(consumers.read_csv(data)),
    "parquet": lambda data: consumers.count_tables(consumers.read_parquet(data)),
    "geojson": lambda data: len(consumers.read_geojson(data).features),
    "ics": lambda data: len(consumers.read_ics(data).walk("VEVENT")),
    "webannotation": lambda data: len(consumers.read_webannotation(data)["items"]),
    "jsonld": count_jsonld,
    "markdown": lambda data: None if consumers.read_markdown(data) else 0,
    "brat": lambda data: len(consumers.read_brat(data)),
    "ann": count_ann,
}
formats = pytest.mark.parametrize("name", sorted(FORMATS))


def find_pair(name: str) -> tuple[Writer, Callable[[bytes], Any]]:
    return FORMATS[name].load(), COUNTS[name]


def check(name: str, contents: Contents) -> None:
    """The consumer reads the file and finds as many entries as the writer says it wrote."""
    writer, count = find_pair(name)
    data, written = write(writer, contents)
    assert count(data) in (written.n_entries, None)


@lru_cache(1)
def read_gold() -> Contents:
    paths = sorted((ROOT / "corpus" / "ann").rglob("*.ann"))
    readings = [gold_reading(path) for path in paths[::10]]
    return make_contents(readings)


@formats
def test_small_record_is_read(name: str) -> None:
    check(name, make_small())


@formats
def test_empty_record_is_a_valid_file(name: str) -> None:
    writer, count = find_pair(name)
    data, written = write(writer, make_contents([]))
    assert written.n_entries == 0
    assert not count(data)
    assert data or name == "ftm"  # no lines are a valid file of lines


@formats
def test_gold_readings_are_read(name: str) -> None:
    check(name, read_gold())


@pytest.mark.slow
@formats
def test_ten_thousand_synthetic_engagements_are_read(name: str) -> None:
    check(name, make_many(10_000))


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@formats
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 30), st.tuples(words, words), words, words)
def test_any_words_are_read(name: str, number: int, names: tuple[str, str], place: str, said: str) -> None:
    check(name, make_contents([make_synthetic(number, names, place, said)]))


@formats
def test_same_record_gives_same_bytes(name: str) -> None:
    writer, _ = find_pair(name)
    assert write(writer, make_small())[0] == write(writer, make_small())[0]


@formats
def test_a_stream_that_cannot_seek_will_do(name: str) -> None:
    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError("a pipe")

        def tell(self) -> int:
            raise OSError("a pipe")

    pipe = Pipe()
    writer, count = find_pair(name)
    written = writer(make_small(), pipe)
    assert count(pipe.getvalue()) in (written.n_entries, None)
