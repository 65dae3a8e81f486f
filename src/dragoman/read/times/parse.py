"""Meanings read from tokens by the rules of `time-grammar.tsv`, in time linear in the text.

Rules of one category are one trie over words, symbols and other categories. A category is matched at
a position once and remembered, the longest rule wins, and every rule has a bounded number of
elements: no input makes the reader try again what it has tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from dragoman.read.times.build import VERBS
from dragoman.read.times.lexer import Token, find_tokens
from dragoman.read.times.meaning import Meaning
from dragoman.settings import load_lexicon


class Rule(NamedTuple):
    """One pattern of the grammar, a row of `read/lexicon/time-grammar.tsv`.

    `pattern` is elements with spaces between: a lower-case word stands for itself, `UPPER` for a symbol
    of the word list, `Title` for a category of rules; `x=` names the value for `means`, `a|b` is either,
    a final `?` makes an element optional. `means` is verbs of `build`. The first `example` has `value`
    when it is published on 2023-11-15, a Wednesday.
    """

    category: str
    name: str
    pattern: str
    means: str
    example: str
    value: str
    source: str


class _Node:
    """A node of the trie: words and symbols to go on with, categories to try, rules that end here."""

    __slots__ = ("categories", "rules", "symbols", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.symbols: dict[str, _Node] = {}
        self.categories: dict[str, _Node] = {}
        self.rules: list[tuple[Rule, tuple[tuple[int, str], ...]]] = []


class Match(NamedTuple):
    """What a category found at a position: the token after it and the value."""

    end: int
    value: object


def _expand(pattern: str) -> Iterable[tuple[tuple[str, str], ...]]:
    """Every plain sequence of (label, element) a pattern stands for."""
    choices = []
    for element in pattern.split():
        optional = element.endswith("?")
        label, _, body = element.rstrip("?").rpartition("=")
        alternatives: list[tuple[tuple[str, str], ...]] = [((label, one),) for one in body.split("|")]
        choices.append([*alternatives, ()] if optional else alternatives)
    for combination in product(*choices):
        yield tuple(item for group in combination for item in group)


def build_tries(rules: Sequence[Rule]) -> dict[str, _Node]:
    """One trie a category."""
    tries: dict[str, _Node] = {}
    for rule in rules:
        for sequence in _expand(rule.pattern):
            node = tries.setdefault(rule.category, _Node())
            labels = []
            for at, (label, element) in enumerate(sequence):
                table = (
                    node.symbols
                    if element.isupper() and element.isascii()
                    else node.categories
                    if element[0].isupper()
                    else node.words
                )
                node = table.setdefault(element, _Node())
                if label:
                    labels.append((at, label))
            if sequence:
                node.rules.append((rule, tuple(labels)))
    return tries


@cache
def load_rules() -> tuple[Rule, ...]:
    """The grammar, in the order of its file."""
    return tuple(Rule(*row) for row in load_lexicon("time-grammar"))


@cache
def load_tries() -> dict[str, _Node]:
    """The compiled grammar."""
    return build_tries(load_rules())


@cache
def load_starts(category: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words and the symbols a category may start with: most tokens rule most categories out."""
    words: set[str] = set()
    symbols: set[str] = set()
    seen, todo = {category}, [category]
    while todo:
        node = load_tries()[todo.pop()]
        words.update(node.words)
        symbols.update(node.symbols)
        todo += [name for name in node.categories if name not in seen]
        seen.update(node.categories)
    return frozenset(words), frozenset(symbols)


@cache
def _compile(means: str) -> tuple[tuple[Callable[..., object], tuple[str, ...]], ...]:
    steps = (step.split() for step in means.split("|"))
    return tuple((VERBS[verb], tuple(arguments)) for verb, *arguments in steps)


def _constant(word: str) -> int | float | str:
    if word.lstrip("-").isdigit():
        return int(word)
    return float(word) if word.replace(".", "").isdigit() else word


def _build(rule: Rule, caught: dict[str, object]) -> object:
    """What the verbs of a rule make of the values its pattern caught; None refuses."""
    result: list[object] = []
    for verb, arguments in _compile(rule.means):
        given = (caught[a] if a in caught else _constant(a) for a in arguments)
        made = verb(*result, *given)
        if made is None:
            return None
        result = [made]
    return result[0]


MAX_DEPTH = 12  # categories inside each other; "the end of the first half of next year" needs six


class Parser:
    """The reading of one list of tokens; holds what was matched where."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.tries = load_tries()
        self.seen: dict[tuple[str, int], Match | None] = {}
        self.depth = 0
        self.steps = 0  # nodes walked: what the reading cost

    def match(self, category: str, at: int) -> Match | None:
        """The longest match of a category at a token, or None."""
        if at >= len(self.tokens):
            return None
        words, symbols = load_starts(category)
        token = self.tokens[at]
        if token.word not in words and symbols.isdisjoint(token.symbols):
            return None
        key = (category, at)
        if key not in self.seen:
            if self.depth >= MAX_DEPTH:
                return None
            self.seen[key] = None  # a rule that starts with its own category finds nothing
            best: list[Match | None] = [None]
            self.depth += 1
            self._walk(self.tries[category], at, (), best)
            self.depth -= 1
            self.seen[key] = best[0]
        return self.seen[key]

    def _walk(self, node: _Node, at: int, values: tuple[object, ...], best: list[Match | None]) -> None:
        self.steps += 1
        if node.rules and (best[0] is None or at > best[0].end):
            for rule, labels in node.rules:
                value = _build(rule, {label: values[i] for i, label in labels})
                if value is not None:
                    passes_on = rule.means == "value p"
                    if isinstance(value, Meaning) and not (passes_on and value.rule):
                        value = value._replace(rule=rule.name)
                    best[0] = Match(at, value)
                    break
        if at < len(self.tokens):
            token = self.tokens[at]
            onward = node.words.get(token.word)
            if onward is not None:
                self._walk(onward, at + 1, (*values, token.word), best)
            if node.symbols:
                for symbol, value in token.symbols.items():
                    onward = node.symbols.get(symbol)
                    if onward is not None:
                        self._walk(onward, at + 1, (*values, value), best)
            for category, onward in node.categories.items():
                found = self.match(category, at)
                if found is not None:
                    self._walk(onward, found.end, (*values, found.value), best)


class Reading(NamedTuple):
    """A meaning and the tokens `[first, last)` it was read from."""

    first: int
    last: int
    meaning: Meaning


def read_at(parser: Parser, at: int) -> Reading | None:
    """The longest time expression that starts at a token."""
    found = parser.match("Time", at)
    if found is None or not isinstance(found.value, Meaning):
        return None
    return Reading(at, found.end, found.value)


@lru_cache(maxsize=16384)
def parse_expression(words: str) -> Meaning | None:
    """The meaning of an expression given by itself, or None: the longest reading inside the words.

    >>> parse_expression("mid-November").steps[0].n
    11
    """
    tokens = find_tokens(words)
    parser = Parser(tokens)
    readings = [r for at in range(len(tokens)) if (r := read_at(parser, at))]
    if not readings:
        return None
    best = max(readings, key=lambda r: (r.last - r.first, -r.first))
    if best.meaning.rule in WHOLE_ONLY and best.last - best.first < len(tokens):
        return None
    return best.meaning._replace(tail=best.last < len(tokens))


WHOLE_ONLY = frozenset({"day-of-month", "clock-dot"})  # too weak to stand for longer words
