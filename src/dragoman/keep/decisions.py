"""What people decided of facts, read back: the decision that stands for each, and what waits for one.

A decision stands until it is undone or another follows; only `Store.judge` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from dragoman.concord import Decision, Judgement
from dragoman.keep.identities import read_judgement
from dragoman.keep.lists import SOURCE, make_source
from dragoman.keep.rows import SourceRow, StateRow, WaitingRow
from dragoman.keep.schema import claim, document, engagement, judgement, quotation, reading, role
from dragoman.keep.store import Store

DECIDING = (Decision.ACCEPTED, Decision.FIXED, Decision.REJECTED, Decision.LATER)
SURE = 0.8  # confidence from which an engagement is not asked about unless somebody looks
MOST_ASKED = 400  # ids in one statement


def find_states(store: Store, ids: Iterable[str]) -> dict[str, StateRow]:
    """The decision that stands for each fact of some ids; facts without one are left out."""
    wanted = list(dict.fromkeys(ids))
    states: dict[str, StateRow] = {}
    of = judgement.c
    for start in range(0, len(wanted), MOST_ASKED):
        some = wanted[start : start + MOST_ASKED]
        query = select(judgement).where(of.id.in_(_standing()), of.target.in_(some))
        with store._reading() as connection:
            for row in connection.execute(query.order_by(of.id)):
                states[row.target] = StateRow(
                    number=row.id, action=Decision(row.action), by=row.by, at=row.at
                )
    return states


def _standing() -> Select[tuple[int]]:
    """The numbers of the decisions on facts that nobody undid."""
    undoing = judgement.alias()
    undone = select(undoing.c.undoes).where(undoing.c.undoes == judgement.c.id).exists()
    return select(judgement.c.id).where(judgement.c.action.in_([d.value for d in DECIDING]), ~undone)


def list_waiting(store: Store, kind: str, *, limit: int = 12) -> tuple[tuple[WaitingRow, ...], int]:
    """What waits for a decision, what most hangs on first, and how many there are.

    `kind` is "date" (articles without one, by their engagements), "numbers" (claims whose numbers do not
    agree) or "doubt" (engagements, the least sure first).
    """
    decided = select(judgement.c.target).where(judgement.c.id.in_(_standing()))
    query, fact = _QUERIES[kind]()
    query = query.where(fact.not_in(decided))
    with store._reading() as connection:
        total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        rows = connection.execute(query.limit(limit)).all()
    return tuple(
        WaitingRow(
            source=make_source(row),
            fact=row.fact,
            words=row.words or "",
            weight=row.weight,
        )
        for row in rows
    ), total


def list_latest(store: Store, *, limit: int = 30) -> tuple[tuple[Judgement, ...], frozenset[int]]:
    """The latest judgements, the last first, and the numbers of those among them that are undone."""
    of, undoing = judgement.c, judgement.alias()
    with store._reading() as connection:
        rows = connection.execute(select(judgement).order_by(of.id.desc()).limit(limit)).all()
        numbers = [row.id for row in rows]
        undone = connection.scalars(select(undoing.c.undoes).where(undoing.c.undoes.in_(numbers))).all()
    return tuple(map(read_judgement, rows)), frozenset(n for n in undone if n is not None)


def find_documents(store: Store, fact_ids: Iterable[str]) -> dict[str, SourceRow]:
    """The article of each role, quotation or claim, and of each article itself, by id."""
    wanted, found = list(dict.fromkeys(fact_ids))[:MOST_ASKED], dict[str, SourceRow]()
    with store._reading() as connection:
        for table in (role, quotation, claim, engagement):
            query = select(*SOURCE, table.c.id.label("fact")).join(
                table, table.c.document == document.c.number
            )
            rows = connection.execute(query.where(table.c.id.in_(wanted)))
            found |= {row.fact: make_source(row) for row in rows}
        rows = connection.execute(select(*SOURCE).where(document.c.id.in_(wanted)))
        found |= {row.id: make_source(row) for row in rows}
    return found


def _ask_dates() -> tuple[Select[Any], ColumnElement[str]]:
    n = reading.c.n_engagements.label("weight")
    query = select(*SOURCE, document.c.id.label("fact"), document.c.title.label("words"), n)
    query = query.join(reading, reading.c.document == document.c.number)
    return query.where(document.c.published.is_(None)).order_by(n.desc(), document.c.number), document.c.id


def _ask_numbers() -> tuple[Select[Any], ColumnElement[str]]:
    query = select(
        *SOURCE, claim.c.id.label("fact"), claim.c.text.label("words"), claim.c.value.label("weight")
    )
    query = query.join(document, document.c.number == claim.c.document)
    return query.where(claim.c.verdict == "inconsistent").order_by(document.c.number.desc()), claim.c.id


def _ask_doubts() -> tuple[Select[Any], ColumnElement[str]]:
    of = engagement.c
    query = select(*SOURCE, of.id.label("fact"), of.quote.label("words"), of.confidence.label("weight"))
    query = query.join(document, document.c.number == of.document)
    return query.where(of.confidence < SURE).order_by(of.confidence, of.number), of.id


_QUERIES: dict[str, Callable[[], tuple[Select[Any], ColumnElement[str]]]] = {
    "date": _ask_dates,
    "numbers": _ask_numbers,
    "doubt": _ask_doubts,
}
