"""What the tables of an export are: their columns, what each means, and how their rows are made.

Tables join on ids. A list in a cell is joined by " | "; what may be many and carries more (participants,
witnesses, words) is a table of its own. Writing them is `tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dragoman.give.contents import Contents
from dragoman.give.sources import Sources
from dragoman.record import Claim, Engagement, Quotation, Role, Words

Row = tuple[object, ...]
Rows = Callable[[Contents, Sources], Iterator[Row]]


@dataclass(frozen=True)
class Column:
    """A column: its name, `text`, `integer` or `number`, and what it means."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table: its name, what a row is, its columns, and how to get the rows."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Rows


def _join(values: Iterable[str]) -> str | None:
    return " | ".join(values) or None


def _iter_documents(contents: Contents, sources: Sources) -> Iterator[Row]:
    for reading in contents.readings():
        d = reading.document
        yield (d.id, d.title, d.published, d.published_source, d.publisher, d.url, d.language, len(d.text))


def _iter_identities(contents: Contents, sources: Sources) -> Iterator[Row]:
    for i in contents.identities():
        yield (i.id, i.kind, i.name, _join(i.aliases), i.country, i.geonames, i.lat, i.lon, _join(i.known_as))


def _iter_entities(contents: Contents, sources: Sources) -> Iterator[Row]:
    for reading in contents.readings():
        canonical = contents.canonical(reading)
        for e in reading.entities:
            yield (e.id, reading.document.id, canonical.get(e.id, e.id), e.kind, e.name, _join(e.aliases))


def _iter_mentions(contents: Contents, sources: Sources) -> Iterator[Row]:
    for reading in contents.readings():
        for m in reading.mentions:
            for entity in m.entities:
                yield (reading.document.id, entity, m.form, m.start, m.end, m.text, m.confidence)


def _iter_offices(contents: Contents, sources: Sources) -> Iterator[Row]:
    for o in contents.offices():
        yield (
            *(o.person, sources.get_name(o.person), o.title),
            *(o.of, o.of and sources.get_name(o.of), o.to, o.to and sources.get_name(o.to)),
            *(_join(o.flags), o.first_seen, o.last_seen, o.starts, _join(o.roles), _join(o.documents)),
        )


def _iter_engagements(contents: Contents, sources: Sources) -> Iterator[Row]:
    for e in contents.engagements():
        low, high = e.headcount or (None, None)
        yield (
            *(e.id, sources.get_title(e), e.kind, e.status, contents.state(e.id)),
            *(e.edtf, e.earliest, e.latest, e.place, e.place and sources.get_name(e.place), e.at),
            *(e.topic, low, high, e.part_of, len(e.participants), len(e.witnesses)),
        )


def _iter_participants(contents: Contents, sources: Sources) -> Iterator[Row]:
    for e in contents.engagements():
        for p in e.participants:
            behalf = p.on_behalf_of and sources.get_name(p.on_behalf_of)
            yield (e.id, p.entity, sources.get_name(p.entity), p.part, p.on_behalf_of, behalf)


def _iter_witnesses(contents: Contents, sources: Sources) -> Iterator[Row]:
    for e in contents.engagements():
        for witness, report in zip(e.witnesses, sources.get_reports(e), strict=True):
            yield (
                *(e.id, witness.document, witness.engagement, witness.published, witness.publisher),
                *(report.url, witness.nearness, witness.copy_of, report.words or None),
            )


def _iter_accounts(contents: Contents, sources: Sources) -> Iterator[Row]:
    for e in contents.engagements():
        for account in e.accounts:
            for told in account.told:
                documents = _join(told.documents)
                yield (e.id, account.slot, account.agreement, told.value, told.label, documents)


def _iter_life(contents: Contents, sources: Sources) -> Iterator[Row]:
    for e in contents.engagements():
        for known in e.life:
            yield (e.id, known.on, known.status, _join(known.documents))


def _iter_roles(contents: Contents, sources: Sources) -> Iterator[Row]:
    for reading in contents.readings():
        for r in reading.roles:
            flags = _join(r.flags)
            state = contents.state(r.id)
            yield (r.id, reading.document.id, r.person, r.title, r.of, r.to, flags, r.confidence, state)


