"""Marks in a text: they nest, and the text comes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.check import parse_text
from dragoman.give.marks import Mark, Slugs, can_be_marked, keep_nested, lay_marks
from dragoman.record import Span

texts = st.text("ab [<]", min_size=1, max_size=20)
marks = st.lists(
    st.builds(
        lambda start, size, kind, id_: Mark(start, start + size, kind, id_),
        st.integers(0, 15),
        st.integers(1, 8),
        st.sampled_from(["per", "evt"]),
        st.sampled_from(["x1", "x2"]),
    ),
    max_size=8,
)


@given(texts, marks, st.integers(0, 10), st.integers(1, 9))
def test_checker_reads_what_was_laid(text: str, marks: list[Mark], start: int, size: int) -> None:
    if not can_be_marked(text):
        return
    kept = keep_nested(text, [mark for mark in marks if mark.end <= len(text)])
    said = text[start : start + size]
    spans = {"s1": [Span(start=start, end=start + len(said))]} if said.strip() else {}
    plain, found, said_spans = parse_text(lay_marks(text, kept, spans))
    assert plain == text
    read = {(m["start"], m["end"], m["type"], id_) for m in found for id_ in m["ids"]}
    assert read == set(kept)
    assert len(said_spans) == len(spans)


def test_slugs_are_lower_case_and_new_ones_free() -> None:
    slugs = Slugs()
    assert slugs.get("w1") == "w1"
    assert slugs.make("w") == "w2"
    assert slugs.get("Ørjan") != "Ørjan"
    assert slugs.get("Ørjan") == slugs.get("Ørjan")
