"""Every row of the grammar is a case: its first example has the value written beside it."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.read.times.find import find_spans
from dragoman.read.times.parse import Rule, load_rules, parse_expression
from dragoman.read.times.resolve import resolve_times
from dragoman.record import Span

PUBLISHED = date(2023, 11, 15)  # a Wednesday
RULES = [rule for rule in load_rules() if rule.value]


def value_of(example: str) -> str:
    spans = find_spans(example) if "," in example or ";" in example else ()
    last = Span(start=0, end=len(example))
    if len(spans) < 2 and not example.startswith(("In ", "On ", "in ")):
        return resolve_times(example, [last], [], published=PUBLISHED)[0].edtf
    comma = max(example.find(","), example.find(";"))
    context, told = example[:comma], example[comma + 1 :]
    start = comma + 1 + len(told) - len(told.removeprefix(" ").removeprefix("and ").lstrip())
    for word in ("in ", "on ", "at ", "after ", "from ", "and "):
        start += len(word) * example.startswith(word, start) * (word != "after " or "dark" not in example)
    first = Span(start=3, end=len(context))
    return resolve_times(example, [first, Span(start=start, end=len(example))], [], published=PUBLISHED)[
        1
    ].edtf


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.name}: {rule.example}" for rule in RULES])
def test_rule_reads_its_example(rule: Rule) -> None:
    assert value_of(rule.example) == rule.value


def test_every_named_rule_has_an_example_and_a_source() -> None:
    bare = [rule.name for rule in load_rules() if rule.name and not rule.example]
    assert bare == []


def test_no_rule_starts_with_its_own_category() -> None:
    """Such a rule would never match: its category is being matched already."""
    first = [
        (rule.category, rule.pattern.split()[0].rstrip("?").rpartition("=")[2].split("|"))
        for rule in load_rules()
    ]
    assert [category for category, elements in first if category in elements] == []


def test_parse_expression_refuses_what_is_no_time() -> None:
    assert parse_expression("the ambassador") is None
