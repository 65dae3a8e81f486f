"""Check this bundle: python3 verify.py [BUNDLE.zip]; without a name its own folder is checked.

Needs Python 3.9 or newer and nothing else. It checks that every file is the one that was written
(SHA256SUMS), that every text is the one the record was read from, and that the words of every fact stand
in the text where the record says. Status 0: all is well; 1: it says what is not.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def iter_words(fact: Any) -> Iterator[tuple[list[Any], str]]:
    """The stretches and the words of every piece of a record that claims to be words of the text."""
    if isinstance(fact, dict):
        if {"start", "end", "text"} <= fact.keys():
            yield [fact], fact["text"]
        elif "spans" in fact:  # a quotation, perhaps in several pieces
            yield fact["spans"], fact["text"].replace(" … ", " ")
        fact = list(fact.values())
    for part in fact if isinstance(fact, list) else ():
        yield from iter_words(part)


def check(read: Callable[[str], bytes]) -> Iterator[str]:
    """What is wrong, a line each; `read` gives the bytes of a file of the bundle."""
    for line in read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ", 1)
        if hashlib.sha256(read(name)).hexdigest() != digest:
            yield f"{name} was changed: its SHA-256 is not the one in SHA256SUMS"
    for number, line in enumerate(read("record.jsonl").decode().split("\n")[:-1], start=1):
        found = json.loads(line)
        if found["line"] == "reading":
            document = found["reading"].pop("document")["id"]
            text = read(f"texts/{document}.txt").decode()
            if hashlib.sha256(text.encode()).hexdigest() != found["sha256"]:
                yield f"record.jsonl:{number}: the text of {document} is not the one that was read"
            for spans, words in iter_words(found["reading"]):
                pieces = [text[span["start"] : span["end"]] for span in spans]
                if " ".join(pieces).replace(" … ", " ") != words:
                    yield f"record.jsonl:{number}: {words!r} does not stand in {document} at {spans}"


if __name__ == "__main__":
    path = Path(sys.argv[1] if sys.argv[1:] else __file__)
    try:
        bundle = zipfile.ZipFile(path) if zipfile.is_zipfile(path) else None
        problems = list(check(bundle.read if bundle else lambda name: (path.parent / name).read_bytes()))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        problems = [f"{path} cannot be checked: {error!r}"]
    sys.stdout.write("\n".join(problems or [f"{path}: all is well"]) + "\n")
    sys.exit(1 if problems else 0)
