"""Which state some words name: "Azerbaijan", "Azerbaijani", "the Republic of Azerbaijan" are one.

From the list of states; a capital stands for its state only where a caller asks for places.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from dragoman.resolve.spelling import fold_words
from dragoman.settings import load_lexicon

MOST_WORDS = 6  # words; no name of a state is longer


class Stated(NamedTuple):
    """A state named in a row of words: its code, where the words stand, whether as an adjective."""

    code: str
    start: int
    end: int
    is_adjective: bool


@cache
def _load_states() -> tuple[dict[str, tuple[str, bool]], dict[str, str]]:
    """Folded words -> (code, is adjective), and folded capital -> code.

    Codes of three letters are left out: AND and CPV are words and parties far more often than states.
    """
    named: dict[str, tuple[str, bool]] = {}
    capitals: dict[str, str] = {}
    for code, _alpha3, _kind, name, others, adjectives, demonyms, seats, *_ in load_lexicon("states"):
        for word in (*adjectives.split("|"), *demonyms.split("|")):
            named.setdefault(fold_words(word), (code, True))
        for word in (name, *others.split("|")):
            if len(fold_words(word)) > 1:
                named[fold_words(word)] = (code, word in adjectives.split("|"))
        for seat in seats.split("|"):
            capitals.setdefault(fold_words(seat), code)
    named.pop("", None)
    capitals.pop("", None)
    return named, capitals


def find_states(words: Sequence[str]) -> tuple[Stated, ...]:
    """The states a row of folded words names, the longest name first at each place."""
    named, _ = _load_states()
    found: list[Stated] = []
    position = 0
    while position < len(words):
        for end in range(min(len(words), position + MOST_WORDS), position, -1):
            if known := named.get(" ".join(words[position:end])):
                found.append(Stated(known[0], position, end, known[1]))
                position = end - 1
                break
        position += 1
    return tuple(found)


def get_state(words: str) -> str | None:
    """The code of the state whose name or adjective the words are, None for other words.

    >>> get_state("Azerbaijani"), get_state("Baku")
    ('AZ', None)
    """
    known = _load_states()[0].get(fold_words(words).removeprefix("the "))
    return known and known[0]


def get_capital_state(words: str) -> str | None:
    """The code of the state whose capital the words name."""
    return _load_states()[1].get(fold_words(words))


@cache
def _load_names() -> dict[str, str]:
    return {row[0]: row[3] for row in load_lexicon("states")}


def name_state(code: str) -> str:
    """The name of the state a code stands for; any other words as names are written.

    >>> name_state("AZ"), name_state("world culture congress")
    ('Azerbaijan', 'World Culture Congress')
    """
    return _load_names().get(code) or code.title()
