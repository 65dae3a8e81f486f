"""A whole reading: the order of the steps from Document to Reading.

Sentences, spans, pairs, entities, times, places, roles, engagements, statements, claims, order. Each
step is a pure function of what came before it; the encoder and the gazetteer are handed in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dragoman.read.arcs import Scene
from dragoman.read.claims import find_claims
from dragoman.read.engagements import find_engagements
from dragoman.read.entities import gather_entities
from dragoman.read.locate import PlaceNames, resolve_places
from dragoman.read.order import order_engagements
from dragoman.read.pairs import link_spans
from dragoman.read.places import load_states
from dragoman.read.redate import sort_notes
from dragoman.read.roles import find_roles
from dragoman.read.spans import Marked, Window, mark_spans
from dragoman.read.statements import find_statements
from dragoman.read.times.find import find_times
from dragoman.read.times.resolve import notes_for_times, resolve_times
from dragoman.record import Document, Reading, Span, Timex
from dragoman.sentences import find_document_sentences


class Encoder(Protocol):
    """What reads text into windows of scores and vectors; see `dragoman.encode.Encoder`."""

    version: str

    @property
    def heads(self) -> Mapping[str, NDArray[np.float32]]: ...  # noqa: D102

    def read_windows(self, text: str, sentences: Sequence[Span]) -> Iterator[Window]: ...  # noqa: D102


def read_document(document: Document, *, encoder: Encoder, gazetteer: PlaceNames) -> Reading:
    """Everything the document says, every fact with its words.

    The same document and weights give the same reading, byte for byte. Memory and time grow with the
    number of facts, not with the square of the text.
    """
    text = document.text
    sentences = find_document_sentences(document)
    published = date.fromisoformat(document.published) if document.published else None
    states = load_states()
    marked = mark_spans(text, encoder.read_windows(text, sentences), sentences)
    links = link_spans(text, marked, encoder.heads)
    cast = gather_entities(document.id, text, marked, links, states)
    entities = resolve_places(document, cast.entities, cast.mentions, gazetteer=gazetteer)
    times, all_times = _read_times(text, marked, sentences, published)
    scene = Scene(document.id, text, marked, links, cast, {e.id: e for e in entities}, times)
    roles = find_roles(scene)
    engagements, engagement_of = find_engagements(scene, roles)
    quotations = find_statements(scene, engagement_of)
    claims = find_claims(scene, quotations)
    ordered, notes = order_engagements(text, sentences, engagements, all_times)
    return Reading(
        document=document,
        entities=entities,
        mentions=cast.mentions,
        roles=roles,
        engagements=ordered,
        quotations=quotations,
        claims=claims,
        times=all_times,
        notes=sort_notes([*notes, *notes_for_times(text, all_times)]),
        reader=encoder.version,
    )


def _read_times(
    text: str, marked: Marked, sentences: Sequence[Span], published: date | None
) -> tuple[dict[int, Timex], tuple[Timex, ...]]:
    """The times the network marked with their values, by span; and all, with those only the grammar sees."""
    numbers = [int(n) for n in marked.of("time")]
    spans = [Span(start=int(marked.spans.starts[n]), end=int(marked.spans.ends[n])) for n in numbers]
    known = resolve_times(text, spans, sentences, published=published)
    seen = find_times(text, sentences, published=published)
    missed = [time for time in seen if not _overlaps(time, spans)]
    every = tuple(sorted([*known, *missed], key=lambda time: (time.start, time.end)))
    return dict(zip(numbers, known, strict=True)), every


def _overlaps(time: Timex, spans: Sequence[Span]) -> bool:
    """Whether a time shares words with one of the spans, which are in text order."""
    after = bisect_left(spans, time.end, key=lambda span: span.start)
    return after > 0 and spans[after - 1].end > time.start
