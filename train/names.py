"""Public texts in which only names are marked, as extra lessons for three layers.

Re-DocRED (MIT), CrossNER politics (MIT) and WikiGold (CC BY 4.0): their schemes differ from ours, so a
piece teaches nothing about a layer where its set's label has no clear meaning for us (`taught` is False).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from dragoman.encode import CLS, SEP, find_windows, load_words
from dragoman.read.labels import LAYER_INDEX, LAYERS
from dragoman.sentences import find_sentences
from dragoman.text import normalise_text

KINDS = {
    **dict.fromkeys(("PER", "person", "politician"), "person.name"),
    **dict.fromkeys(("ORG", "organisation", "politicalparty"), "organization.name"),
    **dict.fromkeys(("LOC", "location", "country"), "place.name"),
}
SILENT = {"TIME", "NUM"}  # labels that say that a piece is no name of ours
TAUGHT = ("person.name", "organization.name", "place.name")
WORDS_A_TEXT = 250  # sentences without a document are read in lots of about so many words

Labelled = list[tuple[str, int, int]]  # label, first word, last word + 1


@dataclass
class NameExample:
    """Windows as the encoder takes them, tags, and what may be learned from them (pieces, layers)."""

    windows: list[torch.Tensor]
    tags: torch.Tensor
    taught: torch.Tensor


def read_docred(path: Path) -> Iterator[tuple[list[str], Labelled]]:
    """Words and labelled stretches of each document."""
    for document in json.loads(path.read_text(encoding="utf-8")):
        offsets = np.cumsum([0, *map(len, document["sents"])])
        words = [word for sentence in document["sents"] for word in sentence]
        marks = [mention for entity in document["vertexSet"] for mention in entity]
        begins = [int(offsets[m["sent_id"]]) for m in marks]
        yield (
            words,
            [
                (m["type"], begin + m["pos"][0], begin + m["pos"][1])
                for m, begin in zip(marks, begins, strict=True)
            ],
        )


def read_columns(path: Path) -> Iterator[tuple[list[str], Labelled]]:
    """Words and labelled stretches of lots of sentences from a file with a word and a tag a line."""
    words: list[str] = []
    marks: Labelled = []
    before = "O"
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if not line.strip():
            before = "O"
            if len(words) >= WORDS_A_TEXT:
                yield words, marks
                words, marks = [], []
            continue
        word, tag = line.split()[:2]
        if tag != "O":
            label = tag[2:]
            if tag[0] == "B" or before != label:
                marks.append((label, len(words), len(words) + 1))
            else:
                marks[-1] = (label, marks[-1][1], len(words) + 1)
        before = "O" if tag == "O" else tag[2:]
        words.append(word)
    if words:
        yield words, marks


def make_example(words: list[str], marks: Labelled) -> NameExample:
    """A text with its names; words stand apart by one space."""
    words = [normalise_text(word).replace("\n", " ") or " " for word in words]
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    text = " ".join(words)
    sentences = find_sentences(text)
    pieces = load_words().cut_text(text, sentences)
    windows = []
    for window in find_windows(pieces, sentences):
        ids = [CLS, *pieces.ids[window], SEP]
        windows.append(torch.tensor([ids, [0, *pieces.shapes[window], 0], [0, *pieces.places[window], 0]]))
    tags = torch.zeros(len(pieces.ids), len(LAYERS), dtype=torch.long)
    taught = torch.zeros(len(pieces.ids), len(LAYERS), dtype=torch.bool)
    taught[:, [LAYER_INDEX[layer] for layer in TAUGHT]] = True
    for label, first, stop in marks:
        left, right = starts[first], starts[stop] - 1
        a = int(np.searchsorted(pieces.ends, left, side="right"))
        b = int(np.searchsorted(pieces.starts, right, side="left"))
        if label in KINDS and a < b:
            tags[a:b, LAYER_INDEX[KINDS[label]]] = 2
            tags[a, LAYER_INDEX[KINDS[label]]] = 1
        elif label not in SILENT:
            taught[a:b] = False
    return NameExample(windows, tags, taught)


def load_names(data: Path) -> list[NameExample]:
    """Every text of the three sets that is at hand under `data`."""
    texts: list[tuple[list[str], Labelled]] = []
    for path in sorted((data / "re-docred" / "data").glob("*_revised.json")):
        texts += read_docred(path)
    for path in sorted((data / "crossner" / "ner_data" / "politics").glob("*.txt")):
        texts += read_columns(path)
    for path in sorted((data / "wikigold").glob("*.conll.txt")):
        texts += read_columns(path)
    return [make_example(words, marks) for words, marks in texts if words]
