"""Field by field: which reports of one engagement agree, add to each other, or differ.

A coarser value agrees with a finer one ("May" with "12 May", a country with a city in it); a plan and
what became of it are a life and no contradiction. Copies of one text speak once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dragoman.concord import Account, Agreement, Report, Spot, Told
from dragoman.record import Slot, Status
from dragoman.resolve.engagements import COMPATIBLE, does_place_fit
from dragoman.resolve.reports import count_rivals, parse_day

Fit = Callable[[Report, Report], bool]
CITY_KM = 10.0  # kilometres; a venue or suburb and its city, but not two towns that face each other
DOUBTED = (Status.ALLEGED, Status.NEGATED)


@dataclass(frozen=True, slots=True)
class Sight:
    """How ids are seen: identity by entity, name by identity."""

    canonical: Mapping[str, str]
    names: Mapping[str, str]

    def name(self, identity: str) -> str:
        """The name of an identity, or its id where it has none."""
        return self.names.get(identity, identity)


def compare_fields(group: Sequence[Report], sight: Sight, copies: Mapping[str, str]) -> tuple[Account, ...]:
    """The accounts of every field that some report fills, in the order of the fields."""
    own = [report for report in group if copies.get(report.document) not in {r.document for r in group}]
    found = (
        _compare(Slot.CORE, own, lambda r: (r.kind.value, r.kind.value), _fits_kind),
        _compare(Slot.STATUS, own, lambda r: (r.engagement.status.value,) * 2, fits_status),
        _compare_who(own, sight),
        _compare(Slot.WHERE, own, _read_place, _fits_place),
        _compare(Slot.WHEN, own, _read_time, fits_time),
        _compare(Slot.COUNT, own, _read_count, _fits_count),
        _compare(Slot.ABOUT, own, _read_topic, lambda left, right: True),
    )
    return tuple(account for account in found if account)


def _compare(
    slot: Slot, reports: Sequence[Report], read: Callable[[Report], tuple[str, str] | None], fits: Fit
) -> Account | None:
    """One field: its values with who tells them, and whether any two cannot both hold."""
    values = [(report, value) for report in reports if (value := read(report)) is not None]
    if not values:
        return None
    differ = any(not fits(a, b) for (a, x), (b, y) in combinations(values, 2) if x != y)
    return Account(
        slot=slot,
        agreement=_rate(len(values), len(reports), differ=differ),
        told=_tell((value, report.document) for report, value in values),
    )


def _rate(n_telling: int, n_reports: int, *, differ: bool) -> Agreement:
    if differ:
        return Agreement.DIFFER
    if n_reports == 1:
        return Agreement.ALONE
    return Agreement.AGREE if n_telling == n_reports else Agreement.ADD


def _tell(values: Iterable[tuple[tuple[str, str], str]]) -> tuple[Told, ...]:
    told: dict[tuple[str, str], list[str]] = {}
    for value, document in values:
        told.setdefault(value, []).append(document)
    return tuple(Told(value=v, label=label, documents=tuple(d)) for (v, label), d in told.items())


def _compare_who(reports: Sequence[Report], sight: Sight) -> Account | None:
    """Who takes part: a report that names fewer is silent about the rest; different names differ.

    They differ where two reports name people for the same side and none of them is the same.
    """
    told = [((who, sight.name(who)), r.document) for r in reports for who in _list_who(r, sight)]
    if not told:
        return None
    all_named = {value for value, _ in told}
    differ = any(count_rivals(a, b) for a, b in combinations(reports, 2))
    complete = all(
        {value for value, document in told if document == report.document} == all_named for report in reports
    )
    n_telling = len(reports) if complete else 0
    return Account(slot=Slot.WHO, agreement=_rate(n_telling, len(reports), differ=differ), told=_tell(told))


def _list_who(report: Report, sight: Sight) -> tuple[str, ...]:
    entities = (p.entity for p in report.engagement.participants)
    return tuple(dict.fromkeys(sight.canonical.get(entity, entity) for entity in entities))


def _fits_kind(left: Report, right: Report) -> bool:
    return left.kind is right.kind or {left.kind, right.kind} in COMPATIBLE


def fits_status(left: Report, right: Report) -> bool:
    """Whether two statuses can both be true: planned then held is a life, held and denied is not."""
    first, second = left.engagement.status, right.engagement.status
    if first is second or Status.RECURRING in (first, second):
        return True
    if first in DOUBTED or second in DOUBTED:
        return False
    if Status.PLANNED not in (first, second):
        return False
    plan, fact = (left, right) if first is Status.PLANNED else (right, left)
    return plan.fresh is None or fact.fresh is None or plan.fresh <= fact.fresh


def _read_place(report: Report) -> tuple[str, str] | None:
    spot = _own_spot(report)
    return (spot.identity, spot.name) if spot else None


def _own_spot(report: Report) -> Spot | None:
    """The place the report gives this engagement itself, not what it is part of."""
    return report.spot if report.engagement.place else None


def _fits_place(left: Report, right: Report) -> bool:
    """Whether both can be true; a place that no gazetteer knows may lie in any other, such as a hotel."""
    if not _is_located(left.spot) or not _is_located(right.spot):
        return True
    assert left.spot is not None and right.spot is not None
    return does_place_fit(left.spot, right.spot, within=CITY_KM)


def _is_located(spot: Spot | None) -> bool:
    return spot is not None and (spot.lat is not None or spot.country is not None)


def _read_time(report: Report) -> tuple[str, str] | None:
    time = report.engagement.time
    return (time.edtf, time.edtf) if time and (time.earliest or time.latest) else None


def fits_time(left: Report, right: Report) -> bool:
    """Whether two stated times overlap; an open end reaches as far as it must."""
    a, b = left.engagement.time, right.engagement.time
    if a is None or b is None:
        return True
    first, last = (parse_day(a.earliest), parse_day(b.earliest)), (parse_day(a.latest), parse_day(b.latest))
    starts = max((day for day in first if day is not None), default=None)
    ends = min((day for day in last if day is not None), default=None)
    return starts is None or ends is None or starts <= ends


def _read_count(report: Report) -> tuple[str, str] | None:
    count = report.engagement.headcount
    return (f"{count.min or ''}..{count.max or ''}", count.text) if count else None


def _fits_count(left: Report, right: Report) -> bool:
    a, b = left.engagement.headcount, right.engagement.headcount
    if a is None or b is None:
        return True
    low = max(n for n in (a.min, b.min, 0) if n is not None)
    ends = [n for n in (a.max, b.max) if n is not None]
    return not ends or low <= min(ends)


def _read_topic(report: Report) -> tuple[str, str] | None:
    topic = report.engagement.topic
    return (topic.text, topic.text) if topic else None
