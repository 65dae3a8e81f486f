"""Clusters: which spans stand for one person, body, place or group.

Names are joined by how they are written. Every other span, in text order, goes to the thing its scores
add up to (the network was trained on that sum), among those that words do not rule out: he is not she,
one name is not another, "I" is whoever speaks. Who is he and who is she is settled by all pronouns
together, in a first round.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dragoman.read.labels import LAYERS
from dragoman.read.pairs import Links
from dragoman.read.people import I, are_alike, gender_of, may_be_one
from dragoman.read.places import StateNames
from dragoman.read.same_names import join_names
from dragoman.read.spans import Marked
from dragoman.text import fold_name

NAME_WEIGHT = 2.0  # pronouns; what a given name or a "Mrs" is worth against them
PULL = 2.0  # log odds; what the gender of a name weighs before all pronouns are heard
SURE = 0.5  # pronouns; less than this settles nothing
SPEAKER_FLOOR = -1.0  # log odds; who is believed to say "I"


@dataclass
class Cluster:
    """Spans of one thing, the names among them, and how much speaks for him (+) or her (-)."""

    spans: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    gender: float = 0.0


class Ground(NamedTuple):
    """What is known of the spans before any is gathered."""

    numbers: Sequence[int]
    marked: Marked
    links: Links
    states: StateNames
    layers: dict[int, str]
    root: dict[int, int]  # of each name: the first one joined to it by how it is written
    genders: dict[int, int]
    speakers: dict[int, list[int]]


def cluster_spans(
    numbers: Sequence[int], text: str, marked: Marked, links: Links, states: StateNames
) -> list[list[int]]:
    """The spans that are one thing each, in text order; `numbers` are those that stand for one thing."""
    layers = {n: LAYERS[int(marked.spans.layers[n])] for n in numbers}
    ground = Ground(
        numbers,
        marked,
        links,
        states,
        layers,
        join_names([n for n in numbers if layers[n].endswith(".name")], marked, states),
        {n: _find_gender(n, text, marked, layers[n]) for n in numbers if layers[n].startswith("person")},
        _find_speakers(numbers, marked, links),
    )
    settled: dict[int, float] = defaultdict(float)
    for n, root in ground.root.items():
        settled[root] = settled[root] or NAME_WEIGHT * ground.genders.get(n, 0)
    _, votes = _gather(ground, settled, pull=PULL)
    for root, vote in votes.items():
        settled[root] += vote
    clusters, _ = _gather(ground, settled, pull=math.inf)
    return sorted((sorted(c.spans) for c in clusters), key=lambda spans: spans[0])


def _find_gender(number: int, text: str, marked: Marked, layer: str) -> int:
    start = int(marked.spans.starts[number])
    before = text[max(0, start - 20) : start]
    return gender_of(marked.spans.words[number], before, named=layer == "person.name")


def _find_speakers(numbers: Sequence[int], marked: Marked, links: Links) -> dict[int, list[int]]:
    """For each "I" inside what somebody says: who may say it, likeliest first."""
    spans = marked.spans
    firsts = [n for n in numbers if spans.words[n].casefold() in I]
    if not firsts:
        return {}
    cues: dict[int, list[int]] = defaultdict(list)
    for cue, rows in links.arcs["says"].items():
        for said, _, score in rows:
            if score > 0:
                cues[said].append(cue)
    arcs = links.arcs["speaker"]
    found = {}
    for said in marked.of("said").tolist():
        rows = [
            (s, j)
            for a in (said, *cues[said])
            for j, _, s in arcs.get(a, ())
            if spans.words[j].casefold() not in I
        ]
        rows = sorted([r for r in rows if r[0] > SPEAKER_FLOOR], reverse=True)
        for n in firsts:
            if spans.starts[said] <= spans.starts[n] and spans.ends[n] <= spans.ends[said] and rows:
                found[n] = [j for _, j in rows]
    return found


def _gather(
    ground: Ground, settled: Mapping[int, float], *, pull: float
) -> tuple[list[Cluster], dict[int, float]]:
    """The clusters, and for each name how many pronouns say that it is his (+) or hers (-)."""
    owner: dict[int, Cluster] = {}
    of_root: dict[int, Cluster] = {}
    clusters: list[Cluster] = []
    votes: dict[int, float] = defaultdict(float)
    late = [n for n in ground.numbers if n in ground.speakers]
    for n in [*(n for n in ground.numbers if n not in ground.speakers), *late]:
        root = ground.root.get(n)
        cluster = of_root.get(root) if root is not None else None
        if cluster is None and n in ground.speakers:
            cluster = next((owner[j] for j in ground.speakers[n] if j in owner), None)
        if cluster is None:
            cluster, chance = _choose(n, ground, owner, settled, pull)
            if cluster is not None and root is None and (gender := ground.genders.get(n, 0)):
                for name in cluster.roots:
                    votes[name] += gender * chance
        if cluster is None:
            cluster = Cluster()
            clusters.append(cluster)
        owner[n] = cluster
        cluster.spans.append(n)
        if root is not None and root not in of_root:
            of_root[root] = cluster
            cluster.roots.append(root)
            cluster.gender += settled[root]
        elif root is None and not cluster.roots:
            cluster.gender += ground.genders.get(n, 0)
        if root is not None:
            cluster.names.append(ground.marked.spans.words[n])
    return clusters, votes


def _choose(
    number: int, ground: Ground, owner: Mapping[int, Cluster], settled: Mapping[int, float], pull: float
) -> tuple[Cluster | None, float]:
    sums: dict[int, float] = defaultdict(float)
    found: dict[int, Cluster] = {}
    root = ground.root.get(number)
    own = settled[root] if root is not None else float(ground.genders.get(number, 0))
    for j, score in ground.links.same.get(number, ()):
        cluster = owner.get(j)
        if cluster is None:
            continue
        side = cluster.gender * own
        against = 0.0
        if abs(cluster.gender) >= SURE and abs(own) >= SURE:
            against = -pull if side < 0 else 0.0
        value = math.exp(score + against) if against > -math.inf else 0.0
        sums[id(cluster)] = max(sums[id(cluster)], value) if root is not None else sums[id(cluster)] + value
        found[id(cluster)] = cluster
    ranked = sorted(sums.items(), key=lambda row: (-row[1], found[row[0]].spans[0]))
    for key, value in ranked:
        if value <= 1.0:
            break
        if root is None or _may_join(number, found[key], ground):
            return found[key], value / (1.0 + sum(sums.values()))
    return None, 0.0


def _may_join(number: int, cluster: Cluster, ground: Ground) -> bool:
    """Whether a name may stand for what the names of a cluster stand for."""
    words, layer = ground.marked.spans.words[number], ground.layers[number]
    others = dict.fromkeys(cluster.names)
    if layer == "person.name":
        return all(may_be_one(words, other) for other in others)
    if layer == "place.name":
        return all(_may_be_one_place(words, other, ground.states) for other in others)
    return all(not (_is_short(words) and _is_short(other)) or words == other for other in others)


def _is_short(words: str) -> bool:
    return " " not in words and len(words) > 1 and sum(map(str.isupper, words)) > 1


def _may_be_one_place(one: str, two: str, states: StateNames) -> bool:
    codes = states.state_of(one), states.state_of(two)
    capitals = states.capital_state(one), states.capital_state(two)
    if codes[0] or codes[1]:
        return (
            codes[0] == codes[1]
            or (not codes[0] and capitals[0] == codes[1])
            or (not codes[1] and capitals[1] == codes[0])
        )
    if capitals[0] and capitals[0] == capitals[1]:
        return True
    left, right = fold_name(one).split(), fold_name(two).split()
    return any(are_alike(a, b) for a in left for b in right)
