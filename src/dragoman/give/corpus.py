"""Readings as `.ann` files of the engagement corpus, so that a corrected article becomes training data.

The format is defined in `corpus/GUIDELINES.md`: marks in the text, `---`, one fact a line. It is the way
back from `eval/gold.py`, as far as marks go: what a fact cannot point at a mark for is left out and said.
What a person rejected is not written. Laying marks into a text is `marks`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from dragoman.concord import Decision
from dragoman.give.brat import make_file_name
from dragoman.give.contents import Contents, Written
from dragoman.give.marks import Mark, Slugs, can_be_marked, is_marked_well, keep_nested, lay_marks
from dragoman.give.tables import make_info
from dragoman.record import (
    Claim,
    Engagement,
    EntityKind,
    MentionForm,
    Part,
    Quotation,
    Reading,
    Role,
    Slot,
    Span,
    Timex,
)

KINDS = {
    EntityKind.PERSON: "per",
    EntityKind.ORGANIZATION: "org",
    EntityKind.PLACE: "plc",
    EntityKind.GROUP: "grp",
}
LEFT_OUT = (
    "engagements over all reports, confidence, checks of counts",
    "which words support which field: the marks stand for all of them",
    "aliases, coordinates, titles and addresses of pages",
)
_SAID = "statements, claims or roles whose holder has no words in the text"


def write_ann(contents: Contents, out: BinaryIO) -> Written:
    """Write a zip with one annotated article a reading."""
    lost = Counter[str]()
    n_written = 0
    joined = _join_engagements(contents)
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for reading in contents.readings():
            article = make_article(reading, contents, joined, lost)
            if article is not None:
                archive.writestr(make_info(f"{make_file_name(reading.document.id)}.ann"), article.encode())
                n_written += 1
    return Written(n_written, (*(f"{n} {what}" for what, n in lost.items()), *LEFT_OUT))


def _join_engagements(contents: Contents) -> dict[tuple[str, str], str]:
    """The engagement over all reports, by document and the id there; where they are the same, nothing."""
    return {
        (witness.document, witness.engagement): engagement.id
        for engagement in contents.engagements()
        for witness in engagement.witnesses
        if witness.engagement != engagement.id
    }


def make_article(
    reading: Reading, contents: Contents, joined: Mapping[tuple[str, str], str], lost: Counter[str]
) -> str | None:
    """The annotated article; None, counted in `lost`, where its text cannot be told from marks."""
    document = reading.document
    article = _Article(reading, contents, joined, lost) if can_be_marked(document.text) else None
    facts = list(article.iter_facts()) if article else []
    marked = lay_marks(document.text, article.get_marks(), article.spans) if article else ""
    if not article or not is_marked_well(marked, document.text):
        lost["documents whose text looks like marks of the format"] += 1
        return None
    head = (
        ("id", document.id),
        ("published", document.published or "unknown"),
        ("outlet", document.publisher),
    )
    lines = [f"# {name}: {' '.join(value.split())}" for name, value in head if value and value.strip()]
    return "\n".join([*lines, marked, "---", *facts, ""])


class _Article:
    """One reading on its way to marks and lines: marks first, then the facts whose words are marked."""

    def __init__(
        self,
        reading: Reading,
        contents: Contents,
        joined: Mapping[tuple[str, str], str],
        lost: Counter[str],
    ) -> None:
        self.reading = reading
        self.lost = lost
        self.slugs = Slugs()
        self.canonical = contents.canonical(reading)
        rejected = Decision.REJECTED
        self.roles = [role for role in reading.roles if contents.state(role.id) is not rejected]
        self.quotations = [q for q in reading.quotations if contents.state(q.id) is not rejected]
        self.claims = [claim for claim in reading.claims if contents.state(claim.id) is not rejected]
        self.kinds = {entity.id: KINDS[entity.kind] for entity in reading.entities}
        self.types: dict[str, str] = {}
        self.events = self._name_events(joined, contents)
        self.marks = self._collect()
        self.known = {mark.id for mark in self.marks}
        self.spans: dict[str, list[Span]] = {}
        self.idle: set[str] = set()
        self.borne: set[str] = set()

    def get_marks(self) -> list[Mark]:
        """The marks that a fact or a mention stands behind."""
        return [mark for mark in self.marks if mark.id not in self.idle]

    def iter_facts(self) -> Iterator[str]:
        """The lines after `---`; fills `spans`, and `idle` with the marks of facts left out."""
        for role in self.roles:
            yield from self._write_role(role)
        self.idle = set(self.titles.values()) - self.borne
        for engagement in self.reading.engagements:
            yield from self._write_event(engagement)
        for quotation in self.quotations:
            yield from self._write_statement(quotation)
        for claim in self.claims:
            yield from self._write_claim(claim)
        for timex, id_ in self.times.items():
            if id_ in self.known:
                rel = timex.relative
                yield _line("TIME", id_, edtf=timex.edtf or "unknown", rel=rel, **{"class": timex.class_})
        yield from self._write_numbers()
        yield from self._write_names()

    def _name_events(self, joined: Mapping[tuple[str, str], str], contents: Contents) -> dict[str, str]:
        """Ids of engagements, the same in all articles that report one; two of one article stay two."""
        events: dict[str, str] = {}
        for engagement in self.reading.engagements:
            if contents.state(engagement.id) is Decision.REJECTED:
                continue
            shared = joined.get((self.reading.document.id, engagement.id), engagement.id)
            taken = shared in events.values()
            events[engagement.id] = engagement.id if taken else shared
        return {id_: self.slugs.get(shared) for id_, shared in events.items()}

    def _collect(self) -> list[Mark]:
        """Every mark that can stand in the text, ids of times, titles, cues and numbers given on the way."""
        marks = list(self._iter_mentions())
        self.times = self._name_times()
        marks += [Mark(t.start, t.end, "tim", id_) for t, id_ in self.times.items()]
        self.titles = self._name_titles()
        marks += [Mark(*place, "ttl", id_) for place, id_ in self.titles.items()]
        self.numbers: dict[str, str] = {}
        for engagement in self.reading.engagements:
            id_ = self.events.get(engagement.id)
            if id_:
                marks += [Mark(w.start, w.end, "evt", id_) for w in engagement.triggers]
            if id_ and engagement.headcount:
                self.numbers[engagement.id] = self.slugs.make("n")
                count = engagement.headcount
                marks.append(Mark(count.start, count.end, "num", self.numbers[engagement.id]))
        self.said = {quotation.id: self.slugs.make("s") for quotation in self.quotations}
        marks += [
            Mark(q.cue.start, q.cue.end, "cue", self.said[q.id]) for q in self.quotations if q.cue is not None
        ]
        kept = keep_nested(self.reading.document.text, marks)
        if n_crossing := len(set(marks)) - len(kept):
            self.lost["marks that cross others or cannot be told from their surroundings"] += n_crossing
        return kept

    def _iter_mentions(self) -> Iterator[Mark]:
        """Marks of entities; all ids of one mark, and all marks of one id, have one type."""
        for mention in self.reading.mentions:
            kind = self.kinds.get(mention.entities[0], "grp") if mention.entities else "grp"
            for id_ in mention.entities:
                slug = self._slug(id_)
                if self.types.setdefault(slug, self.kinds.get(id_, kind)) == kind:
                    yield Mark(mention.start, mention.end, kind, slug)

    def _slug(self, id_: str) -> str:
        return self.slugs.get(self.canonical.get(id_, id_))

    def _name_times(self) -> dict[Timex, str]:
        found: dict[tuple[int, int], Timex] = {}
        own = (e.time for e in self.reading.engagements if e.time)
        for timex in (*self.reading.times, *own, *(c.time for c in self.claims if c.time)):
            found.setdefault((timex.start, timex.end), timex)
        return {timex: self.slugs.make("w") for timex in found.values()}

    def _name_titles(self) -> dict[tuple[int, int], str]:
        places = dict.fromkeys(place for role in self.roles if (place := _get_title(role)))
        return {place: self.slugs.make("t") for place in places}

    def _get(self, id_: str | None) -> str | None:
        """The slug of an entity, where its words are marked."""
        slug = self._slug(id_) if id_ else None
        return slug if slug in self.known else None

    def _get_event(self, id_: str | None) -> str | None:
        slug = self.events.get(id_ or "")
        return slug if slug in self.known else None

    def _get_time(self, timex: Timex | None) -> str | None:
        if timex is None:
            return None
        id_ = next(i for t, i in self.times.items() if (t.start, t.end) == (timex.start, timex.end))
        return id_ if id_ in self.known else None

    def _write_role(self, role: Role) -> Iterator[str]:
        place = _get_title(role)
        title = self.titles.get(place) if place else None
        person = self._get(role.person)
        if title in self.known and title and person:
            self.borne.add(title)
            flags = ",".join(role.flags) or None
            yield _line("ROLE", title, per=person, of=self._get(role.of), to=self._get(role.to), flags=flags)
            return
        self.lost[_SAID] += 1

    def _write_event(self, engagement: Engagement) -> Iterator[str]:
        id_ = self._get_event(engagement.id)
        if not id_:
            self.lost["engagements without marked words, or rejected"] += 1
            return
        who = [(slug, p) for p in engagement.participants if (slug := self._get(p.entity))]
        parts = (slug if p.part is Part.PARTICIPANT else f"{slug}:{p.part}" for slug, p in who)
        behalf = (f"{slug}>{other}" for slug, p in who if (other := self._get(p.on_behalf_of)))
        count = self.numbers.get(engagement.id)
        fields = {
            "kind": engagement.kind,
            "status": engagement.status,
            "who": ",".join(parts),
            "for": ",".join(behalf),
            "where": self._get(engagement.place),
            "at": self._get_event(engagement.at) or self._get(engagement.at),
            "when": self._get_time(engagement.time),
            "count": count if count in self.known else None,
            "via": engagement.via,
            "after": ",".join(filter(None, map(self._get_event, engagement.after))),
            "before": ",".join(filter(None, map(self._get_event, engagement.before))),
            "part_of": self._get_event(engagement.part_of),
            "topic": engagement.topic.text if engagement.topic else None,
        }
        yield _line("EVENT", id_, **fields)

    def _write_statement(self, quotation: Quotation) -> Iterator[str]:
        id_ = self.said[quotation.id]
        speakers = (quotation.speaker,) if isinstance(quotation.speaker, str) else quotation.speaker or ()
        by = [self._get(speaker) for speaker in speakers]
        spans = self._clean(quotation.spans)
        if None in by or not spans:
            self.lost[_SAID] += 1
            self.idle.add(id_)
            return
        self.spans[id_] = spans
        said = "+".join(dict.fromkeys(filter(None, by))) or "unnamed"
        cue = "yes" if id_ in self.known else "no"
        to, at = self._get(quotation.to), self._get_event(quotation.occasion)
        yield _line("SAY", id_, by=said, mode=quotation.mode, cue=cue, to=to, at=at)

    def _clean(self, spans: Iterable[Span]) -> list[Span]:
        """The spans in order, without blank ones; one that runs into the next is left out."""
        kept: list[Span] = []
        for span in sorted(spans, key=lambda span: (span.start, span.end)):
            blank = not self.reading.document.text[span.start : span.end].strip()
            if not blank and (not kept or span.start >= kept[-1].end):
                kept.append(span)
        return kept

    def _write_claim(self, claim: Claim) -> Iterator[str]:
        spans = self._clean([claim])
        by = claim.by if claim.by in ("author", "unnamed") else self._get(claim.by)
        if not by or not spans:
            self.lost[_SAID] += 1
            return
        id_ = self.slugs.make("c")
        self.spans[id_] = spans
        fields = {
            "kind": claim.kind,
            "by": by,
            "about": ",".join(dict.fromkeys(filter(None, map(self._get, claim.about)))),
            "value": _write_number(claim.value),
            "unit": claim.unit if claim.unit and claim.unit in self.reading.document.text else None,
            "where": self._get(claim.place),
            "when": self._get_time(claim.time),
        }
        yield _line("CLAIM", id_, **fields)

    def _write_numbers(self) -> Iterator[str]:
        for engagement in self.reading.engagements:
            id_, count = self.numbers.get(engagement.id), engagement.headcount
            if id_ in self.known and id_ and count:
                low, high = count.min, count.max
                bounds = {"value": low} if low == high else {"min": low, "max": high}
                yield _line("NUM", id_, **{k: None if v is None else str(v) for k, v in bounds.items()})

    def _write_names(self) -> Iterator[str]:
        """The fullest name of everybody who has one; words that only stand in for a name are none."""
        named: dict[str, bool] = {}
        for mention in self.reading.mentions:
            for id_ in mention.entities:
                named[id_] = named.get(id_, False) or mention.form is MentionForm.NAME
        stand_ins = {m.text for m in self.reading.mentions if m.form is not MentionForm.NAME}
        seen: set[str] = set()
        for entity in self.reading.entities:
            slug, name = self._get(entity.id), _quote(entity.name)
            known = named.get(entity.id) or entity.name not in stand_ins
            if slug and slug not in seen and name and known and entity.kind is not EntityKind.GROUP:
                seen.add(slug)
                yield f"SAME {slug} {name}"


def _get_title(role: Role) -> tuple[int, int] | None:
    return next(((e.start, e.end) for e in role.evidence if e.slot is Slot.TITLE), None)


def _write_number(value: float | int | None) -> str | None:
    """The number as the format reads it: digits, at most one point."""
    written = str(value)
    return written if re.fullmatch(r"-?\d+(\.\d+)?", written) else None


def _line(head: str, id_: str, **fields: str | None) -> str:
    """A fact of the fields that say something; words are quoted, and left out where they span lines."""
    written = [
        f"{name}={value if name not in _WORDS else _quote(value)}"
        for name, value in fields.items()
        if value and (name not in _WORDS or _quote(value))
    ]
    return " ".join([head, id_, *written])


_WORDS = ("topic", "unit", "via", "edtf", "rel")  # free text, everything else is ids and words of our own


def _quote(words: str) -> str:
    """The words in double quotes; empty where they hold a line end, which no line can."""
    if "\n" in words or not words:
        return ""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
