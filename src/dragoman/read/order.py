"""Which engagement came before which, by words and by dates.

Words decide first and leave evidence: "following the talks", "prior to the meeting", "earlier",
"then". Two engagements whose times cannot overlap are ordered by their dates. An order that runs in
a circle, or against the dates, becomes a note; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from dragoman.read.times.anchors import Trigger, anchor_time, find_anchor, sort_triggers
from dragoman.read.times.context import iter_sentences
from dragoman.record import Engagement, Evidence, Note, Slot, Span, Timex

# What stands between a trigger and an engagement it is ordered against: words -> 1 after, -1 before it.
CONNECTORS = re.compile(
    r"\b(?:(?P<after>following|after(?! which)|in the wake of|on the heels of|as a follow-up to|since)"
    r"|(?P<before>after which|before(?! then)|prior to|ahead of|in advance of|on the eve of|until"
    r"|in preparation for|leading up to))\b",
    re.IGNORECASE,
)
ADVERBS = re.compile(
    r"\b(?:(?P<after>afterwards?|later|subsequently|(?<!before )then|thereafter|after that|next(?=,))"
    r"|(?P<before>earlier|previously|beforehand|before th(?:at|en)|prior to that))\b"
    r"(?! (?:attempts?|this|today|governments?))",
    re.IGNORECASE,
)
END_OF_TIME = "9999-12-31"  # sorts after every day
MAX_NEXT = 8  # engagements that one is ordered before by its date alone
REACH = 90  # code points between a connector and the trigger it leads to


class Edge(NamedTuple):
    """One engagement after another, with the words that say so where words do."""

    later: str
    earlier: str
    words: Span | None = None


def order_engagements(
    text: str, sentences: Sequence[Span], engagements: Sequence[Engagement], times: Sequence[Timex]
) -> tuple[tuple[Engagement, ...], tuple[Note, ...]]:
    """The engagements with `after`, `before` and anchored times filled, and a note for every contradiction.

    Words give an edge and its evidence; disjoint times give one where no words do. `times` are the
    times of the reading: a time whose words hang on an engagement orders the one it belongs to.

    `sentences` and `times` are not consulted: the order is found from the text and the engagements
    alone, so that a later redating finds the same without them.

    Notes: `order-contradiction` where words and dates, or words and words, disagree.
    """
    del sentences, times
    anchored, edges = _anchor(text, engagements)
    edges += _edges_from_words(text, anchored)
    notes = _find_contradictions(text, anchored, edges)
    edges += _edges_from_dates(anchored, edges)
    return _fill(text, anchored, edges), notes


def _anchor(text: str, engagements: Sequence[Engagement]) -> tuple[list[Engagement], list[Edge]]:
    """Times that hang on another engagement, resolved through it, and the order they tell."""
    anchored, edges = [], []
    triggers = sort_triggers(engagements)
    for engagement in engagements:
        time = engagement.time
        other = find_anchor(text, time, triggers, engagement.id) if time else None
        if time is None or other is None or other.part_of == engagement.id or engagement.part_of == other.id:
            anchored.append(engagement)
            continue
        anchored.append(replace(engagement, time=anchor_time(text, time, other)))
        words = Span(start=time.start, end=time.end)
        if re.search(r"\b(?:before|eve)\b", time.text):
            edges.append(Edge(other.id, engagement.id, words))
        elif re.search(r"\bafter\b", time.text):
            edges.append(Edge(engagement.id, other.id, words))
    return anchored, edges


def _edges_from_words(text: str, engagements: Sequence[Engagement]) -> list[Edge]:
    edges: list[Edge] = []
    triggers = sorted(
        ((t.start, t.end, e) for e in engagements for t in e.triggers),
        key=lambda trigger: (trigger[0], trigger[1]),
    )
    at = 0
    before: list[Trigger] = []
    for sentence in iter_sentences(text):
        first = at
        while at < len(triggers) and triggers[at][0] < sentence.end:
            at += 1
        inside = triggers[first:at]
        if inside:
            edges += _edges_in_sentence(text, sentence, inside)
            edges += _edge_to_sentence_before(text, sentence, inside, before)
            before = inside
    return [edge for edge in edges if edge.later != edge.earlier]


def _edges_in_sentence(text: str, sentence: Span, inside: Sequence[Trigger]) -> Iterable[Edge]:
    """ "A met B after the talks": the connector orders the trigger behind it against its own clause's."""
    if len({t[2].id for t in inside}) < 2:
        return
    for match in CONNECTORS.finditer(text, sentence.start, sentence.end):
        behind = next((t for t in inside if match.end() <= t[0] <= match.end() + REACH), None)
        if behind is None or ("," in text[match.end() : behind[0]] and match.start() > sentence.start):
            continue
        others = [t for t in inside if t[2].id != behind[2].id]
        before = [t for t in others if t[1] <= match.start()]
        main = before[-1] if before else next((t for t in others if t[0] > behind[1]), None)
        if main is None:
            continue
        words = Span(start=match.start(), end=match.end())
        later, earlier = (main, behind) if match["after"] else (behind, main)
        yield Edge(later[2].id, earlier[2].id, words)


