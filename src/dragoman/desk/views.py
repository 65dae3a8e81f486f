"""What the pages show, read from the store: the one place that knows how the record is asked.

Everything is read by indexed lists (`keep.ledger`, `keep.lists`, `keep.dossier`); a reading is opened only
for the one article or engagement a page is about. Engagements are those over all articles (`list_attested`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec.structs import replace

from dragoman.concord import Agreement, Attested, Decision, Witness
from dragoman.desk.asked import PER_PAGE, Asked
from dragoman.errors import NotFoundError
from dragoman.keep import decisions, dossier, lists
from dragoman.keep.ledger import NAMED, UNDATED, Order, Wanted
from dragoman.keep.rows import (
    ArticleRow,
    AttestedRow,
    ClaimRow,
    NameRow,
    OfficeRow,
    SaidRow,
    SourceRow,
    StateRow,
    WaitingRow,
    WordsRow,
)
from dragoman.keep.store import Store
from dragoman.record import EntityKind, Participation, Reading, Record, Slot
from dragoman.resolve.attest import attest_engagements
from dragoman.resolve.reports import load_state_names
from dragoman.show.ledger import Whose
from dragoman.show.witnesses import FIELDS, Field, Hearing, build_hearing
from dragoman.show.wording import title_attested
from dragoman.text import fold_name

MOST_ASKED_NAMES = 40  # identities a name typed into a filter may stand for
SHOWN_RUNGS = 24  # engagements drawn on a dossier
SHOWN = 12  # of each list on a dossier
LAST_DAY = "9998-12-31"  # what is undated stands behind it
LATEST = 100  # engagements among which partners are counted
SLOTS = (Slot.CORE, Slot.STATUS, Slot.WHO, Slot.WHERE, Slot.WHEN, Slot.ABOUT, Slot.COUNT)
NAME_ORDERS = ("articles", "name", "newest")
ALWAYS = (Slot.WHO, Slot.WHERE, Slot.WHEN, Slot.ABOUT)  # shown as "not stated" where no report tells


class Listing(Record, frozen=True, kw_only=True):
    """Engagements with all that is needed to show them; `total` is of the whole list they are cut from.

    The witness of each fact is the report it goes by; `rows` say how many there are and where they differ.
    """

    facts: tuple[Attested, ...]
    total: int
    names: Mapping[str, NameRow]
    sources: Mapping[str, SourceRow]
    words: Mapping[str, WordsRow]
    states: Mapping[str, StateRow]
    rows: Mapping[str, AttestedRow] = {}


class Account(Record, frozen=True, kw_only=True):
    """One engagement before its witnesses: every field with who tells it, and the sentence of each report.

    `whole` is the visit it is part of, `parts` what is part of it.
    """

    fact: Attested
    hearing: Hearing
    fields: tuple[Field, ...]
    listing: Listing
    sentences: Mapping[str, WordsRow]
    whole: Listing | None
    parts: Listing


class Partner(Record, frozen=True, kw_only=True):
    """Somebody met: in how many of the latest engagements, and the day it is last known of."""

    id: str
    n: int
    last: str | None


class Dossier(Record, frozen=True, kw_only=True):
    """One identity and what is known of it; totals are of the whole, rows the first few."""

    identity: NameRow
    n_articles: int
    offices: tuple[OfficeRow, ...]
    partners: tuple[Partner, ...]
    listing: Listing
    there: Listing | None
    planned: Listing
    side: frozenset[str]
    said: tuple[SaidRow, ...]
    n_said: int
    claims: tuple[ClaimRow, ...]
    n_claims: int
    names: Mapping[str, NameRow]


# Engagements -------------------------------------------------------------------------------------


def list_facts(
    store: Store, asked: Asked, *, limit: int = PER_PAGE, order: str = "", is_counted: bool = True
) -> Listing:
    """The page of engagements that is asked for, each as all its reports tell it."""
    way = Order(order or ("oldest" if asked.sort == "oldest" else "newest"))
    offset = asked.offset if limit == PER_PAGE else 0
    wanted = make_wanted(store, asked)
    rows = store.list_attested(wanted, order=way, limit=limit, offset=offset)
    return list_rows(store, rows, store.count_attested(wanted) if is_counted else len(rows))


def make_wanted(store: Store, asked: Asked) -> Wanted:
    """The list a query string means; a name stands for everybody who bears it."""
    return Wanted(
        identity=find_takers(store, asked.who) if asked.who else None,
        other=find_takers(store, asked.with_) if asked.with_ else None,
        behalf=find_takers(store, asked.behalf) if asked.behalf else None,
        place=find_meant(store, asked.place) if asked.place else None,
        words=asked.q or None,
        kind=asked.kind or None,
        status=asked.status or None,
        start=asked.start or None,
        end=asked.end or None,
        differing={"yes": True, "no": False}.get(asked.conflict),
        rejected={"all": None, "rejected": True}.get(asked.state, False),
    )


def find_takers(store: Store, value: str) -> tuple[str, ...]:
    """Who takes part, by an id or a name: the code of a state, else identities."""
    home = store.homes([value]).get(value)
    if home:
        return (find_code(lists.name_identities(store, [home])[home]) or home,)
    code = load_state_names().get(fold_name(value))
    return (code,) if code else find_meant(store, value)


def find_code(row: NameRow) -> str | None:
    """The two-letter code of a place that is a state."""
    return load_state_names().get(fold_name(row.name)) if row.kind is EntityKind.PLACE else None


def find_meant(store: Store, value: str) -> tuple[str, ...]:
    """The identity ids an id or a name stands for."""
    home = store.homes([value]).get(value)
    return (home,) if home else lists.find_ids(store, value, limit=MOST_ASKED_NAMES)


def find_label(store: Store, value: str) -> str:
    """What an id or a name in a filter is called."""
    home = store.homes([value]).get(value)
    return lists.name_identities(store, [home])[home].name if home else value


def list_rows(store: Store, rows: Sequence[AttestedRow], total: int) -> Listing:
    """Lines of the ledger with their names, articles and words."""
    first = lists.find_first_reports(store, (row.id for row in rows))
    facts = tuple(tell_row(row, first[row.id]) for row in rows if row.id in first)
    return replace(make_listing(store, facts, total), rows={row.id: row for row in rows})


def tell_row(row: AttestedRow, report: Witness) -> Attested:
    """A line of the ledger as an engagement with one of its reports."""
    return Attested(
        id=row.id,
        kind=row.kind,
        status=row.status,
        participants=tuple(
            Participation(entity=taker.identity, part=taker.part, on_behalf_of=taker.behalf)
            for taker in row.takers
        ),
        place=row.place,
        edtf=row.edtf,
        earliest=row.earliest,
        latest=row.latest,
        topic=row.topic,
        part_of=row.whole,
        witnesses=(report,),
    )


def make_listing(store: Store, facts: tuple[Attested, ...], total: int) -> Listing:
    """Engagements with their names, articles and words."""
    ids = {i for fact in facts for p in fact.participants for i in (p.entity, p.on_behalf_of) if i}
    ids |= {i for fact in facts for i in (fact.place, fact.at) if i}
    first = [(fact.witnesses[0].document, fact.witnesses[0].engagement) for fact in facts]
    return Listing(
        facts=facts,
        total=total,
        names=lists.name_identities(store, ids),
        sources=lists.find_sources(store, {w.document for fact in facts for w in fact.witnesses}),
        words=lists.find_words(store, first),
        states=_find_states(store, facts),
    )


def _find_states(store: Store, facts: tuple[Attested, ...]) -> dict[str, StateRow]:
    """The decision on each engagement: its own, else that a report of it was fixed."""
    ids = {w.engagement: fact.id for fact in facts for w in fact.witnesses}
    states = decisions.find_states(store, [*ids, *ids.values()])
    fixed = {ids[i]: state for i, state in states.items() if i in ids and state.action is Decision.FIXED}
    return fixed | {fact.id: states[fact.id] for fact in facts if fact.id in states}


def title_listing(listing: Listing) -> str:
    """The title of the first engagement of a list."""
    return title_attested(listing.facts[0], {i: row.name for i, row in listing.names.items()})


def take_first(listing: Listing, n: int) -> Listing:
    """The same list, cut after so many."""
    return replace(listing, facts=listing.facts[:n])


def get_account(store: Store, engagement_id: str) -> Account:
    """An engagement as all reports tell it, whichever of its reports the id is from.

    Raises NotFoundError where no report has an engagement of that id.
    """
    if engagement_id not in store.attested_of([engagement_id]):
        raise NotFoundError(f"no report in this record has an engagement {engagement_id!r}")
    fact = store.attested(engagement_id)
    readings = [store.reading(w.document) for w in fact.witnesses]
    homes = store.homes(entity.id for reading in readings for entity in reading.entities)
    hearing = build_hearing(fact, readings, homes)
    told = {field.slot: field for field in hearing.fields}
    parts = store.list_attested(Wanted(whole=fact.id, rejected=False), limit=PER_PAGE)
    listing = make_listing(store, (fact,), 1)
    ids = {value.value for field in hearing.fields if field.slot in NAMED for value in field.values}
    return Account(
        fact=fact,
        hearing=hearing,
        fields=tuple(
            told.get(slot) or Field(slot=slot, name=FIELDS[slot], agreement=Agreement.ALONE, values=())
            for slot in SLOTS
            if slot in told or slot in ALWAYS
        ),
        listing=replace(listing, names={**lists.name_identities(store, ids), **listing.names}),
        sentences=lists.find_words(store, [(w.document, w.engagement) for w in fact.witnesses]),
        whole=make_listing(store, (store.attested(fact.part_of),), 1) if fact.part_of else None,
        parts=list_rows(store, parts, len(parts)),
    )


class Change(Record, frozen=True, kw_only=True):
    """An engagement as the latest report of it added something, at a time (UTC)."""

    fact: Attested
    at: str
    source: SourceRow
    words: WordsRow | None
    names: Mapping[str, str]
    n_reports: int
    differing: tuple[Slot, ...]


def list_changes(store: Store, asked: Asked, *, limit: int) -> tuple[Change, ...]:
    """What was reported last of a list: new engagements, and those another report tells of."""
    changed = lists.list_changed(store, make_wanted(store, asked), limit=limit)
    listing = list_rows(store, [row.fact for row in changed], len(changed))
    words = lists.find_words(store, [(row.source.id, row.report) for row in changed])
    names = {id_: row.name for id_, row in listing.names.items()}
    return tuple(
        Change(
            fact=fact,
            at=row.at,
            source=row.source,
            words=words.get(row.report),
            names=names,
            n_reports=row.fact.n_witnesses,
            differing=row.fact.differing,
        )
        for fact, row in zip(listing.facts, changed, strict=True)
    )


def list_ids(store: Store, asked: Asked, *, limit: int) -> tuple[str, ...]:
    """The ids of the engagements that are asked for, the latest days first."""
    rows = store.list_attested(make_wanted(store, asked), order=Order.NEWEST, limit=limit)
    return tuple(row.id for row in rows)


# Identities --------------------------------------------------------------------------------------


def get_dossier(store: Store, identity_id: str, asked: Asked, *, today: str) -> Dossier:
    """What is known of one identity; NotFoundError where there is none of that id."""
    identity = get_identity(store, identity_id)
    kept = {name: getattr(asked, name) for name in ("with_", "kind", "status", "start", "end", "state")}
    wanted = make_wanted(store, Asked(who=identity.id, **kept))
    latest = store.list_attested(wanted, order=Order.NEWEST, limit=LATEST)
    own = list_rows(store, latest[:SHOWN_RUNGS], store.count_attested(wanted))
    there = _list_there(store, identity, kept)
    offices = dossier.list_offices(store, identity.id)
    side = find_side(latest, identity)
    partners = count_partners(latest, side)[:SHOWN]
    said, n_said = lists.list_quotations(store, speaker=[identity.id], limit=SHOWN)
    claims, n_claims = lists.list_claims(store, about=[identity.id], limit=SHOWN)
    ids = {i for office in offices for i in (office.person, office.of, office.to) if i}
    ids |= {partner.id for partner in partners} | {i for row in said for i in (*row.speakers, row.to) if i}
    ids |= {i for row in claims for i in (*row.about, row.by)}
    return Dossier(
        identity=identity,
        n_articles=lists.count_articles(store, identity.id),
        offices=offices,
        partners=partners,
        listing=own if own.total or not there else there,
        there=there if own.total else None,
        planned=list_planned(store, identity, today),
        side=side,
        said=said,
        n_said=n_said,
        claims=claims,
        n_claims=n_claims,
        names={**lists.name_identities(store, ids), **own.names, **(there.names if there else {})},
    )


def get_identity(store: Store, identity_id: str) -> NameRow:
    """Somebody by an id; NotFoundError where there is nobody of it."""
    home = store.homes([identity_id]).get(identity_id)
    if home is None:
        raise NotFoundError(f"nobody and nothing in this record has the id {identity_id!r}")
    return lists.name_identities(store, [home])[home]


def list_planned(store: Store, identity: NameRow, today: str, *, with_: str = "") -> Listing:
    """What is planned from today on, the nearest first."""
    ahead = Asked(who=identity.id, with_=with_, status="planned", start=today, end=LAST_DAY)
    return list_facts(store, ahead, limit=5, order="oldest", is_counted=False)


def _list_there(store: Store, identity: NameRow, kept: Mapping[str, str]) -> Listing | None:
    """The engagements held in a place; None for none."""
    if identity.kind is not EntityKind.PLACE:
        return None
    there = list_facts(store, Asked(place=identity.id, **kept), limit=SHOWN_RUNGS)  # type: ignore[arg-type]
    return there if there.total else None


def find_side(rows: Iterable[AttestedRow], identity: NameRow) -> frozenset[str]:
    """The ids of somebody and of all who act for them, as the reports of some engagements have it."""
    code = find_code(identity)
    whose = Whose(state=code) if code else Whose(identity=identity.id)
    own = {taker.identity for row in rows for taker in row.takers if whose.is_own(taker)}
    return frozenset({identity.id, *own})


def count_partners(rows: Iterable[AttestedRow], side: Container[str]) -> tuple[Partner, ...]:
    """Whom one side met, the most often met first."""
    days: dict[str, list[str]] = {}
    for row in rows:
        for who in {taker.identity for taker in row.takers if taker.kind and taker.identity not in side}:
            days.setdefault(who, []).append("" if row.day == UNDATED else row.day)
    met = (Partner(id=who, n=len(some), last=max(some) or None) for who, some in days.items())
    return tuple(sorted(met, key=lambda partner: (partner.n, partner.last or "", partner.id), reverse=True))


def list_articles(store: Store, asked: Asked, *, limit: int = PER_PAGE) -> tuple[tuple[ArticleRow, ...], int]:
    """The articles that are asked for, and how many there are."""
    return lists.list_articles(
        store, words=asked.q, publisher=asked.source or None, start=asked.start or None,
        end=asked.end or None, is_dated={"yes": True, "no": False}.get(asked.dated),
        order=asked.sort if asked.sort in lists.ARTICLE_ORDERS else "newest",
        limit=limit, offset=asked.offset if limit == PER_PAGE else 0,
    )  # fmt: skip


def list_names(store: Store, asked: Asked, *, limit: int = PER_PAGE) -> tuple[tuple[NameRow, ...], int]:
    """Everybody and everything that is asked for, and how many there are."""
    return lists.list_names(
        store, words=asked.q, kind=asked.type_ or None,
        order=asked.sort if asked.sort in NAME_ORDERS else NAME_ORDERS[0],
        limit=limit, offset=asked.offset if limit == PER_PAGE else 0,
    )  # fmt: skip


def list_said(
    store: Store, asked: Asked, *, limit: int = PER_PAGE
) -> tuple[tuple[SaidRow, ...], int, dict[str, NameRow]]:
    """The page of quotations that is asked for, how many there are, and the names in it."""
    speaker = find_meant(store, asked.who) if asked.who else None
    rows, total = lists.list_quotations(
        store, speaker=speaker, words=asked.q, mode=asked.mode, start=asked.start, end=asked.end,
        limit=limit, offset=asked.offset,
    )  # fmt: skip
    ids = {i for row in rows for i in (*row.speakers, row.to) if i}
    return rows, total, lists.name_identities(store, ids)


def list_claims(
    store: Store, asked: Asked, *, limit: int = PER_PAGE
) -> tuple[tuple[ClaimRow, ...], int, dict[str, NameRow]]:
    """The page of claims that is asked for, how many there are, and the names in it."""
    about = find_meant(store, asked.who) if asked.who else None
    rows, total = lists.list_claims(
        store, about=about, words=asked.q, kind=asked.claim, verdict=asked.verdict, start=asked.start,
        end=asked.end, limit=limit, offset=asked.offset,
    )  # fmt: skip
    ids = {i for row in rows for i in (*row.about, row.by)}
    return rows, total, lists.name_identities(store, ids)


# Review ------------------------------------------------------------------------------------------


class Question(Record, frozen=True, kw_only=True):
    """What is asked in review: the fact in its sentence, and the other words it is asked because of."""

    before: str = ""
    words: str = ""
    after: str = ""
    listing: Listing | None = None
    relative: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def get_question(store: Store, kind: str, row: WaitingRow) -> Question:
    """The question about something that waits, with the words it rests on."""
    reading = store.reading(row.source.id)
    if kind == "date":
        open_times = [t.text for t in reading.times if t.relative and t.edtf == "unknown"]
        return Question(words=reading.document.text[:600], relative=tuple(dict.fromkeys(open_times)))
    if kind == "numbers":
        claim = next(c for c in reading.claims if c.id == row.fact)
        others = {c.id: c.text for c in reading.claims}
        with_ = [others[i] for i in (claim.check.with_ if claim.check else ()) if i in others]
        note = claim.check.note if claim.check else ""
        before, after = cut_around(reading.document.text, claim.start, claim.end)
        return Question(
            before=before, words=claim.text, after=after, notes=tuple(filter(None, (note, *with_)))
        )
    report = lists.find_words(store, [(row.source.id, row.fact)])[row.fact]
    fact = next(f for f in reading.engagements if f.id == row.fact)
    listing = make_listing(store, (attest_one(store, reading, fact.id),), 1)
    return Question(before=report.before, words=report.words, after=report.after, listing=listing)


def attest_one(store: Store, reading: Reading, engagement_id: str) -> Attested:
    """One engagement as its own report alone tells it, in identities."""
    attested = attest_engagements([reading], store.canonical(reading))
    return next(f for f in attested if any(w.engagement == engagement_id for w in f.witnesses))


def cut_around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands in the sentence before and after some words."""
    low = max(0, start - lists.AROUND)
    return lists.cut_sentence(text[low : end + lists.AROUND], start - low, end - low)
