"""Arcs: scores between spans turned into scores between things.

A thing may be mentioned many times; its score is the soft maximum over its mentions, exactly as the
network was trained. `Scene` is what every finder of facts is given: text, spans, links and entities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from dragoman.read.entities import Cast
from dragoman.read.labels import LAYERS
from dragoman.read.pairs import Links
from dragoman.read.score import probability, soft_maximum
from dragoman.read.spans import Marked
from dragoman.record import Entity, Evidence, Slot, Timex, Words


class Target(NamedTuple):
    """A thing an anchor may hang on: its id, how sure (0 to 1), and its nearest mention and pair row."""

    id: str
    chance: float
    span: int
    row: int


class Scene(NamedTuple):
    """One document as the finders of facts see it; nothing here is changed by them."""

    document_id: str
    text: str
    marked: Marked
    links: Links
    cast: Cast
    entities: dict[str, Entity]
    times: dict[int, Timex]

    def layer(self, span: int) -> str:
        """The layer of a span."""
        return LAYERS[int(self.marked.spans.layers[span])]

    def words(self, span: int) -> Words:
        """A span as words of the document."""
        spans = self.marked.spans
        return Words(start=int(spans.starts[span]), end=int(spans.ends[span]), text=spans.words[span])

    def evidence(self, slot: Slot, span: int, entity: str | None = None) -> Evidence:
        """A span as evidence for a slot."""
        words = self.words(span)
        return Evidence(slot=slot, entity=entity, start=words.start, end=words.end, text=words.text)

    def things(self, span: int) -> tuple[str, ...]:
        """The ids a span stands for: its entities, or itself where it is no mention."""
        return self.cast.of_span.get(span) or (() if self._is_mention(span) else (f"#{span}",))

    def _is_mention(self, span: int) -> bool:
        return self.layer(span).startswith(("person", "organization", "place", "group"))


def score_targets(scene: Scene, arc: str, anchors: Iterable[int]) -> list[Target]:
    """What the anchors (all of one thing) hang on by this arc, best first."""
    cells: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
    for anchor in anchors:
        for span, row, score in scene.links.arcs[arc].get(anchor, ()):
            for thing in scene.things(span):
                cells[thing].append((score, span, row))
    found = []
    for thing, rows in cells.items():
        _, span, row = max(rows)
        chance = probability(soft_maximum([score for score, _, _ in rows]))
        found.append(Target(thing, chance, span, row))
    return sorted(found, key=lambda target: (-target.chance, target.span))


def best_target(scene: Scene, arc: str, anchors: Iterable[int], floor: float) -> Target | None:
    """The best target above `floor` [0, 1], or None."""
    targets = score_targets(scene, arc, anchors)
    return targets[0] if targets and targets[0].chance >= floor else None
