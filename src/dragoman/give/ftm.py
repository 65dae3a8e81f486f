"""The record as FollowTheMoney entities, one a line, for OpenAleph, OpenSanctions and their tools.

FollowTheMoney has no word for a status, for a part somebody plays, or for who says so: these are in keywords
and descriptions. A visit is an Event and no Trip, for a Trip must say where it starts and no report does. A
state that acts is a PublicBody beside the Address it is as a place. What is unknown stays away: a publication
day is never an event's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

from dragoman.concord import Attested, Identity, Office
from dragoman.give.contents import Contents, Written
from dragoman.give.sources import Report, Sources, list_differences, open_sources
from dragoman.record import (
    Claim,
    EngagementKind,
    EntityKind,
    Part,
    Participation,
    Quotation,
    Reading,
    RoleFlag,
    Slot,
    make_id,
)

Entity = dict[str, object]
SCHEMATA = {
    EntityKind.PERSON: "Person",
    EntityKind.ORGANIZATION: "Organization",
    EntityKind.PLACE: "Address",
    EntityKind.GROUP: "LegalEntity",
}
ORGANIZERS = (Part.HOST, Part.ORGANIZER)
LEFT_OUT = (
    "mentions by “she” and “the envoy”, time expressions",
    "positions of words, except those that report an engagement",
)
_DAY = re.compile(r"[12]\d{3}(-\d\d(-\d\d)?)?")  # as the library reads dates
_ID = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?")
_LINK = re.compile(r"https?://[^\s<>\"]+")
_GOVERNING = re.compile(r"\b(?:ministry|department of|embassy|parliament|senate|government)\b", re.IGNORECASE)
_LANGUAGES = {"en": "eng", "fr": "fra", "de": "deu", "es": "spa", "ru": "rus", "ar": "ara", "zh": "zho"}


def write_ftm(contents: Contents, out: BinaryIO) -> Written:
    """Write articles, people, bodies, places, positions, events and notes, one entity a line."""
    encode, n_written = msgspec.json.Encoder().encode, 0
    with open_sources(contents) as sources:
        writer = _Writer(contents, sources)
        for entity in writer.iter_entities():
            out.write(encode(entity) + b"\n")
            n_written += 1
    early = (
        f"the days of {writer.n_early} engagements outside the years 1000 to 2999" if writer.n_early else ""
    )
    return Written(n_written, (*((early,) if early else ()), *LEFT_OUT))


class _Writer:
    """Entities of every kind, made as the record streams past; only acting places are remembered."""

    def __init__(self, contents: Contents, sources: Sources) -> None:
        self.contents = contents
        self.sources = sources
        self.n_early = 0
        self.acting = {id_ for id_ in _iter_actors(contents) if self._is_place(id_)}

    def iter_entities(self) -> Iterator[Entity]:
        """Things first, then what joins them."""
        for identity in self.contents.identities():
            yield self._make_thing(identity)
        for id_ in sorted(self.acting):
            yield self._make_state(id_)
        for reading in self.contents.readings():
            yield from self._iter_article(reading)
        for engagement in self.contents.engagements():
            yield from self._iter_engagement(engagement)
        positions: set[str] = set()
        for office in self.contents.offices():
            yield from self._iter_office(office, positions)

    # Who and where

    def _make_thing(self, identity: Identity) -> Entity:
        schema = SCHEMATA[identity.kind]
        if schema == "Organization" and _GOVERNING.search(identity.name):
            schema = "PublicBody"
        name, place = _clean(identity.name) or identity.id, identity.kind is EntityKind.PLACE
        return _make(
            identity.id,
            schema,
            name=[name],
            alias=[alias for alias in map(_clean, identity.aliases) if alias and alias != name],
            country=[(identity.country or "").lower()],
            full=[name] if place else [],
            latitude=[_number(identity.lat)] if place else [],
            longitude=[_number(identity.lon)] if place else [],
            description=[f"known as {', '.join(identity.known_as)}"] if identity.known_as else [],
        )

    def _make_state(self, id_: str) -> Entity:
        identity = self.sources.get_identity(id_)
        name = (identity and _clean(identity.name)) or id_
        country = (identity and identity.country) or ""
        summary = f"{name} where it acts or is acted for; the place is {_slug(id_)}"
        return _make(_body(id_), "PublicBody", name=[name], country=[country.lower()], summary=[summary])

    def _is_place(self, id_: str) -> bool:
        identity = self.sources.get_identity(id_)
        return identity is not None and identity.kind is EntityKind.PLACE

    def _find_actor(self, id_: str | None) -> str:
        """The entity of FollowTheMoney that acts for an identity; empty for one the record does not hold."""
        if not id_ or self.sources.get_identity(id_) is None:
            return ""
        return _body(id_) if id_ in self.acting else _slug(id_)

    # Articles, and what they say

    def _iter_article(self, reading: Reading) -> Iterator[Entity]:
        document, canonical = reading.document, self.contents.canonical(reading)
        yield _make(
            document.id,
            "Article",
            title=[_clean(document.title or "")],
            publishedAt=_list_days(document.published),
            publisher=[_clean(document.publisher or "")],
            sourceUrl=[document.url or ""],
            language=[_LANGUAGES.get(document.language or "", "")],
            bodyText=[document.text],
        )
        for entity in reading.entities:
            home = canonical.get(entity.id, entity.id)
            if self.sources.get_identity(home):
                yield _make_documentation(document.id, home, role="names")
                if entity.kind is not EntityKind.PLACE:
                    yield self._make_mention(document.id, home, (entity.name, *entity.aliases))
        for quotation in reading.quotations:
            yield self._make_quotation(quotation, reading, canonical)
        for claim in reading.claims:
            yield self._make_claim(claim, reading, canonical)

    def _make_mention(self, document: str, home: str, names: tuple[str, ...]) -> Entity:
        return _make(
            make_id("mention", document, home, *names),
            "Mention",
            document=[_slug(document)],
            resolved=[_slug(home)],
            name=list(filter(None, map(_clean, names))) or [home],
        )

    def _make_quotation(self, fact: Quotation, reading: Reading, canonical: Mapping[str, str]) -> Entity:
        speakers = (fact.speaker,) if isinstance(fact.speaker, str) else fact.speaker or ()
        cue = f", “{fact.cue.text}”" if fact.cue else ""
        return self._make_note(
            *(fact.id, reading, fact.text, f"quotation, {fact.mode}{cue}"),
            [canonical.get(id_, id_) for id_ in speakers],
        )

    def _make_claim(self, fact: Claim, reading: Reading, canonical: Mapping[str, str]) -> Entity:
        by = "" if fact.by == "author" else fact.by
        holder = canonical.get(by, by)
        name = self.sources.get_name(holder) if holder else "the author"
        about = [canonical.get(id_, id_) for id_ in fact.about]
        return self._make_note(fact.id, reading, fact.text, f"claim, {fact.kind}, by {name}", about)

    def _make_note(self, id_: str, reading: Reading, words: str, told: str, about: list[str]) -> Entity:
        document, decision = reading.document, self.contents.state(id_)
        return _make(
            make_id("note", document.id, id_),
            "Note",
            name=[_clean(told)],
            description=[words],
            entity=[_slug(home) for home in about if self.sources.get_identity(home)],
            proof=[_slug(document.id)],
            sourceUrl=[document.url or ""],
            publisher=[_clean(document.publisher or "")],
            keywords=[told.split(",")[0], decision or ""],
        )

    # Engagements

    def _iter_engagement(self, engagement: Attested) -> Iterator[Entity]:
        reports = self.sources.get_reports(engagement)
        days = filter(None, (engagement.earliest, engagement.latest))
        self.n_early += any(not _DAY.fullmatch(day) for day in days)
        event = self._make_event(engagement, reports)
        yield event
        for p in engagement.participants:
            agent, client = self._find_actor(p.entity), self._find_actor(p.on_behalf_of)
            if agent and client:
                yield self._make_representation(engagement, agent, client, str(event["id"]))
        if event["schema"] == "Event":
            yield from (_make_report(r, engagement.id) for r in reports if r.evidence)

    def _make_event(self, engagement: Attested, reports: tuple[Report, ...]) -> Entity:
        callers, others = self._split_call(engagement)
        told = {
            "summary": [f"{engagement.kind}, {engagement.status}; when: {engagement.edtf or 'unknown'}"],
            "description": ["\n".join(self._describe(engagement, reports))],
            "sourceUrl": [report.url or "" for report in reports],
            "publisher": [_clean(report.publisher or "") for report in reports],
            **_make_days(engagement),
        }
        if callers:
            return _make(engagement.id, "Call", caller=callers, receiver=others, **told)
        place = self.sources.get_identity(engagement.place)
        return _make(
            engagement.id,
            "Event",
            name=[_clean(self.sources.get_title(engagement)) or str(engagement.kind)],
            involved=[self._find_actor(p.entity) for p in engagement.participants],
            organizer=[self._find_actor(p.entity) for p in engagement.participants if p.part in ORGANIZERS],
            location=[_clean(place.name)] if place else [],
            addressEntity=[_slug(place.id)] if place and place.kind is EntityKind.PLACE else [],
            country=[((place and place.country) or "").lower()],
            keywords=[engagement.kind, engagement.status, self.contents.state(engagement.id) or ""],
            proof=[_slug(report.document) for report in reports if report.evidence],
            notes=[report.words for report in reports],
            **told,
        )

    def _split_call(self, engagement: Attested) -> tuple[list[str], list[str]]:
        """Who called and whom, where a report says who called; else nobody."""
        callers: list[Participation] = []
        if engagement.kind is EngagementKind.CALL:
            callers = [p for p in engagement.participants if p.part is Part.CALLER]
        others = [p for p in engagement.participants if p not in callers]
        return self._list_actors(callers), self._list_actors(others)

    def _list_actors(self, parts: list[Participation]) -> list[str]:
        return [actor for p in parts if (actor := self._find_actor(p.entity))]

    def _describe(self, engagement: Attested, reports: tuple[Report, ...]) -> Iterator[str]:
        for p in engagement.participants:
            behalf = f", for {self.sources.get_name(p.on_behalf_of)}" if p.on_behalf_of else ""
            yield f"{self.sources.get_name(p.entity)} ({p.part}{behalf})"
        if engagement.topic:
            yield f"about: {engagement.topic}"
        if engagement.earliest != engagement.latest:
            yield f"between {engagement.earliest or 'an open start'} and {engagement.latest or 'an open end'}"
        yield from (f"reports differ on {difference}" for difference in list_differences(engagement))
        yield from (f"“{report.words}” – {report.source}" for report in reports if report.words)

    def _make_representation(self, engagement: Attested, agent: str, client: str, event: str) -> Entity:
        return _make(
            make_id("representation", agent, client, event),
            "Representation",
            agent=[agent],
            client=[client],
            role=[f"{engagement.kind} {event}"],
            **_make_days(engagement),
        )

    # Offices

    def _iter_office(self, office: Office, positions: set[str]) -> Iterator[Entity]:
        """A position once, and who was seen in it."""
        holder = self.sources.get_identity(office.person)
        if holder is None or holder.kind is not EntityKind.PERSON:
            return
        of, to = self.sources.get_identity(office.of), self.sources.get_identity(office.to)
        names = [f" {word} {_clean(end.name)}" for word, end in (("of", of), ("to", to)) if end]
        position = make_id("position", office.title.casefold(), office.of, office.to)
        if position not in positions:
            positions.add(position)
            body = of and of.kind is EntityKind.ORGANIZATION
            yield _make(
                position,
                "Position",
                name=[_clean(office.title + "".join(names)) or position],
                organization=[_slug(of.id)] if of and body else [],
                country=[(of.country or "").lower()] if of else [],
                description=[f"accredited to {_clean(to.name)}"] if to else [],
            )
        seen = " to ".join(dict.fromkeys(filter(None, (office.first_seen, office.last_seen))))
        told = [f"seen {seen}" if seen else "", f"begun {office.starts}" if office.starts else ""]
        yield _make(
            make_id("occupancy", office.person, position, *office.flags),
            "Occupancy",
            holder=[_slug(office.person)],
            post=[position],
            startDate=[office.starts] if office.starts and _DAY.fullmatch(office.starts) else [],
            status=["ended" if RoleFlag.FORMER in office.flags else "unknown"],
            summary=["; ".join(filter(None, (*told, ", ".join(office.flags))))],
            description=[f"documents: {', '.join(office.documents)}"],
        )


def _make_days(engagement: Attested) -> dict[str, list[str]]:
    if engagement.earliest == engagement.latest:
        return {"date": _list_days(engagement.earliest)}
    return {"startDate": _list_days(engagement.earliest), "endDate": _list_days(engagement.latest)}


def _list_days(day: str | None) -> list[str]:
    """The day where FollowTheMoney can hold it."""
    return [day] if day and _DAY.fullmatch(day) else []


def _make_report(report: Report, engagement: str) -> Entity:
    """That an article reports an event, with the words and where they stand."""
    core = next((e for e in report.evidence if e.slot is Slot.CORE), None)
    place = f"code points {core.start}-{core.end}" if core else ""
    return _make_documentation(
        report.document, engagement, role="reports", summary=report.words, record_id=place
    )


def _make_documentation(
    document: str, entity: str, *, role: str, summary: str = "", record_id: str = ""
) -> Entity:
    return _make(
        make_id("documentation", document, entity),
        "Documentation",
        document=[_slug(document)],
        entity=[_slug(entity)],
        role=[role],
        summary=[summary],
        recordId=[record_id],
    )


def _iter_actors(contents: Contents) -> Iterator[str]:
    """Whoever takes part or is stood for, and whose offices are held."""
    for engagement in contents.engagements():
        for p in engagement.participants:
            yield p.entity
            if p.on_behalf_of:
                yield p.on_behalf_of


def _make(id_: str, schema: str, **properties: list[str]) -> Entity:
    """An entity as its tools read it: values are lists of words, and what is empty is not there."""
    kept = {}
    for name, values in properties.items():
        said = list(dict.fromkeys(value for value in values if value.strip()))
        if name == "sourceUrl":
            said = [value for value in said if _LINK.fullmatch(value)]
        if said:
            kept[name] = said
    return {"id": _slug(id_), "schema": schema, "properties": kept}


def _slug(id_: str) -> str:
    """The id in letters that FollowTheMoney allows; another one becomes a digest of itself."""
    return id_ if _ID.fullmatch(id_) else make_id("id", id_)


def _body(id_: str) -> str:
    return f"{_slug(id_)}-body"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def _clean(words: str) -> str:
    """The words on one line, without signs nobody sees.

    >>> _clean("a\\nb\\u200f ")
    'a b'
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