def _iter_quotations(contents: Contents, sources: Sources) -> Iterator[Row]:
    for reading in contents.readings():
        for q in reading.quotations:
            speakers = (q.speaker,) if isinstance(q.speaker, str) else q.speaker or ()
            yield (
                *(q.id, reading.document.id, _join(speakers), q.mode, q.text),
                _join(f"{span.start}-{span.end}" for span in q.spans),
                *(q.cue and q.cue.text, q.to, q.occasion, q.confidence, contents.state(q.id)),
            )


def _iter_claims(contents: Contents, sources: Sources) -> Iterator[Row]:
    for reading in contents.readings():
        for c in reading.claims:
            yield (
                *(c.id, reading.document.id, c.kind, c.by, _join(c.about), c.value, c.unit, c.place),
                *(c.time and c.time.edtf, c.within, c.check and c.check.verdict),
                *(c.check and _join(c.check.with_), c.start, c.end, c.text, c.confidence),
                contents.state(c.id),
            )


def _iter_times(contents: Contents, sources: Sources) -> Iterator[Row]:
    for reading in contents.readings():
        for t in reading.times:
            bounds = (t.edtf, t.earliest, t.latest, t.class_, t.relative)
            yield (reading.document.id, *bounds, t.start, t.end, t.text)


def _iter_words(contents: Contents, sources: Sources) -> Iterator[Row]:
    """Evidence of facts, and the triggers of engagements and cues of quotations, which name their fact."""
    for reading in contents.readings():
        document = reading.document.id
        facts: tuple[Role | Engagement | Quotation | Claim, ...] = (
            *reading.roles,
            *reading.engagements,
            *reading.quotations,
            *reading.claims,
        )
        for fact in facts:
            for e in fact.evidence:
                yield (fact.id, document, e.slot, e.entity, e.start, e.end, e.text)
            for slot, words in _list_names(fact):
                yield (fact.id, document, slot, None, words.start, words.end, words.text)


def _list_names(fact: Role | Engagement | Quotation | Claim) -> list[tuple[str, Words]]:
    if isinstance(fact, Engagement):
        return [("trigger", words) for words in fact.triggers]
    return [("cue", fact.cue)] if isinstance(fact, Quotation) and fact.cue else []


def _make_columns(described: str) -> tuple[Column, ...]:
    """Columns from lines of "name type meaning"."""
    return tuple(Column(*line.split(maxsplit=2)) for line in described.strip().split("\n"))


