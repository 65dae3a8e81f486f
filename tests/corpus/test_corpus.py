"""The corpus is sound: every document passes its checker, the split is the one that is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.check import read_ann
from corpus.split import divide, header
from corpus.standoff import load_press, pack, unpack

CORPUS = Path(__file__).parent.parent.parent / "corpus"
PATHS = sorted((CORPUS / "ann").rglob("*.ann"))
SPLIT = dict(line.split("\t") for line in (CORPUS / "split.tsv").read_text(encoding="utf-8").splitlines())


def test_every_document_passes_its_checker() -> None:
    wrong = {path.name: errors[0] for path in PATHS if (errors := read_ann(path)[1])}
    assert wrong == {}


def test_split_is_the_one_that_is_written() -> None:
    made = {name: part for folder in sorted((CORPUS / "ann").iterdir()) for name, part in divide(folder).items()}
    assert made == SPLIT


def test_split_cuts_no_cluster() -> None:
    parts: dict[str, set[str]] = {}
    for path in PATHS:
        facts = header(path)
        if "cluster" in facts:
            parts.setdefault(f"{path.parent.name}/{facts['cluster']}", set()).add(SPLIT[facts["id"]])
    assert {name: kinds for name, kinds in parts.items() if len(kinds) > 1} == {}


def test_press_annotations_come_back_as_they_went() -> None:
    documents = list(load_press())
    if not documents:
        pytest.skip("the press texts are not at hand")
    for document in documents[:10]:
        again = unpack(pack(document))
        assert again is not None
        assert again["mentions"] == document["mentions"]
        assert again["events"] == document["events"]
