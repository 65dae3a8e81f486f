"""Readings as W3C Web Annotations, for Hypothesis, Recogito, Annotorious and IIIF viewers.

Each mention, time expression and fact is an annotation. Its target is the page, found again by its words
(TextQuoteSelector); positions (TextPositionSelector) count in the text as it was read, which the state of
the target names. The second body of a fact is the whole fact as JSON, so that nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

import msgspec

from dragoman.concord import Decision
from dragoman.give.contents import Contents, Written
from dragoman.give.jsonlist import drop_empty, write_list
from dragoman.record import (
    Claim,
    Document,
    Engagement,
    Mention,
    Quotation,
    Reading,
    Role,
    Span,
    Timex,
    make_id,
)

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
N_AROUND = 32  # code points of prefix and suffix: enough to tell the same words apart
Facts = Role | Engagement | Quotation | Claim


def write_webannotation(contents: Contents, out: BinaryIO) -> Written:
    """Write one annotation page with an annotation for every mention, time and fact."""
    head = {"@context": CONTEXT, "id": "urn:dragoman:annotations", "type": "AnnotationPage"}
    n_written = write_list(out, head, "items", _iter_annotations(contents))
    return Written(
        n_written,
        ("engagements over all reports: each report stands alone", "offices over time", "whole texts"),
    )


def _iter_annotations(contents: Contents) -> Iterator[dict[str, object]]:
    for reading in contents.readings():
        names = {entity.id: entity.name for entity in reading.entities}
        canonical = contents.canonical(reading)
        document = reading.document
        for mention in reading.mentions:
            yield _make_mention(document, mention, names, canonical)
        for timex in reading.times:
            yield _make_time(document, timex)
        for fact in _iter_facts(reading):
            yield _make_fact(document, fact, names, contents.state(fact.id))


def _iter_facts(reading: Reading) -> Iterator[Facts]:
    yield from reading.roles
    yield from reading.engagements
    yield from reading.quotations
    yield from reading.claims


def _make_mention(
    document: Document, mention: Mention, names: Mapping[str, str], canonical: Mapping[str, str]
) -> dict[str, object]:
    bodies: list[object] = []
    for id_ in mention.entities:
        bodies += [
            {"type": "TextualBody", "purpose": "tagging", "value": names.get(id_, id_)},
            {
                "type": "SpecificResource",
                "purpose": "identifying",
                "source": f"urn:dragoman:{canonical.get(id_, id_)}",
            },
        ]
    parts = (document.id, mention.start, mention.end, *mention.entities)
    return _make_annotation(make_id("mention", *parts), "identifying", bodies, document, [mention])


def _make_time(document: Document, timex: Timex) -> dict[str, object]:
    bodies = [
        {"type": "TextualBody", "purpose": "classifying", "value": timex.edtf},
        _make_json(timex),
    ]
    id_ = make_id("time", document.id, timex.start, timex.end)
    return _make_annotation(id_, "classifying", bodies, document, [timex])


def _make_fact(
    document: Document, fact: Facts, names: Mapping[str, str], state: Decision | None
) -> dict[str, object]:
    bodies: list[object] = [
        {"type": "TextualBody", "purpose": "describing", "value": _describe(fact, names)},
        _make_json(fact),
    ]
    if state:
        bodies.append({"type": "TextualBody", "purpose": "moderating", "value": state})
    spans: Sequence[Span] = (
        *(fact.triggers if isinstance(fact, Engagement) else ()),
        *(fact.spans if isinstance(fact, Quotation) else ()),
        *((fact,) if isinstance(fact, Claim) else ()),
        *fact.evidence,
    )
    return _make_annotation(fact.id, "describing", bodies, document, spans)


def _describe(fact: Facts, names: Mapping[str, str]) -> str:
    """The fact in a line, for the margin of a page."""
    if isinstance(fact, Role):
        of, to = (names.get(id_ or "", id_) for id_ in (fact.of, fact.to))
        ends = (f"of {of}" if of else "", f"to {to}" if to else "")
        return " ".join(filter(None, (f"{names.get(fact.person, fact.person)}: {fact.title}", *ends)))
    if isinstance(fact, Engagement):
        who = ", ".join(f"{names.get(p.entity, p.entity)} ({p.part})" for p in fact.participants)
        where = names.get(fact.place or "", fact.place)
        when = fact.time.edtf if fact.time else None
        return "; ".join(filter(None, (f"{fact.kind}, {fact.status}", who, where, when)))
    if isinstance(fact, Quotation):
        speakers = (fact.speaker,) if isinstance(fact.speaker, str) else fact.speaker or ()
        by = " and ".join(names.get(id_, id_) for id_ in speakers)
        return f"said by {by or 'a source without a name'} ({fact.mode})"
    value = "" if fact.value is None else f": {fact.value} {fact.unit or ''}".rstrip()
    return f"claim ({fact.kind}) by {names.get(fact.by, fact.by)}{value}"


def _make_json(fact: Facts | Timex) -> dict[str, object]:
    value = msgspec.json.encode(fact).decode()
    return {"type": "TextualBody", "purpose": "describing", "format": "application/json", "value": value}


def _make_annotation(
    id_: str, motivation: str, bodies: Sequence[object], document: Document, spans: Sequence[Span]
) -> dict[str, object]:
    distinct = dict.fromkeys((span.start, span.end) for span in spans)
    targets = [_make_target(document, start, end) for start, end in distinct]
    return {
        "id": f"urn:dragoman:{document.id}:{id_}",
        "type": "Annotation",
        "motivation": motivation,
        "body": bodies,
        "target": targets or [drop_empty(_make_source(document))],
    }


def _make_source(document: Document) -> dict[str, object]:
    """The page, and by what name the text goes in which positions count."""
    text = f"urn:dragoman:document:{document.id}"
    source = document.url or text
    return {"source": source, "state": {"type": "TimeState", "cached": text} if document.url else None}


def _make_target(document: Document, start: int, end: int) -> dict[str, object]:
    text = document.text
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - N_AROUND) : start],
        "suffix": text[end : end + N_AROUND],
    }
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    return drop_empty({**_make_source(document), "selector": [position, quote]})
