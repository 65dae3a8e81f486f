"""What the words around a time expression say about it: past or planned, since or until.

Only the text itself is looked at, a bounded stretch on either side, so that a later redating of a
reading sees exactly what its first reading saw.
"""

from __future__ import annotations

import re
from functools import cache

from dragoman.settings import load_lexicon

REACH = 240  # code points looked at on either side; longer clauses do not help
_CLAUSE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n|;")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_SIDE = re.compile(
    r"\b(since|until|till|before|by|prior to|ahead of)"
    r"(?: (?:at least|the|about|around|early|late|mid|as late as|no later than))*\s*$",
    re.IGNORECASE,
)
_SIDES = {"till": "until", "prior to": "before", "ahead of": "before"}
_PAST_ENDING = re.compile(r"[a-z]{2,}ed$")
_NOT_VERBS = frozenset("united need indeed speed seed weed feed embed exceed proceed succeed agreed-upon hundred sacred naked kindred".split())
TO_IS_NO_PLAN = frozenset("the a an his her its their our this that these those all some be each both".split())


@cache
def load_tense_words() -> dict[str, int]:
    """Word -> -1 (tells of the past) or 1 (tells of a plan)."""
    return {word: int(direction) for word, direction in load_lexicon("tense-words")}


def find_clause(text: str, start: int, end: int) -> tuple[str, str]:
    """The words of the clause before and after an expression."""
    before = text[max(0, start - REACH) : start]
    for match in _CLAUSE_END.finditer(before):
        before_at = match.end()
    cut = [match.end() for match in _CLAUSE_END.finditer(before)]
    after = text[end : end + REACH]
    stop = _CLAUSE_END.search(after)
    return before[cut[-1] :] if cut else before, after[: stop.start()] if stop else after


def find_direction(text: str, start: int, end: int) -> int:
    """-1 where the clause tells of the past, 1 where of a plan, 0 where it does not show.

    The verb nearest before the expression decides; where none stands before it, the first after it.
    """
    before, after = find_clause(text, start, end)
    words = [m.group() for m in _WORD.finditer(before)]
    for at in range(len(words) - 1, -1, -1):
        told = _direction_of(words, at)
        if told:
            return told
    words = [m.group() for m in _WORD.finditer(after)]
    for at in range(min(len(words), 14)):
        told = _direction_of(words, at)
        if told:
            return told
    return 0


def _direction_of(words: list[str], at: int) -> int:
    word = words[at].lower().replace("’", "'")
    told = load_tense_words().get(word)
    before = words[at - 1].lower() if at else ""
    if word == "to":
        following = words[at + 1] if at + 1 < len(words) else ""
        if following.islower() and following not in TO_IS_NO_PLAN and before not in ("used", "had", "according"):
            return 0 if before in ("flew", "came", "went", "returned") else 1
        return 0
    if told is None and _PAST_ENDING.match(word) and words[at].islower() and word not in _NOT_VERBS:
        told = -1
    if told == -1 and before in PLANNING:
        return 1
    return told or 0


PLANNING = frozenset("be will to would is are".split())


def find_side(text: str, start: int) -> str:
    """ "since", "until", "before" or "by" where that word stands right before the expression."""
    found = _SIDE.search(text[max(0, start - 40) : start])
    if not found:
        return ""
    word = found[1].lower()
    return _SIDES.get(word, word)


_TAIL = re.compile(r"\s+[\w“\"'(]")


def has_tail(text: str, end: int) -> bool:
    """Whether the sentence goes on right after the expression: "two days after | the vote"."""
    return bool(_TAIL.match(text[end : end + 3]))
