"""Whether two names of bodies can be one body's, and why.

A name is taken apart into slots: which kind of body, of which country, in which country, at which place,
and what is left. A slot that differs makes another body: the Embassy of Azerbaijan in Israel is never
the Embassy of Israel in Azerbaijan, however alike the letters are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from dragoman.resolve.countries import find_states, get_capital_state, get_state, name_state
from dragoman.resolve.names import Comparison
from dragoman.resolve.spelling import compare_words, fold_words
from dragoman.settings import load_lexicon

BODY_FLOOR = 0.78  # [0, 1]; names at least so alike can be one body's; set on corpus train
SILENT = 0.9  # [0, 1]; factor for a slot only one of the names fills
ACRONYM = 0.85  # [0, 1]; what WCC for World Culture Congress is worth
MISSIONS = frozenset({"embassy", "consulate", "legation", "mission", "delegation", "office"})
ABROAD = frozenset({"in", "to", "at"})
ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}
_BRACKETS = re.compile(r"\(([^)]*)\)")
_ORDINAL = re.compile(r"\b\d(?:st|nd|rd)\b", re.IGNORECASE)
MOST_WORDS = 5  # words; the longest entry of the list


class Body(NamedTuple):
    """The name of a body taken apart; None and empty where the name is silent."""

    kind: str | None
    of_country: str | None
    in_country: str | None
    place: str | None
    words: tuple[str, ...]
    letters: str  # of the acronym a name is, "" for a name of words
    initials: str


@cache
def _load_list(what: str) -> dict[str, str]:
    return {words: to for kind, words, to in load_lexicon("organisation-words") if kind == what}


@lru_cache(maxsize=65536)
def parse_body(name: str) -> Body:
    """The slots of the name of a body.

    >>> parse_body("the Azerbaijani Embassy in Israel")[:3]
    ('embassy', 'AZ', 'IL')
    >>> parse_body("Israel's Foreign Ministry")[:3] == parse_body("Ministry of Foreign Affairs of Israel")[:3]
    True
    """
    plain = re.sub(r"['’]s\b", "", _BRACKETS.sub(_keep_state, name))
    plain = re.sub(r"\b(\w\.){2,}", lambda m: m.group().replace(".", ""), f"{plain}").replace("'l", "l")
    plain = re.sub(r"(?<=[a-z])(?=[A-Z]{2,}\b)", " ", plain)
    raw = re.sub(r"[^\w\s'’%-]", " ", plain)
    words = _count(_replace(fold_words(_ORDINAL.sub(_spell_ordinal, raw)).split(), _load_list("same")))
    of_country, in_country, words = _take_countries(words)
    kind, words = _take_kind(words)
    place, words = _take_place(words)
    if kind in MISSIONS and place and not in_country:
        in_country = get_capital_state(place)
    dropped = _load_list("legal") | _load_list("plain")
    rest = _drop(words, dropped) or (() if kind else tuple(words))
    letters = _find_letters(raw, rest)
    initials = "".join(w[0] for w in fold_words(raw).split() if w not in ("of", "the", "and", "for", "in"))
    return Body(kind, of_country, in_country, place, rest, letters, initials)


def _keep_state(bracket: re.Match[str]) -> str:
    """The words in brackets where they name a state, else nothing: an acronym repeats the name."""
    return f" {bracket.group(1)} " if get_state(bracket.group(1)) else " "


def _spell_ordinal(match: re.Match[str]) -> str:
    return ORDINALS.get(match.group().lower(), match.group())


def _count(words: Sequence[str]) -> list[str]:
    """The words, numbers in figures."""
    figures = _load_list("number")
    return [figures.get(word, word) for word in words]


def _find_letters(raw: str, rest: Sequence[str]) -> str:
    """The letters of an acronym, "" where the name is more than capitals and a country."""
    short = [w.lower() for w in raw.split() if w.isascii() and w.isupper() and 1 < len(w) < 8]
    return short[0] if len(short) == 1 and tuple(short) == tuple(rest) else ""


def _replace(words: Sequence[str], table: dict[str, str]) -> list[str]:
    """The words, the longest runs that stand in the table put as it says."""
    made: list[str] = []
    position = 0
    while position < len(words):
        for end in range(min(len(words), position + MOST_WORDS), position, -1):
            if (known := table.get(" ".join(words[position:end]))) is not None:
                made += known.split()
                position = end
                break
        else:
            made.append(words[position])
            position += 1
    return made


def _drop(words: Sequence[str], table: dict[str, str]) -> tuple[str, ...]:
    return tuple(_replace(words, dict.fromkeys(table, "")))


def _take_countries(words: Sequence[str]) -> tuple[str | None, str | None, list[str]]:
    """The country a body is of, the one it is in, and the words without them."""
    of_country = in_country = None
    stated = find_states(words)
    for state in stated:
        before = [w for w in words[max(0, state.start - 2) : state.start] if w != "the"]
        if before and before[-1] in ABROAD:
            in_country = in_country or state.code
        else:
            of_country = of_country or state.code
    inside = {n for state in stated for n in range(state.start, state.end)}
    return of_country, in_country, [w for n, w in enumerate(words) if n not in inside]


def _take_kind(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The kind of body, by the first words that name one, and the words without them."""
    kinds = _load_list("kind")
    for start in range(len(words)):
        for size in (2, 1):
            if kind := kinds.get(" ".join(words[start : start + size])):
                return kind, [*words[:start], *words[start + size :]]
    return None, list(words)


