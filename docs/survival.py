"""What of a record survives in each format: a small record is written, and its parts are looked for.

The record is made so that each part has a sign that stands nowhere else; a part survives where the file
shows its sign. Nothing here knows what a format is said to hold.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO
from zipfile import ZipFile, is_zipfile

from msgspec.structs import replace

from dragoman.concord import Account, Agreement, Attested, Decision, Identity, Office, Told, Witness
from dragoman.give.contents import Contents
from dragoman.record import (
    Claim,
    ClaimKind,
    DateSource,
    Document,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Mention,
    MentionForm,
    Mode,
    Participation,
    Quotation,
    Reading,
    Role,
    Slot,
    Span,
    Status,
    Timex,
    Words,
    make_document_id,
)

Signs = tuple[str, ...]
SIGNS: dict[str, Signs] = {  # any of the signs of a part will do
    "names": ("Nadira Vesholt",),
    "offices": ("harbourmistress",),
    "on whose behalf": ("place-kamor", "for Kamor)", '"Kamor"'),
    "dates": ("2021-03-07", "20210307"),
    "intervals": ("2031-05-17", "20310518"),  # the last day, or the day after it
    "before year 1": ("-0043-12-31", "-0043"),
    "status": ("planned",),
    "words": ("met Oren Calvaz in the rain", "in the rain in"),
    "offsets": ("70007", "[[met|"),  # of the trigger; in the corpus format the mark is the place
    "sources": ("courier.example/vesholt",),
    "quotations": ("Our ports stay open",),
    "claims": ("eleven",),
    "disagreements": ("8 March",),
    "decisions": ("accepted",),
}
IGNORED = (".conf", "dictionary.csv", ".txt", ".py")  # they explain, or are the bare text, which is no fact
_MARKED = re.compile(r"\[\[[^\[\]]*\]\]|<([sc]\d+)>.*?</\1>")
_LEAD = "Rain. " * 11666 + "So "  # so long that the offset of what follows is a number found nowhere else
_TEXT = (
    f"{_LEAD}Vesholt met Oren Calvaz in the rain in Lirgate on 7 March 2021. "
    "Nadira Vesholt, for Kamor, goes there in mid-May 2031. "
    "She is the harbourmistress. The pact dates from the 44s BC. "
    '"Our ports stay open," she said. There are eleven ships.'
)


def find_survivors(write: Callable[[Contents, BinaryIO], object]) -> dict[str, bool]:
    """Which parts of the record show in what the writer writes."""
    out = io.BytesIO()
    write(make_record(), out)
    text = "\n".join(_read_texts(out.getvalue()))
    return {part: any(sign in text for sign in signs) for part, signs in SIGNS.items()}


def make_rows(formats: Mapping[str, Any]) -> list[list[str]]:
    """The table of what survives; each of `formats` loads its writer."""
    rows = [["format", *SIGNS]]
    for name, entry in sorted(formats.items()):
        kept = find_survivors(entry.load())
        rows.append([f"`{name}`", *("yes" if kept[part] else "–" for part in SIGNS)])
    return rows


def _read_texts(data: bytes) -> list[str]:
    """Everything a file says in words: of a zip each member, of a Parquet table its values."""
    if is_zipfile(io.BytesIO(data)):
        with ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if not name.endswith(IGNORED)]
            return [text for name in names for text in _read_texts(archive.read(name))]
    if data.startswith(b"PAR1"):
        from pyarrow import parquet

        return [json.dumps(parquet.read_table(io.BytesIO(data)).to_pylist(), ensure_ascii=False)]
    text = data.decode("utf-8", "replace")
    if "\n---\n" in text:  # the corpus format: what is marked in the text, and the facts after it
        text = "\n".join([*(match.group() for match in _MARKED.finditer(text)), text.partition("\n---\n")[2]])
    return [text, text.replace("\r\n ", "")]  # a calendar folds its lines


def make_record() -> Contents:
    """One article, three engagements of it and visits of the same days; one report tells a day otherwise."""
    reading = _make_reading()
    engagements = tuple(_attest(reading, engagement) for engagement in reading.engagements)
    identities = tuple(Identity(id=e.id, kind=e.kind, name=e.name) for e in reading.entities)
    role = reading.roles[0]
    office = Office(person=role.person, title=role.title, of=role.of, roles=(role.id,))
    decided = reading.engagements[0].id
    return Contents(
        readings=lambda: iter((reading,)),
        identities=lambda: iter(identities),
        offices=lambda: iter((office,)),
        engagements=lambda: iter(engagements),
        canonical=lambda reading: {entity.id: entity.id for entity in reading.entities},
        state=lambda id_: Decision.ACCEPTED if id_ == decided else None,
    )


def _attest(reading: Reading, engagement: Engagement) -> Attested:
    document, time = reading.document, engagement.time
    witness = Witness(
        document=document.id,
        engagement=engagement.id,
        published=document.published,
        publisher=document.publisher,
    )
    told = (
        Told(value=time.edtf if time else "", label=time.text if time else "", documents=(document.id,)),
        Told(value="2021-03-08", label="8 March", documents=("0" * 16,)),
    )
    account = Account(slot=Slot.WHEN, agreement=Agreement.DIFFER, told=told)
    return Attested(
        id=engagement.id,
        kind=engagement.kind,
        status=engagement.status,
        participants=engagement.participants,
        place=engagement.place,
        edtf=time and time.edtf,
        earliest=time and time.earliest,
        latest=time and time.latest,
        witnesses=(witness,),
        accounts=(account,) if engagement.kind is EngagementKind.MEETING else (),
    )


def _find(words: str) -> dict[str, Any]:
    """The fields of a `Words`, looked for after the lead."""
    start = _TEXT.index(words, len(_LEAD))
    return {"start": start, "end": start + len(words), "text": words}


def _make_reading() -> Reading:
    document = Document(
        id=make_document_id(_TEXT),
        text=_TEXT,
        title="In the rain",
        published="2021-03-09",
        published_source=DateSource.GIVEN,
        publisher="Lirgate Courier",
        url="https://courier.example/vesholt",
    )
    envoy = Entity(id="person-vesholt", kind=EntityKind.PERSON, name="Nadira Vesholt", aliases=("Vesholt",))
    other = Entity(id="person-calvaz", kind=EntityKind.PERSON, name="Oren Calvaz")
    town = Entity(id="place-lirgate", kind=EntityKind.PLACE, name="Lirgate")
    state = Entity(id="place-kamor", kind=EntityKind.PLACE, name="Kamor")
    named = ((envoy, "Vesholt"), (envoy, "Nadira Vesholt"), (other, "Oren Calvaz"), (town, "Lirgate"))
    said = _find("Our ports stay open")
    return Reading(
        document=document,
        entities=(envoy, other, town, state),
        mentions=tuple(
            Mention(entity=entity.id, form=MentionForm.NAME, **_find(words))
            for entity, words in (*named, (state, "Kamor"))
        ),
        roles=(
            Role(
                id="role-1",
                person=envoy.id,
                title="harbourmistress",
                of=town.id,
                evidence=(Evidence(slot=Slot.TITLE, **_find("harbourmistress")),),
            ),
        ),
        engagements=_make_engagements(envoy.id, other.id, town.id, state.id),
        quotations=(
            Quotation(
                id="quotation-1",
                speaker=envoy.id,
                mode=Mode.DIRECT,
                text=said["text"],
                spans=(Span(start=said["start"], end=said["end"]),),
                cue=Words(**_find("said")),
            ),
        ),
        claims=(Claim(id="claim-1", kind=ClaimKind.COUNT, by="author", value=11, **_find("eleven ships")),),
    )


def _make_engagements(envoy: str, other: str, town: str, state: str) -> tuple[Engagement, ...]:
    def make(
        id_: str, kind: EngagementKind, status: Status, trigger: str, words: str, time: Timex
    ) -> Engagement:
        return Engagement(
            id=id_,
            kind=kind,
            status=status,
            participants=(
                Participation(entity=envoy, on_behalf_of=state),
                Participation(entity=other),
            ),
            place=town,
            time=time,
            triggers=(Words(**_find(trigger)),),
            evidence=(Evidence(slot=Slot.CORE, **_find(words)),),
        )

    def when(words: str, edtf: str, earliest: str, latest: str) -> Timex:
        return Timex(edtf=edtf, earliest=earliest, latest=latest, **_find(words))

    told = (
        make(
            *("engagement-1", EngagementKind.MEETING, Status.HELD, "met", "met Oren Calvaz in the rain"),
            when("7 March 2021", "2021-03-07", "2021-03-07", "2021-03-07"),
        ),
        make(
            *("engagement-2", EngagementKind.VISIT, Status.PLANNED, "goes", "goes there"),
            when("mid-May 2031", "2031-05-11/2031-05-17", "2031-05-11", "2031-05-17"),
        ),
        make(
            *("engagement-3", EngagementKind.AGREEMENT, Status.HELD, "pact", "The pact dates"),
            when("the 44s BC", "-0044/-0043", "-0044-01-01", "-0043-12-31"),
        ),
    )
    held = {"kind": EngagementKind.VISIT, "status": Status.HELD}  # for lists that hold such visits only
    return (*told, *(replace(entry, id=f"{entry.id}-visit", **held) for entry in told))
