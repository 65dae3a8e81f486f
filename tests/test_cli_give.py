"""`dragoman export` and `dragoman import`, as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from dragoman.cli import run
from dragoman.cli_give import KINDS, STATES, STATUSES
from dragoman.gather import State
from dragoman.give.formats import FORMATS
from dragoman.record import EngagementKind, Status
from tests.give.stores import make_store

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = tmp_path / "r.db"
    make_store(path).close()
    return str(path)


def test_choices_are_the_words_of_the_record() -> None:
    assert (tuple(EngagementKind), tuple(Status), tuple(State)) == (KINDS, STATUSES, STATES)


@pytest.mark.parametrize("name", FORMATS)
def test_export_writes_every_format(name: str, store: str, tmp_path: Path, capfd: Capture) -> None:
    path = tmp_path / f"out{FORMATS[name].suffix}"
    assert run(["export", name, "-o", str(path), "--store", store]) == 0
    out, err = capfd.readouterr()
    *empty, left_out = err.splitlines()
    assert (out, bool(empty)) == ("", name == "historian")  # the record has no visit
    assert left_out.startswith(f"dragoman: {name} has no room for: ")
    assert path.stat().st_size > 100


def test_export_writes_to_standard_output(store: str, capfd: Capture) -> None:
    assert run(["export", "geojson", "--store", store, "--who", "Ismet Draval"]) == 0
    assert len(json.loads(capfd.readouterr().out)["features"]) == 1


def test_export_evidence_is_a_bundle(store: str, tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    assert run(["export", "--evidence", "--article", "a/1", "-o", str(path), "--store", store]) == 0
    with ZipFile(path) as archive:
        assert {"verify.py", "SHA256SUMS", "record.jsonl"} < set(archive.namelist())


def test_export_of_nothing_is_a_valid_file_and_a_word(store: str, tmp_path: Path, capfd: Capture) -> None:
    path = tmp_path / "none.geojson"
    assert run(["export", "geojson", "--kind", "founding", "-o", str(path), "--store", store]) == 0
    assert json.loads(path.read_text())["features"] == []
    assert "nothing in the record fits; geojson is written all the same" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["xls"], 1, f"there is no format 'xls'; formats are {', '.join(sorted(FORMATS))}"),
        ([], 2, "name a format: ann, "),
        (["csv", "--evidence"], 2, "a format of its own"),
        (["csv", "-o", "/nowhere/a.zip"], 1, "cannot write '/nowhere/a.zip': No such file or directory"),
        (["csv", "-o", "/"], 1, "cannot write '/': Is a directory"),
        (["csv", "--who", "Xerxes"], 1, "nobody and nothing called 'Xerxes'"),
        (["csv", "--article", "a/99"], 1, "a/99"),
        (["csv", "--from", "yesterday"], 2, "is no date"),
        (["csv", "--kind", "brawl"], 2, "brawl"),
    ],
)
def test_export_says_in_a_line_what_is_wrong(
    arguments: list[str], status: int, words: str, store: str, capfd: Capture
) -> None:
    assert run(["export", *arguments, "--store", store]) == status
    out, err = capfd.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_import_brings_a_record_back(store: str, tmp_path: Path, capfd: Capture) -> None:
    path, copy = str(tmp_path / "r.jsonl"), str(tmp_path / "copy.db")
    assert run(["export", "jsonl", "-o", path, "--store", store]) == 0
    capfd.readouterr()
    assert run(["import", path, "--store", copy]) == 0
    assert capfd.readouterr().out == f"{path}: 4 articles\n"
    assert run(["import", path, str(tmp_path / "none"), "--store", copy]) == 1
    out, err = capfd.readouterr()
    assert out.splitlines()[0] == f"{path}: 0 articles, 4 known already"
    assert "cannot read" in err
