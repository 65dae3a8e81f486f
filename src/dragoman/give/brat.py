"""Readings as brat stand-off, to move annotations to brat, INCEpTION, WebAnno, doccano and back.

A zip with one `.txt` and one `.ann` file a document and the `annotation.conf` that brat wants. Offsets are
code points. A span over a line end is given in pieces, for brat shows one line at a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from dragoman.give.contents import Contents, Written
from dragoman.give.tables import make_info
from dragoman.record import (
    Claim,
    ClaimKind,
    Engagement,
    EngagementKind,
    EntityKind,
    Mode,
    Part,
    Quotation,
    Reading,
    Role,
    RoleFlag,
    Slot,
    Span,
    Status,
)

LEFT_OUT = ("engagements over all reports: each report stands alone", "headline, publisher and address")
Piece = tuple[int, int]
_PIECE = re.compile(r"\S(?:[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*\S)?")


def write_brat(contents: Contents, out: BinaryIO) -> Written:
    """Write a text and its annotations for every reading."""
    n_written = 0
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(make_info("annotation.conf"), make_conf())
        for reading in contents.readings():
            name = make_file_name(reading.document.id)
            archive.writestr(make_info(f"{name}.txt"), reading.document.text.encode())
            lines = _Lines(reading, contents.canonical(reading)).write()
            archive.writestr(make_info(f"{name}.ann"), "".join(f"{line}\n" for line in lines).encode())
            n_written += 1
    return Written(n_written, LEFT_OUT)


def make_file_name(document: str) -> str:
    """The id of a document as the name of a file on any system."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", document) or "_"


def make_conf() -> str:
    """The types of our annotations, in brat's own words."""
    entities = [kind.capitalize() for kind in EntityKind]
    kinds = [kind.capitalize() for kind in EngagementKind]
    any_ = "|".join(entities)
    parts = ", ".join(f"{part.capitalize()}*:{any_}" for part in Part)
    slots = f"{parts}, Place?:{any_}, Venue?:<ANY>, Time?:Time, Topic?:Topic, Headcount?:Headcount"
    lines = [
        *("[entities]", *entities, "Title", "Time", "Topic", "Headcount", "Cue", "Quotation", "Claim", ""),
        *("[relations]", f"HeldBy\tArg1:Title, Arg2:{any_}", f"Of\tArg1:Title, Arg2:{any_}"),
        *(f"To\tArg1:Title, Arg2:{any_}", f"SaidBy\tArg1:Quotation, Arg2:{any_}"),
        *("CuedBy\tArg1:Quotation, Arg2:Cue", f"ClaimedBy\tArg1:Claim, Arg2:{any_}", ""),
        *("[events]", *(f"{kind}\t{slots}" for kind in kinds), ""),
        *("[attributes]", f"Status\tArg:<EVENT>, Value:{'|'.join(Status)}"),
        *(f"Flag\tArg:Title, Value:{'|'.join(RoleFlag)}", f"Mode\tArg:Quotation, Value:{'|'.join(Mode)}"),
        *(f"Kind\tArg:Claim, Value:{'|'.join(ClaimKind)}", ""),
    ]
    return "\n".join(lines)


