"""Which engagements of different reports are one: candidates, comparison, groups.

Reports meet only under a shared key (`block_engagement`), so that cost grows with their number and not
with its square; each pair is rated by adding up what speaks for and against, and the strongest pairs
come together first. Two engagements of one document stay two, and what a person judged outranks any score.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from dragoman.concord import Decision, Edge, Judgement, Report, Spot
from dragoman.record import EngagementKind, Status
from dragoman.resolve.reports import count_rivals

# What each observation weighs, in log-odds; logistic regression on candidate pairs of corpus train (ridge 1
# towards guesses made beforehand), rounded. Run again: python -m eval.joint --fit. The last two are set by
# hand: in the corpus hardly a paper reports twice, but a ministry reports every call with the same partner.
WEIGHTS = {
    "start": -3.0,
    "same kind": 2.2,
    "near kind": -3.0,
    "other kind": -8.0,
    "1 shared": 1.7,
    "2 shared": 1.9,
    "3 shared": 2.9,
    "others differ": -2.1,
    "some others differ": -0.7,
    "strangers": 0.3,
    "1 side": -0.8,
    "2 sides": 0.4,
    "1 side only": 0.3,
    "2 sides only": 1.5,
    "other sides": -2.4,
    "rivals": -2.5,
    "same group": 1.6,
    "same day": 0.9,
    "overlap": -0.1,
    "wide overlap": 0.2,
    "near days": 0.8,
    "far days": -1.2,
    "far weeks": -0.5,
    "far months": -6.0,
    "fresh": -1.0,
    "stale weeks": -1.2,
    "stale months": -0.9,
    "same place": 2.3,
    "fitting place": 0.1,
    "same country": -0.4,
    "other place": -1.1,
    "held before planned": -1.5,
    "habit": -2.8,
    "plan, then more": 0.3,
    "other status": -0.9,
    "company": 0.1,
    "words": 2.2,
    "both lead": -0.4,
    "one leads": -1.0,
    "part and whole": -1.1,
    "own series": -4.0,
    "own guests": -3.0,
}
SAME_SCORE = 0.5  # [0, 1]; "start" is set so that this gives the best F1 on corpus train
UNSURE_SCORE = 0.25  # [0, 1]; from here to SAME_SCORE a person is asked
VETO_SCORE = 0.15  # [0, 1]; below it two reports never share an engagement, whatever else they are one with
NEIGHBOURS = 40  # reports; how many later ones of a block each is compared with, in order of days
MOST_KEYS = 12  # participants; of a larger crowd the first in order of identity are keys
RECENT_DAYS = 10  # days; news without a date is as fresh as that
NEAR_DAYS = 3  # days; reports of one day's event differ by so much
LONG_DAYS = 45  # days; a time wider than that says little
NEAR_KM = 40.0  # kilometres; places of one occasion
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
# Kinds that one event may go by in two reports.
COMPATIBLE = (
    {EngagementKind.MEETING, EngagementKind.GATHERING},
    {EngagementKind.AGREEMENT, EngagementKind.CEREMONY},
    {EngagementKind.CEREMONY, EngagementKind.FOUNDING},
)


class Reason(NamedTuple):
    """One observation of two reports, made `times` times, by its name in WEIGHTS; words are for people."""

    name: str
    words: str = ""
    times: int = 1

    @property
    def weight(self) -> float:
        """What it says for (above 0) or against the two being one, in log-odds."""
        return WEIGHTS[self.name] * self.times


def block_engagement(report: Report) -> tuple[str, ...]:
    """The keys under which a report meets those it may be one with: participant, family of kinds, month.

    A state counts as much as the person who acts for it. The month is that of the stated time and, for
    reports that follow each other, that of publication; both with their neighbours where days are close.
    """
    family = FAMILIES[report.kind]
    actors = sorted(report.who)[:MOST_KEYS] or sorted(report.sides)[:MOST_KEYS]
    sides = sorted(report.sides)[:MOST_KEYS]
    pairs = [f"{a}+{b}" for i, a in enumerate(sides) for b in sides[i + 1 :]]
    names = [*actors, *pairs, *sorted(report.groups), *([report.spot.identity] if report.spot else ())]
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
    left, right = sorted((left, right), key=lambda report: report.id)
    reasons = tuple(list_reasons(left, right))
    total = WEIGHTS["start"] + sum(reason.weight for reason in reasons)
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    if score >= SAME_SCORE:
        decision = Decision.SAME
    else:
        decision = Decision.UNSURE if score >= UNSURE_SCORE else Decision.DIFFERENT
    ordered = sorted(reasons, key=lambda reason: -abs(reason.weight))
    return Edge(
        left=left.id,
        right=right.id,
        decision=decision,
        score=round(score, 4),
        reasons=tuple(reason.words for reason in ordered if reason.words),
    )


def list_reasons(left: Report, right: Report) -> Iterator[Reason]:
    """Everything observed of two reports, one observation after the other."""
    yield _see_kind(left, right)
    yield from _see_who(left, right)
    yield from _see_sides(left, right)
    yield from _see_time(left, right)
    yield from _see_place(left.spot, right.spot)
    yield from _see_life(left, right)
    yield from _see_surroundings(left, right)
    yield from _see_series(left, right)


def _see_series(left: Report, right: Report) -> Iterator[Reason]:
    """One publisher knows its own days and guests: where they differ it tells of two engagements."""
    if left.publisher is None or left.publisher != right.publisher:
        return
    has_days = left.first is not None and right.first is not None
    if has_days and left.engagement.status is right.engagement.status:
        is_exact = max(map(_measure_width, (left, right))) <= NEAR_DAYS
        if is_exact and _measure_gap(left, right) > 0:
            yield Reason("own series", "one publisher gives them different days")
    shared = left.who & right.who
    if len(shared) == 1 and all(report.who - shared for report in (left, right)):
        yield Reason("own guests", "one publisher names different partners")


def _see_kind(left: Report, right: Report) -> Reason:
    if left.kind is right.kind:
        return Reason("same kind", f"both tell of a {left.kind.value}")
    if {left.kind, right.kind} in COMPATIBLE:
        return Reason("near kind", f"a {left.kind.value} and a {right.kind.value} may be one occasion")
    return Reason("other kind", f"one is a {left.kind.value}, the other a {right.kind.value}")


def _see_who(left: Report, right: Report) -> Iterator[Reason]:
    shared = left.who & right.who
    if not shared:
        if left.who and right.who:
            yield Reason("strangers", "no participant in common")
        return
    yield Reason(f"{min(len(shared), 3)} shared", f"{_count(len(shared), 'participant')} in common")
    common = shared | (left.sides & right.sides)
    if all(_list_others(report, common) for report in (left, right)):
        if len(shared) == 1 and not left.groups & right.groups:
            yield Reason("others differ", "the others, on both sides, differ")
        else:
            yield Reason("some others differ", "some others differ")


def _see_sides(left: Report, right: Report) -> Iterator[Reason]:
    sides, only = left.sides & right.sides, "" if left.who & right.who else " only"
    if sides:
        name = "1 side" if len(sides) == 1 else "2 sides"
        yield Reason(name + only, _name_sides(sides))
    elif left.sides and right.sides and only:
        yield Reason("other sides", "different states take part")
    if rivals := count_rivals(left, right):
        yield Reason("rivals", "other people act for the same state", min(rivals, 2))
    if left.groups & right.groups:
        yield Reason("same group", "the same group takes part")


def _list_others(report: Report, shared: frozenset[str]) -> frozenset[str]:
    """Who takes part beside the shared ones; a state and whoever acts for it are the same."""
    acting = {who for who, side in report.side_of if side in shared}
    sided = {side for who, side in report.side_of if who in report.who}
    return (report.who | report.groups | (report.sides - sided)) - shared - acting


def _name_sides(sides: frozenset[str]) -> str:
    return f"{_count(len(sides), 'side')} in common" + (
        f" ({', '.join(sorted(sides))})" if all(len(side) == 2 for side in sides) else ""
    )


def _see_time(left: Report, right: Report) -> Iterator[Reason]:
    if left.first is None or right.first is None:
        yield from _see_unstated_time(left, right)
        return
    gap = _measure_gap(left, right)
    apart = f"their times are {_count(gap, 'day')} apart"
    if gap <= 0:
        width = max(_measure_width(left), _measure_width(right))
        if width <= 2:
            yield Reason("same day", "on the same day")
        else:
            yield Reason("overlap" if width <= LONG_DAYS else "wide overlap", "their times overlap")
    elif gap <= NEAR_DAYS:
        yield Reason("near days", apart)
    elif gap <= RECENT_DAYS:
        yield Reason("far days", apart)
    else:
        yield Reason("far weeks" if gap <= LONG_DAYS else "far months", apart)


def _see_unstated_time(left: Report, right: Report) -> Iterator[Reason]:
    """A report without a time is fresh news: its day of publication stands for it."""
    ends = [(r.first, r.last) if r.first is not None else (r.fresh, r.fresh) for r in (left, right)]
    (a, b), (c, d) = ends
    if a is None or b is None or c is None or d is None:
        return
    gap = max(a - d, c - b, 0)
    if gap <= RECENT_DAYS:
        yield Reason("fresh", "no time is stated for one, but both are of the same days")
    else:
        name = "stale weeks" if gap <= LONG_DAYS else "stale months"
        yield Reason(name, f"no time is stated for one; they are {gap} days apart")


def _measure_gap(left: Report, right: Report) -> int:
    """Days between the stated times; 0 or less where they overlap."""
    assert left.first is not None and left.last is not None
    assert right.first is not None and right.last is not None
    return max(left.first - right.last, right.first - left.last)


def _measure_width(report: Report) -> int:
    return (report.last or 0) - (report.first or 0) + 1


def _see_place(left: Spot | None, right: Spot | None) -> Iterator[Reason]:
    if left is None or right is None:
        return
    if left.identity == right.identity:
        yield Reason("same place", f"both in {left.name}")
    elif does_place_fit(left, right):
        yield Reason("fitting place", f"{left.name} and {right.name} fit together")
    elif left.country and left.country == right.country:
        yield Reason("same country", f"{left.name} and {right.name} are in one country")
    else:
        yield Reason("other place", f"one in {left.name}, the other in {right.name}")


def does_place_fit(left: Spot, right: Spot, *, within: float = NEAR_KM) -> bool:
    """Whether one place can lie in the other: a country and a place in it, places `within` km."""
    if left.identity == right.identity:
        return True
    if left.country and left.country == right.country and (left.is_state or right.is_state):
        return True
    return not (left.is_state or right.is_state) and measure_km(left, right) <= within


def measure_km(left: Spot, right: Spot) -> float:
    """The distance of two places in kilometres; infinite where one has no coordinates."""
    if left.lat is None or left.lon is None or right.lat is None or right.lon is None:
        return math.inf
    a, b = math.radians(left.lat), math.radians(right.lat)
    turn = math.radians(right.lon - left.lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(half)))


def _see_life(left: Report, right: Report) -> Iterator[Reason]:
    """A plan that is published after the event was told is another event."""
    if left.fresh is None or right.fresh is None or left.engagement.status is right.engagement.status:
        return
    early, late = sorted((left, right), key=lambda report: report.fresh or 0)
    statuses = (early.engagement.status, late.engagement.status)
    words = f"first {statuses[0].value}, then {statuses[1].value}"
    if statuses == (Status.HELD, Status.PLANNED) and (late.fresh or 0) - (early.fresh or 0) > 1:
        yield Reason("held before planned", "one was held before the other was planned")
    elif Status.RECURRING in statuses:
        yield Reason("habit", "one tells of a habit, not of one occasion")
    else:
        yield Reason("plan, then more" if Status.PLANNED in statuses else "other status", words)


def _see_surroundings(left: Report, right: Report) -> Iterator[Reason]:
    """What stands around the engagement: words of the topic, other names, its rank in the report."""
    if shared := sorted(left.words & right.words):
        yield Reason("words", f"both speak of {', '.join(shared[:3])}", min(len(shared), 3))
    if company := (left.company & right.company) - left.who - right.who:
        yield Reason("company", f"both reports name {_count(len(company), 'other')}", min(len(company), 3))
    if left.is_leading and right.is_leading:
        yield Reason("both lead", "both reports begin with it")
    elif left.is_leading or right.is_leading:
        yield Reason("one leads", "only one report begins with it")
    if bool(left.engagement.part_of) is not bool(right.engagement.part_of):
        yield Reason("part and whole", "one is part of something larger, the other is not")


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
    person called different, stay apart. What a person called the same comes together whatever the score,
    with everything that is one with either.
    """
    return _join(reports, (), edges, judgements)


