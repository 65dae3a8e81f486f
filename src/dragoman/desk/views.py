"""What the pages show, read from the store: the one place that knows how the record is asked.

Everything is read by indexed lists (`keep.lists`, `keep.dossier`); a reading is opened only for the one
article or engagement a page is about. Engagements are shown as all reports tell them (`Attested`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from dragoman.concord import Attested, Decision
from dragoman.desk.asked import PER_PAGE, Asked
from dragoman.errors import NotFoundError
from dragoman.keep import decisions, dossier, lists
from dragoman.keep.lists import Filter
from dragoman.keep.rows import (
    ClaimRow,
    NameRow,
    OfficeRow,
    PartnerRow,
    SaidRow,
    SourceRow,
    StateRow,
    WaitingRow,
    WordsRow,
)
from dragoman.keep.store import Store
from dragoman.record import Engagement, EntityKind, Reading, Record, Slot, Status, Words
from dragoman.resolve.attest import attest_engagements
from dragoman.show.wording import title_attested

NEAR_DAYS = 20  # days before and after an engagement in which other reports of it are looked for
MOST_REPORTS = 24  # articles looked at for other reports of one engagement
MOST_ASKED_NAMES = 40  # identities a name typed into a filter may stand for
SHOWN_RUNGS = 24  # engagements drawn on a dossier
SHOWN = 12  # of each list on a dossier
SLOTS = (
    (Slot.CORE, "what"),
    (Slot.STATUS, "status"),
    (Slot.WHO, "who"),
    (Slot.WHERE, "where"),
    (Slot.WHEN, "when"),
    (Slot.ABOUT, "about"),
    (Slot.COUNT, "how many"),
)
ALWAYS = (Slot.WHO, Slot.WHERE, Slot.WHEN, Slot.ABOUT)  # shown as "not stated" where no report tells


class Listing(Record, frozen=True, kw_only=True):
    """Engagements with all that is needed to show them; `total` is of the whole list they are cut from."""

    facts: tuple[Attested, ...]
    total: int
    names: Mapping[str, NameRow]
    sources: Mapping[str, SourceRow]
    words: Mapping[str, WordsRow]
    states: Mapping[str, StateRow]


class Telling(Record, frozen=True, kw_only=True):
    """One report of one value, with the words it uses."""

    source: SourceRow
    engagement: str
    words: tuple[str, ...]


class ToldValue(Record, frozen=True, kw_only=True):
    """One value of a field and who tells it; `id` where it is an identity."""

    label: str
    id: str
    tellings: tuple[Telling, ...]


class Field(Record, frozen=True, kw_only=True):
    """One field of an engagement over its reports; no values where none tells it."""

    label: str
    agreement: str
    values: tuple[ToldValue, ...]


class Account(Record, frozen=True, kw_only=True):
    """One engagement, field by field, and the sentence of each report."""

    fact: Attested
    fields: tuple[Field, ...]
    listing: Listing
    sentences: Mapping[str, WordsRow]


class Dossier(Record, frozen=True, kw_only=True):
    """One identity and what is known of it; totals are of the whole, rows the first few."""

    identity: NameRow
    n_articles: int
    offices: tuple[OfficeRow, ...]
    partners: tuple[PartnerRow, ...]
    listing: Listing
    there: Listing | None
    planned: Listing
    said: tuple[SaidRow, ...]
    n_said: int
    claims: tuple[ClaimRow, ...]
    n_claims: int
    names: Mapping[str, NameRow]


# Engagements -------------------------------------------------------------------------------------


def list_facts(store: Store, asked: Asked, *, limit: int = PER_PAGE, order: str = "") -> Listing:
    """The page of engagements that is asked for."""
    order = order or ("oldest" if asked.sort == "oldest" else "newest")
    offset = asked.offset if limit == PER_PAGE else 0
    facts, total = lists.list_engagements(
        store, make_filter(store, asked), order=order, limit=limit, offset=offset
    )
    return make_listing(store, facts, total)


def make_filter(store: Store, asked: Asked) -> Filter:
    """The filter a query string means; a name stands for everybody who bears it."""
    who = tuple(find_meant(store, value) for value in (asked.who, asked.with_) if value)
    return Filter(
        who=who,
        behalf=find_meant(store, asked.behalf) if asked.behalf else None,
        place=find_meant(store, asked.place) if asked.place else None,
        words=asked.q,
        kind=asked.kind,
        status=asked.status,
        start=asked.start,
        end=asked.end,
    )


def find_meant(store: Store, value: str) -> tuple[str, ...]:
    """The identity ids an id or a name stands for."""
    home = store.homes([value]).get(value)
    return (home,) if home else lists.find_ids(store, value, limit=MOST_ASKED_NAMES)


def find_label(store: Store, value: str) -> str:
    """What an id or a name in a filter is called."""
    home = store.homes([value]).get(value)
    return lists.name_identities(store, [home])[home].name if home else value


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
    document = lists.find_report(store, engagement_id)
    if document is None:
        raise NotFoundError(f"no report in this record has an engagement {engagement_id!r}")
    readings = [store.reading(i) for i in _find_near_reports(store, document, engagement_id)]
    homes = store.homes(entity.id for reading in readings for entity in reading.entities)
    attested = attest_engagements(readings, homes, store.pair_judgements())
    fact = next(entry for entry in attested if any(w.engagement == engagement_id for w in entry.witnesses))
    kept = {w.document for w in fact.witnesses}
    return _make_account(store, fact, [reading for reading in readings if reading.document.id in kept])


def _find_near_reports(store: Store, document: str, engagement_id: str) -> tuple[str, ...]:
    """The articles that may report the same: somebody in it takes part in something about that day."""
    facts = {fact.id: fact for fact in store.reading(document).engagements}
    fact = facts[engagement_id]
    homes = store.homes(p.entity for p in fact.participants)
    who = tuple(dict.fromkeys(homes.get(p.entity, p.entity) for p in fact.participants))
    source = lists.find_sources(store, [document])[document]
    days = (fact.time.earliest, fact.time.latest) if fact.time else (None, None)
    first, last = days[0] or source.published, days[1] or source.published
    if not who or not first or not last:
        return (document,)
    by = Filter(who=(who,), start=move_day(first, -NEAR_DAYS), end=move_day(last, NEAR_DAYS))
    near, _ = lists.list_engagements(store, by, limit=4 * MOST_REPORTS)
    numbered = lists.find_sources(store, {w.document for entry in near for w in entry.witnesses} | {document})
    chosen = sorted(
        numbered.values(), key=lambda s: (s.id != document, _gap(s.published, source.published), s.number)
    )
    return tuple(s.id for s in sorted(chosen[:MOST_REPORTS], key=lambda s: s.number))


def move_day(day: str, by: int) -> str:
    """The ISO day so many days on; the day itself where the calendar ends.

    >>> move_day("2021-03-01", -1)
    '2021-02-28'
    """
    try:
        return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
    except (ValueError, OverflowError):
        return day


def _gap(one: str | None, other: str | None) -> int:
    try:
        return abs((date.fromisoformat(one or "") - date.fromisoformat(other or "")).days)
    except ValueError:
        return 100_000


def _make_account(store: Store, fact: Attested, readings: Iterable[Reading]) -> Account:
    found = {reading.document.id: reading for reading in readings}
    listing = make_listing(store, (fact,), 1)
    tellings: dict[str, tuple[Engagement, SourceRow]] = {}
    sentences = lists.find_words(store, [(w.document, w.engagement) for w in fact.witnesses])
    for witness in fact.witnesses:
        reading = found[witness.document]
        told = next(e for e in reading.engagements if e.id == witness.engagement)
        tellings[witness.document] = told, listing.sources[witness.document]
    accounts = {account.slot: account for account in fact.accounts}
    fields = []
    for slot, label in SLOTS:
        account = accounts.get(slot)
        if account is None and slot not in ALWAYS:
            continue
        values = tuple(
            ToldValue(
                label=told.label,
                id=told.value if slot in (Slot.WHO, Slot.WHERE) else "",
                tellings=tuple(
                    _make_telling(*tellings[d], slot, found[d], told.value, store)
                    for d in told.documents
                    if d in tellings
                ),
            )
            for told in (account.told if account else ())
        )
        fields.append(Field(label=label, agreement=str(account.agreement) if account else "", values=values))
    return Account(fact=fact, fields=tuple(fields), listing=listing, sentences=sentences)


def _make_telling(
    fact: Engagement, source: SourceRow, slot: Slot, reading: Reading, value: str, store: Store
) -> Telling:
    words = tuple(dict.fromkeys(w.text for w in _find_words(fact, slot)))
    if slot is Slot.WHO:
        homes = store.canonical(reading)
        own = {e for e, home in homes.items() if home == value}
        words = tuple(dict.fromkeys(w.text for w in fact.evidence if w.slot is Slot.WHO and w.entity in own))
    return Telling(source=source, engagement=fact.id, words=words)


def _find_words(fact: Engagement, slot: Slot) -> Iterable[Words]:
    """The words a report uses for one field."""
    own = [w for w in fact.evidence if w.slot is slot]
    if slot is Slot.CORE:
        return fact.triggers or own
    if slot is Slot.WHEN and fact.time:
        return [fact.time]
    if slot is Slot.ABOUT and fact.topic:
        return [fact.topic]
    if slot is Slot.COUNT and fact.headcount:
        return [fact.headcount]
    return own


# Identities --------------------------------------------------------------------------------------


def get_dossier(store: Store, identity_id: str, asked: Asked, *, today: str) -> Dossier:
    """What is known of one identity; NotFoundError where there is none of that id."""
    home = store.homes([identity_id]).get(identity_id)
    if home is None:
        raise NotFoundError(f"nobody and nothing in this record has the id {identity_id!r}")
    identity = lists.name_identities(store, [home])[home]
    listing, there = _list_own(store, asked, identity)
    ahead = (f for f in listing.facts if f.status == Status.PLANNED and (f.latest or "") >= today)
    planned = tuple(reversed(tuple(ahead)))[:5]
    offices = dossier.list_offices(store, identity.id)
    partners = dossier.list_partners(store, identity.id, limit=SHOWN)
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
        listing=listing,
        there=there,
        planned=replace(listing, facts=planned, total=len(planned)),
        said=said,
        n_said=n_said,
        claims=claims,
        n_claims=n_claims,
        names={**lists.name_identities(store, ids), **listing.names, **(there.names if there else {})},
    )


def _list_own(store: Store, asked: Asked, identity: NameRow) -> tuple[Listing, Listing | None]:
    """The engagements of an identity, and for a place those held in it, where it has both."""
    kept = {name: getattr(asked, name) for name in ("with_", "kind", "status", "start", "end")}
    own = list_facts(store, Asked(who=identity.id, **kept), limit=SHOWN_RUNGS)
    if identity.kind is not EntityKind.PLACE:
        return own, None
    there = list_facts(store, Asked(place=identity.id, **kept), limit=SHOWN_RUNGS)
    return (own, there if there.total else None) if own.total else (there, None)


def list_said(store: Store, asked: Asked) -> tuple[tuple[SaidRow, ...], int, dict[str, NameRow]]:
    """The page of quotations that is asked for, how many there are, and the names in it."""
    speaker = find_meant(store, asked.who) if asked.who else None
    rows, total = lists.list_quotations(
        store, speaker=speaker, words=asked.q, mode=asked.mode, start=asked.start, end=asked.end,
        limit=PER_PAGE, offset=asked.offset,
    )  # fmt: skip
    ids = {i for row in rows for i in (*row.speakers, row.to) if i}
    return rows, total, lists.name_identities(store, ids)


def list_claims(store: Store, asked: Asked) -> tuple[tuple[ClaimRow, ...], int, dict[str, NameRow]]:
    """The page of claims that is asked for, how many there are, and the names in it."""
    about = find_meant(store, asked.who) if asked.who else None
    rows, total = lists.list_claims(
        store, about=about, words=asked.q, kind=asked.claim, verdict=asked.verdict, start=asked.start,
        end=asked.end, limit=PER_PAGE, offset=asked.offset,
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
