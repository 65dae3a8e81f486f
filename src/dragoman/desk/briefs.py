"""What is put together of somebody: a brief, two beside each other, counts that differ. Read from the store.

As `views`, which asks for the lists; a reading is opened only for counts, of the latest reports that count.
"""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.concord import Agreement, Attested
from dragoman.desk.asked import Asked
from dragoman.desk.views import (
    LATEST,
    SHOWN,
    SHOWN_RUNGS,
    Listing,
    Partner,
    count_partners,
    find_meant,
    find_side,
    get_identity,
    list_facts,
    list_planned,
    make_wanted,
)
from dragoman.keep import dossier, lists
from dragoman.keep.ledger import Order
from dragoman.keep.rows import NameRow, OfficeRow, SaidRow, SourceRow
from dragoman.keep.store import Store
from dragoman.record import Record
from dragoman.resolve.counts import compare_counts
from dragoman.show.ledger import list_disagreements

MOST_COUNTING = 80  # reports in which differing counts are looked for, the latest


class Dispute(Record, frozen=True, kw_only=True):
    """An engagement on which reports differ, and in what: "when: 14 May (Courier) or 15 May (Herald)"."""

    fact: Attested
    differences: tuple[str, ...]


class Count(Record, frozen=True, kw_only=True):
    """Something reports count differently: every number with its words, and (article, claim) of each."""

    unit: str
    about: tuple[str, ...]
    values: tuple[tuple[str, str, tuple[tuple[SourceRow, str], ...]], ...]


class Brief(Record, frozen=True, kw_only=True):
    """What an officer wants to know of somebody before a meeting; `sources` are numbered from 1."""

    identity: NameRow
    us: NameRow | None
    offices: tuple[OfficeRow, ...]
    appointed: Listing
    last: Listing
    planned: Listing
    said: tuple[SaidRow, ...]
    disputes: tuple[Dispute, ...]
    counts: tuple[Count, ...]
    names: Mapping[str, NameRow]
    sources: tuple[SourceRow, ...]
    links: Mapping[str, str]


