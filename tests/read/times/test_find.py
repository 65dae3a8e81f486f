from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.read.times.find import find_spans, find_times
from dragoman.record import Span

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "times.toml").read_text(encoding="utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_find_times_reads_the_case(case: dict) -> None:
    published = date.fromisoformat(case["published"]) if "published" in case else None
    found = find_times(case["text"], [], published=published)
    rows = [[t.text, t.edtf, t.relative][: len(row)] for t, row in zip(found, case["expected"], strict=False)]
    assert rows == case["expected"]
    assert len(found) == len(case["expected"])


def test_find_times_never_crosses_the_end_of_a_sentence() -> None:
    text = "It began in March. 2019 was worse."
    spans = find_spans(text, [Span(start=0, end=18), Span(start=19, end=len(text))])
    assert all(not (s.start < 18 < s.end) for s in spans)


def test_find_times_in_timeml_style_keeps_ends_apart_and_marks_vague_words() -> None:
    text = "It ran from 1968 to 1971 and is now an annual fair."
    assert [t.text for t in find_times(text, [], published=date(2001, 1, 1), timeml=True)] == [
        "1968",
        "1971",
        "now",
        "annual",
    ]


def test_find_times_without_a_date_gives_no_day_that_hangs_on_it() -> None:
    text = "Yesterday, on Monday, last week, two days ago, in May, at Christmas, this morning and at 10:30."
    assert {t.edtf for t in find_times(text, [], published=None)} == {"unknown"}


@given(
    st.text(alphabet=st.sampled_from("0123456789 -–/.:,'thesndrBCADMayJunMonlastofyearweek\n"), max_size=80)
)
def test_find_times_reads_anything(text: str) -> None:
    for published in (None, date(2023, 11, 15)):
        for time in find_times(text, [], published=published):
            assert text[time.start : time.end] == time.text
            assert time.earliest is None or time.latest is None or time.earliest <= time.latest


@pytest.mark.parametrize(
    "piece", ["early ", "the ", "1 ", "May ", "of the ", "from ", "-", "12.", "last week of "]
)
def test_find_spans_is_linear_in_the_text(piece: str) -> None:
    from dragoman.read.times.lexer import find_tokens
    from dragoman.read.times.parse import Parser, read_at

    def steps(n: int) -> int:
        tokens = find_tokens(piece * n)
        parser = Parser(tokens)
        for at in range(len(tokens)):
            read_at(parser, at)
        return parser.steps

    assert steps(400) <= 2.5 * steps(200)
