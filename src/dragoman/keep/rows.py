"""What the store hands back besides readings: rows for lists and hits of a search."""

from __future__ import annotations

from dragoman.concord import Decision
from dragoman.record import ClaimKind, EngagementKind, EntityKind, Mode, Part, Record, Slot, Status


class ArticleRow(Record, frozen=True, kw_only=True):
    """One article as a line of a list; `number` is its short name in this store."""

    number: int
    id: str
    title: str | None
    published: str | None
    publisher: str | None
    url: str | None
    language: str | None
    added_at: str
    reader: str
    n_entities: int
    n_engagements: int
    n_quotations: int
    n_claims: int


class Hit(Record, frozen=True, kw_only=True):
    """Words that answer a search: `words` is `text[start:end]` of the article, 0-0 for its title.

    `kind` is `text`, an entity kind or `engagement`; `name` is the entity's, empty for text. `score`
    is in [0, 1], more is better.
    """

    number: int
    document_id: str
    title: str | None
    kind: str
    name: str
    words: str
    start: int
    end: int
    score: float


class NamedRow(Record, frozen=True, kw_only=True):
    """All entities of one kind under one folded name, over all articles.

    `documents` are the ids of the newest articles, at most `MOST_DOCUMENTS`; `n_documents` is all.
    """

    kind: EntityKind
    name: str
    folded: str
    is_exact: bool
    n_documents: int
    n_mentions: int
    documents: tuple[str, ...]


class ParticipantRow(Record, frozen=True, kw_only=True):
    """Who took part, as what, and on whose behalf, by name."""

    entity: str
    kind: EntityKind | None
    name: str
    part: Part
    on_behalf_of: str | None


class EngagementRow(Record, frozen=True, kw_only=True):
    """One engagement as a line of a dossier, with the words that report it."""

    number: int
    document_id: str
    title: str | None
    published: str | None
    id: str
    kind: EngagementKind
    status: Status
    participants: tuple[ParticipantRow, ...]
    place: str | None
    topic: str | None
    time: str | None
    edtf: str | None
    earliest: str | None
    latest: str | None
    words: str
    start: int
    end: int
    confidence: float


class TakerRow(Record, frozen=True, kw_only=True):
    """Who took part in an attested engagement: identity ids with their names, office as reported there.

    `kind` is None for somebody not settled yet, who goes by the id of an entity.
    """

    identity: str
    name: str
    kind: EntityKind | None
    part: Part
    behalf: str | None
    behalf_name: str | None
    states: tuple[str, ...]
    office: str | None
    office_of: str | None


class AttestedRow(Record, frozen=True, kw_only=True):
    """One engagement over all articles as a line of a list.

    `day` and `last` are what it is sorted and chosen by: its own days, else those of its reports, else 9999.
    `n_witnesses` counts copies of one text once; `differing` are the fields in which reports differ; `whole`
    is the id of the visit it is part of.
    """

    number: int
    id: str
    kind: EngagementKind
    status: Status
    day: str
    last: str
    earliest: str | None
    latest: str | None
    edtf: str | None
    place: str | None
    place_name: str | None
    topic: str | None
    whole: str | None
    n_witnesses: int
    differing: tuple[Slot, ...]
    takers: tuple[TakerRow, ...]


class ChangedRow(Record, frozen=True, kw_only=True):
    """An engagement as the latest report of it added something: `report` is its id there, `at` when (UTC)."""

    fact: AttestedRow
    report: str
    source: SourceRow
    at: str


class NameRow(Record, frozen=True, kw_only=True):
    """An identity as a list shows it; `n_articles` and `last` say how often and until when it was met.

    `office` is one it was seen in, in the words of a report; `last` a day of publication.
    """

    id: str
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    office: str = ""
    first: str | None = None
    last: str | None = None
    n_articles: int = 0


class SourceRow(Record, frozen=True, kw_only=True):
    """The article something stands in, as a list names it."""

    number: int
    id: str
    title: str | None
    published: str | None
    publisher: str | None


class WordsRow(Record, frozen=True, kw_only=True):
    """The words of one report of an engagement in their sentence, and those in which it dates it."""

    document: str
    id: str
    before: str
    words: str
    after: str
    time: str | None


class SaidRow(Record, frozen=True, kw_only=True):
    """A quotation as a line of a list; `speakers` and `to` are identity ids."""

    source: SourceRow
    id: str
    speakers: tuple[str, ...]
    mode: Mode
    text: str
    to: str | None


class ClaimRow(Record, frozen=True, kw_only=True):
    """A claim as a line of a list; `by` is "author", "unnamed" or an identity id, `about` identity ids."""

    source: SourceRow
    id: str
    kind: ClaimKind
    by: str
    about: tuple[str, ...]
    text: str
    value: float | None
    unit: str | None
    verdict: str | None


class OfficeRow(Record, frozen=True, kw_only=True):
    """An office somebody was seen in: `person`, `of` and `to` are identity ids, the days are of publication.

    `source` is the latest report that says so, `role` the fact in it.
    """

    person: str
    title: str
    of: str | None
    to: str | None
    flags: tuple[str, ...]
    first: str | None
    last: str | None
    n_articles: int
    source: SourceRow
    role: str


class StateRow(Record, frozen=True, kw_only=True):
    """The decision that stands for a fact: its number, who gave it and when (UTC)."""

    number: int
    action: Decision
    by: str
    at: str


class WaitingRow(Record, frozen=True, kw_only=True):
    """Something that waits for a decision; `weight` is what it is ordered by."""

    source: SourceRow
    fact: str
    words: str
    weight: float | None


class StoreStatus(Record, frozen=True, kw_only=True):
    """What a store holds; `readers` are the versions of the reader with their number of readings."""

    path: str
    schema_version: str
    n_bytes: int
    n_documents: int
    n_entities: int
    n_engagements: int
    n_quotations: int
    n_claims: int
    n_judgements: int
    readers: tuple[tuple[str, int], ...]


class PairRow(Record, frozen=True, kw_only=True):
    """Two that may be one, by id; `n_articles` is how many tell of the one fewer tell of."""

    one: str
    other: str
    kind: str
    score: float
    n_articles: int


class MemberRow(Record, frozen=True, kw_only=True):
    """One entity of an identity as its article has it: its first words in their sentence."""

    entity: str
    name: str
    source: SourceRow
    n_mentions: int
    before: str
    words: str
    after: str
