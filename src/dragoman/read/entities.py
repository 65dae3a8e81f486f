"""Entities: mentions that stand for one person, body, place or group, gathered under one id.

Which spans are one thing is found in `clusters`, which words stand for several in `several`; here each
thing gets its kind, its fullest name and an id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from dragoman.read.clusters import cluster_spans
from dragoman.read.labels import KIND_OF_LAYER, LAYERS, MENTIONS
from dragoman.read.pairs import Links
from dragoman.read.places import StateNames
from dragoman.read.several import choose_members, find_several
from dragoman.read.spans import Marked
from dragoman.record import Entity, EntityKind, Mention, MentionForm, make_id


class Cast(NamedTuple):
    """Who is in the text: entities, mentions, and the entities of each span by its number."""

    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    of_span: dict[int, tuple[str, ...]]


def gather_entities(document_id: str, text: str, marked: Marked, links: Links, states: StateNames) -> Cast:
    """The entities of a document with all their mentions, in the order they first appear."""
    numbers = [int(n) for n in marked.of(*MENTIONS)]
    several = find_several(numbers, marked, links)
    clusters = cluster_spans([n for n in numbers if n not in several], text, marked, links, states)
    entities: list[Entity] = []
    of_span: dict[int, tuple[str, ...]] = {}
    for cluster in clusters:
        entity = _make_entity(document_id, cluster, marked, states)
        entities.append(entity)
        of_span.update(dict.fromkeys(cluster, (entity.id,)))
    of_span |= choose_members(several, marked, links, of_span)
    mentions = tuple(_make_mention(n, of_span[n], marked) for n in numbers if n in of_span)
    return Cast(tuple(entities), mentions, of_span)


def _layer(marked: Marked, number: int) -> str:
    return LAYERS[int(marked.spans.layers[number])]


def _make_entity(document_id: str, cluster: Sequence[int], marked: Marked, states: StateNames) -> Entity:
    """One entity under its fullest name; its other names are aliases."""
    spans = marked.spans
    kind = EntityKind(Counter(KIND_OF_LAYER[_layer(marked, n)] for n in cluster).most_common(1)[0][0])
    names = [spans.words[n] for n in cluster if _layer(marked, n).endswith(".name")]
    names = names or [spans.words[n] for n in cluster]
    name = _pick_name(tuple(dict.fromkeys(names)), kind, states)
    aliases = tuple(sorted({words for words in names if words != name}))
    first = cluster[0]
    number = make_id(kind.value, document_id, int(spans.starts[first]), int(spans.ends[first]))
    return Entity(id=number, kind=kind, name=name, aliases=aliases)


def _pick_name(names: Sequence[str], kind: EntityKind, states: StateNames) -> str:
    """The fullest of the names; a state is called by its name, even where only its adjective stands."""
    if kind is EntityKind.PLACE and (code := next(filter(None, map(states.state_of, names)), None)):
        if states.name_of(code) in names:
            return states.name_of(code)
        stated = [words for words in names if states.is_name(words)]
        return max(stated, key=len) if stated else states.name_of(code)
    return max(names, key=lambda words: (not words.isupper(), min(len(words.split()), 8), len(words)))


def _make_mention(number: int, ids: tuple[str, ...], marked: Marked) -> Mention:
    """The span as a mention of one entity or several."""
    layer = _layer(marked, number)
    form = "nominal" if layer == "group" else layer.partition(".")[2]
    words = marked.spans.words[number]
    return Mention(
        entity=ids[0] if len(ids) == 1 else ids,
        start=int(marked.spans.starts[number]),
        end=int(marked.spans.ends[number]),
        text=words,
        form=MentionForm(form),
        confidence=round(float(marked.confidence[number]), 3),
    )
