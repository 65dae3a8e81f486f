"""Two that may be one, waiting for a person; and what an identity is made of, name by name.

A pair waits until the two are one, or until somebody judged about them; undoing that brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from dragoman.concord import Decision, Judgement
from dragoman.keep.lists import AROUND, SOURCE, cut_sentence, make_source
from dragoman.keep.rows import MemberRow, PairRow
from dragoman.keep.schema import (
    attested,
    attested_member,
    content,
    document,
    doubt,
    entity,
    identity,
    identity_member,
)
from dragoman.keep.store import Store

MOST_PAIRS = 400  # pairs looked at, the likeliest first; a longer queue says "400 and more"
ENGAGEMENT = "engagement"
DECIDING = (Decision.SAME, Decision.DIFFERENT, Decision.UNSURE)


def list_pairs(store: Store, *, engagements: bool, limit: int = 12) -> tuple[tuple[PairRow, ...], int]:
    """The pairs that wait, those first on which most articles hang, and how many there are."""
    table, key = (attested, attested_member.c.engagement) if engagements else (identity, None)
    member = attested_member if engagements else identity_member
    group = member.c.attested if engagements else member.c.identity
    key = key if key is not None else member.c.entity
    one, two = member.alias(), member.alias()
    left, right = (side.c[group.name] for side in (one, two))
    wanted = doubt.c.kind == ENGAGEMENT if engagements else doubt.c.kind != ENGAGEMENT
    query = (
        select(left.label("left"), right.label("right"), doubt.c.kind, doubt.c.score)
        .join(one, one.c[key.name] == doubt.c.one)
        .join(two, two.c[key.name] == doubt.c.other)
        .where(wanted, left != right)
        .order_by(doubt.c.score.desc(), doubt.c.one)
    )
    judged = {frozenset(pair) for pair in _list_judged(store, engagements)}
    with store._reading() as connection:
        rows = connection.execute(query.limit(MOST_PAIRS + 2 * len(judged))).all()
        numbers = sorted({n for row in rows for n in (row.left, row.right)})
        ids = dict(
            connection.execute(select(table.c.number, table.c.id).where(table.c.number.in_(numbers))).all()
        )
        counted = select(group, func.count()).where(group.in_(numbers)).group_by(group)
        sizes: dict[int, int] = dict(connection.execute(counted).all())
    pairs: dict[frozenset[int], PairRow] = {}
    for row in rows:
        low, high = sorted((row.left, row.right))
        pair = frozenset((ids[low], ids[high]))
        if pair not in judged:
            n = min(sizes[low], sizes[high])
            pairs.setdefault(
                frozenset((low, high)),
                PairRow(one=ids[low], other=ids[high], kind=row.kind, score=row.score, n_articles=n),
            )
    ordered = sorted(pairs.values(), key=lambda pair: (-pair.n_articles, -pair.score, pair.one))
    return tuple(ordered[:limit]), len(ordered)


def find_near(store: Store, ids: Iterable[str], *, engagements: bool) -> tuple[str, ...]:
    """The identities or engagements that may be one with that of some ids, by id; judged ones left out."""
    own = list(ids)[:MOST_PAIRS]
    query = select(doubt.c.one, doubt.c.other).where(doubt.c.one.in_(own) | doubt.c.other.in_(own))
    with store._reading() as connection:
        rows = connection.execute(query.order_by(doubt.c.score.desc()).limit(MOST_PAIRS)).all()
    found = {i for row in rows for i in row} | set(own)
    homes = store.attested_of(found) if engagements else store.homes(found)
    mine = {homes[i] for i in own if i in homes}
    judged = {frozenset(pair) for pair in _list_judged(store, engagements)}
    others = dict.fromkeys(homes[i] for row in rows for i in row if i in homes and homes[i] not in mine)
    return tuple(other for other in others if not any(frozenset((one, other)) in judged for one in mine))


def _list_judged(store: Store, engagements: bool) -> Iterable[tuple[str, str]]:
    """The pairs of identities or engagements that somebody judged about."""
    rows = [row for row in list_standing(store) if row.target.startswith("engagement-") is engagements]
    ids = {i for row in rows for i in (row.target, row.other) if i}
    homes = store.attested_of(ids) if engagements else store.homes(ids)
    yield from ((homes.get(r.target, r.target), homes.get(r.other or "", r.other or "")) for r in rows)


def list_standing(store: Store) -> tuple[Judgement, ...]:
    """The judgements on two ids that nobody undid, in the order they were given."""
    rows = store.pair_judgements()
    undone = {row.undoes for row in rows}
    return tuple(r for r in rows if r.action in DECIDING and r.other and r.id not in undone)


def find_standing(store: Store, one: str, other: str, homes: dict[str, str]) -> Judgement | None:
    """The latest judgement that stands about two, by any of the ids that lead to them."""
    both = {one, other}
    found = None
    for row in list_standing(store):
        if {homes.get(row.target, row.target), homes.get(row.other or "", row.other or "")} == both:
            found = row
    return found


def order_two(store: Store, one: str, other: str) -> tuple[str, str]:
    """Two identity ids, first the one that was met first: the one they go by when they are one."""
    with store._reading() as connection:
        query = select(identity.c.id).where(identity.c.id.in_((one, other))).order_by(identity.c.number)
        first, second = connection.scalars(query)
    return first, second


def list_members(store: Store, identity_id: str, *, limit: int = 200) -> tuple[tuple[MemberRow, ...], int]:
    """The names an identity is made of, in the order their articles were kept, and how many there are."""
    own = select(identity.c.number).where(identity.c.id == identity_id).scalar_subquery()
    low = func.max(entity.c.start - AROUND, 0)
    around = func.substr(content.c.text, low + 1, entity.c.end - low + AROUND)
    query = (
        select(
            *SOURCE,
            entity.c.id.label("entity"),
            entity.c.name,
            entity.c.n_mentions,
            entity.c.quote,
            (entity.c.start - low).label("at"),
            around.label("around"),
        )
        .select_from(identity_member)
        .join(
            entity,
            (entity.c.document == identity_member.c.document) & (entity.c.id == identity_member.c.entity),
        )
        .join(document, document.c.number == entity.c.document)
        .join(content, content.c.document == entity.c.document)
        .where(identity_member.c.identity == own)
        .order_by(identity_member.c.document, identity_member.c.position)
    )
    with store._reading() as connection:
        rows = connection.execute(query.limit(limit)).all()
        count = select(func.count()).select_from(identity_member).where(identity_member.c.identity == own)
        total = connection.scalar(count) or 0
    return tuple(map(_make_member, rows)), total


def _make_member(row: Any) -> MemberRow:
    before, after = cut_sentence(row.around or "", row.at, row.at + len(row.quote or ""))
    return MemberRow(
        entity=row.entity,
        name=row.name,
        source=make_source(row),
        n_mentions=row.n_mentions,
        before=before if row.quote else "",
        words=row.quote or "",
        after=after if row.quote else "",
    )