def _take_place(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """What follows "in" as the place, and the words without it; a capital alone is a place, too."""
    if "in" in words:
        at = words.index("in")
        return " ".join(words[at + 1 :]) or None, list(words[:at])
    return None, [w for w in words if w not in ABROAD]


@lru_cache(maxsize=65536)
def compare_bodies(left: str, right: str) -> Comparison:
    """How alike two names of bodies are, in [0, 1], and why.

    Kind, country of origin, country of seat and place must agree where both names tell them; words may be
    spelt differently, and an acronym stands for its words. From `BODY_FLOOR` on they can be one body.

    >>> compare_bodies("Embassy of Azerbaijan in Israel", "Embassy of Israel in Azerbaijan")
    Comparison(score=0.0, reasons=('one is of Azerbaijan, the other of Israel',))
    """
    parts = [[parse_body(part) for part in (name, *_split_slash(name))] for name in (left, right)]
    found = [compare_parsed_bodies(one, two) for one in parts[0] for two in parts[1]]
    return max(found, key=lambda comparison: comparison.score)


def _split_slash(name: str) -> tuple[str, ...]:
    """Two names written as one with a stroke between them."""
    parts = tuple(part.strip() for part in name.split("/"))
    return parts if len(parts) > 1 and all(len(part) > 4 for part in parts) else ()


@lru_cache(maxsize=262144)
def compare_parsed_bodies(one: Body, two: Body) -> Comparison:
    """What `compare_bodies` says, of names taken apart already."""
    if acronym := _compare_acronym(one, two):
        return acronym
    if conflict := _find_conflict(one, two):
        return Comparison(0.0, (conflict,))
    score, reason = _compare_rest(one.words, two.words)
    if not score and one.kind and one.kind == two.kind and not one.words and not two.words:
        score, reason = 1.0, f"both are the {one.kind}"
    if not score:
        return Comparison(0.0, (reason,))
    reasons = [reason]
    for what, a, b in (("country", one.of_country, two.of_country), ("seat", one.in_country, two.in_country)):
        if (a is None) != (b is None):
            score *= SILENT
            reasons.append(f"only one tells its {what} ({name_state(a or b or '')})")
    if (one.kind is None) != (two.kind is None):
        score *= SILENT
    return Comparison(round(score, 4), tuple(reasons))


def _find_conflict(one: Body, two: Body) -> str | None:
    """The slot in which two bodies differ, in words; None where they agree or are silent."""
    slots = (
        ("one is a {0}, the other a {1}", one.kind, two.kind),
        ("one is of {0}, the other of {1}", one.of_country, two.of_country),
        ("one is in {0}, the other in {1}", one.in_country, two.in_country),
        ("one is at {0}, the other at {1}", one.place, two.place),
    )
    for words, a, b in slots:
        if a and b and a != b:
            return words.format(*(name_state(value) if len(value) == 2 else value for value in (a, b)))
    seats = one.in_country or one.place, two.in_country or two.place
    if all(seats) and not (one.in_country and two.in_country) and one.place != two.place:
        return f"one is in {name_state(seats[0] or '')}, the other in {name_state(seats[1] or '')}"
    return None


def _compare_acronym(one: Body, two: Body) -> Comparison | None:
    """A name of capitals against the initials of the other; None where neither is an acronym."""
    for short, full in ((one, two), (two, one)):
        if not full.letters and len(short.letters) > 1 and short.letters == full.initials:
            return Comparison(ACRONYM, (f"{short.letters.upper()} are the initials of the other",))
    if one.letters and two.letters and one.letters != two.letters:
        return Comparison(0.0, (f"{one.letters.upper()} is not {two.letters.upper()}",))
    return None


def _compare_rest(one: Sequence[str], two: Sequence[str]) -> tuple[float, str]:
    """How alike the words are that no slot took, and why."""
    if tuple(one) == tuple(two):
        return (1.0, "the names are written alike") if one else (0.0, "the names say too little")
    if "".join(one) == "".join(two):
        return 0.97, "the names differ in spaces only"
    free = list(two)
    total = lost = 0.0
    alone: list[str] = []
    for word in one:
        best = max(free, key=lambda w: compare_words(word, w), default="")
        alike = compare_words(word, best) if best else 0.0
        if alike >= 0.8 and word.isdigit() == best.isdigit():
            free.remove(best)
            total += len(word) * alike
        else:
            alone.append(word)
            lost += len(word)
    if not total or (alone and free):
        return 0.0, f"{' '.join(alone or one).title()} is not {' '.join(free or two).title()}"
    lost += sum(map(len, free))
    matched = sum(map(len, one)) - sum(map(len, alone))
    return total / (matched + lost), "the names share their words" + (" but for a few" if lost else "")
