"""Time expressions of a text: every reading of the grammar that its surroundings let stand.

A false time is worse than a missed one, so weak readings need support: "may" a capital and a
preposition, "1500" a preposition, "the 12th" no noun behind it, "fall" an article. `SUPPORT` says
which rule needs what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from dragoman.read.times.context import find_event_end, load_words
from dragoman.read.times.lexer import Token, find_tokens
from dragoman.read.times.meaning import Anchor, Meaning
from dragoman.read.times.parse import Parser, Reading, read_at
from dragoman.read.times.resolve import resolve_times
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


class Around:
    """A reading with the words before and after it."""

    def __init__(self, text: str, tokens: list[Token], reading: Reading) -> None:
        self.text, self.tokens, self.reading = text, tokens, reading
        self.start, self.end = tokens[reading.first].start, tokens[reading.last - 1].end
        self.words = text[self.start : self.end]
        self.before = tokens[reading.first - 1].word if reading.first else ""
        self.raw_before = (
            text[tokens[reading.first - 1].start : tokens[reading.first - 1].end] if reading.first else ""
        )
        self.after = tokens[reading.last].word if reading.last < len(tokens) else ""
        self.raw_after = (
            text[tokens[reading.last].start : tokens[reading.last].end] if reading.last < len(tokens) else ""
        )

    @property
    def opens(self) -> bool:
        """Whether the reading stands first in its line."""
        return self.start == 0 or "\n" in self.text[max(0, self.start - 3) : self.start]

    @property
    def closed(self) -> bool:
        """Whether no noun follows: a mark, a capital or a function word does."""
        return (
            not self.after.isalpha() or self.after in load_words("function") or self.raw_after[:1].isupper()
        )


def _year(a: Around) -> bool:
    if not a.words[0].isdigit():
        return True
    value = int(a.words)
    if not 1500 <= value <= 2100 or a.after in (
        "%",
        "percent",
        "metres",
        "meters",
        "people",
        "km",
        "hours",
        "°",
        "utc",
        "gmt",
    ):
        return False
    if a.text[a.end : a.end + 1].isalpha() or a.text[a.start - 1 : a.start] in (
        "$",
        "€",
        "£",
        "#",
        ".",
        "/",
        "¥",
        "№",
    ):
        return False
    if a.opens and a.text[a.end : a.end + 1] in ("", "\n", ":"):
        return True
    if a.before in ("-", "–") and a.reading.first > 1 and "YEAR" in a.tokens[a.reading.first - 2].symbols:
        return True
    if a.before in load_words("preposition") or a.before in (
        "(",
        "a",
        "the",
        "’s",
        "s",
        "its",
        "his",
        "their",
    ):
        counted = a.after.isalpha() and a.after.endswith("s") and a.after not in load_words("function")
        return not counted or a.before in load_words("before-year") or (a.before == "the" and value >= 1900)
    return a.before in (",", "–", "-", "—", "[") and 1800 <= value <= 2050 and not a.after.isalpha()


def _month(a: Around) -> bool:
    if a.words.lower() in ("may", "march", "april", "june", "august"):
        return (
            a.before == "("
            or a.before in load_words("preposition") - {"to", "and", "for", "of", "than", "not"}
            or (a.before in ("to", "and", "of", "for", "last", "•") and a.closed and a.raw_before.islower())
        )
    return (
        a.words[0].isupper()
        and len(a.words) > 3
        and not (a.raw_after[:1].isupper() and a.before in ("mr", "ms"))
    )


def _weekday(a: Around) -> bool:
    if a.raw_before in ("Good", "Black", "Bloody", "Ash", "Holy") or a.raw_after in NAMED_AFTER_DAYS:
        return False
    return len(a.words) > 4 and (a.words[0].isupper() or a.before in load_words("preposition"))


def _season(a: Around) -> bool:
    if a.raw_after in NAMED_AFTER_DAYS:
        return False
    words = a.words.lower()
    if words.startswith("the "):
        return (
            a.closed
            and a.after != "of"
            and (words != "the fall" or a.before in ("in", "by", "during", "until"))
        )
    return words != "fall" and a.before in ("in", "by", "since", "until", "this") and a.closed


NAMED_AFTER_DAYS = frozenset(
    {"Agreement", "Times", "Telegraph", "Herald", "Post", "Mail", "Olympics", "Games"}
)


def _today(a: Around) -> bool:
    """No name of a paper: "Gulf Today"."""
    return not (a.words[0].isupper() and a.raw_before[:1].isupper() and not a.opens)


def _day_of_month(a: Around) -> bool:
    known = a.before in ("on", "until", "by", "from", "since", "before", "after", "through", "till", ",")
    return (
        known
        and a.closed
        and not a.raw_after[:1].isupper()
        and (any(c.isdigit() for c in a.words) or a.after in (".", ",", ";", ""))
    )


def _clock(a: Around) -> bool:
    if any(c.isalpha() for c in a.words):
        return a.words.lower() not in ("noon", "midday") or a.before in load_words("preposition") or a.opens
    if a.after in ("%", "m", "km", "million", "billion", "per", "metres", "-"):
        return False
    if a.reading.meaning.rule == "clock-dot" and not a.closed:
        return False
    return a.opens or a.before in (
        "at",
        "by",
        "until",
        "from",
        "net",
        "bulletin",
        "sunset",
        "before",
        "after",
        "to",
    )


def _the_daypart(a: Around) -> bool:
    if a.words.lower().split()[0] not in ("the", "early", "late", "in"):
        return a.words.lower() in ("dawn", "dusk", "sunset", "lunchtime", "nightfall", "overnight") and (
            a.before in ("at", "by", "until", "before", "after", "since") or a.words.lower() == "overnight"
        )
    return a.before in ("in", "by", "during", "until", "late", "through") and a.closed


def _duration(a: Around) -> bool:
    words = a.words.lower()
    if a.reading.meaning.rule == "duration-old" or a.after == "old" or a.raw_after[:3] == "old":
        return False
    amount = a.reading.meaning.amount
    if amount is None or (amount.unit in ("quarter", "second", "night") and (amount.n or 1) <= 1):
        return False
    if amount.n is None and " " not in words:
        return a.before in ("for", "in", "after", "of", "many", "within", "took") and a.closed
    if words.startswith(("the ", "next ", "first ", "last ")):
        return " " in words[4:]
    if re.match(r"(?:one|a|an) (?:day|night|minute)$", words):
        return a.before in ("for", "in", "after", "within", "lasted", "of", "spent", "only", "than")
    return words not in ("week long", "a quarter") and a.after not in ("from", "away")


def _weekend(a: Around) -> bool:
    return (" " in a.words and a.closed) or a.after in ("of",)


def _never(_: Around) -> bool:
    return False


def _between(a: Around) -> bool:
    return " and " not in a.words or a.before == "between" or a.words.lower().startswith("between")


def _feast(a: Around) -> bool:
    named = (a.raw_before[:1].isupper() and not a.opens) or a.raw_before in ('"', "“", "-")
    follows = a.closed or a.after in ("holiday", "holidays", "celebrations", "message", "greetings")
    return follows and not named and not a.raw_after[:1].isupper()


def _after(a: Around) -> bool:
    return a.raw_after != "-"


def _edge(a: Around) -> bool:
    return (
        a.words.lower().split()[-1] not in ("may", "march", "fall")
        or a.words[-3:] in ("May", "rch")
        or (a.words.lower().startswith("the "))
    )


def _set(a: Around) -> bool:
    return a.after not in ("of",) or "each" not in a.words.lower()


Check = Callable[[Around], bool]
SUPPORT: dict[str, Check] = {
    "year-named": lambda a: a.words.lower().startswith("the year") or a.before in load_words("preposition"),
    "now": _never,
    "day-of-month": _day_of_month,
    "clock": _clock,
    "clock-dot": _clock,
    "midnight": lambda a: a.before in load_words("preposition"),
    "the-daypart": _the_daypart,
    "duration": _duration,
    "duration-old": _never,
    "the-unit": lambda a: "entire" in a.words,
    "this-century": lambda a: not a.words.lower().startswith("the "),
    "range": _between,
    "range-hedged": _between,
    "nth-day": lambda a: a.before in ("on", "for", "of") and a.words.lower().startswith("the"),
    "vague": _never,
    "every": lambda a: " " in a.words,
    "today": _today,
    "since-then": lambda a: a.words.lower() == "since then",
    "eve": _never,
    "years-short": lambda a: a.before in load_words("preposition") or a.before == "(",
    "weekday-day": lambda a: a.words[-1].isalpha() or a.closed,
    "previous-daypart": lambda a: a.closed,
    "weekdays": lambda a: a.words[0].isupper() and a.before in ("on", "of", "and"),
    "decade-named": lambda a: (
        a.words.lower().split()[-1] != "the" and a.before in ("in", "of", "since", "until", "from", "by")
    ),
    "feast": _feast,
    "after": lambda a: a.raw_after.islower() or a.after in (",", "."),
    "event": _never,
    "per": _set,
    "year": _year,
    "month": _month,
    "weekday": _weekday,
    "season": _season,
    "quarter": lambda a: a.words[0] == "Q" or a.words.lower().startswith("the ") or "-" in a.words,
    "half": lambda a: a.words[0] == "H",
    "weekend": _weekend,
    "x": lambda a: (
        not a.words.lower().startswith("the ") or (a.before in load_words("preposition") and a.closed)
    ),
}
