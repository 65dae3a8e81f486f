"""The record as nodes and edges, the same for every graph format.

Nodes are identities and engagements; edges say who took part in what (`part`), where it was (`place`), what
belongs to what (`part_of`), who held which office (`office`, `accredited`) and who met whom (`met`, weighted
by the number of engagements held together). Ids of nodes and the pairs of `met` are held in memory.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from dragoman.concord import Attested, Identity, Office
from dragoman.give.contents import Contents
from dragoman.give.sources import Sources, list_differences
from dragoman.record import Status

MOST_TOGETHER = 50  # of more people at one engagement nobody can say that each met each: no `met` from it
NODE_FIELDS = {
    "kind": "string",
    "aliases": "string",
    "country": "string",
    "known_as": "string",
    "lat": "double",
    "lon": "double",
    "status": "string",
    "decision": "string",
    "edtf": "string",
    "earliest": "string",
    "latest": "string",
    "topic": "string",
    "at": "string",
    "documents": "string",
    "publishers": "string",
    "urls": "string",
    "words": "string",
    "disagreements": "string",
}
EDGE_FIELDS = {
    "kind": "string",
    "part": "string",
    "on_behalf_of": "string",
    "title": "string",
    "flags": "string",
    "first": "string",
    "last": "string",
    "documents": "string",
}
LEFT_OUT = ("positions of words; quotations and claims",)
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_JOIN = " | "  # no list fits an attribute; a bar is rare in names and addresses

Spells = tuple[tuple[str | None, str | None], ...]


@dataclass(frozen=True)
class Node:
    """An identity or an engagement; `spell` is its first and last day."""

    id: str
    label: str
    fields: Mapping[str, object]
    spell: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True)
class Edge:
    """What joins two nodes, and on which days."""

    source: str
    target: str
    label: str
    fields: Mapping[str, object]
    weight: int = 1
    spells: Spells = ()


@dataclass
class Graph:
    """Nodes first, then edges: an edge needs to know that both its nodes are there."""

    contents: Contents
    sources: Sources
    n_crowds: int = 0
    n_loose: int = 0
    _ids: set[str] = field(default_factory=set)
    _met: dict[tuple[str, str], list[tuple[str | None, str | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def iter_nodes(self) -> Iterator[Node]:
        """Identities, engagements, and a bare node for whoever is only named by an id."""
        for identity in self.contents.identities():
            if self._is_new(identity.id):
                yield _make_identity(identity)
        named: dict[str, None] = {}
        for engagement in self.contents.engagements():
            if self._is_new(engagement.id):
                yield self._make_engagement(engagement)
            named.update(dict.fromkeys(p.entity for p in engagement.participants))
            named.update({engagement.place: None} if engagement.place else {})
        for office in self.contents.offices():
            named.update(dict.fromkeys(filter(None, (office.person, office.of, office.to))))
        yield from (Node(id_, id_, {}) for id_ in named if self._is_new(id_))

    def iter_edges(self) -> Iterator[Edge]:
        """All edges, `met` at the end."""
        for engagement in self.contents.engagements():
            yield from self._iter_parts(engagement)
            self._count(engagement)
        for office in self.contents.offices():
            edges = _make_office(office)
            self.n_loose += not edges
            yield from edges
        yield from (_make_met(pair, spells) for pair, spells in self._met.items())

    def describe_left_out(self) -> tuple[str, ...]:
        """What the graph could not hold, after its edges are written."""
        crowds = f"who met whom at {self.n_crowds} engagements of more than {MOST_TOGETHER} participants"
        loose = f"{self.n_loose} offices of which no body or state is known"
        return (*((crowds,) if self.n_crowds else ()), *((loose,) if self.n_loose else ()), *LEFT_OUT)

    def _is_new(self, id_: str) -> bool:
        if id_ in self._ids:
            return False
        self._ids.add(id_)
        return True

    def _make_engagement(self, engagement: Attested) -> Node:
        reports = self.sources.get_reports(engagement)
        fields = {
            "kind": str(engagement.kind),
            "status": str(engagement.status),
            "decision": self.contents.state(engagement.id),
            "edtf": engagement.edtf,
            "earliest": engagement.earliest,
            "latest": engagement.latest,
            "topic": engagement.topic,
            "at": engagement.at,
            "documents": _JOIN.join(report.document for report in reports),
            "publishers": _JOIN.join(filter(None, (report.publisher for report in reports))),
            "urls": _JOIN.join(filter(None, (report.url for report in reports))),
            "words": _JOIN.join(filter(None, (report.words for report in reports))),
            "disagreements": _JOIN.join(list_differences(engagement)),
        }
        title = self.sources.get_title(engagement)
        return Node(engagement.id, title, fields, (engagement.earliest, engagement.latest))

    def _iter_parts(self, engagement: Attested) -> Iterator[Edge]:
        spells = _get_spells(engagement.earliest, engagement.latest)
        for p in engagement.participants:
            fields = {"kind": "part", "part": str(p.part), "on_behalf_of": p.on_behalf_of}
            yield Edge(p.entity, engagement.id, str(p.part), fields, spells=spells)
        if engagement.place:
            yield Edge(engagement.id, engagement.place, "place", {"kind": "place"}, spells=spells)
        if engagement.part_of in self._ids and engagement.part_of:
            yield Edge(engagement.id, engagement.part_of, "part of", {"kind": "part_of"}, spells=spells)

    def _count(self, engagement: Attested) -> None:
        """Every two who took part in an engagement that was held have met once more."""
        who = sorted({p.entity for p in engagement.participants})
        if engagement.status is not Status.HELD or len(who) > MOST_TOGETHER:
            self.n_crowds += len(who) > MOST_TOGETHER
            return
        for pair in combinations(who, 2):
            self._met[pair].append((engagement.earliest, engagement.latest))


def _make_identity(identity: Identity) -> Node:
    fields = {
        "kind": str(identity.kind),
        "aliases": _JOIN.join(identity.aliases),
        "country": identity.country,
        "known_as": _JOIN.join(identity.known_as),
        "lat": identity.lat,
        "lon": identity.lon,
    }
    return Node(identity.id, identity.name, fields)


def _make_office(office: Office) -> tuple[Edge, ...]:
    """One edge to the body it is held in, one to where the holder is accredited."""
    fields = {
        "title": office.title,
        "flags": _JOIN.join(office.flags),
        "first": office.first_seen,
        "last": office.last_seen,
        "documents": _JOIN.join(office.documents),
    }
    spells = _get_spells(office.first_seen, office.last_seen)
    ends = (("office", office.of), ("accredited", office.to))
    return tuple(
        Edge(office.person, end, office.title, {"kind": kind, **fields}, spells=spells)
        for kind, end in ends
        if end
    )


def _make_met(pair: tuple[str, str], spells: list[tuple[str | None, str | None]]) -> Edge:
    days = sorted(day for spell in spells for day in spell if day and not day.startswith("-"))
    fields = {"kind": "met", "first": days[0] if days else None, "last": days[-1] if days else None}
    known = tuple(dict.fromkeys(spell for spell in spells if any(spell)))
    return Edge(*pair, "met", fields, weight=len(spells), spells=known)


def _get_spells(first: str | None, last: str | None) -> Spells:
    return ((first, last),) if first or last else ()


def clean_xml(value: object) -> str:
    """The value as words an XML file may hold; what XML 1.0 forbids becomes U+FFFD.

    >>> clean_xml("a\\x00b"), clean_xml(2.5)
    ('a�b', '2.5')
    """
    return _FORBIDDEN.sub("\ufffd", str(value))
