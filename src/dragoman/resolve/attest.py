"""Engagements as all their reports tell them: witnesses, accounts field by field, and a life.

Nothing is decided between reports: values that differ all stay, with who tells them. The single values of
an Attested are those of the witness that tells most, so that a list can show one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from dragoman.concord import Attested, Judgement, Known, Nearness, Report, Witness
from dragoman.record import EngagementKind, Headcount, Part, Participation, Reading, Status
from dragoman.resolve.accounts import Sight, compare_fields
from dragoman.resolve.copies import find_copies
from dragoman.resolve.engagements import (
    LONG_DAYS,
    compare_engagements,
    does_place_fit,
    find_candidates,
    group_engagements,
)
from dragoman.resolve.reports import load_state_names, make_reports
from dragoman.text import fold_name

GOVERNMENT = frozenset("ministry department office embassy government presidency chancellery".split())
MONTH = 30  # days
SLACK_DAYS = 1  # days; a meeting on the eve of a visit belongs to it
PARTS = (EngagementKind.MEETING, EngagementKind.AGREEMENT, EngagementKind.CEREMONY)


def attest_engagements(
    readings: Iterable[Reading], canonical: Mapping[str, str], judgements: Iterable[Judgement] = ()
) -> tuple[Attested, ...]:
    """Every engagement of the readings once, with all its witnesses, in order of the first of each.

    Args:
        readings: all that may tell of the same engagements.
        canonical: identity ids by entity id; an entity without one stands for itself.
        judgements: SAME and DIFFERENT of two engagement ids outrank every score.
    """
    kept = tuple(readings)
    reports = [report for reading in kept for report in make_reports(reading, canonical)]
    edges = [compare_engagements(reports[i], reports[j]) for i, j in find_candidates(reports)]
    groups = group_engagements(reports, edges, judgements)
    copies = find_copies({r.document.id: (r.document.text, r.document.published) for r in kept})
    names = collect_names(kept, canonical)
    return link_parts([attest_group(group, canonical, names, copies) for group in groups], groups)


def collect_names(readings: Iterable[Reading], canonical: Mapping[str, str]) -> dict[str, str]:
    """The commonest full name by identity id, the first of equals."""
    counts: dict[str, Counter[str]] = {}
    for reading in readings:
        for entity in reading.entities:
            counts.setdefault(canonical.get(entity.id, entity.id), Counter())[entity.name] += 1
    return {id_: names.most_common(1)[0][0] for id_, names in counts.items()}


def attest_group(
    group: Sequence[Report], canonical: Mapping[str, str], names: Mapping[str, str], copies: Mapping[str, str]
) -> Attested:
    """The reports of one engagement as one."""
    fullest = max(group, key=_count_told)
    engagement = fullest.engagement
    sight = Sight(canonical, names)
    time = engagement.time
    return Attested(
        id=group[0].id,
        kind=_find_kind(group),
        status=_find_status(group),
        participants=_join_participants(group, canonical),
        place=fullest.spot.identity if fullest.spot else None,
        at=canonical.get(engagement.at, engagement.at) if engagement.at else None,
        edtf=time.edtf if time else None,
        earliest=time.earliest if time else None,
        latest=time.latest if time else None,
        topic=engagement.topic.text if engagement.topic else None,
        headcount=_read_headcount(engagement.headcount),
        witnesses=_make_witnesses(group, names, copies),
        accounts=compare_fields(group, sight, copies),
        life=_list_life(group),
    )


def _count_told(report: Report) -> tuple[int, float]:
    e = report.engagement
    told = (e.time and e.time.earliest, report.spot, e.topic, e.headcount, e.at)
    return sum(value is not None for value in told) + len(e.participants), e.confidence


def _find_kind(group: Sequence[Report]) -> EngagementKind:
    """The kind most reports give; the first of equals."""
    return Counter(report.kind for report in group).most_common(1)[0][0]


def _find_status(group: Sequence[Report]) -> Status:
    """The status as last known: what the latest dated reports say, a fact before a plan or a doubt."""
    rank = (Status.HELD, Status.CANCELLED, Status.NEGATED, Status.PLANNED, Status.ALLEGED, Status.RECURRING)
    settled = [r for r in group if r.engagement.status in (Status.HELD, Status.CANCELLED)] or list(group)
    latest = max(report.fresh or 0 for report in settled)
    return min((r.engagement.status for r in settled if (r.fresh or 0) == latest), key=rank.index)


def _join_participants(group: Sequence[Report], canonical: Mapping[str, str]) -> tuple[Participation, ...]:
    """Everybody any report names, with the first part and state that any gives them."""
    parts: dict[str, Part] = {}
    behalf: dict[str, str] = {}
    for report in group:
        for p in report.engagement.participants:
            who = canonical.get(p.entity, p.entity)
            if parts.get(who, Part.PARTICIPANT) is Part.PARTICIPANT:
                parts[who] = p.part
            if p.on_behalf_of:
                behalf.setdefault(who, canonical.get(p.on_behalf_of, p.on_behalf_of))
    return tuple(
        Participation(entity=who, part=part, on_behalf_of=behalf.get(who)) for who, part in parts.items()
    )


def _read_headcount(count: Headcount | None) -> tuple[int | None, int | None] | None:
    return (count.min, count.max) if count else None


def _make_witnesses(
    group: Sequence[Report], names: Mapping[str, str], copies: Mapping[str, str]
) -> tuple[Witness, ...]:
    return tuple(
        Witness(
            document=report.document,
            engagement=report.id,
            published=report.published,
            publisher=report.publisher,
            nearness=_find_nearness(report, group, names),
            copy_of=copies.get(report.document),
        )
        for report in group
    )


def _find_nearness(report: Report, group: Sequence[Report], names: Mapping[str, str]) -> Nearness:
    """Host or participant where the publisher is a government, or a body, that takes part; else third.

    "US Department of State" and "The White House" publish for the United States; a newspaper that
    carries the name of a country does not.
    """
    publisher = fold_name(report.publisher or "")
    state = _find_publisher_state(publisher)
    if state and any(state in r.sides for r in group):
        is_host = any(r.spot and r.spot.country == state for r in group)
        return Nearness.HOST if is_host else Nearness.PARTICIPANT
    bodies = {fold_name(names[id_]) for r in group for id_ in r.who if id_ in names}
    return Nearness.PARTICIPANT if publisher in bodies else Nearness.THIRD


def _find_publisher_state(publisher: str) -> str | None:
    """The state whose government a publisher is, by its folded name; None for the press."""
    if "white house" in publisher:
        return "US"
    words = publisher.split()
    if GOVERNMENT.isdisjoint(words):
        return None
    states = load_state_names()
    runs = (" ".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1))
    return next((states[run] for run in runs if run in states), None)


def _list_life(group: Sequence[Report]) -> tuple[Known, ...]:
    """What was known when: one step a day of publication and status, undated reports last."""
    steps: dict[tuple[str, Status], list[str]] = {}
    for report in group:
        steps.setdefault((report.published or "", report.engagement.status), []).append(report.document)
    ordered = sorted(steps.items(), key=lambda item: (not item[0][0], item[0]))
    return tuple(
        Known(on=on or None, status=status, documents=tuple(documents)) for (on, status), documents in ordered
    )


# Wholes and parts --------------------------------------------------------------------------------

Wholes = Mapping[tuple[str, int], Sequence[tuple[str, Report]]]


def link_parts(attested: Sequence[Attested], groups: Sequence[Sequence[Report]]) -> tuple[Attested, ...]:
    """The engagements with the visit each is part of: as a report says, else by who, when and where."""
    home = {report.id: entry.id for entry, group in zip(attested, groups, strict=True) for report in group}
    wholes = _index_wholes(attested, groups)
    linked = []
    for entry, group in zip(attested, groups, strict=True):
        stated = (home.get(report.engagement.part_of or "") for report in group)
        whole = next((id_ for id_ in stated if id_ and id_ != entry.id), None) or _find_whole(group, wholes)
        linked.append(replace(entry, part_of=whole) if whole and whole != entry.id else entry)
    return tuple(linked)


def _index_wholes(attested: Sequence[Attested], groups: Sequence[Sequence[Report]]) -> Wholes:
    """The dated, placed visits by traveller and stretch of days, so that a meeting looks only at a few."""
    found: dict[tuple[str, int], list[tuple[str, Report]]] = {}
    visits = (
        (entry.id, report)
        for entry, group in zip(attested, groups, strict=True)
        for report in (group if entry.kind is EngagementKind.VISIT else ())
    )
    for id_, report in visits:
        for who in report.who if report.spot else ():
            for month in _list_months(report):
                found.setdefault((who, month), []).append((id_, report))
    return found


def _list_months(report: Report) -> range:
    """The stretches of MONTH days a stated time touches; none where it is too wide to tell."""
    if report.first is None or report.last is None or report.last - report.first > LONG_DAYS:
        return range(0)
    return range((report.first - SLACK_DAYS) // MONTH, (report.last + SLACK_DAYS) // MONTH + 1)


def _find_whole(group: Sequence[Report], wholes: Wholes) -> str | None:
    """The visit during which, by its days, its traveller and its place, a meeting was held."""
    for report in group:
        if report.kind not in PARTS or report.first is None:
            continue
        for who in sorted(report.who):
            for id_, visit in wholes.get((who, report.first // MONTH), ()):
                if lies_within(report, visit):
                    return id_
    return None


def lies_within(report: Report, visit: Report) -> bool:
    """Whether a meeting was held where and while a visit lasted, a day's slack included."""
    ends = report.first, report.last, visit.first, visit.last
    if None in ends or report.spot is None or visit.spot is None:
        return False
    a, b, first, last = (end or 0 for end in ends)
    return first - SLACK_DAYS <= a and b <= last + SLACK_DAYS and does_place_fit(report.spot, visit.spot)
