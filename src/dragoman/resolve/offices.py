"""Offices as dated observations: who was seen in which, by reports of which days.

An office nobody dates is still one observation. "Former" is an observation of its own, for it says that
somebody else may hold the office now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dragoman.concord import Office
from dragoman.record import EngagementKind, Part, Reading, Role, RoleFlag, Status
from dragoman.text import fold_name

_SMALL = frozenset("of for the and to in".split())
_SPELT = {"fm": "foreign minister", "pm": "prime minister", "sec": "secretary", "amb": "ambassador"}

Key = tuple[str, str, bool]


@dataclass
class _Seen:
    """What is gathered of one person in one office."""

    of: str | None
    to: str | None
    roles: list[tuple[Role, str, str | None]] = field(default_factory=list)
    starts: str | None = None


def observe_offices(readings: Iterable[Reading], canonical: Mapping[str, str]) -> tuple[Office, ...]:
    """Every office of every person, in order of first appearance, with the days it was reported.

    Titles are one office where their words are the same ("Minister of Foreign Affairs", "Foreign Affairs
    Minister") and what they are of, or accredited to, is the same or not said. The beginning is that of
    an appointment in a report that gives the person no other office.
    """
    seen: dict[Key, list[_Seen]] = {}
    for reading in readings:
        starts = _find_starts(reading)
        for role in reading.roles:
            entry = _place(role, seen, canonical)
            entry.roles.append((role, reading.document.id, reading.document.published))
            entry.starts = entry.starts or starts.get(role.id)
    return tuple(_make_office(key[0], entry) for key, entries in seen.items() for entry in entries)


def fold_title(title: str) -> str:
    """The words of a title in an order that its wordings share.

    >>> fold_title("Minister of Foreign Affairs") == fold_title("foreign affairs minister")
    True
    """
    words = " ".join(_SPELT.get(word, word) for word in fold_name(title).split()).split()
    return " ".join(sorted(set(words) - _SMALL))


def _place(role: Role, seen: dict[Key, list[_Seen]], canonical: Mapping[str, str]) -> _Seen:
    """The entry a role belongs to: one whose `of` and `to` are the same or not said on one side."""
    of = canonical.get(role.of, role.of) if role.of else None
    to = canonical.get(role.to, role.to) if role.to else None
    person = canonical.get(role.person, role.person)
    entries = seen.setdefault((person, fold_title(role.title), RoleFlag.FORMER in role.flags), [])
    for entry in entries:
        if _fits(entry.of, of) and _fits(entry.to, to):
            entry.of, entry.to = entry.of or of, entry.to or to
            return entry
    entries.append(_Seen(of, to))
    return entries[-1]


def _fits(left: str | None, right: str | None) -> bool:
    return left is None or right is None or left == right


def _find_starts(reading: Reading) -> dict[str, str]:
    """The stated time of an appointment by the id of the only office the report gives the appointee."""
    roles: dict[str, list[str]] = {}
    for role in reading.roles:
        if RoleFlag.FORMER not in role.flags:
            roles.setdefault(role.person, []).append(role.id)
    found: dict[str, str] = {}
    for engagement in reading.engagements:
        if engagement.kind is not EngagementKind.APPOINTMENT or engagement.status is not Status.HELD:
            continue
        time = engagement.time
        for p in engagement.participants:
            only = roles.get(p.entity, ())
            if p.part is Part.APPOINTEE and len(only) == 1 and time and time.earliest:
                found[only[0]] = time.edtf
    return found


def _make_office(person: str, entry: _Seen) -> Office:
    days = sorted(published for _, _, published in entry.roles if published)
    titles = [role.title for role, _, _ in entry.roles]
    return Office(
        person=person,
        title=max(dict.fromkeys(titles), key=titles.count),
        of=entry.of,
        to=entry.to,
        flags=tuple(dict.fromkeys(flag for role, _, _ in entry.roles for flag in role.flags)),
        first_seen=days[0] if days else None,
        last_seen=days[-1] if days else None,
        starts=entry.starts,
        roles=tuple(role.id for role, _, _ in entry.roles),
        documents=tuple(dict.fromkeys(document for _, document, _ in entry.roles)),
    )
