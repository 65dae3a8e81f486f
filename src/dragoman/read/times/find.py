"""Time expressions of a text: every reading of the grammar that its surroundings let stand.

A false time is worse than a missed one, so weak readings need support: "may" a capital and a
preposition, "1500" a preposition, "the 12th" no noun behind it, "fall" an article. See `support`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dragoman.read.times.context import find_event_end, load_words
from dragoman.read.times.lexer import Token, find_tokens
from dragoman.read.times.meaning import Anchor, Meaning
from dragoman.read.times.parse import Parser, Reading, read_at
from dragoman.read.times.resolve import resolve_times
from dragoman.read.times.support import SUPPORT, Around
from dragoman.record import Span, Timex

# Rules that may start with a word that else stays outside an expression (list "outside").
STARTS_ANYWAY = frozenset(
    {"sofar", "rest", "earlier-today", "this-daypart", "earlier-same", "last-night", "before-end"}
    | {"earlier-in-day", "late-on", "weekday-week"}
)
BEFORE_CORE = 4  # tokens at most before the first that is a number, month, unit …: "at the end of | March"
MARKS = frozenset({"DASH", "COMMA", "APOSTROPHE"})


def find_times(
    text: str, sentences: Sequence[Span], *, published: date | None, timeml: bool = False
) -> tuple[Timex, ...]:
    """Every time expression the grammar sees, in text order, with its value.

    Extents follow the corpus guidelines: "since", "by", "on" and "in" stay outside. `sentences` bound
    an expression: none reaches over the end of one. With `timeml` the extents are those of TimeML: both
    ends of a range apart, and words like "now", "recently" and "annual" too.

    >>> [t.text for t in find_times("They met on Monday and may meet again in mid-November.", [],
    ...                             published=date(2023, 11, 1))]
    ['Monday', 'mid-November']
    """
    return resolve_times(text, find_spans(text, sentences, timeml=timeml), sentences, published=published)


def find_spans(text: str, sentences: Sequence[Span] = (), *, timeml: bool = False) -> tuple[Span, ...]:
    """The extents of the time expressions of a text."""
    tokens = find_tokens(text)
    ends = {sentence.end for sentence in sentences}
    parser, spans, at = Parser(tokens), [], 0
    cores = iter([i for i, token in enumerate(tokens) if not MARKS.issuperset(token.symbols)])
    core = next(cores, len(tokens))
    while at < len(tokens):
        while core < at:
            core = next(cores, len(tokens))
        if core - at > BEFORE_CORE:
            at = core - BEFORE_CORE
            continue
        reading = _read_supported(text, tokens, parser, at, timeml=timeml)
        if reading is None:
            at += 1
            continue
        start, end = tokens[reading.first].start, tokens[reading.last - 1].end
        if reading.meaning.anchor is Anchor.EVENT and tokens[reading.last - 1].word in ("after", "before"):
            end = find_event_end(text, end)
        if not any(start < e < end for e in ends):
            spans.append(Span(start=start, end=end))
        at = reading.last
        while at < len(tokens) and tokens[at].start < end:
            at += 1
    return tuple(spans)


def _read_supported(
    text: str, tokens: list[Token], parser: Parser, at: int, *, timeml: bool
) -> Reading | None:
    reading = read_at(parser, at)
    if reading is None:
        return None
    if tokens[at].word in load_words("outside") and reading.meaning.rule not in STARTS_ANYWAY:
        return None
    if _is_supported(text, tokens, reading, timeml=timeml):
        return reading
    alone = parser.match("Period", at)  # "late 1948 and early 1949" are two, not a range
    if not isinstance(reading.meaning.end, Meaning) or alone is None or not isinstance(alone.value, Meaning):
        return None
    reading = Reading(at, alone.end, alone.value)
    return reading if _is_supported(text, tokens, reading, timeml=timeml) else None


RANGES = frozenset({"range", "range-hedged", "years-short"})
LOOSE_IN_TIMEML = frozenset({"the-unit", "the-daypart"})
OF_TIMEML = frozenset({"now", "vague", "every"})


def _is_supported(text: str, tokens: list[Token], reading: Reading, *, timeml: bool) -> bool:
    rule = reading.meaning.rule
    if timeml and (rule in RANGES or rule in OF_TIMEML):
        return rule in OF_TIMEML
    if timeml and rule in LOOSE_IN_TIMEML:
        return Around(text, tokens, reading).closed or rule == "the-daypart"
    check = SUPPORT.get(rule)
    return check is None or check(Around(text, tokens, reading))
