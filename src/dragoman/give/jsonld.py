"""The record as JSON-LD in the words of schema.org, for search engines, Wikidata tools and triple stores.

The context is written into the file, so that it reads without a network. What schema.org has no word for
(whether an engagement was held, on whose behalf, positions of words) is in our own namespace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from dragoman.concord import Agreement, Attested, Identity, Office
from dragoman.give.contents import Contents, Written
from dragoman.give.geojson import get_point
from dragoman.give.jsonlist import drop_empty, write_list
from dragoman.give.sources import Report, Sources, open_sources
from dragoman.record import Claim, EntityKind, Part, Participation, Quotation, Reading, Status, make_id

_LINKS = (
    *("about", "attendee", "author", "creator", "isPartOf", "location", "member", "memberOf"),
    *("organizer", "recipient", "sameAs", "sender", "superEvent", "url"),
)
CONTEXT = {
    "@vocab": "https://schema.org/",
    "dragoman": "urn:dragoman:ns:",
    "dragoman:onBehalfOf": {"@type": "@id"},
    "dragoman:accreditedTo": {"@type": "@id"},
    "dragoman:occasion": {"@type": "@id"},
    **{name: {"@type": "@id"} for name in _LINKS},
}
TYPES = {
    EntityKind.PERSON: "Person",
    EntityKind.ORGANIZATION: "Organization",
    EntityKind.PLACE: "Place",
    EntityKind.GROUP: "PeopleAudience",  # the one word of schema.org for a group without a name of its own
}
_ORGANIZERS = (Part.HOST, Part.ORGANIZER)
_CALLED_OFF = (Status.CANCELLED, Status.NEGATED)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_DAY = re.compile(r"-?\d{4}-\d\d-\d\d")


def write_jsonld(contents: Contents, out: BinaryIO) -> Written:
    """Write a graph of articles, people, bodies, places, offices, events, quotations and claims."""
    with open_sources(contents) as sources:
        n_written = write_list(out, {"@context": CONTEXT}, "@graph", _iter_nodes(contents, sources))
    return Written(n_written, ("mentions, time expressions, whole texts", "which words support which field"))


def _iter_nodes(contents: Contents, sources: Sources) -> Iterator[dict[str, object]]:
    for identity in contents.identities():
        yield drop_empty(_make_identity(identity))
    for office in contents.offices():
        yield drop_empty(_make_office(office))
    for engagement in contents.engagements():
        yield drop_empty(_make_event(engagement, sources, contents))
    joined = _join_occasions(contents)
    for reading in contents.readings():
        canonical = contents.canonical(reading)

        def link(id_: str | None, known: Callable[[str, str], str] = canonical.get) -> str | None:
            return _name(known(id_, id_)) if id_ else None

        yield drop_empty(_make_article(reading))
        for quotation in reading.quotations:
            yield drop_empty(_make_quotation(quotation, reading.document.id, link, joined))
        for claim in reading.claims:
            yield drop_empty(_make_claim(claim, reading.document.id, link))


Link = Callable[[str | None], str | None]


def _join_occasions(contents: Contents) -> dict[str, str]:
    """The engagement over all reports for the id one report gives it, where the two differ."""
    return {
        witness.engagement: engagement.id
        for engagement in contents.engagements()
        for witness in engagement.witnesses
        if witness.engagement != engagement.id
    }


def _name(id_: str) -> str:
    """Any id as an IRI: what an IRI forbids is put in percent."""
    return "urn:dragoman:" + re.sub(
        r"[^A-Za-z0-9._~:-]", lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode()), id_
    )


def _make_identity(identity: Identity) -> dict[str, object]:
    point = get_point(identity)
    named = identity.name.strip()
    return {
        "@id": _name(identity.id),
        "@type": TYPES[identity.kind],
        "name": named or identity.id,
        "alternateName": identity.aliases,
        "dragoman:kind": identity.kind,
        "dragoman:country": identity.country,
        "identifier": identity.known_as,
        "sameAs": identity.geonames and f"https://sws.geonames.org/{identity.geonames}/",
        "geo": point and {"@type": "GeoCoordinates", "latitude": point[1], "longitude": point[0]},
    }


def _make_office(office: Office) -> dict[str, object]:
    """schema.org joins a holder and a body by a node that is the role."""
    parts = (office.person, office.title, office.of, office.to)
    return {
        "@id": _name(make_id("office", *parts)),
        "@type": "OrganizationRole",
        "roleName": office.title,
        "member": _name(office.person),
        "memberOf": office.of and _name(office.of),
        "dragoman:accreditedTo": office.to and _name(office.to),
        "dragoman:flag": office.flags,
        "dragoman:firstSeen": office.first_seen,
        "dragoman:lastSeen": office.last_seen,
        "startDate": office.starts,
        "isBasedOn": [{"@id": _name(document)} for document in office.documents],
    }


def _make_event(engagement: Attested, sources: Sources, contents: Contents) -> dict[str, object]:
    called_off = engagement.status in _CALLED_OFF
    taking_part = {p: _make_part(p) for p in engagement.participants}
    differ = [a for a in engagement.accounts if a.agreement is Agreement.DIFFER]
    return {
        "@id": _name(engagement.id),
        "@type": "Event",
        "additionalType": f"urn:dragoman:ns:{engagement.kind}",
        "name": sources.get_title(engagement),
        "eventStatus": {"@id": f"https://schema.org/Event{'Cancelled' if called_off else 'Scheduled'}"},
        "dragoman:status": engagement.status,
        "dragoman:decision": contents.state(engagement.id),
        "dragoman:edtf": engagement.edtf,
        "startDate": _get_day(engagement.earliest),
        "endDate": _get_day(engagement.latest),
        "location": engagement.place and _name(engagement.place),
        "dragoman:at": engagement.at,
        "superEvent": engagement.part_of and _name(engagement.part_of),
        "description": engagement.topic,
        "attendee": [role for p, role in taking_part.items() if p.part not in _ORGANIZERS],
        "organizer": [role for p, role in taking_part.items() if p.part in _ORGANIZERS],
        "subjectOf": [_make_report(report) for report in sources.get_reports(engagement)],
        "dragoman:disagreement": [
            f"{account.slot}: {told.label or told.value} ({', '.join(told.documents)})"
            for account in differ
            for told in account.told
        ],
    }


def _get_day(value: str | None) -> str | None:
    return value if value and _DAY.fullmatch(value) else None


def _make_part(participation: Participation) -> dict[str, object]:
    """A role node: schema.org repeats the property inside it."""
    inner = "organizer" if participation.part in _ORGANIZERS else "attendee"
    return drop_empty(
        {
            "@type": "Role",
            "roleName": participation.part,
            inner: _name(participation.entity),
            "dragoman:onBehalfOf": participation.on_behalf_of and _name(participation.on_behalf_of),
        }
    )


def _make_report(report: Report) -> dict[str, object]:
    """The words of one report, as a part of its article."""
    core = next((e for e in report.evidence if e.text), None)
    return drop_empty(
        {
            "@type": "CreativeWork",
            "text": core and core.text,
            "isPartOf": _name(report.document),
            "dragoman:start": core and core.start,
            "dragoman:end": core and core.end,
        }
    )


def _make_article(reading: Reading) -> dict[str, object]:
    document = reading.document
    url = document.url if document.url and _IRI.fullmatch(document.url) else None
    return {
        "@id": _name(document.id),
        "@type": "NewsArticle",
        "headline": document.title,
        "datePublished": document.published,
        "publisher": document.publisher and {"@type": "Organization", "name": document.publisher},
        "inLanguage": document.language,
        "url": url,
    }


def _make_quotation(
    quotation: Quotation, document: str, link: Link, joined: dict[str, str]
) -> dict[str, object]:
    speakers = (quotation.speaker,) if isinstance(quotation.speaker, str) else quotation.speaker or ()
    occasion = quotation.occasion
    return {
        "@id": _name(f"{document}:{quotation.id}"),
        "@type": "Quotation",
        "text": quotation.text,
        "creator": [link(speaker) for speaker in speakers],
        "isPartOf": _name(document),
        "recipient": link(quotation.to),
        "dragoman:occasion": occasion and _name(joined.get(occasion, occasion)),
        "dragoman:mode": quotation.mode,
        "dragoman:cue": quotation.cue and quotation.cue.text,
        "dragoman:span": [f"{span.start}-{span.end}" for span in quotation.spans],
    }


def _make_claim(claim: Claim, document: str, link: Link) -> dict[str, object]:
    """A claim and its owner; no rating, for we judge no claim."""
    return {
        "@id": _name(f"{document}:{claim.id}"),
        "@type": "Claim",
        "text": claim.text,
        "author": link(claim.by) if claim.by not in ("author", "unnamed") else None,
        "dragoman:by": claim.by if claim.by in ("author", "unnamed") else None,
        "isPartOf": _name(document),
        "about": [link(id_) for id_ in claim.about],
        "dragoman:kind": claim.kind,
        "dragoman:value": claim.value,
        "dragoman:unit": claim.unit,
        "dragoman:edtf": claim.time and claim.time.edtf,
        "dragoman:within": claim.within and f"{document}:{claim.within}",
        "dragoman:start": claim.start,
        "dragoman:end": claim.end,
    }
