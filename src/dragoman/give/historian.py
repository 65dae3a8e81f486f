"""Visits as the Office of the Historian lists them: who came from where, and who travelled where, in a zip.

`visits.xml` has a `visit` for each visitor, `travels.xml` a `trip`, with the elements and the order of the
Historian's own files, so that hand-made lists and ours go through the same programs. Only visits that were
held and whose first and last day are known have a place in such a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree  # type: ignore[import-untyped]

from dragoman.concord import Attested
from dragoman.give.contents import Contents, Written
from dragoman.give.graph import clean_xml
from dragoman.give.sides import Actor, Sides, load_country_names
from dragoman.give.sources import Report, Sources, open_sources
from dragoman.give.tables import make_info
from dragoman.record import EngagementKind, EntityKind, Part, Status
from dragoman.text import fold_name

BY = "dragoman"  # who made an entry
UNDATED = "1970-01-01"  # stands for the day of a report that has none; the lists want one
LEFT_OUT = ("meetings, calls and all else that is no visit; quotations, claims; positions of words",)
_DAY = re.compile(r"(?!-?0000)-?\d{4,}-\d\d-\d\d")  # xs:date, which has no year 0
_NOT_NAME = re.compile(r"[^a-z0-9]+")

Entry = tuple[int, Attested, Actor]


def write_historian(contents: Contents, out: BinaryIO) -> Written:
    """Write a zip of `visits.xml` and `travels.xml`; the entries of a visit have the same number in both."""
    with open_sources(contents) as sources, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        lister = _Lister(contents, sources)
        n_visits = _write_file(archive, "visits", map(lister.make_visit, lister.iter_entries()))
        n_trips = _write_file(archive, "trips", map(lister.make_trip, lister.iter_entries()))
    left = f"{lister.n_left} visits not known to be held, or without first and last day"
    return Written(n_visits + n_trips, (*((left,) if lister.n_left else ()), *LEFT_OUT))


def _write_file(archive: ZipFile, root: str, elements: Iterator[Any]) -> int:
    """Write one list by way of a file that is no zip; the number of its entries."""
    name, n_written = {"trips": "travels.xml"}.get(root, f"{root}.xml"), 0
    with (
        archive.open(make_info(name), "w", force_zip64=True) as member,
        etree.xmlfile(member, encoding="utf-8") as file,
    ):
        file.write_declaration()
        with file.element(root):
            for element in elements:
                file.write(element, "\n")
                n_written += 1
    return n_written


class _Lister:
    """Entries of both lists."""

    def __init__(self, contents: Contents, sources: Sources) -> None:
        self.contents = contents
        self.sources = sources
        self.sides = Sides(contents, sources)
        self.n_left = 0

    def iter_entries(self) -> Iterator[Entry]:
        """Every visitor of every visit, numbered."""
        number = self.n_left = 0
        for engagement in self.contents.engagements():
            if engagement.kind is not EngagementKind.VISIT:
                continue
            if engagement.status is not Status.HELD or not _is_dated(engagement):
                self.n_left += 1
                continue
            for actor in self.sides.list_actors(engagement):
                if actor.part not in (Part.HOST, Part.ORGANIZER) and actor.kind is not EntityKind.PLACE:
                    number += 1
                    yield number, engagement, actor

    def make_visit(self, entry: Entry) -> Any:
        """A visit as the list of visits has it: by a visitor, from a country."""
        number, engagement, actor = entry
        element = etree.Element("visit")
        visitor = f"{actor.title} {actor.name}" if actor.title else actor.name
        where = self.sources.get_name(engagement.place) if engagement.place else "a place no report names"
        _add_all(element, _list_head(number, engagement))
        _add(element, "visitor", visitor)
        self._add_country(element, "from", actor.country)
        _add(element, "description", f"To {where}. {self._describe(engagement, actor)}")
        _add_all(element, self._list_tail(engagement))
        return element

    def make_trip(self, entry: Entry) -> Any:
        """A visit as the list of travels has it: by somebody in an office, to a country and its places."""
        number, engagement, actor = entry
        role = _slug(actor.title or "visitor")
        element = etree.Element("trip", role=role, who=_slug(self._find_known(actor.id)))
        head = _list_head(number, engagement)
        place = self.sources.get_identity(engagement.place)
        _add_all(element, [head[0], ("role", role), ("name", actor.name), *head[1:]])
        self._add_country(element, "country", self.sides.find_country(engagement.place))
        _add(element, "locale", place.name if place else "")
        _add(element, "remarks", self._describe(engagement, actor))
        _add_all(element, self._list_tail(engagement))
        return element

    def _find_known(self, id_: str) -> str:
        """The Historian's own id of somebody, else ours."""
        identity = self.sources.get_identity(id_)
        known = (ref.partition(":") for ref in (identity.known_as if identity else ()))
        return next((own for name, _, own in known if name in ("travels", "pocom")), id_)

    def _add_country(self, element: Any, name: str, country: str) -> None:
        label = load_country_names().get(country, country)
        _add(element, name, label).set("id", _slug(label or "unknown"))

    def _describe(self, engagement: Attested, actor: Actor) -> str:
        """Whom the visitor met, what about, and the words and address of each report."""
        others = ", ".join(
            self.sources.get_name(p.entity) for p in engagement.participants if p.entity != actor.id
        )
        told = [f"With {others}." if others else "", f"About {engagement.topic}." if engagement.topic else ""]
        reports = map(_describe_report, self.sources.get_reports(engagement))
        return " ".join(filter(None, (*told, *reports)))

    def _list_tail(self, engagement: Attested) -> list[tuple[str, str]]:
        """Who made the entry and when: ourselves, on the days of the first and last report."""
        days = sorted(
            w.published for w in engagement.witnesses if w.published and _DAY.fullmatch(w.published)
        )
        first, last = (days[0], days[-1]) if days else (UNDATED, UNDATED)
        made = [("created-by", BY), ("created-datetime", f"{first}T00:00:00Z")]
        return [*made, ("last-modified-by", BY), ("last-modified-datetime", f"{last}T00:00:00Z")]


def _list_head(number: int, engagement: Attested) -> list[tuple[str, str]]:
    days = [("start-date", engagement.earliest or ""), ("end-date", engagement.latest or "")]
    return [("id", str(number)), *days]


def _describe_report(report: Report) -> str:
    words = f"“{report.words}” – " if report.words else ""
    return " ".join(filter(None, (f"{words}{report.source}", report.url))) + "."


def _is_dated(engagement: Attested) -> bool:
    return all(day and _DAY.fullmatch(day) for day in (engagement.earliest, engagement.latest))


def _add(element: Any, name: str, words: str) -> Any:
    child = etree.SubElement(element, name)
    child.text = clean_xml(words)
    return child


def _add_all(element: Any, children: list[tuple[str, str]]) -> None:
    for name, words in children:
        _add(element, name, words)


def _slug(words: str) -> str:
    """The words as the lists write ids: lower-case, joined by dashes, beginning with a letter.

    >>> _slug("Foreign Minister"), _slug("5th envoy")
    ('foreign-minister', 'x-5th-envoy')
    """
    slug = _NOT_NAME.sub("-", fold_name(words).lower()).strip("-") or "unknown"
    return slug if slug[0].isalpha() else f"x-{slug}"
