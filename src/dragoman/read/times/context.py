"""What the words around a time expression say about it: past or planned, since or until.

Only the text itself is looked at, a bounded stretch on either side, so that a later redating of a
reading sees exactly what its first reading saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dragoman.record import Span
from dragoman.settings import load_lexicon

REACH = 240  # code points looked at on either side; longer clauses do not help
_CLAUSE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\bMr)(?<!\bDr)(?<!\bMs)(?<!\bMrs)(?<!\bGen)(?<!\bSt)(?<![ap]\.m)[.!?]"
    r"[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n(?![a-z])|;"
)
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_SIDE = re.compile(
    r"\b(since|until|till|before|by|prior to|ahead of|within|in|that)"
    r"(?: (?:at least|the|about|around|early|late|mid|as late as|no later than))*\s*$",
    re.IGNORECASE,
)
# The last words a side may end in; looked at first, because most times have none.
SIDE_ENDS: tuple[str, ...] = (
    *("since", "until", "till", "before", "by", "to", "of", "within", "in", "that", "least", "the", "than"),
    *("about", "around", "early", "late", "mid", "as"),
)
_SIDES = {"till": "until", "prior to": "before", "ahead of": "before"}
_PAST_ENDING = re.compile(r"[a-z]{2,}ed$")


@cache
def load_words(name: str) -> frozenset[str]:
    """One of the word lists of `time-context.tsv`."""
    return frozenset(word for word, of in load_lexicon("time-context") if of == name)


@cache
def load_tense_words() -> dict[str, int]:
    """Word -> -1 (tells of the past) or 1 (tells of a plan)."""
    return {word: int(direction) for word, direction in load_lexicon("tense-words")}


def find_clause(text: str, start: int, end: int) -> tuple[str, str]:
    """The words of the clause before and after an expression."""
    first = max(0, start - REACH)
    cut = [match.end() for match in _CLAUSE_END.finditer(text, first, start + 1) if match.end() <= start]
    after = text[end : end + REACH]
    stop = _CLAUSE_END.search(after)
    return text[cut[-1] if cut else first : start], after[: stop.start()] if stop else after


def find_direction(text: str, start: int, end: int) -> int:
    """-1 where the clause tells of the past, 1 where of a plan, 0 where it does not show.

    The verb nearest before the expression decides; where none stands before it, the first after it.
    "to January" puts off to a later one; "for January" leaves open which.
    """
    before, after = find_clause(text, start, end)
    told = _direction_of_preposition(before)
    if told is not None:
        return told
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


_IS_ON = re.compile(
    r"\b(?:(?:is|are)\s+(?:[a-z]+\s+)?|(?:end|open|start|begin|meet|return|close|leave|arrive|resume|play)s?\s+|stays?\s+\w+\s+)"
    r"(?:on|in|at)\s+(?:the\s+)?$"
)
_TO = re.compile(r"(?<!from)(?<!up)(?<!due)\s+to\s+(?:the\s+)?$")
_SET = r"(?:set|fixed|planned|scheduled|foreseen|called|in|arranged|due|booked)\s+for\s+(?:the\s+)?$"
_SET_FOR = re.compile(r"\b" + _SET)
_IS_SET_FOR = re.compile(r"\b(?:is|are|has been|have been)\s+(?:\w+\s+)?" + _SET)


def _direction_of_preposition(before: str) -> int | None:
    if _IS_ON.search(before) or _IS_SET_FOR.search(before):
        return 1
    return 0 if _SET_FOR.search(before) or _TO.search(before) else None


def _direction_of(words: list[str], at: int) -> int:
    word = words[at].lower().replace("’", "'")
    before = words[at - 1].lower() if at else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    if word == "to":
        plain = following.islower() and following not in load_words("not-plan")
        return 1 if plain and before not in load_words("not-motion") else 0
    told = load_tense_words().get(word, 0)
    if told > 0 and following == "of":
        return 0
    if word in load_words("plain-verb") and before in (
        "they",
        "we",
        "you",
        "i",
        "who",
        "leaders",
        "ministers",
    ):
        return 1
    if not told and _PAST_ENDING.match(word) and words[at].islower() and word not in load_words("not-past"):
        told = -1
    if word.endswith("ing") and before in ("is", "are") and not told:
        return 1
    if told < 0 and before in PLANNING:
        return 1
    return told


PLANNING = frozenset(["be", "will", "to", "would"])


def find_side(text: str, start: int) -> str:
    """ "since", "until", "before", "by", "within" … where that word stands right before the expression."""
    before = text[max(0, start - 40) : start]
    if not before.rstrip().lower().endswith(SIDE_ENDS):
        return ""
    found = _SIDE.search(before)
    if not found:
        return ""
    word = found[1].lower()
    return _SIDES.get(word, word)


_TAIL = re.compile(
    r"\s+(?:the|a|an|his|her|its|their|our|my|this|these|those|he|she|they|it|we|[A-Z][\w.-]*|\w+ing)\b"
)


_EVENT = re.compile(r"\s+(?:(?:the|a|an|his|her|its|their|this|that)\s+)?(?:[\w'’-]+\s+){0,2}?([a-z]+)\b")


def find_event_end(text: str, end: int) -> int:
    """Where the event ends that stands behind "after" or "before": "several days after | his arrival"."""
    found = _EVENT.match(text[end : end + 60])
    while found and found[1] not in load_words("event"):
        longer = re.match(re.escape(found.group()) + r"\s+([a-z]+)\b", text[end : end + 60])
        if longer is None or len(longer.group().split()) > 4:
            return end
        found = longer
    return end + found.end() if found else end


_AT_TIME = re.compile(r"[^.,;:\n]{0,30}?\b(?:in|at|on)\s+$")


def leads_to(between: str) -> bool:
    """Whether an event's own time follows it: "his arrival | in the capital at | the start of the year"."""
    return bool(_AT_TIME.search(" " + between)) and not re.search(r"[.,;:\n]", between)


