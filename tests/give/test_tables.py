"""Tables as csv and pyarrow read them."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from zipfile import ZipFile

import msgspec
import pytest

from dragoman.give.columns import TABLES
from dragoman.give.tables import defuse, write_csv, write_parquet
from tests.give.build import MET, make_contents, make_small, write
from tests.give.consumers import read_csv, read_parquet
from tests.give.synthetic import make_many


def test_csv_and_parquet_hold_the_same_values() -> None:
    contents = make_many(60)
    loose, typed = (read_csv(write(write_csv, contents)[0]), read_parquet(write(write_parquet, contents)[0]))
    assert set(typed) == set(loose) - {"dictionary"}
    for table in TABLES:
        types = {column.name: column.type for column in table.columns}
        for left, right in zip(loose[table.name], typed[table.name], strict=True):
            for name, cell in left.items():
                plain = _refuse(cell) if types[name] == "text" else cell and float(cell)
                assert plain == (right[name] if right[name] is not None else "")


def _refuse(cell: str) -> str:
    """The inverse of `defuse`, as the README of the zip tells it."""
    return cell[1:] if cell[:1] == "'" and defuse(cell[1:]) == cell else cell


def test_words_and_their_places_are_kept() -> None:
    (reading,) = make_small().readings()
    tables = read_parquet(write(write_parquet, make_small())[0])
    assert tables["words"]
    for row in (*tables["words"], *tables["mentions"], *tables["claims"], *tables["times"]):
        assert reading.document.text[row["start"] : row["end"]] == row["text"]
    assert [row["label"] for row in tables["accounts"]] == ["3 March 2021", "4 March 2021"]
    assert [row["words"] for row in tables["witnesses"]] == [MET, None]


def test_tables_join_on_ids() -> None:
    tables = read_csv(write(write_csv, make_small())[0])
    identities = {row["id"] for row in tables["identities"]}
    engagements = {row["id"] for row in tables["engagements"]}
    assert {row["identity"] for row in tables["participants"]} <= identities
    assert {row["engagement"] for row in tables["participants"]} <= engagements
    assert {row["identity"] for row in tables["entities"]} <= identities


def test_dictionary_explains_every_column() -> None:
    tables = read_csv(write(write_csv, make_small())[0])
    told = {(row["table"], row["column"]) for row in tables["dictionary"] if row["meaning"]}
    assert told >= {(table.name, column.name) for table in TABLES for column in table.columns}
    assert {row["type"] for row in tables["dictionary"]} == {"table", "text", "integer", "number"}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1", "'Abd"])
def test_no_cell_runs_as_a_formula_and_its_words_come_back(name: str) -> None:
    (identity, *_) = make_small().identities()
    contents = make_contents([], identities=[msgspec.structs.replace(identity, name=name)])
    data, _ = write(write_csv, contents)
    with ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("identities.csv").decode("utf-8-sig")
    cell = next(csv.DictReader(io.StringIO(text, newline="")))["name"]
    assert not cell.startswith(tuple("=+-@\t\r＝"))
    assert _refuse(cell) == name


def test_pyarrow_is_loaded_only_when_asked_for() -> None:
    code = "import sys, dragoman.give.tables; print('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
