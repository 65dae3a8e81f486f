"""Engagements over all articles: which reports tell of the same one, settled article by article.

Every change of a reading or of who is who marks articles in the store; `catch_up` settles these. Each report
is compared only with the few kept engagements that share the most block keys with it, so that an article
costs the same in a large store. Settling all articles in order gives what reading them in that order gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dragoman.concord import Agreement, Attested, Decision, Edge, Judgement, Kept, Report, Taker
from dragoman.errors import DragomanError, NotFoundError
from dragoman.record import EngagementKind, Reading, make_id
from dragoman.resolve.attest import PARTS, SLACK_DAYS, attest_group, lies_within
from dragoman.resolve.copies import compare_prints, find_fingerprints
from dragoman.resolve.engagements import (
    LONG_DAYS,
    add_reports,
    block_engagement,
    compare_engagements,
    list_decisions,
)
from dragoman.resolve.reports import make_reports, shorten

if TYPE_CHECKING:
    from dragoman.keep.settling import Place, Settling
    from dragoman.keep.store import Store

PREFIX = "engagement-"
UNDATED = "9999"  # sorts behind every day


def catch_up(store: Store) -> int:
    """Settle the engagements of every article that waits for it; how many articles that were."""
    n_settled = 0
    while waiting := store.unsettled():
        for document_id in waiting:
            settle_article(store, document_id)
        n_settled += len(waiting)
    with store.settling() as desk:
        for number, members in desk.load_members(desk.find_orphans()).items():
            desk.rewrite(number, _make_entry(desk, _Group(members, joins=(number,))))
    return n_settled


def settle_article(store: Store, document_id: str) -> None:
    """Compare the engagements of an article with those of all others, and write which they are."""
    reading = store.reading(document_id)
    with store.settling() as desk:
        number = desk.find_number(document_id)
        desk.take_back(number)
        reports = _list_reports(desk, reading)
        groups, doubts = _find_groups(desk, number, reports) if reports else ([], ())
        prints = find_fingerprints(reading.document.text) if reports else frozenset()
        entries = [_make_entry(desk, group, {document_id: prints}) for group in groups]
        numbers = desk.write(number, entries, prints)
        desk.write_doubts(number, doubts)
        for home, group in zip(numbers, groups, strict=True):
            _link(desk, home, [report for _, report in group.members if report.id in group.fresh])


def _list_reports(desk: Settling, reading: Reading) -> tuple[Report, ...]:
    """The engagements of a reading, identities as `#` and their number."""
    tokens = desk.find_tokens(entity.id for entity in reading.entities)
    return tuple(shorten(report, tokens) for report in make_reports(reading, tokens))


# Grouping ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """Reports of one engagement in order, the kept ones it is made of, and which reports are new."""

    members: Sequence[tuple[Place, Report]]
    joins: tuple[int, ...] = ()
    fresh: frozenset[str] = frozenset()


def _find_groups(
    desk: Settling, number: int, reports: Sequence[Report]
) -> tuple[list[_Group], tuple[Edge, ...]]:
    """The engagements the reports of article `number` belong to, kept ones joined by them included.

    With them come the pairs that are not sure enough: a report and the first report of a kept engagement.
    """
    judgements = desk.find_judgements()
    judged = _find_judged(judgements, {report.id for report in reports})
    homes = desk.find_homes({id_ for ids in judged.values() for id_ in ids})
    near = {
        r.id: _find_near(desk, r) | {homes[i] for i in judged.get(r.id, ()) if i in homes} for r in reports
    }
    kept = desk.load_members({number for some in near.values() for number in some}, also=homes)
    firsts = {n: members[0][1].id for n, members in kept.items()}
    places = {report.id: place for members in kept.values() for place, report in members}
    places |= {report.id: (number, position) for position, report in enumerate(reports)}
    numbers = {report.id: n for n, members in kept.items() for _, report in members}
    groups = add_reports(
        reports,
        [[report for _, report in kept[n]] for n in sorted(kept, key=lambda n: places[firsts[n]])],
        judgements,
        {id_: {firsts[n] for n in some} for id_, some in near.items()},
    )
    fresh = frozenset(report.id for report in reports)
    found = [
        _Group(
            members=sorted(((places[r.id], r) for r in group), key=lambda member: member[0]),
            joins=tuple(dict.fromkeys(numbers[r.id] for r in group if r.id in numbers)),
            fresh=fresh & {report.id for report in group},
        )
        for group in groups
        if any(report.id in fresh for report in group)
    ]
    return found, tuple(_find_doubts(found, {n: members[0][1] for n, members in kept.items()}, near))


def _find_doubts(
    groups: Iterable[_Group], firsts: Mapping[int, Report], near: Mapping[str, set[int]]
) -> Iterator[Edge]:
    """For each new report the likeliest kept engagement that it may or may not be of."""
    for group in groups:
        for _, report in group.members:
            if report.id in group.fresh:
                others = (firsts[n] for n in near[report.id] - set(group.joins) if n in firsts)
                edges = (compare_engagements(report, other) for other in others)
                unsure = (edge for edge in edges if edge.decision is Decision.UNSURE)
                best = max(unsure, key=lambda edge: (edge.score, edge.left, edge.right), default=None)
                if best:
                    other = best.right if best.left == report.id else best.left
                    yield replace(best, left=report.id, right=other)


def _find_near(desk: Settling, report: Report) -> set[int]:
    return set(desk.find_near(block_engagement(report), _find_day_number(report)))


def _find_day_number(report: Report) -> int:
    return report.first if report.first is not None else report.fresh or 0


def _find_judged(judgements: Iterable[Judgement], ids: set[str]) -> dict[str, set[str]]:
    """The other ids of standing judgements about some ids, by id."""
    rows = tuple(judgements)
    every = {id_ for row in rows for id_ in (row.target, row.other) if id_}
    judged: dict[str, set[str]] = {}
    for _, left, right in list_decisions(rows, every):
        for one, two in ((left, right), (right, left)):
            if one in ids:
                judged.setdefault(one, set()).add(two)
    return judged


# Telling -----------------------------------------------------------------------------------------


def _make_entry(desk: Settling, group: _Group, prints: Mapping[str, frozenset[int]] | None = None) -> Kept:
    """What is written of an engagement."""
    reports = [report for _, report in group.members]
    copies = _find_copies(desk, reports, prints or {})
    names = desk.find_names({token for report in reports for token in _list_tokens(report)})
    attested = attest_group(reports, {}, names, copies)
    fresh = [(place[1], report) for place, report in group.members if report.id in group.fresh]
    takers = tuple(_list_takers(attested, reports))
    day, last = _find_days(attested)
    n_beyond = sum(map(desk.count_members, group.joins)) + len(fresh) - len(reports)
    return Kept(
        attested=attested,
        joins=group.joins,
        fresh=tuple(fresh),
        keys=tuple(dict.fromkeys(key for _, report in fresh for key in block_engagement(report))),
        at=_find_day_number(fresh[0][1]) if fresh else 0,
        day=day,
        last=last,
        refs=tuple(_list_refs(attested, takers)),
        takers=takers,
        n_witnesses=sum(witness.copy_of is None for witness in attested.witnesses) + n_beyond,
        differing=tuple(a.slot for a in attested.accounts if a.agreement is Agreement.DIFFER),
    )


def _find_copies(
    desk: Settling, reports: Sequence[Report], prints: Mapping[str, frozenset[int]]
) -> dict[str, str]:
    """The documents among the witnesses that repeat another."""
    days = {report.document: report.published for report in reports}
    if len(days) < 2:
        return {}
    known = desk.load_prints(days.keys() - prints.keys()) | dict(prints)
    return compare_prints({id_: (known.get(id_, frozenset()), day) for id_, day in days.items()})


def _list_tokens(report: Report) -> Iterator[str]:
    for p in report.engagement.participants:
        yield from filter(None, (p.entity, p.on_behalf_of))
    if report.spot:
        yield report.spot.identity


def _list_takers(attested: Attested, reports: Sequence[Report]) -> Iterator[Taker]:
    """Everybody that takes part, with the office the first report that knows one gives."""
    states: dict[str, dict[str, None]] = {}
    offices: dict[str, tuple[str, str | None]] = {}
    for report in reports:
        for who, code in report.state_of:
            states.setdefault(who, {})[code] = None
        for who, title, of in report.offices:
            if who not in offices or (of and not offices[who][1]):
                offices[who] = title, of
    for p in attested.participants:
        office, of = offices.get(p.entity, (None, None))
        yield Taker(
            who=p.entity,
            part=p.part,
            behalf=p.on_behalf_of,
            states=tuple(states.get(p.entity, ())),
            office=office,
            office_of=of,
        )


def _list_refs(attested: Attested, takers: Iterable[Taker]) -> Iterator[str]:
    """What an engagement is looked up by; see `Kept`."""
    for taker in takers:
        yield from (token for token in (taker.who, taker.behalf) if token and token.startswith("#"))
        yield from taker.states
    if attested.place and attested.place.startswith("#"):
        yield f"@{attested.place[1:]}"


def _find_days(attested: Attested) -> tuple[str, str]:
    """The first and last day of an engagement, else those of its reports; undated ones come last."""
    if attested.earliest or attested.latest:
        return attested.earliest or attested.latest or "", attested.latest or attested.earliest or ""
    days = sorted(witness.published for witness in attested.witnesses if witness.published)
    return (days[0], days[-1]) if days else (UNDATED, UNDATED)


# Wholes and parts --------------------------------------------------------------------------------


def _link(desk: Settling, number: int, reports: Sequence[Report]) -> None:
    """Say which visit an engagement is part of: as a report says, else by who, when and where."""
    stated = {report.engagement.part_of for report in reports if report.engagement.part_of}
    wholes = [home for home in desk.find_homes(stated).values() if home != number]
    if wholes:
        desk.set_whole(number, wholes[0])
        return
    for report in reports:
        if report.kind in PARTS:
            _find_visit(desk, number, report)
        elif report.kind is EngagementKind.VISIT:
            _find_parts(desk, number, report)


def _find_visit(desk: Settling, number: int, meeting: Report) -> None:
    visits = desk.load_members(_find_overlapping(desk, meeting, LONG_DAYS, (EngagementKind.VISIT,)))
    for visit, members in visits.items():
        if any(_holds(report, meeting) for _, report in members):
            desk.set_whole(number, visit)
            return


def _find_parts(desk: Settling, number: int, visit: Report) -> None:
    meetings = desk.load_members(_find_overlapping(desk, visit, 0, PARTS))
    for meeting, members in meetings.items():
        if any(_holds(visit, report) for _, report in members):
            desk.set_whole(meeting, number)


def _holds(visit: Report, meeting: Report) -> bool:
    return not visit.who.isdisjoint(meeting.who) and lies_within(meeting, visit)


def _find_overlapping(
    desk: Settling, report: Report, before: int, kinds: Sequence[EngagementKind]
) -> Sequence[int]:
    """Kept engagements of some kinds in which somebody of the report takes part in its days."""
    who = sorted(token for token in report.who if token.startswith("#"))
    if not who or report.spot is None or report.first is None or report.last is None:
        return ()
    if report.last - report.first > LONG_DAYS:
        return ()
    first, last = report.first - SLACK_DAYS, report.last + SLACK_DAYS
    begin, start, end = (date.fromordinal(max(1, d)).isoformat() for d in (first - before, first, last))
    return desk.find_overlapping(who, (begin, start, end), kinds)


# What people judge -------------------------------------------------------------------------------


def is_engagement(ref: str) -> bool:
    """Whether a reference is the id of an engagement."""
    return ref.startswith(PREFIX)


def explain_same(store: Store, one: str, two: str) -> Edge:
    """What is held of two reports of engagements, and why: a judgement, else how the two compare.

    The decision is whether they are one now, in the company of all other reports; the score is theirs alone.
    """
    homes = _find_both(store, one, two)
    edge = compare_engagements(_find_report(store, one), _find_report(store, two))
    edge = replace(edge, decision=Decision.SAME if homes[one] == homes[two] else Decision.DIFFERENT)
    for row in _list_standing(store):
        if {row.target, row.other} == {one, two}:
            said = f"{row.by} judged so on {row.at[:10]}{f': {row.reason}' if row.reason else ''}"
            return replace(edge, judgement=row.id, reasons=(said,))
    return edge


def _find_report(store: Store, engagement_id: str) -> Report:
    """An engagement as the one document tells it that has it under that id."""
    witnesses = store.attested(engagement_id).witnesses
    document = next(w.document for w in witnesses if w.engagement == engagement_id)
    reading = store.reading(document)
    reports = make_reports(reading, store.canonical(reading))
    return next(report for report in reports if report.id == engagement_id)


def merge(
    store: Store, one: str, two: str, *, by: str, at: str, why: str = "", via: str = "cli"
) -> tuple[int, Attested]:
    """Judge two engagements to be one; the number of the judgement and what they are now."""
    homes = _find_both(store, one, two)
    if homes[one] == homes[two]:
        raise DragomanError(f"{one!r} and {two!r} are one already: {homes[one]}")
    sides = [{w.engagement for w in store.attested(id_).witnesses} for id_ in (one, two)]
    for row in _list_standing(store):
        if row.action is Decision.DIFFERENT and any(
            row.target in a and row.other in b for a, b in (sides, sides[::-1])
        ):
            raise DragomanError(
                f"judgement {row.id} keeps {row.target} and {row.other} apart; first: dragoman undo {row.id}"
            )
    number = _judge(store, Decision.SAME, (one, two), by=by, at=at, why=why, via=via)
    return number, store.attested(one)


def _find_both(store: Store, one: str, two: str) -> dict[str, str]:
    """The engagements of two ids; raises where one is unknown or of something else."""
    strange = next((ref for ref in (one, two) if not is_engagement(ref)), None)
    if strange:
        raise DragomanError(f"{strange!r} is no engagement; an engagement can be one with another only")
    homes = store.attested_of((one, two))
    unknown = next((ref for ref in (one, two) if ref not in homes), None)
    if unknown:
        raise NotFoundError(f"the record knows no engagement {unknown!r}; ids are in the ledger")
    return homes


def _list_standing(store: Store) -> Iterator[Judgement]:
    """The judgements on two engagements that stand, the latest of each pair only."""
    rows = store.pair_judgements()
    every = {id_ for row in rows for id_ in (row.target, row.other) if id_ and is_engagement(id_)}
    standing = {(frozenset(pair), how) for how, *pair in list_decisions(rows, every)}
    latest = {frozenset((row.target, row.other or "")): row for row in rows if row.undoes is None}
    yield from (row for pair, row in latest.items() if (pair, row.action) in standing)


def split(
    store: Store, ids: Sequence[str], *, by: str, at: str, why: str = "", via: str = "cli"
) -> tuple[int, ...]:
    """Judge reports to be of another engagement than the rest; the numbers of the judgements."""
    home = store.attested(ids[0])
    members = [witness.engagement for witness in home.witnesses]
    strange = next((id_ for id_ in ids if id_ not in members), None)
    if strange:
        raise DragomanError(f"{strange} is no report of {home.id}; split reports of one engagement")
    anchor = next((member for member in members if member not in ids), None)
    if anchor is None:
        raise DragomanError(f"no report would be left of {home.id}; name fewer of them")
    one_each = list(dict.fromkeys(ids))
    batch = make_id("batch", at, by, *one_each) if len(one_each) > 1 else ""
    rows = [
        Judgement(
            at=at,
            by=by,
            target=id_,
            other=anchor,
            action=Decision.DIFFERENT,
            via=via,
            reason=why,
            batch=batch,
        )
        for id_ in one_each
    ]
    numbers = store.judge_all(rows)
    settle_judged(store, *rows)
    return numbers


def keep_apart(store: Store, one: str, two: str, *, by: str, at: str, why: str = "", via: str = "cli") -> int:
    """Judge two engagements to be two, which they are taken for now; the number of the judgement."""
    homes = _find_both(store, one, two)
    if homes[one] == homes[two]:
        raise DragomanError(f"{one!r} and {two!r} are held to be one; split reports off it instead")
    return _judge(store, Decision.DIFFERENT, (one, two), by=by, at=at, why=why, via=via)


def _judge(
    store: Store,
    action: Decision,
    pair: tuple[str, str],
    *,
    by: str,
    at: str,
    why: str,
    via: str,
) -> int:
    row = Judgement(at=at, by=by, target=pair[0], other=pair[1], action=action, via=via, reason=why)
    number = store.judge(row)
    settle_judged(store, row)
    return number


def settle_judged(store: Store, *judgements: Judgement) -> None:
    """Let judgements on two engagements each, or their undoing, take effect."""
    with store.settling() as desk:
        desk.dissolve(id_ for row in judgements for id_ in (row.target, row.other) if id_)
    catch_up(store)
