"""Who somebody was at an engagement: in which office and for which country, as near to its day as is known.

What hand-made data sets ask of every row. Offices are held in memory by person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from dragoman.concord import Attested, Identity, Office
from dragoman.give.contents import Contents
from dragoman.give.sources import Sources
from dragoman.record import EntityKind, Part, Participation, RoleFlag
from dragoman.settings import load_lexicon

FAR = 1_000_000  # days; an office nobody dates is the last that is looked at


@dataclass(frozen=True)
class Actor:
    """A participant as a coder would write it down; `country` is a two-letter code, empty where unknown.

    `behalf` is the name of whom the reports say they stand for. `title` is the office the person was seen in
    next to the day of the engagement, `accredited_to` the country it is held in.
    """

    id: str
    name: str
    kind: EntityKind | None
    part: Part
    country: str
    behalf: str = ""
    title: str = ""
    office: str = ""
    accredited_to: str = ""

    @property
    def side(self) -> str:
        """What tells sides apart: the country, else who it is."""
        return self.country or self.id


class Sides:
    """Offices by person, and the people and countries of an engagement."""

    def __init__(self, contents: Contents, sources: Sources) -> None:
        self.sources = sources
        self._offices: dict[str, list[Office]] = {}
        for office in contents.offices():
            if RoleFlag.FORMER not in office.flags:
                self._offices.setdefault(office.person, []).append(office)

    def list_actors(self, engagement: Attested) -> tuple[Actor, ...]:
        """The participants, in order."""
        day = engagement.earliest or engagement.latest or _find_published(engagement)
        return tuple(self._make(p, day) for p in engagement.participants)

    def _make(self, p: Participation, day: str) -> Actor:
        identity, office = self.sources.get_identity(p.entity), self._find_office(p.entity, day)
        behalf = self.sources.get_identity(p.on_behalf_of)
        of = self.sources.get_identity(office.of) if office else None
        known = (one.country for one in (behalf, of, identity) if one and one.country)
        return Actor(
            id=p.entity,
            name=self.sources.get_name(p.entity),
            kind=identity.kind if identity else None,
            part=p.part,
            country=next(known, ""),
            behalf=self.sources.get_name(p.on_behalf_of) if p.on_behalf_of else "",
            title=office.title if office else "",
            office=f"{office.title}, {of.name}" if office and of else office.title if office else "",
            accredited_to=self.find_country(office.to) if office else "",
        )

    def find_country(self, id_: str | None) -> str:
        """The country an identity lies in or belongs to, empty where nobody knows."""
        identity: Identity | None = self.sources.get_identity(id_)
        return (identity and identity.country) or ""

    def _find_office(self, person: str, day: str) -> Office | None:
        held = self._offices.get(person, ())
        return min(held, key=lambda o: (_measure(o, day), o.of is None, -len(o.documents)), default=None)


def _find_published(engagement: Attested) -> str:
    return min((w.published for w in engagement.witnesses if w.published), default="")


def _measure(office: Office, day: str) -> int:
    """Days from the nearest day on which the office was seen."""
    seen = [_count(d) for d in (office.first_seen, office.last_seen) if d]
    number = _count(day)
    if not seen or number is None or None in seen:
        return FAR
    first, last = (n or 0 for n in (seen[0], seen[-1]))
    return max(0, first - number, number - last)


def _count(day: str) -> int | None:
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:  # before year 1, or none
        return None


@cache
def load_codes() -> Mapping[str, str]:
    """The three-letter code of each state by its two-letter code."""
    return {row[0]: row[1] for row in load_lexicon("states") if row[1]}


@cache
def load_country_names() -> Mapping[str, str]:
    """The English short name of each state by its two-letter code."""
    return {row[0]: row[3] for row in load_lexicon("states")}
