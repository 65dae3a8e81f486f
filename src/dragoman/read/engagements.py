"""Engagements: triggers gathered into events, each slot filled from the words that carry it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from dragoman.read.arcs import Scene, Target, best_target, score_targets
from dragoman.read.labels import KINDS, PARTS, STATUSES
from dragoman.read.numbers import parse_number
from dragoman.read.rows import find_company, find_rows, is_apart, is_beside
from dragoman.read.score import probability, softmax
from dragoman.record import (
    Engagement,
    EngagementKind,
    Evidence,
    Headcount,
    Part,
    Participation,
    Role,
    RoleFlag,
    Slot,
    Words,
    make_id,
)

# [0, 1]; 0.5 is what training meant; the rest best F1 on dev.
SAME_EVENT_FLOOR = 0.5
WHO_FLOOR = 0.5
SECOND_FLOOR = 0.2
ROW_FLOOR = 0.03
PLACE_FLOOR = 0.5
TIME_FLOOR = 0.5
COUNT_FLOOR = 0.5
TOPIC_FLOOR = 0.5
PART_OF_FLOOR = 0.5
AT_FLOOR = 0.5
ALONE = {
    EngagementKind.AGREEMENT,
    EngagementKind.CEREMONY,
    EngagementKind.GATHERING,
    EngagementKind.FOUNDING,
}
TWO_SIDED = {EngagementKind.MEETING, EngagementKind.CALL, EngagementKind.MESSAGE}
VIA = (
    ("phone", re.compile(r"(?i)\b(?:phone|telephon\w*|hotline)\b")),
    ("video", re.compile(r"(?i)\b(?:video|videoconference|virtual(?:ly)?|online|zoom)\b")),
    ("letter", re.compile(r"(?i)\b(?:letters?|note verbale|cables?|telegrams?|written message)\b")),
)
VIA_KINDS = {EngagementKind.CALL, EngagementKind.MEETING, EngagementKind.MESSAGE, EngagementKind.GATHERING}


Rows = Mapping[int, tuple[int, ...]]


class Near(NamedTuple):
    """What stands beside each other in the text: names in rows, and the company of triggers."""

    rows: Rows
    company: Mapping[int, int]


class Sketch(NamedTuple):
    """What the triggers of one event say at first sight."""

    cluster: tuple[int, ...]
    kind: EngagementKind
    sure: float
    people: tuple[Target, ...]
    place: Target | None
    time: Target | None
    number: int = 0  # which one of several that are told by the same words


def find_engagements(scene: Scene, roles: Sequence[Role]) -> tuple[tuple[Engagement, ...], dict[int, str]]:
    """The engagements in text order, and the engagement of each trigger span by its number.

    What nobody takes part in is no engagement, except for the kinds of `ALONE`.
    """
    near = Near(find_rows(scene), find_company(scene))
    sketches = [_sketch(scene, cluster, near) for cluster in _cluster_triggers(scene, near.company)]
    sketches = [t for s in _join_told_twice(scene, sketches, near) for t in _tell_apart(scene, s, near.rows)]
    sketches = [s for s in sketches if s.people or s.kind in ALONE]
    ids = {span: _make_id(scene, s) for s in reversed(sketches) for span in s.cluster}
    office = {role.person: role for role in roles if role.of and RoleFlag.FORMER not in role.flags}
    found = [_read_engagement(scene, sketch, ids, office) for sketch in sketches]
    return _open_circles(found), ids


def _open_circles(engagements: Sequence[Engagement]) -> tuple[Engagement, ...]:
    """The engagements, none of them part of itself by way of others."""
    whole = {engagement.id: engagement.part_of for engagement in engagements}
    for start in whole:
        at, seen = whole[start], {start}
        while at and at not in seen:
            seen.add(at)
            at = whole.get(at)
        if at == start:
            whole[start] = None
    return tuple(replace(e, part_of=whole[e.id]) if e.part_of else e for e in engagements)


def _sketch(scene: Scene, cluster: Sequence[int], near: Near) -> Sketch:
    """Kind, people, place and time of an event."""
    chances = softmax(scene.links.classes["kind"][list(cluster)].mean(0))
    kind = KINDS[int(chances.argmax())]
    return Sketch(
        cluster=tuple(cluster),
        kind=kind,
        sure=float(scene.marked.confidence[list(cluster)].max()) * float(chances.max()),
        people=_find_people(scene, cluster, kind, near),
        place=best_target(scene, "where", cluster, PLACE_FLOOR),
        time=best_target(scene, "when", cluster, TIME_FLOOR),
    )


def _find_people(
    scene: Scene, cluster: Sequence[int], kind: EngagementKind, near: Near
) -> tuple[Target, ...]:
    """Who takes part; where one side of two is sure, the likeliest other side is believed sooner.

    Who stands in a row with somebody sure takes part like him, unless the row is told apart. Who is named
    right behind another event's "with" takes part in that one.
    """
    elsewhere = {name for trigger, name in near.company.items() if trigger not in cluster}
    targets = [t for t in score_targets(scene, "who", cluster) if t.span not in elsewhere]
    sure = [t for t in targets if t.chance >= WHO_FLOOR]
    if kind in TWO_SIDED and len(sure) < 2:
        sure = [t for t in targets[:2] if t.chance >= SECOND_FLOOR]
    sure = [t for t in sure if not any(_lies_in(scene, t, other) for other in sure)]
    beside = {
        mate
        for target in sure
        for trigger in cluster
        if (row := near.rows.get(target.span))
        and is_beside(scene, trigger, row)
        and not is_apart(scene, trigger)
        for mate in row
    }
    found = {t.id for t in sure}
    mates = [t for t in targets if t.span in beside and t.id not in found and t.chance >= ROW_FLOOR]
    return (*sure, *mates)


def _lies_in(scene: Scene, one: Target, other: Target) -> bool:
    """Whether the words of one stand inside those of the other ("Ministers" in "Council of Ministers")."""
    spans = scene.marked.spans
    inside = (
        spans.starts[other.span] <= spans.starts[one.span] and spans.ends[one.span] <= spans.ends[other.span]
    )
    return bool(inside) and one.span != other.span


def _join_told_twice(scene: Scene, sketches: Sequence[Sketch], near: Near) -> list[Sketch]:
    """Events of one kind with the same people are one, unless place or time speaks against it."""
    joined: list[Sketch] = []
    seen: dict[tuple[EngagementKind, frozenset[str]], list[int]] = defaultdict(list)
    for sketch in sketches:
        alike = seen[sketch.kind, frozenset(t.id for t in sketch.people)]
        for number in alike if len(sketch.people) > 1 else ():
            other = joined[number]
            if _agree(other.place, sketch.place) and _agree(other.time, sketch.time):
                joined[number] = _sketch(scene, (*other.cluster, *sketch.cluster), near)
                break
        else:
            alike.append(len(joined))
            joined.append(sketch)
    return joined


def _agree(one: Target | None, two: Target | None) -> bool:
    return one is None or two is None or one.id == two.id


def _make_id(scene: Scene, sketch: Sketch) -> str:
    number = (sketch.number,) if sketch.number else ()
    return make_id("engagement", scene.document_id, scene.words(sketch.cluster[0]).start, *number)


def _tell_apart(scene: Scene, sketch: Sketch, rows: Rows) -> list[Sketch]:
    """One sketch for each whom somebody "met separately", else the sketch as it is."""
    apart = [trigger for trigger in sketch.cluster if is_apart(scene, trigger)]
    row = next(
        (rows[n] for trigger in apart for n in rows if n > trigger and is_beside(scene, trigger, rows[n])), ()
    )
    if len(row) < 2:
        return [sketch]
    targets = score_targets(scene, "who", sketch.cluster)
    met = {scene.things(name)[0] for name in row}
    others = tuple(t for t in sketch.people if t.id not in met)
    return [
        sketch._replace(people=(*others, target), number=number)
        for number, target in enumerate(sorted((t for t in targets if t.id in met), key=lambda t: t.span))
    ]


def _cluster_triggers(scene: Scene, company: Mapping[int, int]) -> list[list[int]]:
    """Triggers of one event together, by their best antecedent of a like kind.

    "The meeting with Hoenlein" is none that only others are known to have taken part in.
    """
    owner: dict[int, int] = {}
    for span in map(int, scene.marked.of("trigger")):
        rows = [(score, j) for j, score in scene.links.same.get(span, ()) if j in owner]
        if span in company:
            rows = [row for row in rows if not _rules_out(scene, owner, owner[row[1]], company[span])]
        score, best = max(rows, default=(-30.0, -1))
        owner[span] = owner[best] if best >= 0 and probability(score) >= SAME_EVENT_FLOOR else span
    clusters: dict[int, list[int]] = defaultdict(list)
    for span, first in owner.items():
        clusters[first].append(span)
    return sorted(clusters.values())


def _rules_out(scene: Scene, owner: Mapping[int, int], event: int, company: int) -> bool:
    """Whether an event has two sides that are known, and the company is on neither."""
    cluster = [span for span, first in owner.items() if first == event]
    targets = score_targets(scene, "who", cluster)
    sure = {t.id for t in targets if t.chance >= WHO_FLOOR and t.span != company}
    return len(sure) > 1 and sure.isdisjoint(scene.things(company))


def _read_engagement(
    scene: Scene, sketch: Sketch, ids: dict[int, str], office: Mapping[str, Role]
) -> Engagement:
    """One engagement with the evidence of every slot."""
    cluster, kind, people = sketch.cluster, sketch.kind, sketch.people
    place, when = sketch.place, sketch.time
    status_chances = softmax(scene.links.classes["status"][list(cluster)].mean(0))
    status = STATUSES[int(status_chances.argmax())]
    topic = best_target(scene, "topic", cluster, TOPIC_FLOOR)
    count = best_target(scene, "count", cluster, COUNT_FLOOR)
    whole = _find_whole(scene, cluster, ids)
    at = best_target(scene, "at", cluster, AT_FLOOR)
    headcount = _read_headcount(scene, count)
    evidence = [scene.evidence(Slot.CORE, span) for span in cluster]
    evidence += [scene.evidence(Slot.WHO, t.span, t.id) for t in people]
    for slot, target in ((Slot.WHERE, place), (Slot.WHEN, when), (Slot.ABOUT, topic)):
        evidence += (
            [scene.evidence(slot, target.span, None if target.id[0] == "#" else target.id)] if target else []
        )
    borne = ((t.id, office[t.id]) for t in people if t.id in office)
    evidence += [
        replace(words, slot=Slot.BEHALF, entity=person)
        for person, role in borne
        for words in role.evidence
        if words.slot is Slot.OF
    ]
    evidence += [scene.evidence(Slot.COUNT, count.span)] if count and headcount else []
    participants = tuple(_read_participant(scene, t, office) for t in people)
    return Engagement(
        id=_make_id(scene, sketch),
        kind=kind,
        status=status,
        participants=_settle_parts(kind, participants),
        place=place.id if place else None,
        at=_read_at(scene, at, ids, cluster),
        time=scene.times.get(when.span) if when else None,
        topic=_read_topic(scene, topic),
        headcount=headcount,
        via=_read_via(scene, kind, cluster, evidence),
        part_of=whole,
        triggers=tuple(scene.words(span) for span in cluster),
        evidence=tuple(evidence),
        confidence=round(sketch.sure, 3),
    )


def _read_participant(scene: Scene, target: Target, office: Mapping[str, Role]) -> Participation:
    """Who takes part, as what, and for whom: the state or body whose office the person bears."""
    part = PARTS[int(scene.links.parts[target.row].argmax())]
    role = office.get(target.id)
    return Participation(entity=target.id, part=part, on_behalf_of=role.of if role else None)


def _settle_parts(kind: EngagementKind, participants: tuple[Participation, ...]) -> tuple[Participation, ...]:
    """Parts that a kind of engagement cannot have become plain participation."""
    barred = {
        Part.CALLER: kind is not EngagementKind.CALL,
        Part.SIGNER: kind is not EngagementKind.AGREEMENT,
        Part.SENDER: kind is not EngagementKind.MESSAGE,
        Part.RECIPIENT: kind not in (EngagementKind.MESSAGE, EngagementKind.CEREMONY),
        Part.APPOINTEE: kind not in (EngagementKind.APPOINTMENT, EngagementKind.DEPARTURE),
        Part.APPOINTER: kind not in (EngagementKind.APPOINTMENT, EngagementKind.DEPARTURE),
    }
    return tuple(
        Participation(entity=p.entity, on_behalf_of=p.on_behalf_of) if barred.get(p.part, False) else p
        for p in participants
    )


def _find_whole(scene: Scene, cluster: Sequence[int], ids: dict[int, str]) -> str | None:
    """The engagement this one is part of, never itself."""
    own = ids[cluster[0]]
    for target in score_targets(scene, "part_of", cluster):
        if target.chance >= PART_OF_FLOOR and ids.get(target.span, own) != own:
            return ids[target.span]
    return None


def _read_at(scene: Scene, at: Target | None, ids: dict[int, str], cluster: Sequence[int]) -> str | None:
    """The venue or gathering, as an entity or engagement id."""
    if at is None:
        return None
    if at.id[0] != "#":
        return at.id
    return ids[at.span] if ids.get(at.span) not in (None, ids[cluster[0]]) else None


def _read_topic(scene: Scene, topic: Target | None) -> Words | None:
    return scene.words(topic.span) if topic else None


def _read_headcount(scene: Scene, count: Target | None) -> Headcount | None:
    """How many people, as a range of whole numbers."""
    if count is None:
        return None
    words = scene.words(count.span)
    amount = parse_number(words.text)
    if amount is None or amount.low is None or amount.high is None:
        return None
    return Headcount(
        start=words.start, end=words.end, text=words.text, min=int(amount.low), max=int(amount.high)
    )


def _read_via(
    scene: Scene, kind: EngagementKind, cluster: Sequence[int], evidence: Sequence[Evidence]
) -> str | None:
    """By phone, video or letter, where the words of the sentence say so."""
    if kind not in VIA_KINDS:
        return None
    for span in cluster:
        words = scene.words(span)
        left = max(0, words.start - 60)
        near = scene.text[left : words.end + 60]
        for name, pattern in VIA:
            if pattern.search(near):
                return name
    return "phone" if kind is EngagementKind.CALL else None