def _join(
    reports: Sequence[Report],
    together: Iterable[Sequence[Report]],
    edges: Iterable[Edge],
    judgements: Iterable[Judgement],
) -> tuple[tuple[Report, ...], ...]:
    groups = _Groups(reports)
    for group in together:
        for report in group[1:]:
            groups.join(group[0].id, report.id)
    same, different, groups.alike = _split_decisions(
        list_decisions(judgements, {report.id for report in reports})
    )
    for left, right in different:
        groups.part(left, right)
    found = list(edges)
    scores = {(edge.left, edge.right): edge.score for edge in found}
    sure = [edge for edge in found if edge.decision is Decision.SAME]
    for edge in sorted(sure, key=lambda edge: (-edge.score, edge.left, edge.right)):
        if groups.may_join(edge.left, edge.right, scores):
            groups.join(edge.left, edge.right)
    for left, right in same:
        groups.unite(left, right)
    return groups.list()


Pairs = Sequence[tuple[str, str]]
Alike = Mapping[str, set[str]]  # all that are judged the same, directly or through others, by id


def _split_decisions(decisions: Iterable[tuple[Decision, str, str]]) -> tuple[Pairs, Pairs, Alike]:
    """The pairs judged the same and those judged different; who is the same as one is as different, too."""
    rows = tuple(decisions)
    same = [(left, right) for how, left, right in rows if how is Decision.SAME]
    classes: dict[str, set[str]] = {}
    for left, right in same:
        both = classes.get(left, {left}) | classes.get(right, {right})
        classes |= dict.fromkeys(both, both)
    different = [
        (one, two)
        for how, left, right in rows
        if how is Decision.DIFFERENT
        for one in sorted(classes.get(left, {left}))
        for two in sorted(classes.get(right, {right}))
    ]
    return same, different, classes


