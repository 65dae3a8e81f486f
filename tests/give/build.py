"""Contents for tests: of readings each told by itself, of gold readings, and a small one with everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO

import msgspec

from dragoman.concord import (
    Account,
    Agreement,
    Attested,
    Decision,
    Identity,
    Known,
    Office,
    Told,
    Witness,
)
from dragoman.give.contents import Contents, Written
from dragoman.record import (
    Claim,
    Engagement,
    EntityKind,
    Headcount,
    Mode,
    Part,
    Participation,
    Quotation,
    Reading,
    RoleFlag,
    Slot,
    Span,
    Timex,
    Words,
)
from tests.factory import find_words, make_document, make_reading

Writer = Callable[[Contents, BytesIO], Written]
SMALL = (
    'Nadira Vesholt, ambassador of Ostrava Republic to Kamor, met Орен Калваз "the Elder" in Lirgate on '
    "3 March 2021 about\nfishing rights. Two hundred guests came. "
    '"Our ports are open," Vesholt said. The council counts seven harbours.'
)

MET = " ".join(SMALL[: SMALL.index(" Two hundred")].split())  # the sentence that tells of the meeting


def make_contents(
    readings: Sequence[Reading],
    *,
    engagements: Iterable[Attested] | None = None,
    identities: Iterable[Identity] | None = None,
    offices: Iterable[Office] | None = None,
    states: Mapping[str, Decision] | None = None,
) -> Contents:
    """Contents of these readings; what is not given stands for each reading by itself."""
    told = (attest(r, e) for r in readings for e in r.engagements) if engagements is None else engagements
    who = (i for r in readings for i in identify(r)) if identities is None else identities
    held = (o for r in readings for o in observe(r)) if offices is None else offices
    kept_told, kept_who, kept_held = tuple(told), tuple(who), tuple(held)
    return Contents(
        readings=lambda: iter(readings),
        identities=lambda: iter(kept_who),
        offices=lambda: iter(kept_held),
        engagements=lambda: iter(kept_told),
        canonical=lambda reading: {e.id: e.id for e in reading.entities},
        state=lambda id_: (states or {}).get(id_),
    )


def identify(reading: Reading) -> tuple[Identity, ...]:
    """Every entity as an identity of one member."""
    return tuple(
        Identity(
            id=e.id,
            kind=e.kind,
            name=e.name,
            aliases=e.aliases,
            country=e.country,
            geonames=e.geonames,
            lat=e.lat,
            lon=e.lon,
            members=(e.id,),
        )
        for e in reading.entities
    )


def observe(reading: Reading) -> tuple[Office, ...]:
    """Every role as an office seen once."""
    d = reading.document
    return tuple(
        Office(
            person=r.person,
            title=r.title,
            of=r.of,
            to=r.to,
            flags=r.flags,
            first_seen=d.published,
            last_seen=d.published,
            roles=(r.id,),
            documents=(d.id,),
        )
        for r in reading.roles
    )


def attest(reading: Reading, engagement: Engagement) -> Attested:
    """The engagement as its only report tells it."""
    d, time, count = reading.document, engagement.time, engagement.headcount
    return Attested(
        id=engagement.id,
        kind=engagement.kind,
        status=engagement.status,
        participants=engagement.participants,
        place=engagement.place,
        at=engagement.at,
        edtf=time and time.edtf,
        earliest=time and time.earliest,
        latest=time and time.latest,
        topic=engagement.topic and engagement.topic.text,
        headcount=(count.min, count.max) if count else None,
        part_of=engagement.part_of,
        witnesses=(
            Witness(document=d.id, engagement=engagement.id, published=d.published, publisher=d.publisher),
        ),
        life=(Known(on=d.published, status=engagement.status, documents=(d.id,)),),
    )


def make_small() -> Contents:
    """One article with everything in it, and two reports of its meeting that differ on the day."""
    document = make_document(SMALL)
    reading = make_reading(document, other='Орен Калваз "the Elder"')
    entities = tuple(
        msgspec.structs.replace(e, lat=46.5, lon=-7.25, country="KM", geonames=12)
        if e.kind is EntityKind.PLACE
        else e
        for e in reading.entities
    )
    envoy, elder = entities[0].id, entities[1].id
    when = Timex(
        edtf="2021-03-03", earliest="2021-03-03", latest="2021-03-03", **find_words(SMALL, "3 March 2021")
    )
    topic = Words(**find_words(SMALL, "fishing rights"))
    said, cue = find_words(SMALL, "Our ports are open,"), Words(**find_words(SMALL, "said"))
    count = find_words(SMALL, "seven harbours")
    meeting = msgspec.structs.replace(
        reading.engagements[0],
        time=when,
        topic=topic,
        headcount=Headcount(min=200, max=200, **find_words(SMALL, "Two hundred guests")),
        participants=(
            Participation(entity=envoy, part=Part.GUEST, on_behalf_of=entities[2].id),
            Participation(entity=elder, part=Part.HOST),
        ),
    )
    full = make_reading()  # the facts of the plain sample, moved to this text
    role, quote, claim = full.roles[0], full.quotations[0], full.claims[0]
    reading = msgspec.structs.replace(
        reading,
        entities=entities,
        engagements=(meeting,),
        roles=(
            msgspec.structs.replace(
                role,
                person=envoy,
                of=entities[2].id,
                flags=(RoleFlag.NEW,),
                evidence=(msgspec.structs.replace(role.evidence[0], **find_words(SMALL, "ambassador")),),
            ),
        ),
        quotations=(
            Quotation(
                id=quote.id,
                speaker=envoy,
                mode=Mode.DIRECT,
                text=said["text"],
                spans=(Span(start=said["start"], end=said["end"]),),
                cue=cue,
                occasion=meeting.id,
            ),
        ),
        claims=(Claim(id=claim.id, kind=claim.kind, by="author", value=7, unit="harbours", **count),),
        times=(when,),
    )
    other = make_reading(make_document(SMALL.replace("3 March 2021", "4 March 2021")))
    told = attest(reading, meeting)
    account = Account(
        slot=Slot.WHEN,
        agreement=Agreement.DIFFER,
        told=(
            Told(value="2021-03-03", label="3 March 2021", documents=(document.id,)),
            Told(value="2021-03-04", label="4 March 2021", documents=(other.document.id,)),
        ),
    )
    second = Witness(document=other.document.id, engagement="elsewhere", publisher="Kamor Post")
    told = msgspec.structs.replace(told, witnesses=(*told.witnesses, second), accounts=(account,))
    return make_contents([reading], engagements=[told])


def write(writer: Writer, contents: Contents) -> tuple[bytes, Written]:
    """What a writer writes, and what it says of it."""
    out = BytesIO()
    written = writer(contents, out)
    return out.getvalue(), written
