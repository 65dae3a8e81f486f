"""Which state or city a place name means: names of states, and places resolved by their document.

Word lists come from `lexicon/states.tsv`; coordinates come from whatever gazetteer is handed in, so
nothing here reads a file. Whether a capital stands for its government is weighed by the cues of
`lexicon/metonymy.tsv`.
Nothing is guessed: a name no list knows stays without country and coordinates.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from dragoman.settings import load_lexicon

WITHOUT_CODE = {"disputed", "former"}  # kinds of state whose code is no ISO 3166-1 code in force
WINDOW = 120  # characters on either side in which cues are looked for
CLAUSE_STARTS = {"line start", "sentence start", "clause start"}  # cues after which a subject stands
_WORD = r"[A-ZÀ-Þ][\w'’.-]*\w(?: [A-ZÀ-Þ][\w'’-]+)?"
_JOINED_BEFORE = re.compile(rf"({_WORD})(?:, and|, or|,| and| or| AND)\s+$")
_JOINED_AFTER = re.compile(rf"^(?:(?:, and|,| and| or| AND) {_WORD})+")
_AND_AFTER = re.compile(r"^ (?:and|or|AND) ")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StateNames:
    """The names, adjectives, demonyms and capitals of states, by surface.

    Case matters as it does in print: "US" is a state and "us" is not, "Polish" and not "polish".
    Words wholly in capitals ("AMMAN", "TURKISH") are read as a headline's, unless they are short.
    """

    names: dict[str, str] = field(repr=False)
    adjectives: dict[str, str] = field(repr=False)
    demonyms: dict[str, str] = field(repr=False)
    capitals: dict[str, str] = field(repr=False)
    ambiguous: frozenset[str] = field(repr=False)
    titles: dict[str, str] = field(repr=False)
    kinds: dict[str, str] = field(repr=False)

    def state_of(self, surface: str) -> str | None:
        """The code of the state a name, adjective or demonym belongs to, or None.

        ISO 3166-1 alpha-2; a withdrawn code or a word for former states and disputed ones.

        >>> states = load_states()
        >>> [states.state_of(word) for word in ("Azerbaijanis", "the U.S.", "us", "Britain's", "Soviet")]
        ['AZ', 'US', None, 'GB', 'SU']
        """
        return next(
            (table[form] for form in _forms(surface) for table in self._tables() if form in table), None
        )

    def capital_state(self, surface: str) -> str | None:
        """The code of the state of which this is the capital or seat of government, or None."""
        return next((self.capitals[form] for form in _forms(surface) if form in self.capitals), None)

    def country_of(self, surface: str) -> str | None:
        """The ISO 3166-1 alpha-2 code in force of `state_of`; None for former and disputed states."""
        return self.iso_of(self.state_of(surface))

    def iso_of(self, code: str | None) -> str | None:
        """The code if it is an ISO 3166-1 code in force, else None."""
        return code if code is not None and self.kinds.get(code) not in WITHOUT_CODE else None

    def is_adjective(self, surface: str) -> bool:
        """Whether the word is used as an adjective of a state ("Azerbaijani", "US")."""
        return any(form in self.adjectives for form in _forms(surface))

    def is_demonym(self, surface: str) -> bool:
        """Whether the word names citizens of a state ("Azerbaijanis", "Briton")."""
        return any(form in self.demonyms for form in _forms(surface))

    def is_name(self, surface: str) -> bool:
        """Whether the words name a state itself ("Azerbaijan", "the UK"), not its people or language."""
        return any(form in self.names for form in _forms(surface))

    def is_ambiguous(self, surface: str) -> bool:
        """Whether the surface is also a person's name or another place ("Georgia", "Jordan")."""
        return any(form in self.ambiguous for form in _forms(surface))

    def name_of(self, code: str) -> str:
        """The English short name of a code; the code itself where it is unknown."""
        return self.titles.get(code, code)

    def _tables(self) -> tuple[dict[str, str], ...]:
        return self.names, self.adjectives, self.demonyms


