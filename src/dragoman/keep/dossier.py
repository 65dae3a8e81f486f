"""What a dossier shows of one identity beside its engagements: offices, by an index.

As in `lists`, no reading is opened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from dragoman.keep.identities import find_homes, find_number
from dragoman.keep.lists import SOURCE
from dragoman.keep.rows import OfficeRow, SourceRow
from dragoman.keep.schema import document, identity_member, role
from dragoman.keep.store import Store

MOST_ROLES = 200  # of the latest reports; the offices of somebody met more often do not change with more
_member = identity_member.c


def list_offices(store: Store, identity_id: str) -> tuple[OfficeRow, ...]:
    """The offices somebody was seen in, or that were seen held in a body or state, the latest first."""
    of = role.c
    with store._reading() as connection:
        number = find_number(connection, identity_id)
        query = (
            select(of.id.label("role"), of.person, of.title.label("office"), of.of, of.to, of.flags, *SOURCE)
            .select_from(identity_member)
            .join(role, of.document == _member.document)
            .join(document, document.c.number == of.document)
            .where(_member.identity == number, or_(of.person == _member.entity, of.of == _member.entity))
            .order_by(_member.document.desc())
            .limit(MOST_ROLES)
        )
        rows = connection.execute(query).all()
        homes = find_homes(connection, {i for row in rows for i in (row.person, row.of, row.to) if i})
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        ends = (homes.get(row.person, row.person), homes.get(row.of or "", row.of))
        former = "former" in json.loads(row.flags)
        groups.setdefault((*ends, row.office.casefold(), former), []).append(row)
    offices = (_make_office(key, group, homes) for key, group in groups.items())
    return tuple(sorted(offices, key=lambda office: (office.last or "", office.n_articles), reverse=True))


def _make_office(key: tuple[Any, ...], group: Sequence[Any], homes: dict[str, str]) -> OfficeRow:
    days = sorted(row.published for row in group if row.published)
    latest = max(group, key=lambda row: (row.published or "", row.number))
    to = next((row.to for row in group if row.to), None)
    return OfficeRow(
        person=key[0],
        title=latest.office,
        of=key[1],
        to=homes.get(to or "", to),
        flags=tuple(dict.fromkeys(flag for row in group for flag in json.loads(row.flags))),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        n_articles=len({row.number for row in group}),
        source=SourceRow(
            number=latest.number,
            id=latest.id,
            title=latest.title,
            published=latest.published,
            publisher=latest.publisher,
        ),
        role=latest.role,
    )
