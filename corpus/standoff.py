#!/usr/bin/env python3
"""Annotations of public-domain and CC BY press texts, kept without the texts.

usage: python -m corpus.standoff pack train|dev FOLDER… | count
`corpus/press/<id>.json` (and `press-dev`, which nothing is trained on) holds marks and facts as positions into a text of ../shared/data/press, which is
named by file, id and digest; `unpack` puts both together again, as `corpus.check.read_ann` would.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from corpus.check import read_ann

HERE = Path(__file__).parent
FOLDERS = {"train": HERE / "press", "dev": HERE / "press-dev"}
PRESS = HERE.parent.parent / "shared" / "data" / "press"
WORDS = ("topic", "unit")  # fields whose value is words of the document


@cache
def load_texts() -> dict[str, str]:
    """The press texts by id; empty where they are not there."""
    paths = sorted(PRESS.glob("*.jsonl"))
    rows = (json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["text"].strip() for row in rows}


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def pack(document: dict[str, Any]) -> dict[str, Any]:
    """A parsed document without its words; fields that quote the text become positions."""
    text = document["text"].strip()
    shift = len(document["text"]) - len(document["text"].lstrip())
    out = {k: v for k, v in document.items() if k not in ("text", "mentions", "spans")} | {
        "sha256": digest(text)
    }
    for name in ("mentions", "spans"):
        out[name] = []
        for mark in document[name]:
            moved = {"start": mark["start"] - shift, "end": mark["end"] - shift}
            out[name].append({k: v for k, v in mark.items() if k != "text"} | moved)
    for name in ("events", "claims"):
        out[name] = [_place_words(fact, text) for fact in document[name]]
    return out


def _place_words(fact: dict[str, Any], text: str) -> dict[str, Any]:
    """The fact with its quoted words as [start, length]."""
    quoted = {key: [text.index(fact[key]), len(fact[key])] for key in WORDS if fact.get(key)}
    return fact | quoted


def unpack(packed: dict[str, Any]) -> dict[str, Any] | None:
    """The document with its words; None where the text is not at hand or not the same."""
    text = load_texts().get(packed["id"])
    if text is None or digest(text) != packed["sha256"]:
        return None
    document = json.loads(json.dumps(packed)) | {"text": text}
    for mark in (*document["mentions"], *document["spans"]):
        mark["text"] = text[mark["start"] : mark["end"]]
    for fact in (*document["events"], *document["claims"]):
        for key in WORDS:
            if fact.get(key):
                start, size = fact[key]
                fact[key] = text[start : start + size]
    return document


def load_press(part: str = "train") -> Iterator[dict[str, Any]]:
    """Every annotated press document of a part whose text is at hand."""
    for path in sorted(FOLDERS[part].glob("*.json")):
        if document := unpack(json.loads(path.read_text(encoding="utf-8"))):
            yield document


def main() -> int:
    """Pack folders of `.ann` files, or say how many documents can be read."""
    if sys.argv[1:2] != ["pack"]:
        for part, folder in FOLDERS.items():
            n_all, n_read = len(list(folder.glob("*.json"))), len(list(load_press(part)))
            print(f"{part}: {n_read} of {n_all} press documents have their text")
        return 0
    part, *folders = sys.argv[2:]
    for path in sorted(file for folder in folders for file in Path(folder).glob("*.ann")):
        document, errors = read_ann(path)
        if not errors and document["text"].strip() != load_texts().get(document["id"]):
            errors = ["its text is not that of the press file"]
        if errors:
            print(f"{path.name}: {errors[0]}; left out", file=sys.stderr)
            continue
        packed = json.dumps(pack(document), ensure_ascii=False, separators=(",", ":"))
        name = digest(document["id"])[:12]
        (FOLDERS[part] / f"{name}.json").write_text(packed + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