@cache
def load_states() -> StateNames:
    """The states of `lexicon/states.tsv`, read once.

    Where two states share a word ("Congolese") the more populous one comes first in the list's order
    of kinds and codes; `is_ambiguous` says so.
    """
    states = StateNames({}, {}, {}, {}, frozenset(), {}, {})
    ambiguous: set[str] = set()
    for code, _, kind, name, others, adjectives, demonyms, capitals, double, _, _ in load_lexicon("states"):
        states.titles[code], states.kinds[code] = name, kind
        ambiguous.update(_split(double))
        for table, words in (
            (states.names, (name, *_split(others))),
            (states.adjectives, _split(adjectives)),
            (states.demonyms, _split(demonyms)),
            (states.capitals, _split(capitals)),
        ):
            for word in words:
                table.setdefault(_plain(word), code)
    return StateNames(
        states.names,
        states.adjectives,
        states.demonyms,
        states.capitals,
        frozenset(map(_plain, ambiguous)),
        states.titles,
        states.kinds,
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def _plain(surface: str) -> str:
    """Without article and possessive, with straight apostrophes and single spaces."""
    surface = " ".join(surface.replace("’", "'").split())
    return _ARTICLE.sub("", _POSSESSIVE.sub("", surface))


def _forms(surface: str) -> Iterator[str]:
    """The surface as it may stand in a list: plain, and in title case where a headline is in capitals."""
    plain = _plain(surface)
    yield plain
    if len(plain) > 3 and plain.isupper() and "." not in plain:
        yield re.sub(r"\b(And|Of|The)\b", lambda word: word.group().lower(), plain.title())


def stands_for_state(text: str, start: int, end: int, states: StateNames) -> float:
    """How likely the capital at these offsets stands for its government, in [0, 1].

    Weighs the cues of `lexicon/metonymy.tsv` in the words before and after: "between Baku and
    Jerusalem" and "Paris said" speak for the state, "in Baku" and "BAKU, Nov 3" for the city. Among
    several capitals in a row the words around the row count. 0.0 where the words name no capital.

    >>> text = "Moscow said talks would be held in Baku."
    >>> [round(stands_for_state(text, at, at + n, load_states())) for at, n in ((0, 6), (35, 4))]
    [1, 0]
    """
    if states.capital_state(text[start:end]) is None:
        return 0.0
    found = _find_cues(text, start, end, states)
    score = sum(cue.weight for cue in _load_cues() if cue.name in found)
    return 1 / (1 + math.exp(-score))


class Cue(NamedTuple):
    """Words before or after a capital that tell what it stands for; `weight` in log odds."""

    name: str
    side: str
    weight: float
    pattern: re.Pattern[str]


@cache
def _load_cues() -> tuple[Cue, ...]:
    return tuple(
        Cue(name, side, float(weight), re.compile(pattern))
        for name, side, weight, pattern, _ in load_lexicon("metonymy")
    )


def _find_cues(text: str, start: int, end: int, states: StateNames) -> set[str]:
    """The names of the cues that hold, with those of a subject last: they rest on the others."""
    before = _skip_row_before(text[max(0, start - WINDOW) : start], states)
    after = _skip_row_after(text[end : end + WINDOW])
    seen = {"left": before, "right": after, "surface": text[start:end], "always": "-"}
    found = {cue.name for cue in _load_cues() if cue.side in seen and cue.pattern.search(seen[cue.side])}
    if found & CLAUSE_STARTS:
        subject = [cue for cue in _load_cues() if cue.side == "subject"]
        found |= {cue.name for cue in subject if any(cue.pattern.fullmatch(name) for name in found)}
    return found


def _skip_row_before(before: str, states: StateNames) -> str:
    """The words before the first of several states or capitals in a row ("Yerevan and …")."""
    while match := _JOINED_BEFORE.search(before):
        words = match[1].split(" ")
        tails = (" ".join(words[at:]) for at in range(len(words)))
        name = next((t for t in tails if states.capital_state(t) or states.is_name(t)), None)
        if name is None:
            break
        before = before[: match.start() + len(match[1]) - len(name)]
    return before


def _skip_row_after(after: str) -> str:
    """The words after the last of several capitals in a row ("… and Muscat agreed")."""
    return _JOINED_AFTER.sub("", after) if _AND_AFTER.match(after) else after
