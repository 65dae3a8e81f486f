"""The record with its evidence in one zip: every text, all hashes, and a program that checks them.

Whoever gets the bundle needs neither Dragoman nor trust in it: `verify.py` is sixty lines of plain Python,
and `sha256sum -c SHA256SUMS` checks the files without it. A hash proves that nothing was changed since;
who made the bundle, and when, only a signature of the zip can prove.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from dragoman.give.contents import Contents, Written
from dragoman.give.jsonl import write_jsonl
from dragoman.give.tables import make_info

_README = """A Dragoman record with its evidence.

record.jsonl   the record: readings, judgements, identities, engagements and offices, one a line
texts/         the text of every article, exactly as it was read, UTF-8
SHA256SUMS     the SHA-256 of every file; check with: sha256sum -c SHA256SUMS
verify.py      checks the hashes, and that the words of every fact stand in the text where the record says

    python3 verify.py

Positions are counted in code points, half-open, from 0. To prove when and by whom the bundle was made, sign
the zip or publish its hash.
"""


class _Hashed:
    """A file that is hashed as it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class _Bundle:
    """A zip that remembers the hash of every file put into it."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.sums: list[str] = []

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        with self._archive.open(make_info(name), "w", force_zip64=True) as file:
            hashed = _Hashed(file)
            yield hashed  # type: ignore[misc]  # of a file only `write` is used
        self.sums.append(f"{hashed.hexdigest()}  {name}\n")

    def add(self, name: str, data: bytes) -> None:
        with self.open(name) as file:
            file.write(data)


def write_evidence(contents: Contents, out: BinaryIO) -> Written:
    """Write a zip of the record, its texts, the hashes of both and a program to check them."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        bundle = _Bundle(archive)
        bundle.add("README.txt", _README.encode())
        bundle.add("verify.py", Path(__file__).with_name("verify.py").read_bytes())
        for reading in contents.readings():
            bundle.add(f"texts/{reading.document.id}.txt", reading.document.text.encode())
        with bundle.open("record.jsonl") as file:
            written = write_jsonl(contents, file)
        archive.writestr(make_info("SHA256SUMS"), "".join(bundle.sums))
    return written
