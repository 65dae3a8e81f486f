"""Words for several: "the two leaders", "they", "both countries", and whom each stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dragoman.read.labels import LAYERS
from dragoman.read.pairs import Links
from dragoman.read.people import is_several, stated_number
from dragoman.read.spans import Marked
from dragoman.text import fold_name

MEMBER_FLOOR = 0.0  # log odds; a span stands for several where two members pass it
MEMBER_SPREAD = 1.5  # log odds; a member this much less sure than the surest is none
MOST_MEMBERS = 4  # where the words do not say how many

Members = list[tuple[float, int]]  # score and span, surest first


def find_several(numbers: Sequence[int], marked: Marked, links: Links) -> dict[int, Members]:
    """The spans that stand for several, in text order, each with the spans of likely members.

    Those that say so are ("they", "both"); others where members are likelier than any antecedent.
    """
    several: dict[int, Members] = {}
    for number in numbers:
        layer, words = LAYERS[int(marked.spans.layers[number])], marked.spans.words[number]
        if layer.endswith(".name"):
            continue
        says_so = is_several(words) if layer.startswith("person") else stated_number(words) is not None
        floor = -9.0 if says_so else MEMBER_FLOOR
        members = sorted(((s, j) for j, s in links.members.get(number, ()) if s > floor), reverse=True)
        names = {fold_name(marked.spans.words[j]) for _, j in members}
        best = max((s for j, s in links.same.get(number, ()) if j not in several), default=0.0)
        if len(names) > 1 and (says_so or members[0][0] > best):
            several[number] = members
    return several


def choose_members(
    several: Mapping[int, Members], marked: Marked, links: Links, of_span: Mapping[int, tuple[str, ...]]
) -> dict[int, tuple[str, ...]]:
    """The things each word for several stands for: those of the one before it where it takes that up,
    else as many as it says, at least two, the surest ones.
    """
    chosen: dict[int, tuple[str, ...]] = {}
    for number, members in several.items():
        before = [(s, j) for j, s in links.same.get(number, ()) if j in chosen]
        stated = stated_number(marked.spans.words[number])
        if before and max(before)[0] > 0 and stated in (None, len(chosen[max(before)[1]])):
            chosen[number] = chosen[max(before)[1]]
        elif ids := _choose(stated, members, of_span):
            chosen[number] = ids
    return chosen


def _choose(stated: int | None, members: Members, of_span: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """The likeliest things among the members, in the order in which they are first named."""
    rows: dict[str, list[float]] = {}
    for score, span in members:
        if span in of_span:
            rows.setdefault(of_span[span][0], []).append(score)
    ranked = sorted(((max(scores), thing) for thing, scores in rows.items()), reverse=True)
    top = ranked[0][0] if ranked else 0.0
    sure = sum(score > top - MEMBER_SPREAD for score, _ in ranked)
    wanted = {thing for _, thing in ranked[: stated or min(max(2, sure), MOST_MEMBERS)]}
    in_order = (of_span[span][0] for _, span in sorted(members, key=lambda m: m[1]) if span in of_span)
    return tuple(dict.fromkeys(thing for thing in in_order if thing in wanted))
