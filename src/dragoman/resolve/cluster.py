"""Which entities are one: each new one joins the identity it fits, or begins one.

What people judged outranks every score: what they call the same is joined, what they call different
stays apart, through whatever else it is joined with. `settle` decides about one entity among
candidates; `Register` keeps the identities of a whole rebuild in memory. The store keeps them on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, combinations, islice
from typing import NamedTuple

from dragoman.concord import MOST_CANDIDATES, Decision, Edge, Judgement, Profile, merge_profiles
from dragoman.record import EntityKind
from dragoman.resolve.blocks import find_keys, find_wanted
from dragoman.resolve.people import compare_profiles, is_full

MOST_RIVALS = 8  # identities looked at for whether those that fit contradict each other
Find = Callable[[str], str | None]  # the identity an entity id belongs to


class Rulings(NamedTuple):
    """What people decided of pairs of ids, undone judgements left out, with the judgement's number."""

    same: Mapping[tuple[str, str], int] = {}
    different: Mapping[tuple[str, str], int] = {}

    def about(self, entity_id: str) -> tuple[tuple[str, Decision], ...]:
        """The other ids judged together with one, and how."""
        rows = ((self.same, Decision.SAME), (self.different, Decision.DIFFERENT))
        return tuple(
            (two if one == entity_id else one, decision)
            for pairs, decision in rows
            for one, two in pairs
            if entity_id in (one, two)
        )


NO_RULINGS = Rulings()


class Settled(NamedTuple):
    """What becomes of an entity: the identities it joins (none: a new one), and the edges that say why."""

    joins: tuple[str, ...]
    edges: tuple[Edge, ...]


def read_rulings(judgements: Iterable[Judgement]) -> Rulings:
    """The judgements on pairs that stand; a later one about the same pair takes the earlier's place."""
    rows = list(judgements)
    undone = find_undone(rows)
    same: dict[tuple[str, str], int] = {}
    different: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.other is None or row.id in undone or row.action is Decision.UNDONE:
            continue
        pair = (min(row.target, row.other), max(row.target, row.other))
        same.pop(pair, None)
        different.pop(pair, None)
        if row.action in (Decision.SAME, Decision.DIFFERENT):
            (same if row.action is Decision.SAME else different)[pair] = row.id
    return Rulings(same, different)


def find_undone(judgements: Iterable[Judgement]) -> frozenset[int]:
    """The numbers of judgements undone by a later one that is not itself undone."""
    undone: set[int] = set()
    for row in sorted(judgements, key=lambda judgement: -judgement.id):
        if row.undoes is not None and row.id not in undone:
            undone.add(row.undoes)
    return frozenset(undone)


def settle(
    profile: Profile,
    candidates: Sequence[Profile],
    rulings: Rulings = NO_RULINGS,
    find: Find = lambda _: None,
) -> Settled:
    """The identities an entity joins among candidates, the surest first, with the reasons.

    Entities of one document that the reader told apart stay apart unless somebody judged otherwise.
    """
    about = rulings.about(profile.id) if rulings.same or rulings.different else ()
    wanted = [home for other, how in about if how is Decision.SAME and (home := find(other))]
    barred = {home for other, how in about if how is Decision.DIFFERENT and (home := find(other))}
    barred |= {home for want in wanted for home in find_barred(want, rulings, find)}
    edges = [compare_profiles(profile, one) for one in candidates if one.id not in barred]
    by_id = {one.id: one for one in candidates}
    fitting = sorted((e for e in edges if e.decision is Decision.SAME), key=lambda e: (-e.score, e.right))
    joins = list(dict.fromkeys(wanted))
    if not joins:
        fitting = [e for e in fitting if _is_free(profile, by_id[e.right])]
        if _is_doubtful(rivals := _find_rivals(profile, fitting, by_id)):
            alike = [one.id for one in rivals if not is_full(one)] if not is_full(profile) else []
            return Settled(tuple(alike[:1]), tuple(edges))
        joins = [edge.right for edge in fitting[:1]]
    for edge in fitting:
        first = by_id.get(joins[0]) if joins else None
        if first and edge.right not in joins and _can_unite(first, by_id[edge.right], rulings, find):
            joins.append(edge.right)
    return Settled(tuple(joins), tuple(edges))


