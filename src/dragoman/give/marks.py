"""Marks laid into a text, as the corpus has them: `[[words|type:id]]`, `<s1>said</s1>`, `<c1>claimed</c1>`.

Marks nest and never cross; spans of statements and claims may cross anything. Taking every mark away gives
the text back, character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from dragoman.record import Span, make_id
from dragoman.text import normalise_text

_TYPES = "per|org|plc|grp|ttl|tim|num|evt|cue"
_TOKEN = re.compile(rf"\[\[|\|(?:{_TYPES}):[a-z0-9][a-z0-9+._-]*\]\]|</?[sc]\d+>")
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*")


class Mark(NamedTuple):
    """Words that stand for an id: where, of what type."""

    start: int
    end: int
    kind: str
    id: str


def can_be_marked(text: str) -> bool:
    """Whether the text is normalised and holds nothing that reads as a mark, header or dividing line."""
    divided = "\n---\n" in f"\n{text}\n"
    return not (text.startswith("# ") or divided or _TOKEN.search(text) or normalise_text(text) != text)


def is_marked_well(marked: str, text: str) -> bool:
    """Whether taking the marks away gives the text back."""
    return _TOKEN.sub("", marked) == text


def keep_nested(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """The marks that can stand together: of two that cross, the one that begins first.

    Blank words cannot be marked, nor words right after a square bracket, which would read as a mark's.
    """
    kept: list[Mark] = []
    around: list[int] = []  # the ends of the marks we are in
    for mark in sorted(dict.fromkeys(marks), key=lambda mark: (mark.start, -mark.end, mark.kind)):
        while around and around[-1] <= mark.start:
            around.pop()
        crossing = around and mark.end > around[-1]
        readable = text[mark.start : mark.end].strip() and text[max(0, mark.start - 1) : mark.start] != "["
        if readable and not crossing:
            kept.append(mark)
            around.append(mark.end)
    return kept


def lay_marks(text: str, marks: Sequence[Mark], spans: Mapping[str, Sequence[Span]]) -> str:
    """The text with marks that nest, in the order `keep_nested` gives, and spans by their id."""
    tokens: list[tuple[int, int, int, str]] = []  # position, what goes before what, rank, words
    for rank, ((start, end, kind), group) in enumerate(groupby(marks, key=lambda mark: mark[:3])):
        ids = "+".join(mark.id for mark in group)
        tokens += [(start, 3, rank, "[["), (end, 0, -rank, f"|{kind}:{ids}]]")]
    for rank, (id_, pieces) in enumerate(spans.items()):
        for piece in pieces:
            tokens += [(piece.start, 2, rank, f"<{id_}>"), (piece.end, 1, -rank, f"</{id_}>")]
    parts, position = [], 0
    for at, _, _, words in sorted(tokens):
        parts += [text[position:at], words]
        position = at
    return "".join([*parts, text[position:]])


class Slugs:
    """Ids as the format has them: lower-case, one thing an id; new ones by letter and number."""

    def __init__(self) -> None:
        self._used: dict[str, str] = {}

    def get(self, id_: str) -> str:
        """The id where it is a slug already, else a digest of it."""
        slug = id_ if _SLUG.fullmatch(id_) else make_id("id", id_)
        self._used[slug] = id_
        return slug

    def make(self, letter: str) -> str:
        """The next free one of `w1`, `w2` …"""
        number = 1
        while f"{letter}{number}" in self._used:
            number += 1
        self._used[f"{letter}{number}"] = ""
        return f"{letter}{number}"
