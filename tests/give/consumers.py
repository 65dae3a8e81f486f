"""Every format read by a program that is not ours; each reader fails where the file breaks its format.

Each gives the number of entries it found, counted as `Written.n_entries` counts them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geojson
import networkx
import pyarrow.csv
import pyarrow.parquet
from icalendar import Calendar
from lxml import etree

from corpus.check import read_ann
from dragoman.give.verify import check

CASES = Path(__file__).parent / "cases"
PLAIN = {"T": r"T\d+\t\w+ \d+ \d+(;\d+ \d+)*\t.*", "E": r"E\d+\t\w+:T\d+( \w+:[TE]\d+)*"}


def check_schema(name: str, data: bytes) -> None:
    """Validate XML by a RelaxNG schema of the rules of its format."""
    schema = etree.RelaxNG(etree.parse(CASES / f"{name}.rng"))
    schema.assertValid(etree.fromstring(data, etree.XMLParser(huge_tree=True)))


def read_graphml(data: bytes) -> networkx.MultiGraph:
    check_schema("graphml", data)
    return networkx.parse_graphml(data.decode(), force_multigraph=True)


def read_gexf(data: bytes) -> networkx.MultiGraph:
    check_schema("gexf", data)
    return networkx.MultiGraph(networkx.read_gexf(io.BytesIO(data)))


def count_graph(graph: networkx.MultiGraph) -> int:
    return graph.number_of_nodes() + graph.number_of_edges()


def read_csv(data: bytes) -> dict[str, list[dict[str, str]]]:
    """Every table by name, apostrophes before formulas taken away."""
    tables = {}
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith(".csv"):
                text = io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")
                tables[name[:-4]] = list(csv.DictReader(text, strict=True))
    return tables


def read_parquet(data: bytes) -> dict[str, list[dict[str, Any]]]:
    with ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".parquet")]
        return {
            name[:-8]: pyarrow.parquet.read_table(io.BytesIO(archive.read(name))).to_pylist()
            for name in names
        }


def count_tables(tables: dict[str, list[Any]]) -> int:
    return sum(len(rows) for name, rows in tables.items() if name != "dictionary")


def read_rows(data: bytes) -> list[dict[str, str]]:
    """The rows of one CSV; pyarrow reads it, too, and finds as many."""
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert pyarrow.csv.read_csv(io.BytesIO(data), parse_options=options).num_rows == len(rows)
    return rows


def read_historian(data: bytes) -> dict[str, list[Any]]:
    """The elements of both lists, each valid by its schema."""
    found = {}
    with ZipFile(io.BytesIO(data)) as archive:
        for name in ("visits", "travels"):
            member = archive.read(f"{name}.xml")
            check_schema(name, member)
            found[name] = list(etree.fromstring(member, etree.XMLParser(huge_tree=True)))
    return found


def read_evidence(data: bytes) -> list[dict[str, Any]]:
    """The lines of the record in a bundle that its own program finds sound."""
    with ZipFile(io.BytesIO(data)) as archive:
        assert list(check(archive.read)) == []
        return read_jsonl(archive.read("record.jsonl"))


def read_jsonl(data: bytes) -> list[dict[str, Any]]:
    """Every line but the head, which says what the file is."""
    head, *lines = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    assert head == {"line": "record", "version": 1}
    return lines


def read_geojson(data: bytes) -> Any:
    """A collection valid by the `geojson` package; null geometries are the RFC's way to say nowhere."""
    found = geojson.loads(data.decode())
    assert isinstance(found, geojson.FeatureCollection)
    located = [feature for feature in found.features if feature.geometry is not None]
    assert all(not feature.errors() for feature in located)
    assert all(isinstance(feature.properties, dict) for feature in found.features)
    return found


def read_ics(data: bytes) -> Any:
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(data)
    assert not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        assert event.decoded("DTSTART") < event.decoded("DTEND")
    return calendar


def read_webannotation(data: bytes) -> Any:
    """The page, held against the model: what an annotation, a selector and a body must have."""
    page = json.loads(data)
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    ids = [item["id"] for item in page["items"]]
    assert len(set(ids)) == len(ids)
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["motivation"] in ("identifying", "classifying", "describing")
        for target in item["target"]:
            assert re.match(r"[a-z]+:\S+", target["source"])
            position, quote = target["selector"]
            assert 0 <= position["start"] <= position["end"]
            assert len(quote["exact"]) == position["end"] - position["start"]
    return page


def read_markdown(data: bytes) -> str:
    return data.decode()


def read_brat(data: bytes) -> dict[str, tuple[str, list[str]]]:
    """Text and lines of each document; every offset is held against the text."""
    found = {}
    with ZipFile(io.BytesIO(data)) as archive:
        names = [name[:-4] for name in archive.namelist() if name.endswith(".ann")]
        for name in names:
            text = archive.read(f"{name}.txt").decode()
            lines = archive.read(f"{name}.ann").decode().split("\n")[:-1]
            check_brat(text, lines)
            found[name] = (text, lines)
    return found


def check_brat(text: str, lines: list[str]) -> None:
    ids = [line.split("\t")[0] for line in lines]
    assert len(set(ids)) == len(ids)
    for line in lines:
        id_, body, *rest = line.split("\t")
        if id_[0] in PLAIN:
            assert re.fullmatch(PLAIN[id_[0]], line), line
        if id_[0] == "T":
            pieces = [tuple(map(int, p.split())) for p in body.split(" ", 1)[1].split(";")]
            assert " ".join(text[a:b] for a, b in pieces).replace("\t", " ") == rest[0]
            assert not re.search(r"[\n\r]", rest[0])
        for reference in re.findall(r"(?<=:)[TE]\d+\b" if id_[0] in "ER" else r"\b[TE]\d+\b", body):
            if id_[0] in "ERA":
                assert reference in ids, line


def read_ann_zip(data: bytes, folder: Path) -> dict[str, dict[str, Any]]:
    """Every article as the checker of the corpus reads it."""
    found = {}
    with ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            path = folder / name
            path.write_bytes(archive.read(name))
            document, errors = read_ann(path)
            assert errors == [], (name, errors)
            found[document["id"]] = document
    return found