def _find_rivals(
    profile: Profile, fitting: Sequence[Edge], by_id: Mapping[str, Profile]
) -> Sequence[Profile]:
    """The identities an entity fits equally well; for a surname alone all that it fits."""
    is_bare = profile.kind is EntityKind.PERSON and not is_full(profile)
    return [by_id[e.right] for e in fitting if is_bare or e.score == fitting[0].score][:MOST_RIVALS]


def _is_doubtful(rivals: Sequence[Profile]) -> bool:
    """Whether two that an entity fits contradict each other: then nobody knows whose it is."""
    return any(
        compare_profiles(one, two).decision is Decision.DIFFERENT for one, two in combinations(rivals, 2)
    )


def _is_free(profile: Profile, other: Profile) -> bool:
    """Whether no entity of the same document is in the other already."""
    return not set(profile.documents) & set(other.documents)


def _can_unite(one: Profile, two: Profile, rulings: Rulings, find: Find) -> bool:
    """Whether two identities that one entity fits are one themselves."""
    if two.id in find_barred(one.id, rulings, find) or not _is_free(one, two):
        return False
    return compare_profiles(one, two).decision is Decision.SAME


def find_barred(identity_id: str, rulings: Rulings, find: Find) -> set[str]:
    """The identities somebody judged different from this one, through any of their members."""
    barred: set[str] = set()
    for one, two in rulings.different:
        homes = find(one), find(two)
        if identity_id in homes:
            barred |= {home for home in homes if home and home != identity_id}
    return barred


def find_doubt(settled: Settled) -> Edge | None:
    """The likeliest of the identities an entity did not join that a person is to be asked about."""
    unsure = (e for e in settled.edges if e.decision is Decision.UNSURE and e.right not in settled.joins)
    return max(unsure, key=lambda edge: (edge.score, edge.right), default=None)


class Register:
    """The identities of a rebuild, in memory: members, profiles and keys by identity id."""

    def __init__(self, rulings: Rulings = NO_RULINGS) -> None:
        self.rulings = rulings
        self.profiles: dict[str, Profile] = {}
        self.members: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.began: dict[str, int] = {}
        self.keys: dict[str, dict[str, None]] = {}
        self.met: dict[str, set[str]] = {}  # the keys of each identity
        self.doubts: dict[str, Edge] = {}

    def find(self, entity_id: str) -> str | None:
        """The identity an entity belongs to, None for one not met yet."""
        return self.homes.get(entity_id)

    def find_candidates(self, profile: Profile, keys: Sequence[str]) -> list[Profile]:
        """The identities an entity may be, those under its rarest keys first."""
        blocks = sorted((self.keys.get(key, {}) for key in find_wanted(keys)), key=len)
        ids = dict.fromkeys(islice(chain.from_iterable(blocks), MOST_CANDIDATES))
        return [self.profiles[i] for i in ids]

    def add(self, profile: Profile) -> str:
        """Settle an entity; the id of the identity it belongs to now."""
        keys = find_keys(profile)
        settled = settle(profile, self.find_candidates(profile, keys), self.rulings, self.find)
        joins = settled.joins
        if doubt := find_doubt(settled):
            self.doubts[profile.id] = doubt
        home = joins[0] if joins else profile.id
        self.began.setdefault(profile.id, len(self.began))
        self.members.setdefault(home, []).append(profile.id)
        self.homes[profile.id] = home
        known = self.profiles.get(home)
        self.profiles[home] = merge_profiles([known, profile]) if known else profile
        self._add_keys(home, keys)
        for other in joins[1:]:
            home = self.unite(home, other)
        return home

    def unite(self, one: str, two: str) -> str:
        """Make two identities one, under the id of the one that began first."""
        first, second = sorted((one, two), key=self.began.__getitem__)
        for member in self.members[second]:
            self.homes[member] = first
        self.members[first] += self.members.pop(second)
        merged = self.profiles.pop(second)
        self.profiles[first] = merge_profiles([self.profiles[first], merged])
        keys = self.met.pop(second, set())
        for key in keys:
            del self.keys[key][second]
        self._add_keys(first, keys)
        return first

    def _add_keys(self, home: str, keys: Iterable[str]) -> None:
        met = self.met.setdefault(home, set())
        for key in keys:
            met.add(key)
            self.keys.setdefault(key, {})[home] = None

    def apply_rulings(self) -> None:
        """Join what people called the same where an entity came before the one it is the same as."""
        for one, two in self.rulings.same:
            left, right = self.find(one), self.find(two)
            if left and right and left != right and right not in find_barred(left, self.rulings, self.find):
                self.unite(left, right)