def add_reports(
    new: Sequence[Report],
    groups: Iterable[Sequence[Report]],
    judgements: Iterable[Judgement] = (),
    near: Mapping[str, Container[str]] | None = None,
) -> tuple[tuple[Report, ...], ...]:
    """The groups after one more reading, those of the record first; a new report joins one or stays alone.

    Args:
        new: the reports of the reading.
        groups: the engagements of the record that share a key (`block_engagement`) with one of them;
            what was together stays together.
        judgements: as for `group_engagements`.
        near: the first reports of the groups each new report is compared with; all where left out.
    """
    kept = [tuple(group) for group in groups]
    reports = [*(report for group in kept for report in group), *new]
    edges = (
        compare_engagements(old, fresh)
        for group in kept
        for fresh in new
        if near is None or group[0].id in near.get(fresh.id, ())
        for old in group
    )
    return _join(reports, kept, edges, judgements)


def list_decisions(judgements: Iterable[Judgement], known: set[str]) -> tuple[tuple[Decision, str, str], ...]:
    """What people decided of pairs of known ids and have not undone, the latest of a pair only."""
    rows = sorted(judgements, key=lambda judgement: judgement.id)
    undone = {row.undoes for row in rows if row.undoes is not None}
    latest: dict[tuple[str, str], tuple[Decision, str, str]] = {}
    for row in rows:
        if (row.id in undone and row.id) or row.other is None or not {row.target, row.other} <= known:
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
        self.alike: Alike = {}

    def part(self, left: str, right: str) -> None:
        """Keep two reports apart for good."""
        self.apart.setdefault(left, set()).add(right)
        self.apart.setdefault(right, set()).add(left)

    def may_join(self, left: str, right: str, scores: Mapping[tuple[str, str], float]) -> bool:
        """Whether the groups of two reports may become one: most pairs must be sure, none out of question."""
        a, b = self.home[left], self.home[right]
        if a == b or not self.documents[a].isdisjoint(self.documents[b]):
            return False
        pairs = [(min(x, y), max(x, y)) for x in self.members[a] for y in self.members[b]]
        if any(y in self.apart.get(x, ()) for x, y in pairs):
            return False
        found = [self._score(x, y, scores) for x, y in pairs]
        return min(found) >= VETO_SCORE and sum(score >= SAME_SCORE for score in found) * 2 >= len(pairs)

    def _score(self, left: str, right: str, scores: Mapping[tuple[str, str], float]) -> float:
        """The score of two reports, or of any that are judged the same as they."""
        ones, others = self.alike.get(left, (left,)), self.alike.get(right, (right,))
        return max(scores.get((min(x, y), max(x, y)), UNSURE_SCORE) for x in ones for y in others)

    def unite(self, left: str, right: str) -> None:
        """Make the groups of two reports one; only the two where others of them were called different."""
        others = self.members[self.home[right]]
        if any(y in self.apart.get(x, ()) for x in self.members[self.home[left]] for y in others):
            self._take_out(right)
        self.join(left, right)

    def _take_out(self, report: str) -> None:
        """Let a report stand alone."""
        mates = [member for member in self.members.pop(self.home[report]) if member != report]
        for some in filter(None, (mates, [report])):
            home = min(some, key=self.order.__getitem__)
            self.members[home] = some
            self.documents[home] = {self.reports[member].document for member in some}
            self.home |= dict.fromkeys(some, home)

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