TABLES = (
    Table(
        "documents",
        "a document that was read",
        _make_columns("""
            id text digest of the text
            title text headline
            published text day of publication, ISO
            published_source text where that day was found
            publisher text who published it
            url text where it lies
            language text ISO 639 code
            n_characters integer length of the text in code points; words are counted in it
        """),
        _iter_documents,
    ),
    Table(
        "identities",
        "a person, organisation, place or group over all documents",
        _make_columns("""
            id text id of the identity
            kind text person, organization, place or group
            name text fullest name
            aliases text other names
            country text ISO 3166 code
            geonames integer id in GeoNames
            lat number degrees north
            lon number degrees east
            known_as text ids in other records
        """),
        _iter_identities,
    ),
    Table(
        "entities",
        "an identity within one document",
        _make_columns("""
            id text id within the record
            document text id of the document
            identity text id of the identity it belongs to
            kind text person, organization, place or group
            name text fullest name in this document
            aliases text other names in this document
        """),
        _iter_entities,
    ),
    Table(
        "mentions",
        "words that stand for an entity; one row an entity where they stand for several",
        _make_columns("""
            document text id of the document
            entity text id of the entity
            form text name, nominal or pronoun
            start integer first code point in the text
            end integer code point after the last
            text text the words
            confidence number 0 to 1, high is sure
        """),
        _iter_mentions,
    ),
    Table(
        "offices",
        "an office as observed over all documents",
        _make_columns("""
            person text id of the identity
            person_name text name of the person
            title text words of the title
            of text id of the body or state it is held in
            of_name text its name
            to text id of where the holder is accredited
            to_name text its name
            flags text new, first, former, acting, elect
            first_seen text day of the first report
            last_seen text day of the last report
            starts text stated beginning, EDTF
            roles text ids in table roles
            documents text ids of the documents
        """),
        _iter_offices,
    ),
    Table(
        "engagements",
        "a meeting, visit, call … as all its reports tell it",
        _make_columns("""
            id text id of the engagement
            title text kind, participants and place in one line
            kind text meeting, visit, call, gathering, agreement …
            status text held, planned, cancelled, alleged, negated or recurring
            decision text what a person decided of it: accepted, rejected …
            edtf text when, in EDTF
            earliest text first day, ISO; a minus before years before 1
            latest text last day, included, ISO
            place text id of the place
            place_name text its name
            at text id of the venue or gathering
            topic text what it was about, in the words of a report
            headcount_min integer at least so many took part
            headcount_max integer at most so many took part
            part_of text id of the engagement it belongs to
            n_participants integer rows in table participants
            n_reports integer rows in table witnesses
        """),
        _iter_engagements,
    ),
    Table(
        "participants",
        "somebody who takes part in an engagement",
        _make_columns("""
            engagement text id of the engagement
            identity text id of the participant
            name text name of the participant
            part text participant, host, guest, signer …
            on_behalf_of text id of whom they stand for
            on_behalf_of_name text its name
        """),
        _iter_participants,
    ),
    Table(
        "witnesses",
        "a report of an engagement",
        _make_columns("""
            engagement text id of the engagement
            document text id of the document
            document_engagement text id of the engagement within the document, as in table words
            published text day of publication
            publisher text who published it
            url text where it lies
            nearness text participant, host or third
            copy_of text id of the document it repeats
            words text the sentence that reports the engagement
        """),
        _iter_witnesses,
    ),
    Table(
        "accounts",
        "a value of a field of an engagement, and who tells it",
        _make_columns("""
            engagement text id of the engagement
            slot text the field
            agreement text alone, agree, add or differ
            value text an id, EDTF or a word
            label text the value for people
            documents text ids of the documents that tell it
        """),
        _iter_accounts,
    ),
    Table(
        "life",
        "what was known of an engagement on a day",
        _make_columns("""
            engagement text id of the engagement
            on text day of publication
            status text status as told on that day
            documents text ids of the documents
        """),
        _iter_life,
    ),
    Table(
        "roles",
        "an office in the words of one document",
        _make_columns("""
            id text id of the role
            document text id of the document
            person text id of the entity
            title text words of the title
            of text id of the entity it is held in
            to text id of the entity where the holder is accredited
            flags text new, first, former, acting, elect
            confidence number 0 to 1, high is sure
            decision text what a person decided of it
        """),
        _iter_roles,
    ),
    Table(
        "quotations",
        "what somebody is reported to have said",
        _make_columns("""
            id text id of the quotation
            document text id of the document
            speaker text ids of the entities; empty for a source without a name
            mode text direct, indirect or mixed
            text text the words
            spans text code points start-end of each piece
            cue text the word that introduces it
            to text id of the entity addressed
            occasion text id of the engagement within the document
            confidence number 0 to 1, high is sure
            decision text what a person decided of it
        """),
        _iter_quotations,
    ),
    Table(
        "claims",
        "a claim and whose it is",
        _make_columns("""
            id text id of the claim
            document text id of the document
            kind text count, superlative, history, evaluation, policy, allegation or relation
            by text author, or the id of an entity
            about text ids of the entities it is about
            value number the number claimed
            unit text what is counted
            place text id of the place
            edtf text when, in EDTF
            within text id of the quotation it stands in
            verdict text whether it agrees with the other counts of its report
            compared_with text ids of those claims
            start integer first code point in the text
            end integer code point after the last
            text text the words
            confidence number 0 to 1, high is sure
            decision text what a person decided of it
        """),
        _iter_claims,
    ),
    Table(
        "times",
        "a time expression of a document",
        _make_columns("""
            document text id of the document
            edtf text the time it names, EDTF; unknown where the words do not settle it
            earliest text first day, ISO
            latest text last day, included, ISO
            class text date, duration or set
            relative text how it hangs on the day of publication
            start integer first code point in the text
            end integer code point after the last
            text text the words
        """),
        _iter_times,
    ),
    Table(
        "words",
        "words of a document that support a field of a fact",
        _make_columns("""
            fact text id of the role, quotation or claim, or of the engagement within the document
            document text id of the document
            slot text the field; trigger and cue are the words that name the fact
            entity text id of the entity the words are about
            start integer first code point in the text
            end integer code point after the last
            text text the words
        """),
        _iter_words,
    ),
)
