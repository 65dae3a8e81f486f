"""Which engagements of different reports are one: candidates, comparison, groups.

Reports meet only under a shared key (`block_engagement`), so that cost grows with their number and not
with its square; each pair is rated by adding up what speaks for and against, and the strongest pairs
come together first. Two engagements of one document stay two, and what a person judged outranks any score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from dragoman.concord import Decision, Edge, Judgement
from dragoman.record import EngagementKind, Status
from dragoman.resolve.reports import Report, Spot

# All weights are log-odds; chosen on corpus train with eval/joint.py, then rounded.
START = -3.6  # two reports under one key are not yet one engagement
SAME_SCORE = 0.5  # [0, 1]; best F1 of pairs on corpus train, eval/joint.py
UNSURE_SCORE = 0.25  # [0, 1]; from here to SAME_SCORE a person is asked
NEIGHBOURS = 40  # reports; how many later ones of a block each is compared with, in order of days
MOST_KEYS = 12  # participants; of a larger crowd the first in order of identity are keys
NEAR_DAYS = 3  # days; reports of one day's event differ by so much
LONG_DAYS = 45  # days; a time wider than that says little
NEAR_KM = 40.0  # kilometres; a venue and its city
SHARED = (2.0, 3.2, 3.6)  # one, two, three participants in common
OTHERS = -1.4
FEW_OTHERS = -0.3
STRANGERS = -1.4
SIDES = (0.3, 0.8)  # one, two sides beside shared participants
LONE_SIDES = (0.7, 2.0)  # one, two sides where no participant is shared
COMPANY = 1.2

FAMILIES = {
    EngagementKind.MEETING: "talks",
    EngagementKind.GATHERING: "talks",
    EngagementKind.VISIT: "visit",
    EngagementKind.CALL: "call",
    EngagementKind.AGREEMENT: "act",
    EngagementKind.CEREMONY: "act",
    EngagementKind.FOUNDING: "act",
    EngagementKind.APPOINTMENT: "office",
    EngagementKind.DEPARTURE: "office",
    EngagementKind.MESSAGE: "message",
}
# Kinds that one event may go by in two reports, with what the difference costs.
COMPATIBLE = {
    frozenset((EngagementKind.MEETING, EngagementKind.GATHERING)): -0.3,
    frozenset((EngagementKind.AGREEMENT, EngagementKind.CEREMONY)): -0.5,
    frozenset((EngagementKind.CEREMONY, EngagementKind.FOUNDING)): -0.5,
}


class Reason(NamedTuple):
    """What one field says for (above 0) or against two reports being one; the words are for people."""

    weight: float
    words: str


def block_engagement(report: Report) -> tuple[str, ...]:
    """The keys under which a report meets those it may be one with: participant, family of kinds, month.

    A state counts as much as the person who acts for it. The month is that of the stated time and, for
    reports that follow each other, that of publication; both with their neighbours where days are close.
    """
    family = FAMILIES[report.kind]
    actors = sorted(report.who)[:MOST_KEYS] or sorted(report.sides)[:MOST_KEYS]
    sides = sorted(report.sides)[:MOST_KEYS]
    pairs = [f"{a}+{b}" for i, a in enumerate(sides) for b in sides[i + 1 :]]
    names = [*actors, *pairs, *(report.groups if not actors else ())]
    if not names and report.spot:
        names = [report.spot.identity]
    return tuple(f"{name}|{family}|{month}" for name in names for month in _list_months(report))


def _list_months(report: Report) -> tuple[str, ...]:
    days = [day for day in (report.fresh,) if day is not None]
    if report.first is not None and report.last is not None and report.last - report.first <= LONG_DAYS:
        days += [report.first - NEAR_DAYS, report.first, report.last + NEAR_DAYS]
    return tuple(sorted({date.fromordinal(max(day, 1)).isoformat()[:7] for day in days})) or ("undated",)


def compare_engagements(left: Report, right: Report) -> Edge:
    """Whether two reports tell of the same engagement: what speaks for it and against, summed up.

    Counted are the kind, who takes part and for which states, the stated times, the places, whether one
    can have followed the other, and shared words of the topic. Score: [0, 1], higher is surer.
    """
    reasons = tuple(_weigh(left, right))
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, START + sum(reason.weight for reason in reasons)))))
    if score >= SAME_SCORE:
        decision = Decision.SAME
    else:
        decision = Decision.UNSURE if score >= UNSURE_SCORE else Decision.DIFFERENT
    ordered = sorted(reasons, key=lambda reason: -abs(reason.weight))
    first, second = sorted((left.id, right.id))
    return Edge(
        left=first,
        right=second,
        decision=decision,
        score=round(score, 4),
        reasons=tuple(reason.words for reason in ordered if reason.words),
    )


def _weigh(left: Report, right: Report) -> Iterator[Reason]:
    yield _weigh_kind(left, right)
    yield from _weigh_who(left, right)
    yield _weigh_time(left, right)
    yield _weigh_place(left.spot, right.spot)
    yield _weigh_life(left, right)
    yield _weigh_company(left, right)
    shared = sorted(left.words & right.words)
    if shared:
        yield Reason(min(1.2, 0.5 * len(shared)), f"both speak of {', '.join(shared[:4])}")


def _weigh_kind(left: Report, right: Report) -> Reason:
    if left.kind is right.kind:
        return Reason(0.8, f"both tell of a {left.kind.value}")
    cost = COMPATIBLE.get(frozenset((left.kind, right.kind)))
    if cost is None:
        return Reason(-8.0, f"one is a {left.kind.value}, the other a {right.kind.value}")
    return Reason(cost, f"a {left.kind.value} and a {right.kind.value} may be one occasion")


def _weigh_who(left: Report, right: Report) -> Iterator[Reason]:
    shared = left.who & right.who
    sides = left.sides & right.sides
    if shared:
        yield Reason(SHARED[min(len(shared), 3) - 1], f"{_count(len(shared), 'participant')} in common")
        alone = min(len(_list_actors(side) - shared) for side in (left, right))
        if alone and len(shared) == 1 and not left.groups & right.groups:
            yield Reason(OTHERS, "and others, on both sides, who differ")
        elif alone:
            yield Reason(FEW_OTHERS, "some others differ")
    elif left.who and right.who:
        yield Reason(STRANGERS, "no participant in common")
    if sides:
        yield Reason((SIDES if shared else LONE_SIDES)[len(sides) > 1], _name_sides(sides))
    elif left.sides and right.sides and not shared:
        yield Reason(-1.5, "different states take part")
    if rivals := _count_rivals(left, right):
        yield Reason(-1.0 * min(rivals, 2), "other people act for the same state")
    if left.groups & right.groups:
        yield Reason(1.2, "the same group takes part")


def _list_actors(report: Report) -> frozenset[str]:
    """People and bodies, and the states that take part by themselves."""
    acting = {side for who, side in report.side_of if who in report.who}
    return report.who | report.groups | (report.sides - acting)


def _weigh_company(left: Report, right: Report) -> Reason:
    """Reports of one occasion name the same people, apart from those who take part."""
    shared = (left.company & right.company) - left.who - right.who
    if not shared:
        return Reason(0.0, "")
    return Reason(min(COMPANY, 0.4 * len(shared)), f"both reports name {_count(len(shared), 'other')}")


def _count_rivals(left: Report, right: Report) -> int:
    """For how many sides the two reports name people of which none is the same."""
    mine, theirs = _by_side(left), _by_side(right)
    return sum(mine[side].isdisjoint(theirs[side]) for side in mine.keys() & theirs.keys())


def _by_side(report: Report) -> dict[str, set[str]]:
    people: dict[str, set[str]] = {}
    for who, side in report.side_of:
        if who in report.who and who != side:
            people.setdefault(side, set()).add(who)
    return people


def _name_sides(sides: frozenset[str]) -> str:
    return f"{_count(len(sides), 'side')} in common" + (
        f" ({', '.join(sorted(sides))})" if all(len(side) == 2 for side in sides) else ""
    )


def _weigh_time(left: Report, right: Report) -> Reason:
    if left.first is None or right.first is None:
        return _weigh_unstated_time(left, right)
    gap = _measure_gap(left, right)
    width = max(_measure_width(left), _measure_width(right))
    if gap <= 0:
        if width <= 2:
            return Reason(2.4, "on the same day")
        return Reason(1.4 if width <= LONG_DAYS else 0.2, "their times overlap")
    if gap <= NEAR_DAYS:
        return Reason(0.9, f"their times are {_count(gap, 'day')} apart")
    if gap <= LONG_DAYS:
        return Reason(-1.0 if gap <= 10 else -2.2, f"their times are {_count(gap, 'day')} apart")
    return Reason(-6.0, f"their times are {_count(gap, 'day')} apart")


def _weigh_unstated_time(left: Report, right: Report) -> Reason:
    """A report without a time is fresh news: compare with its day of publication."""
    days = [r.first if r.first is not None else r.fresh for r in (left, right)]
    if days[0] is None or days[1] is None:
        return Reason(0.0, "")
    gap = abs(days[0] - days[1])
    if left.first is not None and right.first is None or right.first is not None and left.first is None:
        stated, silent = (left, right) if left.first is not None else (right, left)
        assert stated.first is not None and stated.last is not None and silent.fresh is not None
        gap = max(0, stated.first - silent.fresh, silent.fresh - stated.last)
    if gap <= 10:
        return Reason(0.5, "one states no time, but both are of the same days")
    return Reason(-1.0 if gap <= LONG_DAYS else -3.0, f"one states no time; they are {gap} days apart")


def _measure_gap(left: Report, right: Report) -> int:
    """Days between the stated times; 0 or less where they overlap."""
    assert left.first is not None and left.last is not None
    assert right.first is not None and right.last is not None
    return max(left.first - right.last, right.first - left.last)


def _measure_width(report: Report) -> int:
    return (report.last or 0) - (report.first or 0) + 1


def _weigh_place(left: Spot | None, right: Spot | None) -> Reason:
    if left is None or right is None:
        return Reason(0.0, "")
    if left.identity == right.identity:
        return Reason(1.4, f"both in {left.name}")
    if does_place_fit(left, right):
        return Reason(1.0, f"{left.name} and {right.name} fit together")
    if left.country and left.country == right.country:
        return Reason(-0.4, f"{left.name} and {right.name} are in one country")
    return Reason(-1.6, f"one in {left.name}, the other in {right.name}")


def does_place_fit(left: Spot, right: Spot) -> bool:
    """Whether one place can lie in the other: a country and a place in it, a city and a venue there."""
    if left.identity == right.identity:
        return True
    if left.country and left.country == right.country and (left.is_state or right.is_state):
        return True
    return not (left.is_state or right.is_state) and measure_km(left, right) <= NEAR_KM


def measure_km(left: Spot, right: Spot) -> float:
    """The distance of two places in kilometres; infinite where one has no coordinates."""
    if left.lat is None or left.lon is None or right.lat is None or right.lon is None:
        return math.inf
    a, b = math.radians(left.lat), math.radians(right.lat)
    turn = math.radians(right.lon - left.lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(half)))


def _weigh_life(left: Report, right: Report) -> Reason:
    """A plan that is published after the event was told is another event."""
    early, late = sorted((left, right), key=lambda report: report.fresh or 0)
    statuses = (early.engagement.status, late.engagement.status)
    if left.fresh is None or right.fresh is None or statuses[0] is statuses[1]:
        return Reason(0.0, "")
    if statuses == (Status.HELD, Status.PLANNED) and (late.fresh or 0) - (early.fresh or 0) > 1:
        return Reason(-1.5, "one was held before the other was planned")
    if Status.RECURRING in statuses:
        return Reason(-1.0, "one tells of a habit, not of one occasion")
    return Reason(0.2 if Status.PLANNED in statuses else -0.2, f"first {statuses[0].value}, then {statuses[1].value}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


# Groups ------------------------------------------------------------------------------------------


def find_candidates(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """The pairs of positions that share a key, each once; of different documents.

    In a block of many, each report meets the NEIGHBOURS that follow it in order of days.
    """
    blocks: dict[str, list[int]] = {}
    for number, report in enumerate(reports):
        for key in block_engagement(report):
            blocks.setdefault(key, []).append(number)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        block.sort(key=lambda number: _sort_day(reports[number]))
        for i, left in enumerate(block):
            for right in block[i + 1 : i + 1 + NEIGHBOURS]:
                pair = (min(left, right), max(left, right))
                if pair not in seen and reports[left].document != reports[right].document:
                    seen.add(pair)
                    yield pair


def _sort_day(report: Report) -> int:
    return report.first if report.first is not None else report.fresh or 0


def group_engagements(
    reports: Sequence[Report], edges: Iterable[Edge], judgements: Iterable[Judgement] = ()
) -> tuple[tuple[Report, ...], ...]:
    """The reports in groups, one an engagement, in order of the first report of each.

    The surest pairs come together first; groups that hold two engagements of one document, or two that a
    person called different, stay apart. What a person called the same comes together whatever the score.
    """
    groups = _Groups(reports)
    for decided, left, right in list_decisions(judgements, {report.id for report in reports}):
        if decided is Decision.SAME:
            groups.join(left, right)
        else:
            groups.part(left, right)
    sure = [edge for edge in edges if edge.decision is Decision.SAME]
    scores = {(edge.left, edge.right): edge.score for edge in sure}
    for edge in sorted(sure, key=lambda edge: (-edge.score, edge.left, edge.right)):
        if groups.may_join(edge.left, edge.right, scores):
            groups.join(edge.left, edge.right)
    return groups.list()


def list_decisions(
    judgements: Iterable[Judgement], known: set[str]
) -> tuple[tuple[Decision, str, str], ...]:
    """What people decided of pairs of known ids and have not undone, the latest of a pair only."""
    rows = sorted(judgements, key=lambda judgement: judgement.id)
    undone = {row.undoes for row in rows if row.undoes is not None}
    latest: dict[tuple[str, str], tuple[Decision, str, str]] = {}
    for row in rows:
        if row.id in undone and row.id or row.other is None or not {row.target, row.other} <= known:
            continue
        pair = (min(row.target, row.other), max(row.target, row.other))
        latest.pop(pair, None)
        if row.action in (Decision.SAME, Decision.DIFFERENT):
            latest[pair] = (row.action, *pair)
    return tuple(sorted(latest.values(), key=lambda found: found[0] is Decision.SAME))


class _Groups:
    """A partition of reports that grows together."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.reports = {report.id: report for report in reports}
        self.order = {report.id: number for number, report in enumerate(reports)}
        self.home = {report.id: report.id for report in reports}
        self.members = {report.id: [report.id] for report in reports}
        self.documents = {report.id: {report.document} for report in reports}
        self.apart: dict[str, set[str]] = {}

    def part(self, left: str, right: str) -> None:
        """Keep two reports apart for good."""
        self.apart.setdefault(left, set()).add(right)
        self.apart.setdefault(right, set()).add(left)

    def may_join(self, left: str, right: str, scores: Mapping[tuple[str, str], float]) -> bool:
        """Whether the groups of two reports may become one: most of their pairs must be sure, too."""
        a, b = self.home[left], self.home[right]
        if a == b or not self.documents[a].isdisjoint(self.documents[b]):
            return False
        pairs = [(min(x, y), max(x, y)) for x in self.members[a] for y in self.members[b]]
        if any(y in self.apart.get(x, ()) for x, y in pairs):
            return False
        return sum(pair in scores for pair in pairs) * 2 >= len(pairs)

    def join(self, left: str, right: str) -> None:
        """Make the groups of two reports one."""
        a, b = sorted((self.home[left], self.home[right]), key=self.order.__getitem__)
        if a == b:
            return
        for member in self.members[b]:
            self.home[member] = a
        self.members[a] += self.members.pop(b)
        self.documents[a] |= self.documents.pop(b)

    def list(self) -> tuple[tuple[Report, ...], ...]:
        """The groups, members in the order the reports came."""
        return tuple(
            tuple(self.reports[id_] for id_ in sorted(ids, key=self.order.__getitem__))
            for _, ids in sorted(self.members.items(), key=lambda item: self.order[item[0]])
        )
