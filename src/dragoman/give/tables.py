"""The record as tables, in a zip with a data dictionary: CSV for spreadsheets and R, Parquet for notebooks.

Which tables there are, and what their columns mean, is `TABLES` in `columns`. Days are ISO words and not a
date type, for no date type of a spreadsheet or notebook goes before year 1. Each table is one pass over the
contents, so that no more than a batch of rows is ever held.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dragoman.errors import ConfigError
from dragoman.give.columns import TABLES, Row, Table
from dragoman.give.contents import Contents, Written
from dragoman.give.sources import Sources, open_sources

N_BATCH = 10_000  # rows of a Parquet row group
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: the same record gives the same bytes
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_LEFT_OUT = ("the texts of the documents",)
_README = """Tables of a Dragoman record.

dictionary.csv says what every column means. An empty cell: the reports do not say.
CSV: UTF-8. A text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line end,
also after apostrophes) has one apostrophe put before it; take it away again to get the text.
"""


def write_csv(contents: Contents, out: BinaryIO) -> Written:
    """Write a zip of CSV tables and their dictionary; formulas in cells are made harmless."""
    with open_sources(contents) as sources, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        _write_readme(archive)
        n_rows = 0
        for table in TABLES:
            with archive.open(make_info(f"{table.name}.csv"), "w", force_zip64=True) as file:
                n_rows += _write_rows(file, table, contents, sources)
        with archive.open(make_info("dictionary.csv"), "w") as file:
            write_cells(file, ("table", "column", "type", "meaning"), _iter_dictionary())
    return Written(n_rows, _LEFT_OUT)


def write_parquet(contents: Contents, out: BinaryIO) -> Written:
    """Write a zip of Parquet tables and their dictionary.

    Raises ConfigError where pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError as exc:
        raise ConfigError("Parquet needs pyarrow; pip install 'dragoman[parquet]', or export csv") from exc

    with open_sources(contents) as sources, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        _write_readme(archive)
        n_rows = 0
        for table in TABLES:
            with tempfile.TemporaryFile() as file:
                n_rows += _write_groups(pa, file, table, table.rows(contents, sources))
                file.seek(0)
                with archive.open(make_info(f"{table.name}.parquet"), "w", force_zip64=True) as member:
                    shutil.copyfileobj(file, member)
        with archive.open(make_info("dictionary.csv"), "w") as member:
            write_cells(member, ("table", "column", "type", "meaning"), _iter_dictionary())
    return Written(n_rows, _LEFT_OUT)


def defuse(cell: object) -> object:
    """The cell as a spreadsheet may have it: a formula gets an apostrophe, all else stays.

    >>> defuse("=1+1"), defuse("'-2"), defuse("'Abd al-Rahman"), defuse(-3)
    ("'=1+1", "''-2", "'Abd al-Rahman", -3)
    """
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _write_rows(file: IO[bytes], table: Table, contents: Contents, sources: Sources) -> int:
    return write_cells(file, [column.name for column in table.columns], table.rows(contents, sources))


def write_cells(file: IO[bytes], head: Any, rows: Iterator[Row]) -> int:
    """The byte mark at the start makes spreadsheets read UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(head)
    n_rows = 0
    for row in rows:
        writer.writerow([defuse(cell) for cell in row])
        n_rows += 1
    text.detach()
    return n_rows


def _write_groups(pa: Any, file: IO[bytes], table: Table, rows: Iterator[Row]) -> int:
    import pyarrow.parquet as pq  # type: ignore[import-not-found,import-untyped,unused-ignore]

    types = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}
    fields = [
        pa.field(column.name, types[column.type], metadata={"meaning": column.meaning})
        for column in table.columns
    ]
    schema = pa.schema(fields, metadata={"table": table.meaning})
    n_rows = 0
    with pq.ParquetWriter(file, schema) as writer:
        while batch := list(islice(rows, N_BATCH)):
            columns = [pa.array(cells, field.type) for cells, field in zip(zip(*batch), fields)]  # noqa: B905
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            n_rows += len(batch)
    return n_rows


def _iter_dictionary() -> Iterator[Row]:
    for table in TABLES:
        yield (table.name, "", "table", table.meaning)
        for column in table.columns:
            yield (table.name, column.name, column.type, column.meaning)


def _write_readme(archive: ZipFile) -> None:
    archive.writestr(make_info("README.txt"), _README)


def make_info(name: str) -> ZipInfo:
    """A file of a zip, compressed and without the time of writing."""
    info = ZipInfo(name, EPOCH)
    info.compress_type = ZIP_DEFLATED
    return info
