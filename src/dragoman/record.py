"""The types of the record: what a document is, and every fact a reading may hold.

Only types and the rules they keep live here; finding facts is `read`, keeping them is `keep`.
The JSON of these types is the contract of `dragoman read --json`: field for field, nothing hidden.
Positions are half-open `[start, end)` in Unicode code points of `Document.text`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from dragoman.errors import RecordError


class BlockRole(StrEnum):
    """What a stretch of a page is for."""

    HEADLINE = "headline"
    BYLINE = "byline"
    DATELINE = "dateline"
    CAPTION = "caption"
    CREDIT = "credit"
    BODY = "body"
    BOILERPLATE = "boilerplate"


class DateSource(StrEnum):
    """Where a publication date was found."""

    GIVEN = "given"
    JSON_LD = "json-ld"
    META = "meta"
    TIME_ELEMENT = "time"
    DATELINE = "dateline"
    URL = "url"
    FEED = "feed"


class EntityKind(StrEnum):
    """What a mention stands for."""

    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"
    GROUP = "group"


class MentionForm(StrEnum):
    """How an entity is named: "William Daroff", "the ambassador", "he"."""

    NAME = "name"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"


class RoleFlag(StrEnum):
    """What the words say about the holding of an office."""

    NEW = "new"
    FIRST = "first"
    FORMER = "former"
    ACTING = "acting"
    ELECT = "elect"


class EngagementKind(StrEnum):
    """What kind of engagement the trigger names."""

    MEETING = "meeting"
    VISIT = "visit"
    CALL = "call"
    GATHERING = "gathering"
    AGREEMENT = "agreement"
    APPOINTMENT = "appointment"
    DEPARTURE = "departure"
    CEREMONY = "ceremony"
    MESSAGE = "message"
    FOUNDING = "founding"


class Status(StrEnum):
    """Whether an engagement took place, as the report tells it."""

    HELD = "held"
    PLANNED = "planned"
    CANCELLED = "cancelled"
    ALLEGED = "alleged"
    NEGATED = "negated"
    RECURRING = "recurring"


class Part(StrEnum):
    """What a participant does in an engagement."""

    PARTICIPANT = "participant"
    HOST = "host"
    GUEST = "guest"
    ORGANIZER = "organizer"
    SIGNER = "signer"
    SENDER = "sender"
    RECIPIENT = "recipient"
    APPOINTEE = "appointee"
    APPOINTER = "appointer"
    MEDIATOR = "mediator"
    CALLER = "caller"


class Mode(StrEnum):
    """Whether the words of a quotation are the speaker's own."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class ClaimKind(StrEnum):
    """What a claim asserts."""

    COUNT = "count"
    SUPERLATIVE = "superlative"
    HISTORY = "history"
    EVALUATION = "evaluation"
    POLICY = "policy"
    ALLEGATION = "allegation"
    RELATION = "relation"


class TimeClass(StrEnum):
    """Whether a time expression names a date, a length or a repetition."""

    DATE = "date"
    DURATION = "duration"
    SET = "set"


class TimeEnd(StrEnum):
    """How firm one end of an interval is."""

    HARD = "hard"
    SOFT = "soft"
    OPEN = "open"


class Verdict(StrEnum):
    """Whether the counts of a report agree with each other."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"


class Slot(StrEnum):
    """Which field of a fact some words support."""

    CORE = "core"
    WHO = "who"
    BEHALF = "behalf"
    WHERE = "where"
    WHEN = "when"
    ABOUT = "about"
    STATUS = "status"
    COUNT = "count"
    ORDER = "order"
    TITLE = "title"
    OF = "of"
    TO = "to"


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parent of every type here: immutable, keyword-only, unknown fields refused."""


class Span(Record, frozen=True, kw_only=True):
    """A half-open stretch `[start, end)` of a text, in code points."""

    start: int
    end: int


class Words(Span, frozen=True, kw_only=True):
    """A span together with the exact words it holds."""

    text: str


class Block(Span, frozen=True, kw_only=True):
    """A stretch of a document with one role; blocks are in text order and never overlap."""

    role: BlockRole


class Document(Record, frozen=True, kw_only=True):
    """A text as it was read, normalised once (NFC, no ligatures) and never changed again.

    `id` is a digest of `text`. `published` is an ISO date (`YYYY-MM-DD`) in the publisher's time
    zone, or None where nothing trustworthy states one; `published_source` says where it stood.
    """

    id: str
    title: str | None = None
    published: str | None = None
    published_source: DateSource | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    text: str
    blocks: tuple[Block, ...] = ()


class Entity(Record, frozen=True, kw_only=True):
    """A person, organisation, place or group of this document, under its fullest name."""

    id: str
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    geonames: int | None = None
    lat: float | None = None
    lon: float | None = None