def get_brief(store: Store, identity_id: str, us: str, *, today: str) -> Brief:
    """Who somebody is now, the last and next engagements with us, what they said, what is disputed.

    `us` is an id or a name, empty for engagements with anybody.
    """
    identity = get_identity(store, identity_id)
    lately = Asked(who=identity.id, with_=us, end=today)
    last = list_facts(store, lately, limit=SHOWN // 2, is_counted=False)
    planned = list_planned(store, identity, today, with_=us)
    named = Asked(who=identity.id, kind="appointment", status="held")
    appointed = list_facts(store, named, limit=3, is_counted=False)
    offices = dossier.list_offices(store, identity.id)[:SHOWN]
    said, _ = lists.list_quotations(store, speaker=[identity.id], limit=SHOWN // 2)
    disputes = _list_disputes(store, identity)
    counts = list_counts(store, identity.id)
    ids = {i for office in offices for i in (office.person, office.of, office.to) if i}
    ids |= {p.entity for dispute in disputes for p in dispute.fact.participants}
    ids |= {dispute.fact.place for dispute in disputes if dispute.fact.place}
    lined = (last, planned, appointed)
    told = [w.document for listing in lined for fact in listing.facts for w in fact.witnesses]
    told += [w.document for dispute in disputes for w in dispute.fact.witnesses]
    told += [office.source.id for office in offices] + [row.source.id for row in said]
    told += [source.id for count in counts for value in count.values for source, _ in value[2]]
    sources = lists.find_sources(store, told)
    return Brief(
        identity=identity,
        us=_find_us(store, us),
        offices=offices,
        appointed=appointed,
        last=last,
        planned=planned,
        said=said,
        disputes=disputes,
        counts=counts,
        names={**lists.name_identities(store, ids), **last.names, **planned.names, **appointed.names},
        sources=tuple(sources[id_] for id_ in dict.fromkeys(told)),
        links=lists.find_links(store, told),
    )


def _find_us(store: Store, us: str) -> NameRow | None:
    ids = find_meant(store, us) if us else ()
    return lists.name_identities(store, ids[:1])[ids[0]] if ids else None


def _list_disputes(store: Store, identity: NameRow) -> tuple[Dispute, ...]:
    wanted = make_wanted(store, Asked(who=identity.id, conflict="yes"))
    rows = store.list_attested(wanted, order=Order.NEWEST, limit=SHOWN // 2)
    facts = [store.attested(row.id) for row in rows]
    return tuple(Dispute(fact=fact, differences=tuple(list_disagreements(fact))) for fact in facts)


def list_counts(store: Store, identity_id: str = "") -> tuple[Count, ...]:
    """What the latest reports count differently, all or what is about one."""
    about = [identity_id] if identity_id else None
    documents = lists.find_counting(store, about=about, limit=MOST_COUNTING)
    readings = [store.reading(id_) for id_ in reversed(documents)]
    homes = store.homes({i for r in readings for c in r.claims for i in (*c.about, c.place) if i})
    sources = lists.find_sources(store, documents)
    ids = {c.id: r.document.id for r in readings for c in r.claims}
    values = {c.id: str(c.value) for r in readings for c in r.claims}
    found = [
        counted
        for counted in compare_counts(readings, homes)
        if counted.agreement is Agreement.DIFFER
        and (not identity_id or identity_id in (*counted.about, counted.place))
    ]
    return tuple(
        Count(
            unit=counted.unit,
            about=counted.about or ((counted.place,) if counted.place else ()),
            values=tuple(
                (
                    f"{float(told.value):g}",
                    told.label,
                    tuple((sources[ids[c]], c) for c in counted.claims if values[c] == told.value),
                )
                for told in counted.told
            ),
        )
        for counted in found
    )


class Pair(Record, frozen=True, kw_only=True):
    """Two beside each other: what each is, what they took part in together, whom both met."""

    one: NameRow
    other: NameRow
    offices: tuple[tuple[OfficeRow, ...], tuple[OfficeRow, ...]]
    n_articles: tuple[int, int]
    n_engagements: tuple[int, int]
    common: Listing
    side: frozenset[str]
    both_met: tuple[tuple[Partner, Partner], ...]
    names: Mapping[str, NameRow]


def get_pair(store: Store, one_id: str, other_id: str) -> Pair:
    """Two identities compared; NotFoundError where there is none of an id."""
    one, other = get_identity(store, one_id), get_identity(store, other_id)
    wanted = [make_wanted(store, Asked(who=row.id)) for row in (one, other)]
    latest = [store.list_attested(w, order=Order.NEWEST, limit=LATEST) for w in wanted]
    sides = [find_side(rows, row) for rows, row in zip(latest, (one, other), strict=True)]
    met = [{p.id: p for p in count_partners(r, sides[0] | sides[1])} for r in latest]
    both = sorted(met[0].keys() & met[1].keys(), key=lambda id_: (-met[0][id_].n - met[1][id_].n, id_))
    offices = [dossier.list_offices(store, row.id)[: SHOWN // 2] for row in (one, other)]
    common = list_facts(store, Asked(who=one.id, with_=other.id), limit=SHOWN_RUNGS)
    ids = {*both[:SHOWN], *(i for some in offices for o in some for i in (o.person, o.of, o.to) if i)}
    return Pair(
        one=one,
        other=other,
        offices=(offices[0], offices[1]),
        n_articles=(lists.count_articles(store, one.id), lists.count_articles(store, other.id)),
        n_engagements=(store.count_attested(wanted[0]), store.count_attested(wanted[1])),
        common=common,
        side=sides[0],
        both_met=tuple((met[0][id_], met[1][id_]) for id_ in both[:SHOWN]),
        names={**lists.name_identities(store, ids), **common.names, one.id: one, other.id: other},
    )
