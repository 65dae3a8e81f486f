"""What `dragoman ledger` shows: from the readings of a record to the rows of one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dragoman.errors import NotFoundError
from dragoman.record import Entity, EntityKind, Reading
from dragoman.resolve.attest import attest_engagements, collect_names
from dragoman.resolve.offices import observe_offices
from dragoman.resolve.reports import find_state, load_state_names
from dragoman.show.ledger import LedgerRow, build_ledger
from dragoman.text import fold_name

SHOWN = 3  # names; how many like it are offered where a name may mean several


def list_rows(
    readings: Sequence[Reading], who: str, *, start: date | None = None, end: date | None = None
) -> tuple[LedgerRow, ...]:
    """The ledger of a name; raises NotFoundError, with what to do, where the record has no such name."""
    canonical = group_names(entity for reading in readings for entity in reading.entities)
    return build_ledger(
        attest_engagements(readings, canonical),
        collect_names(readings, canonical),
        observe_offices(readings, canonical),
        who=find_identities(who, readings, canonical),
        start=start.isoformat() if start else None,
        end=end.isoformat() if end else None,
    )


def group_names(entities: Iterable[Entity]) -> dict[str, str]:
    """Identity ids by entity id: one kind and one full name, or one state, are one.

    Until the record keeps who is who; a surname alone stands for itself.
    """
    first: dict[tuple[EntityKind, str], str] = {}
    canonical = {}
    for entity in entities:
        state = find_state(entity)
        key = state or fold_name(entity.name)
        is_full = state or entity.kind is not EntityKind.PERSON or " " in key
        canonical[entity.id] = first.setdefault((entity.kind, key), entity.id) if is_full else entity.id
    return canonical


def find_identities(who: str, readings: Iterable[Reading], canonical: Mapping[str, str]) -> frozenset[str]:
    """The identities a name given by a user stands for: the full name, else a surname borne by one only."""
    wanted, state = fold_name(who), load_state_names().get(fold_name(who))
    named: dict[str, str] = {}
    full: set[str] = set()
    partly: set[str] = set()
    for entity in (entity for reading in readings for entity in reading.entities):
        identity = named.setdefault(canonical[entity.id], entity.name) and canonical[entity.id]
        folded = {fold_name(name) for name in (entity.name, *entity.aliases)}
        if wanted in folded or (state and find_state(entity) == state):
            full.add(identity)
        elif wanted and any(set(wanted.split()) <= set(name.split()) for name in folded):
            partly.add(identity)
    found = full or partly
    if not found:
        raise NotFoundError(f"the record has nobody and no country {who!r}; try: dragoman find {who!r}")
    if not full and len({fold_name(named[identity]) for identity in found}) > 1:
        like = ", ".join(sorted({named[identity] for identity in found})[:SHOWN])
        raise NotFoundError(f"{who!r} may be {like}; give the full name")
    return frozenset(found)