class Mention(Words, frozen=True, kw_only=True):
    """Words that stand for one entity, or for several ("the two leaders")."""

    entity: str | tuple[str, ...]
    form: MentionForm
    confidence: float = 1.0

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids this mention stands for, always as a tuple."""
        return (self.entity,) if isinstance(self.entity, str) else self.entity


class Evidence(Words, frozen=True, kw_only=True):
    """The words that support one field (`slot`) of a fact, and for whom where that matters."""

    slot: Slot
    entity: str | None = None


class Timex(Words, frozen=True, kw_only=True):
    """A time expression and the stretch of time it names, in EDTF (ISO 8601-2).

    `edtf` is "unknown" where the words and the publication date do not settle it; `relative` then
    says how it hangs on that date (`week+0`, `year+0/start`, `month:11/mid`). `earliest` and
    `latest` are ISO days, both included; None is open or unknown. `anchor` is the id of the
    engagement the words hang on ("the day before the talks").
    """

    edtf: str
    earliest: str | None = None
    latest: str | None = None
    class_: TimeClass = msgspec.field(default=TimeClass.DATE, name="class")
    relative: str | None = None
    earliest_end: TimeEnd = TimeEnd.HARD
    latest_end: TimeEnd = TimeEnd.HARD
    anchor: str | None = None


class Role(Record, frozen=True, kw_only=True):
    """An office a person bears in the text: its title words, whose it is, and where to.

    `of` is the organisation or state in which it is held or which sent the person, `to` where or to
    whom a representative is accredited; both are entity ids.
    """

    id: str
    person: str
    title: str
    of: str | None = None
    to: str | None = None
    flags: tuple[RoleFlag, ...] = ()
    evidence: tuple[Evidence, ...]
    confidence: float = 1.0


class Participation(Record, frozen=True, kw_only=True):
    """Somebody who takes part in an engagement, and on whose behalf."""

    entity: str
    part: Part = Part.PARTICIPANT
    on_behalf_of: str | None = None


class Headcount(Words, frozen=True, kw_only=True):
    """How many people took part, as a range: "hundreds" is 200 to 999."""

    min: int | None
    max: int | None


class Engagement(Record, frozen=True, kw_only=True):
    """A meeting, visit, call, gathering … with every field pointing at its own words."""

    id: str
    kind: EngagementKind
    status: Status
    participants: tuple[Participation, ...] = ()
    place: str | None = None
    at: str | None = None
    time: Timex | None = None
    topic: Words | None = None
    headcount: Headcount | None = None
    via: str | None = None
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    part_of: str | None = None
    triggers: tuple[Words, ...]
    evidence: tuple[Evidence, ...]
    confidence: float = 1.0


class Quotation(Record, frozen=True, kw_only=True):
    """What somebody is reported to have said. `speaker` None is a source without a name."""

    id: str
    speaker: str | tuple[str, ...] | None
    mode: Mode
    text: str
    spans: tuple[Span, ...]
    cue: Words | None = None
    to: str | None = None
    occasion: str | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0


class Check(Record, frozen=True, kw_only=True):
    """Whether a count agrees with the other counts of its report, and which ones."""

    verdict: Verdict | None
    with_: tuple[str, ...] = msgspec.field(default=(), name="with")
    note: str = ""


class Claim(Words, frozen=True, kw_only=True):
    """A claim and whose it is: "author" for the report's own voice, else an entity id.

    `within` is the quotation the claim stands in, so that words of a source without a name are never
    taken for the report's own.
    """

    id: str
    kind: ClaimKind
    by: str
    about: tuple[str, ...] = ()
    value: float | int | None = None
    unit: str | None = None
    place: str | None = None
    time: Timex | None = None
    check: Check | None = None
    within: str | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0


class Note(Record, frozen=True, kw_only=True):
    """Something the reader could not settle, said instead of guessed: `code` is one word with dashes."""

    code: str
    message: str
    start: int
    end: int


class Reading(Record, frozen=True, kw_only=True):
    """Everything one document says, as one version of the reader understood it."""

    document: Document
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    roles: tuple[Role, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    claims: tuple[Claim, ...] = ()
    times: tuple[Timex, ...] = ()
    notes: tuple[Note, ...] = ()
    reader: str = ""


def make_id(kind: str, *parts: object) -> str:
    """A short stable id, `kind-` and 10 hex digits of a digest of the parts.

    >>> make_id("engagement", "doc", 3, 9) == make_id("engagement", "doc", 3, 9)
    True
    """
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"))
    return f"{kind}-{digest.hexdigest()[:10]}"


def make_document_id(text: str) -> str:
    """The id of a document: the first 16 hex digits of the SHA-256 of its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def iter_words(reading: Reading) -> Iterator[Words]:
    """Every quoted stretch of words in a reading, wherever it stands."""
    yield from reading.mentions
    yield from reading.times
    yield from reading.claims
    facts: Iterable[Role | Engagement | Quotation | Claim]
    for facts in (reading.roles, reading.engagements, reading.quotations, reading.claims):
        for fact in facts:
            yield from fact.evidence
    for engagement in reading.engagements:
        yield from engagement.triggers
        yield from filter(None, (engagement.time, engagement.topic, engagement.headcount))
    yield from (quotation.cue for quotation in reading.quotations if quotation.cue)


def check_reading(reading: Reading) -> None:
    """Raise RecordError unless every quoted word is the document's own and every id is known."""
    text = reading.document.text
    for words in iter_words(reading):
        if text[words.start : words.end] != words.text:
            found = text[words.start : words.end]
            raise RecordError(
                f"words at {words.start}-{words.end} of document {reading.document.id} are "
                f"{found[:40]!r}, not {words.text[:40]!r}; read the document again"
            )
    known = {entity.id for entity in reading.entities}
    for engagement in reading.engagements:
        for participation in engagement.participants:
            if participation.entity not in known:
                raise RecordError(
                    f"engagement {engagement.id} names the unknown entity {participation.entity!r}; "
                    "read the document again"
                )


def encode_reading(reading: Reading) -> bytes:
    """The reading as one line of JSON, as the contract has it."""
    return msgspec.json.encode(reading)


def decode_reading(line: bytes | str) -> Reading:
    """The reading a line of JSON holds; raises RecordError where the line breaks the contract."""
    try:
        return msgspec.json.decode(line, type=Reading)
    except (msgspec.ValidationError, msgspec.DecodeError) as exc:
        raise RecordError(f"not a reading: {exc}; write it with `dragoman read --json`") from exc
