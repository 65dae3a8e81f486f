"""Same names: which names of a document are one name, by how they are written alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from dragoman.read.features import is_acronym
from dragoman.read.labels import LAYERS
from dragoman.read.people import are_alike, strip_address
from dragoman.read.places import StateNames
from dragoman.read.spans import Marked
from dragoman.text import fold_name

Tokens = tuple[str, ...]
Pairs = list[tuple[int, int]]


def join_names(names: Sequence[int], marked: Marked, states: StateNames) -> dict[int, int]:
    """The first of the names joined to each: written alike, in short, or in part."""
    parent = {n: n for n in names}

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    def join(pairs: Iterable[tuple[int, int]]) -> None:
        for one, two in pairs:
            first, second = sorted((root(one), root(two)))
            parent[second] = first

    layers = {n: LAYERS[int(marked.spans.layers[n])] for n in names}
    join(_pair_exact(names, layers, marked, states))
    join(_pair_bracketed(names, marked))
    for layer in ("person.name", "organization.name", "place.name"):
        of_layer = [n for n in names if layers[n] == layer]
        tokens = {n: strip_address(fold_name(marked.spans.words[n]).split()) for n in of_layer}
        if layer != "place.name":
            join(_pair_parts(tokens, root, _ends_with))
        if layer == "person.name":
            join(_pair_parts(tokens, root, _lies_in))
        if layer == "organization.name":
            join(_pair_acronyms(of_layer, tokens, marked, root))
    return {n: root(n) for n in names}


def _pair_exact(names: Sequence[int], layers: dict[int, str], marked: Marked, states: StateNames) -> Pairs:
    """Names written alike, and names and adjectives of one state; a capital may mean two things."""
    pairs = []
    seen: dict[tuple[str, str], int] = {}
    for number in names:
        words = marked.spans.words[number]
        key = (layers[number], states.state_of(words) or fold_name(words))
        if key in seen and not states.capital_state(words):
            pairs.append((number, seen[key]))
        seen.setdefault(key, number)
    return pairs


def _pair_bracketed(names: Sequence[int], marked: Marked) -> Pairs:
    """A name and the acronym that follows it in brackets."""
    pairs = []
    for one, two in pairwise(names):
        spans = marked.spans
        apart = spans.starts[two] - spans.ends[one]
        short = spans.words[two]
        if spans.layers[one] == spans.layers[two] and apart == 2 and short.isupper() and " " not in short:
            pairs.append((two, one))
    return pairs


def _pair_acronyms(
    names: Sequence[int], tokens: dict[int, Tokens], marked: Marked, root: Callable[[int], int]
) -> Pairs:
    """An acronym and the one body of the document with these initials."""
    pairs = []
    words = marked.spans.words
    long = [n for n in names if len(tokens[n]) > 1]
    for number in names:
        fitting = {root(n) for n in long if is_acronym(words[number], tokens[n])}
        if len(fitting) == 1:
            pairs.append((number, fitting.pop()))
    return pairs


def _pair_parts(
    tokens: dict[int, Tokens], root: Callable[[int], int], fits: Callable[[Tokens, Tokens], bool]
) -> Pairs:
    """A short name and the one thing of the document whose longer name it fits."""
    by_token: dict[str, dict[Tokens, int]] = defaultdict(dict)
    for number, own in tokens.items():
        for token in own if len(own) > 1 else ():
            by_token[token][own] = number
    pairs = []
    for number, own in tokens.items():
        likely = by_token[own[-1]] if own else {}
        longer = {root(n) for full, n in likely.items() if len(full) > len(own) and fits(full, own)}
        if len(longer) == 1:
            pairs.append((number, longer.pop()))
    return pairs


def _ends_with(full: Tokens, short: Tokens) -> bool:
    """Whether a full name ends with a shorter one, or has its first and last word."""
    return full[-len(short) :] == short or (len(short) > 1 and (full[0], full[-1]) == (short[0], short[-1]))


def _lies_in(full: Tokens, short: Tokens) -> bool:
    """Whether the words of a shorter name stand in a full one, in its order and side by side."""
    return any(full[at : at + len(short)] == short for at in range(len(full)))


def may_be_one_body(one: str, two: str) -> bool:
    """Whether two names may be of one body: two different acronyms are not.

    >>> may_be_one_body("EU", "IMF"), may_be_one_body("EU", "European Union")
    (False, True)
    """
    return one == two or not (_is_short(one) and _is_short(two))


def _is_short(words: str) -> bool:
    return " " not in words and sum(map(str.isupper, words)) > 1


def may_be_one_place(one: str, two: str, states: StateNames) -> bool:
    """Whether two names may be of one place: one state, a state and its capital, or words alike."""
    codes, capitals = [[of(words) for words in (one, two)] for of in (states.state_of, states.capital_state)]
    if any(codes):
        return codes[0] == codes[1] or any(not codes[at] and capitals[at] == codes[1 - at] for at in (0, 1))
    if capitals[0] and capitals[0] == capitals[1]:
        return True
    return any(are_alike(a, b) for a in fold_name(one).split() for b in fold_name(two).split())