def split_lines(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """The spans in pieces that hold no line end and no blank at their edges; none for blank spans.

    >>> split_lines("ab\\ncd", [Span(start=0, end=5)])
    ((0, 2), (3, 5))
    """
    found = (
        (span.start + match.start(), span.start + match.end())
        for span in spans
        for match in _PIECE.finditer(text[span.start : span.end])
    )
    return tuple(found)


class _Lines:
    """The lines of one document; a span of one type is written once and found again by its pieces."""

    def __init__(self, reading: Reading, canonical: Mapping[str, str]) -> None:
        self.reading = reading
        self.text = reading.document.text
        self.canonical = canonical
        self.names = {entity.id: entity.name for entity in reading.entities}
        self.kinds = {entity.id: entity.kind for entity in reading.entities}
        self.spans: dict[tuple[str, tuple[Piece, ...]], str] = {}
        self.starts: dict[str, list[tuple[int, int, str]]] = {}
        self.n = Counter[str]()
        self.new: list[str] = []

    def write(self) -> Iterator[str]:
        """Mentions first, for facts point at them."""
        self._add_mentions()
        for timex in self.reading.times:
            self._note(self._add_span("Time", [timex]), timex)
        for role in self.reading.roles:
            self._add_role(role)
        events = {e.id: self._add_event(e) for e in self.reading.engagements}
        for engagement in self.reading.engagements:
            self._fill_event(engagement, events)
        for quotation in self.reading.quotations:
            self._add_quotation(quotation)
        for claim in self.reading.claims:
            self._add_claim(claim)
        yield from self.new

    def _next(self, sign: str) -> str:
        self.n[sign] += 1
        return f"{sign}{self.n[sign]}"

    def _add_span(self, kind: str, spans: Iterable[Span]) -> str | None:
        pieces = split_lines(self.text, spans)
        if not pieces:
            return None
        key = (kind, pieces)
        if key not in self.spans:
            self.spans[key] = self._next("T")
            offsets = ";".join(f"{start} {end}" for start, end in pieces)
            words = " ".join(self.text[start:end] for start, end in pieces).replace("\t", " ")
            self.new.append(f"{self.spans[key]}\t{kind} {offsets}\t{words}")
        return self.spans[key]

    def _add_mentions(self) -> None:
        for mention in self.reading.mentions:
            for entity in mention.entities:
                kind = self.kinds.get(entity, EntityKind.GROUP).capitalize()
                mark = self._add_span(kind, [mention])
                if mark:
                    self.starts.setdefault(entity, []).append((mention.start, mention.end, mark))
                    name = " ".join(self.names.get(entity, entity).split())
                    reference = _squeeze(self.canonical.get(entity, entity))
                    self.new.append(f"{self._next('N')}\tReference {mark} dragoman:{reference}\t{name}")

    def _find(self, entity: str | None, position: int, words: Iterable[Span] = ()) -> str | None:
        """The mention of an entity: the one that the evidence lies on, else the nearest."""
        marks = self.starts.get(entity or "", [])
        places = {(span.start, span.end) for span in words}
        exact = next((mark for start, end, mark in marks if (start, end) in places), None)
        nearest = min(marks, key=lambda mark: abs(mark[0] - position), default=(0, 0, None))
        return exact or nearest[2]

    def _relate(self, kind: str, left: str | None, right: str | None) -> None:
        if left and right:
            self.new.append(f"{self._next('R')}\t{kind} Arg1:{left} Arg2:{right}")

    def _describe(self, kind: str, mark: str | None, value: str) -> None:
        if mark:
            self.new.append(f"{self._next('A')}\t{kind} {mark} {value}")

    def _note(self, mark: str | None, fact: object) -> None:
        """The whole record as JSON in a note, which survives what brat cannot say."""
        if mark:
            self.new.append(f"{self._next('#')}\tAnnotatorNotes {mark}\t{msgspec.json.encode(fact).decode()}")

    def _add_role(self, role: Role) -> None:
        title = self._add_span("Title", [e for e in role.evidence if e.slot is Slot.TITLE][:1])
        where = next((e.start for e in role.evidence if e.slot is Slot.TITLE), 0)
        for kind, entity in (("HeldBy", role.person), ("Of", role.of), ("To", role.to)):
            self._relate(kind, title, self._find(entity, where, role.evidence))
        for flag in role.flags:
            self._describe("Flag", title, flag)
        self._note(title, role)

    def _add_event(self, engagement: Engagement) -> tuple[str, str] | None:
        """The id of the event and of its trigger; None where no word of the text names it."""
        trigger = self._add_span(engagement.kind.capitalize(), engagement.triggers[:1])
        return (self._next("E"), trigger) if trigger else None

    def _fill_event(self, engagement: Engagement, events: Mapping[str, tuple[str, str] | None]) -> None:
        event = events[engagement.id]
        if not event:
            return
        position = engagement.triggers[0].start
        slots: list[tuple[str, str | None]] = []
        for p in engagement.participants:
            words = [e for e in engagement.evidence if e.entity == p.entity and e.slot is Slot.WHO]
            slots.append((p.part.capitalize(), self._find(p.entity, position, words)))
        where = [e for e in engagement.evidence if e.slot is Slot.WHERE]
        slots.append(("Place", self._find(engagement.place, position, where)))
        at = events.get(engagement.at or "")
        slots.append(("Venue", at[0] if at else self._find(engagement.at, position)))
        for kind, words_ in (
            ("Time", engagement.time),
            ("Topic", engagement.topic),
            ("Headcount", engagement.headcount),
        ):
            slots.append((kind, self._add_span(kind, [words_]) if words_ else None))
        told = " ".join(_number(slots))
        self.new.append(f"{event[0]}\t{engagement.kind.capitalize()}:{event[1]} {told}".rstrip())
        self._describe("Status", event[0], engagement.status)
        self._note(event[0], engagement)

    def _add_quotation(self, quotation: Quotation) -> None:
        mark = self._add_span("Quotation", quotation.spans)
        cue = self._add_span("Cue", [quotation.cue]) if quotation.cue else None
        speakers = (quotation.speaker,) if isinstance(quotation.speaker, str) else quotation.speaker or ()
        where = quotation.cue or next(iter(quotation.spans), None)
        for speaker in speakers:
            self._relate("SaidBy", mark, self._find(speaker, where.start if where else 0, quotation.evidence))
        self._relate("CuedBy", mark, cue)
        self._describe("Mode", mark, quotation.mode)
        self._note(mark, quotation)

    def _add_claim(self, claim: Claim) -> None:
        mark = self._add_span("Claim", [claim])
        self._relate("ClaimedBy", mark, self._find(claim.by, claim.start, claim.evidence))
        self._describe("Kind", mark, claim.kind)
        self._note(mark, claim)


def _number(slots: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Arguments of an event: brat counts the second of a kind, `Host2`."""
    seen = Counter[str]()
    for kind, mark in slots:
        if mark:
            seen[kind] += 1
            yield f"{kind}{seen[kind] if seen[kind] > 1 else ''}:{mark}"


def _squeeze(id_: str) -> str:
    return re.sub(r"\s", "_", id_)