def _edge_to_sentence_before(
    text: str, sentence: Span, inside: Sequence[Trigger], before: Sequence[Trigger]
) -> Iterable[Edge]:
    """ "Earlier, she had met …": the adverb that opens a sentence orders it against the one before."""
    found = ADVERBS.search(text, sentence.start, min(sentence.end, sentence.start + 40))
    if not before or found is None:
        return
    if len(text[sentence.start : found.start()].split()) > 3:
        return
    here, side = inside[0][2], 1 if found["after"] else -1
    candidates = (t[2] for t in (reversed(before) if side > 0 else before))
    there = next((c for c in candidates if _compare(here.time, c.time) != -side), None)
    if there is not None:  # which sentence-mate the adverb looks back to is a guess: dates may overrule it
        words = Span(start=found.start(), end=found.end())
        yield Edge(here.id, there.id, words) if side > 0 else Edge(there.id, here.id, words)


def _edges_from_dates(engagements: Sequence[Engagement], known: Sequence[Edge]) -> list[Edge]:
    """Edges between engagements whose times cannot overlap, each to the ones next after it only."""
    told = {frozenset((edge.later, edge.earlier)) for edge in known}
    dated = [
        (e.time.earliest, e.time.latest or END_OF_TIME, e) for e in engagements if e.time and e.time.earliest
    ]
    dated.sort(key=lambda row: row[:2])
    starts = [row[0] for row in dated]
    soonest = [END_OF_TIME] * (len(dated) + 1)  # the first end among those from here on
    for at in range(len(dated) - 1, -1, -1):
        soonest[at] = min(soonest[at + 1], dated[at][1])
    edges = []
    for one in engagements:
        if one.time is None or one.time.latest is None:
            continue
        first = bisect_right(starts, one.time.latest)
        last = min(bisect_right(starts, soonest[first]), first + MAX_NEXT)
        edges += [Edge(row[2].id, one.id) for row in dated[first:last] if _is_free(one, row[2], told)]
    return edges


def _is_free(one: Engagement, other: Engagement, told: set[frozenset[str]]) -> bool:
    return frozenset((one.id, other.id)) not in told and other.part_of != one.id and one.part_of != other.id


def _compare(one: Timex | None, other: Timex | None) -> int:
    """1 where the first lies wholly after the second, -1 where wholly before, else 0."""
    if one is None or other is None:
        return 0
    if one.earliest and other.latest and one.earliest > other.latest:
        return 1
    if one.latest and other.earliest and one.latest < other.earliest:
        return -1
    return 0


def _find_contradictions(
    text: str, engagements: Sequence[Engagement], edges: Sequence[Edge]
) -> tuple[Note, ...]:
    by_id = {engagement.id: engagement for engagement in engagements}
    followers: dict[str, set[str]] = {}
    notes = []
    for edge in edges:
        later, earlier = by_id[edge.later], by_id[edge.earlier]
        if edge.words and _compare(later.time, earlier.time) < 0:
            dates = " is before ".join(e.time.edtf for e in (later, earlier) if e.time)
            notes.append(_note(text, edge.words, f"puts {later.id} after {earlier.id}, but {dates}"))
        if edge.words and _reaches(followers, edge.later, edge.earlier):
            notes.append(
                _note(text, edge.words, f"puts {later.id} after {earlier.id}, other words the reverse")
            )
        followers.setdefault(edge.earlier, set()).add(edge.later)
    return tuple(notes)


def _reaches(followers: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, todo = set(), [start]
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            todo += followers.get(here, ())
    return False


def _note(text: str, words: Span, what: str) -> Note:
    said = text[words.start : words.end]
    return Note(code="order-contradiction", message=f"{said!r} {what}", start=words.start, end=words.end)


def _fill(text: str, engagements: Sequence[Engagement], edges: Sequence[Edge]) -> tuple[Engagement, ...]:
    touching: dict[str, list[Edge]] = {}
    for edge in edges:
        touching.setdefault(edge.later, []).append(edge)
        touching.setdefault(edge.earlier, []).append(edge)
    return tuple(_fill_one(text, engagement, touching.get(engagement.id, ())) for engagement in engagements)


def _fill_one(text: str, engagement: Engagement, edges: Sequence[Edge]) -> Engagement:
    name = engagement.id
    after = dict.fromkeys([*engagement.after, *(e.earlier for e in edges if e.later == name)])
    before = dict.fromkeys([*engagement.before, *(e.later for e in edges if e.earlier == name)])
    known = {(e.start, e.end) for e in engagement.evidence if e.slot is Slot.ORDER}
    words = {(e.words.start, e.words.end) for e in edges if e.words} - known
    evidence = [
        Evidence(start=start, end=end, text=text[start:end], slot=Slot.ORDER) for start, end in sorted(words)
    ]
    return replace(
        engagement, after=tuple(after), before=tuple(before), evidence=(*engagement.evidence, *evidence)
    )
