"""Which readings of the grammar their surroundings let stand.

A false time is worse than a missed one: weak readings need support. `SUPPORT` says which rule needs
what; a rule that is not in it stands by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dragoman.read.times.context import load_words
from dragoman.read.times.lexer import Token
from dragoman.read.times.parse import Reading


class Around:
    """A reading with the words before and after it."""

    def __init__(self, text: str, tokens: Sequence[Token], reading: Reading) -> None:
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
    if not 1500 <= int(a.words) <= 2100 or a.after in load_words("counted"):
        return False
    if a.text[a.end : a.end + 1].isalpha() or a.text[a.start - 1 : a.start] in CURRENCY:
        return False
    if a.opens and a.text[a.end : a.end + 1] in ("", "\n", ":"):
        return True
    if a.before in ("-", "–") and a.reading.first > 1 and "YEAR" in a.tokens[a.reading.first - 2].symbols:
        return True
    return _year_in_prose(a, int(a.words))


def _year_in_prose(a: Around, value: int) -> bool:
    """ "in 2010", "the 2020 vote", "(1994)", but not "of 2000 troops"."""
    if a.before in load_words("preposition") | load_words("possessive") or a.before in ("(", "’s"):
        counted = a.after.isalpha() and a.after.endswith("s") and a.after not in load_words("function")
        return not counted or a.before in load_words("before-year") or (a.before == "the" and value >= 1900)
    return a.before in (",", "–", "-", "—", "[") and 1800 <= value <= 2050 and not a.after.isalpha()


def _month(a: Around) -> bool:
    if a.words.lower() in load_words("name-month"):
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


CURRENCY = frozenset("$€£¥#№./")
NAMED_AFTER_DAYS = frozenset(
    {"Agreement", "Times", "Telegraph", "Herald", "Post", "Mail", "Olympics", "Games"}
)


def _today(a: Around) -> bool:
    """No name of a paper: "Gulf Today"."""
    return not (a.words[0].isupper() and a.raw_before[:1].isupper() and not a.opens)


def _day_of_month(a: Around) -> bool:
    return (
        (a.before in load_words("before-day") or a.before == ",")
        and a.closed
        and not a.raw_after[:1].isupper()
        and (any(c.isdigit() for c in a.words) or a.after in (".", ",", ";", ""))
    )


def _clock(a: Around) -> bool:
    if any(c.isalpha() for c in a.words):
        return a.words.lower() not in ("noon", "midday") or a.before in load_words("preposition") or a.opens
    if a.after in load_words("counted") or a.after == "-":
        return False
    if a.reading.meaning.rule == "clock-dot" and not a.closed:
        return False
    return a.opens or a.before in load_words("before-clock")


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
        return a.before in load_words("before-length") - {"spent", "than", "lasted", "only"} and a.closed
    if words.startswith(("the ", "next ", "first ", "last ")):
        return " " in words[4:]
    if re.match(r"(?:one|a|an) (?:day|night|minute)$", words):
        return a.before in load_words("before-length") - {"many", "took"}
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
    "per": _set,
    "year": _year,
    "month": _month,
    "weekday": _weekday,
    "season": _season,
    "quarter": lambda a: a.words[0] == "Q" or a.words.lower().startswith("the ") or "-" in a.words,
    "half": lambda a: a.words[0] == "H",
    "weekend": _weekend,
}
