"""Clusters: which spans stand for one person, body, place or group.

Names are joined by how they are written. Every other span, in text order, goes to the thing its scores
add up to (the network was trained on that sum), among those that the words do not rule out: he is not
she, one name is not another, "I" is whoever speaks, "the minister" is somebody called a minister. Who is
he and who is she is settled by all pronouns together, in a first round.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.read.features import SMALL, find_ground
from dragoman.read.labels import LAYERS
from dragoman.read.pairs import Links
from dragoman.read.people import HE, SHE, I, gender_of, may_be_one
from dragoman.read.places import StateNames
from dragoman.read.same_names import join_names, may_be_one_body, may_be_one_place
from dragoman.read.spans import Marked
from dragoman.text import fold_name

NAME_WEIGHT = 2.0  # pronouns; what a given name or a "Mrs" is worth against them
PULL = 2.0  # log odds; what the gender of a name weighs before all pronouns are heard
SURE = 0.5  # pronouns; less than this settles nothing
SPEAKER_FLOOR = -1.0  # log odds; who is believed to say "I"
SUBJECT = 1.0  # log odds; who opens the last sentence with a person in it is likelier "he"
ALONE = 2.0  # log odds more where nobody else of the paragraph fits
TITLE = 4.0  # log odds; whose titles hold all words of "the foreign minister" is likelier meant by it
TITLE_LEFT = SMALL | {"his", "her", "their", "this", "a", "an"}  # words that are no part of a title


@dataclass
class Cluster:
    """Spans of one thing; its names, the first span of each, the words of its titles, and how much
    speaks for him (+) or her (-).
    """

    spans: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    roots: list[int] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    gender: float = 0.0


class Ground(NamedTuple):
    """What is known of the spans of a document before any is gathered.

    `root[name]` is the first name joined to it by how both are written; `genders` are those of
    `people.gender_of`; `speakers[i]` who may say the "I" at i, `titles[i]` the words of titles held at
    i; `said` and `lines` tell of every span whether it is said, and its line.
    """

    numbers: Sequence[int]
    marked: Marked
    links: Links
    states: StateNames
    layers: dict[int, str]
    root: dict[int, int]
    genders: dict[int, int]
    speakers: dict[int, list[int]]
    titles: dict[int, set[str]]
    said: NDArray[np.bool_]
    lines: NDArray[np.int64]


def cluster_spans(
    numbers: Sequence[int], text: str, marked: Marked, links: Links, states: StateNames
) -> list[list[int]]:
    """The spans that are one thing each, in text order; `numbers` are those that stand for one thing."""
    ground = _survey(numbers, text, marked, links, states)
    settled: dict[int, float] = defaultdict(float)
    for n, root in ground.root.items():
        settled[root] = settled[root] or NAME_WEIGHT * ground.genders.get(n, 0)
    _, votes = _gather(ground, settled, pull=PULL)
    for root, vote in votes.items():
        settled[root] += vote
    clusters, _ = _gather(ground, settled, pull=math.inf)
    return sorted((sorted(c.spans) for c in clusters), key=lambda spans: spans[0])


def _survey(numbers: Sequence[int], text: str, marked: Marked, links: Links, states: StateNames) -> Ground:
    layers = {n: LAYERS[int(marked.spans.layers[n])] for n in numbers}
    genders = {}
    for n in numbers:
        if layers[n].startswith("person"):
            start = int(marked.spans.starts[n])
            before = text[max(0, start - 20) : start]
            genders[n] = gender_of(marked.spans.words[n], before, named=layers[n] == "person.name")
    return Ground(
        numbers,
        marked,
        links,
        states,
        layers,
        join_names([n for n in numbers if layers[n].endswith(".name")], marked, states),
        genders,
        _find_speakers(numbers, marked, links),
        _find_titles(marked, links),
        find_ground(marked.spans).said,
        np.searchsorted([match.start() for match in re.finditer("\n", text)], marked.spans.starts),
    )


def _find_speakers(numbers: Sequence[int], marked: Marked, links: Links) -> dict[int, list[int]]:
    """For each "I" inside what somebody says: the spans of those who may say it, likeliest first."""
    spans = marked.spans
    firsts = np.array([n for n in numbers if spans.words[n].casefold() in I], dtype=np.int64)
    if not len(firsts):
        return {}
    cues: dict[int, list[int]] = defaultdict(list)
    for cue, rows in links.arcs["says"].items():
        for said, _, score in rows:
            if score > 0:
                cues[said].append(cue)
    found: dict[int, list[int]] = {}
    for said in marked.of("said").tolist():
        rows = [row for anchor in (said, *cues[said]) for row in links.arcs["speaker"].get(anchor, ())]
        likely = [(s, j) for j, _, s in rows if s > SPEAKER_FLOOR and spans.words[j].casefold() not in I]
        within = range(
            *np.searchsorted(firsts, np.searchsorted(spans.starts, [spans.starts[said], spans.ends[said]]))
        )
        found |= {int(firsts[at]): [j for _, j in sorted(likely, reverse=True)] for at in within if likely}
    return found


def _find_titles(marked: Marked, links: Links) -> dict[int, set[str]]:
    """The folded words of the titles held at each span."""
    titles: dict[int, set[str]] = defaultdict(set)
    for title, rows in links.arcs["holder"].items():
        score, holder = max((score, j) for j, _, score in rows)
        if score > 0:
            titles[holder] |= set(fold_name(marked.spans.words[title]).split())
    return titles


def _gather(
    ground: Ground, settled: Mapping[int, float], *, pull: float
) -> tuple[list[Cluster], dict[int, float]]:
    """The clusters, and for each name how many pronouns say that it is his (+) or hers (-)."""
    owner: dict[int, Cluster] = {}
    of_root: dict[int, Cluster] = {}
    clusters: list[Cluster] = []
    votes: dict[int, float] = defaultdict(float)
    first = [n for n in ground.numbers if n not in ground.speakers]
    for n in (*first, *ground.speakers):  # who says "I" may be named after it
        root, gender = ground.root.get(n), ground.genders.get(n, 0)
        cluster = of_root.get(n if root is None else root)
        cluster = cluster or next((owner[j] for j in ground.speakers.get(n, ()) if j in owner), None)
        if cluster is None:
            cluster, chance = _choose(n, ground, owner, settled, pull)
            for name in cluster.roots if cluster and root is None else ():
                votes[name] += gender * chance
        if cluster is None:
            cluster = Cluster()
            clusters.append(cluster)
        owner[n] = cluster
        cluster.spans.append(n)
        cluster.titles |= ground.titles.get(n, set())
        if root is None:
            cluster.gender += 0 if cluster.roots else gender
            continue
        cluster.names.add(ground.marked.spans.words[n])
        if root not in of_root:
            of_root[root] = cluster
            cluster.roots.append(root)
            cluster.gender += settled[root]
    return clusters, votes


def _choose(
    number: int, ground: Ground, owner: Mapping[int, Cluster], settled: Mapping[int, float], pull: float
) -> tuple[Cluster | None, float]:
    """The likeliest cluster before a span and its chance, or None where it is likelier a new thing.

    A name goes by its best score: a capital is not drowned by many mentions of its state.
    """
    root = ground.root.get(number)
    own = settled[root] if root is not None else float(ground.genders.get(number, 0))
    scores: dict[int, list[float]] = defaultdict(list)
    found: dict[int, Cluster] = {}
    for j, score in ground.links.same.get(number, ()):
        if j in owner and not (_differ(owner[j].gender, own) and pull == math.inf):
            found[id(owner[j])] = owner[j]
            scores[id(owner[j])].append(score - (pull if _differ(owner[j].gender, own) else 0.0))
    bonus = _favour(number, ground, owner, found, own)
    join = max if root is not None else _add
    sums = {key: join([math.exp(s + bonus.get(key, 0.0)) for s in scores[key]]) for key in found}
    for key in sorted(sums, key=lambda key: (-sums[key], found[key].spans[0])):
        if sums[key] <= 1.0:
            break
        if root is None or _may_join(number, found[key], ground):
            return found[key], sums[key] / (1.0 + sum(sums.values()))
    return None, 0.0


def _add(values: Sequence[float]) -> float:
    return sum(values)


def _differ(one: float, two: float) -> bool:
    """Whether one speaks for him and the other for her."""
    return abs(one) >= SURE and abs(two) >= SURE and one * two < 0


def _favour(
    number: int, ground: Ground, owner: Mapping[int, Cluster], found: Mapping[int, Cluster], own: float
) -> dict[int, float]:
    """What speaks for single clusters beside the scores, log odds."""
    words = ground.marked.spans.words[number]
    if ground.layers[number] == "person.nominal":
        wanted = set(fold_name(words).split()) - TITLE_LEFT
        return {key: TITLE * len(wanted & c.titles) / max(1, len(wanted)) for key, c in found.items()}
    return _favour_subject(number, ground, owner, own) if words.casefold() in HE | SHE else {}


def _favour_subject(
    number: int, ground: Ground, owner: Mapping[int, Cluster], own: float
) -> dict[int, float]:
    """For "he" and "she": who opens the last sentence with a fitting person in it, within one sentence
    who stands nearest; the more so who is the only one of the paragraph.

    What is said and the words around it are kept apart.
    """
    said, lines, sentences = ground.said, ground.lines, ground.marked.spans.sentences
    near = sorted(
        j
        for j, _ in ground.links.same.get(number, ())
        if j in owner and said[j] == said[number] and not _differ(owner[j].gender, own)
    )
    if not near:
        return {}
    last = sentences[near[-1]]
    subject = near[-1] if last == sentences[number] else next(j for j in near if sentences[j] == last)
    here = {id(owner[j]) for j in near if lines[j] == lines[number]}
    return {id(owner[subject]): SUBJECT + (ALONE if here == {id(owner[subject])} else 0.0)}


def _may_join(number: int, cluster: Cluster, ground: Ground) -> bool:
    """Whether a name may stand for what the names of a cluster stand for."""
    words, layer = ground.marked.spans.words[number], ground.layers[number]
    if layer == "person.name":
        return all(may_be_one(words, other) for other in cluster.names)
    if layer == "place.name":
        return all(may_be_one_place(words, other, ground.states) for other in cluster.names)
    return all(may_be_one_body(words, other) for other in cluster.names)