def has_tail(text: str, end: int) -> bool:
    """Whether the sentence goes on right after the expression: "two days after | the vote"."""
    return bool(_TAIL.match(text[end : end + 40]))


def opens_line(text: str, start: int) -> bool:
    """Whether an expression is the first word of its line, bullets aside."""
    first = max(0, start - 20)  # bullets are short
    line = text.rfind("\n", first, start)
    if line < 0 and first:
        return False
    return not text[line + 1 : start].strip(" \t•*-–—·>[(")


_RANKED = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|only|\d+(?:st|nd|rd|th)"
    r"|\w{3,}est|best|worst|most|least|once|twice|three times)\b"
)


_PERFECT = re.compile(r"\b(?:has|have|'ve)\b(?! to\b)")
_OF_TIES = re.compile(r"\s+of\s+(?:\w+\s+)?(?:relations|ties|cooperation|friendship|partnership)\b|\s+on,")


def ends_now(text: str, start: int, end: int) -> bool:
    """Whether a length of time ends with the report.

    "the third envoy in | seven years", "has asked for | three years", "is stepping down after | eleven
    years", "marks | 25 years of diplomatic ties".
    """
    before, after = find_clause(text, start, end)
    told = before.rstrip().lower()
    if told.endswith(("in", "in only", "in the", "in more than", "in at least")) and _RANKED.search(
        before[-120:]
    ):
        return True
    if _OF_TIES.match(after):
        return True
    if told.endswith("after"):
        return '"' not in before and "“" not in before
    perfect = _PERFECT.search(before[-80:]) or (not told[3:] and _PERFECT.search(after[:60]))
    return bool(perfect) and told.endswith(("for", "spent", "in", "past", "last")) and "“" not in before


_BEGINS = re.compile(
    r"\b(?:beg[aiu]n|begins|open(?:s|ed)|start(?:s|ed)|arriv\w+|leav\w+|embark\w+|kick\w* off|on|for|at)"
    r"\b[^.]{0,60}$"
)
_ENDS = re.compile(
    r"\b(?:end(?:s|ed|ing)|w(?:ind|ound) up|conclud\w+|clos(?:e|ed|es|ing)|complet\w+|wrap\w* up|finish\w+"
    r"|after|return\w*)\b[^.]{0,40}$"
)


def find_side_of_stay(text: str, start: int) -> int:
    """1 where a stay of some days begins, -1 where it ends, 0 where the words do not say."""
    before, _ = find_clause(text, start, start)
    if _ENDS.search(before[-60:]):
        return -1
    return 1 if _BEGINS.search(before[-80:]) else 0


_STAY = re.compile(
    r"(?:\s+of)?(?:\s+[a-z-]+){0,3}\s+(?:visits?|trip|tour|talks|summit|stay|retreat|conference|meeting|shuttle|mission"
    r"|gathering|session|negotiations|consultations|forum|congress|stop)\b"
)


def is_stay(text: str, time: Span) -> bool:
    """Whether a length is that of a visit, tour, summit and the like."""
    return bool(_STAY.match(text[time.end : time.end + 60]))


def same_sentence(text: str, one: Span, other: Span) -> bool:
    """Whether no sentence ends between two spans."""
    first, last = sorted((one, other), key=lambda span: span.start)
    return not _CLAUSE_END.search(text[first.end : last.start])


_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!Mr)(?<!Dr)(?<!Ms)(?<!Mrs)(?<!Gen)(?<!St)[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n"
)


def iter_sentences(text: str) -> Iterator[Span]:
    """The sentences of a text, roughly: enough to tell which triggers stand together."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield Span(start=start, end=match.end())
        start = match.end()
    yield Span(start=start, end=len(text))
