"""What the words for a person say about who it may be: he or she, one or several, which name.

Given names and words like "Mrs" or "spokesman" come from `lexicon/genders.tsv`. They are hints, never
facts about a person: they only help to choose among those whom the text names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache

from dragoman.settings import load_lexicon
from dragoman.text import fold_name

HE = frozenset("he him his himself".split())
SHE = frozenset("she her hers herself".split())
I = frozenset("i me my mine myself".split())  # noqa: E741 - the word itself
THEY = frozenset("they them their theirs themselves".split())
HOW_MANY = {
    "two": 2,
    "both": 2,
    "pair": 2,
    "couple": 2,
    "duo": 2,
    "three": 3,
    "trio": 3,
    "four": 4,
    "five": 5,
    "six": 6,
}
ALIKE = 0.75  # [0, 1]; share of common letters of two spellings of one name
_BEFORE = re.compile(r"([\w.’'-]+)[ \t]+$")
_SEVERAL = re.compile(r"(?:(?:the|both|these|those|our|their) .*[a-z]s|the (?:two|three|four|pair|trio))")
_ONE = re.compile(r".*(?:ss|us|is|[’']s)$")


@cache
def _load_genders() -> tuple[dict[str, int], dict[str, int]]:
    """Given names, and words beside names: +1 for him, -1 for her."""
    tables: dict[str, dict[str, int]] = {"name": {}, "word": {}}
    for gender, table, words in load_lexicon("genders"):
        tables[table] |= dict.fromkeys(words.split("|"), 1 if gender == "he" else -1)
    return tables["name"], tables["word"]


@cache
def _load_honorifics() -> frozenset[str]:
    rows = load_lexicon("name-words")
    return frozenset(word for kind, words in rows if kind == "honorific" for word in words.split("|"))


def gender_of(words: str, before: str = "", *, named: bool = False) -> int:
    """+1 where the words stand for a man, -1 for a woman, 0 where they do not tell.

    `before` is the text in front: its last word counts ("Mrs"). `named`: the words are a name, and
    given names count.

    >>> gender_of("her"), gender_of("Mary Poll", named=True), gender_of("Poll", "with Mr. ", named=True)
    (-1, -1, 1)
    """
    if words.casefold() in HE | SHE:
        return 1 if words.casefold() in HE else -1
    names, beside = _load_genders()
    tokens = fold_name(words).split()
    last = _BEFORE.search(before)
    around = [*fold_name(last[1] if last else "").split()[-1:], *tokens]
    told = [beside[token] for token in around if token in beside]
    if not told and named:
        told = [names[token] for token in tokens[:-1] if token in names]
    return told[0] if told else 0


def stated_number(words: str) -> int | None:
    """How many the words say they stand for ("the two leaders"), or None."""
    return next((n for word, n in HOW_MANY.items() if word in words.casefold().split()), None)


def is_several(words: str) -> bool:
    """Whether the words stand for more than one person.

    >>> [w for w in ("they", "the ministers", "the two", "the princess", "his") if is_several(w)]
    ['they', 'the ministers', 'the two']
    """
    plain = words.casefold()
    return (
        plain in THEY
        or bool(stated_number(words))
        or bool(_SEVERAL.fullmatch(plain) and not _ONE.match(plain))
    )


def strip_address(tokens: Sequence[str]) -> tuple[str, ...]:
    """The folded words of a name without "Mr" and the like in front; all where nothing else is there."""
    at = 0
    while at < len(tokens) - 1 and tokens[at] in _load_honorifics():
        at += 1
    return tuple(tokens[at:])


@lru_cache(maxsize=65536)
def are_alike(one: str, two: str) -> bool:
    """Whether two folded words may be one name in two spellings, or one its initial."""
    if one == two or min(len(one), len(two)) == 1:
        return one[0] == two[0]
    return one[:3] == two[:3] or SequenceMatcher(None, one, two).ratio() >= ALIKE


def may_be_one(one: str, two: str) -> bool:
    """Whether two names of people may be of one person: every word of the shorter has its like.

    >>> [may_be_one("Ana Bell", other) for other in ("Bell", "Tom Bell", "A. Bell")]
    [True, False, True]
    """
    short, long = sorted((strip_address(fold_name(name).split()) for name in (one, two)), key=len)
    left = list(long)
    for token in short:
        like = next((other for other in left if are_alike(token, other)), None)
        if like is None:
            return False
        left.remove(like)
    return bool(short)
