"""The record as event rows with PLOVER and CAMEO codes: who did what to whom, side by side.

One row for each two sides of an engagement, where a side is a country, or whoever has none. The rules are
data, in `plover.tsv`. PLOVER wants a day for every event; a row without one keeps its place here, for the day
of publication is not the day of the event. Statements and claims have no PLOVER event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

from dragoman.concord import Attested
from dragoman.give.contents import Contents, Written
from dragoman.give.geojson import get_point
from dragoman.give.sides import Actor, Sides, load_codes, load_country_names
from dragoman.give.sources import Sources, open_sources
from dragoman.give.tables import write_cells
from dragoman.record import EngagementKind, EntityKind, Part, Status

COLUMNS = (
    *("id", "date", "end_date", "edtf", "event", "mode", "cameo", "context", "flags", "symmetric"),
    *("source_name", "source_country", "source_sector", "source_id"),
    *("target_name", "target_country", "target_sector", "target_id"),
    *("place", "place_country", "latitude", "longitude", "geonames"),
    *(
        "kind",
        "status",
        "decision",
        "topic",
        "n_reports",
        "publisher",
        "published",
        "url",
        "text",
        "engagement",
    ),
)
MOST_SIDES = 12  # of more sides at one engagement (66 pairs) nobody can say that each consulted each
SOURCE_PARTS = (Part.GUEST, Part.SENDER, Part.CALLER)
TARGET_PARTS = (Part.HOST, Part.ORGANIZER, Part.RECIPIENT)
_JOIN = " | "

Side = tuple[Actor, ...]


@dataclass(frozen=True)
class Code:
    """How an engagement is coded, and how the row that looks back from its target is."""

    event: str
    mode: str
    cameo: str
    back_mode: str
    back_cameo: str
    flag: str


def write_plover(contents: Contents, out: BinaryIO) -> Written:
    """Write a CSV of event rows; each says the engagement it comes from and the words that report it."""
    with open_sources(contents) as sources:
        coder = _Coder(contents, sources)
        n_rows = write_cells(out, COLUMNS, coder.iter_rows())
    return Written(n_rows, coder.describe_left_out())


@cache
def load_rules() -> tuple[dict[tuple[str, str, str], Code], tuple[tuple[str, re.Pattern[str]], ...]]:
    """Codes by kind, status and where; sectors with the words that tell them."""
    lines = Path(__file__).with_name("plover.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    codes = {
        (row[1], row[2], row[3]): Code(*("" if cell == "-" else cell for cell in row[4:]))
        for row in rows
        if row[0] == "event"
    }
    sectors = tuple((row[1], re.compile(rf"\b(?:{row[2]})\b")) for row in rows if row[0] == "sector")
    return codes, sectors


def find_code(kind: EngagementKind, status: Status, where: str) -> Code | None:
    """The code of an engagement, None where PLOVER has no event for it."""
    codes, _ = load_rules()
    return codes.get((kind, status, where)) or codes.get((kind, status, "*"))


def find_sector(actor: Actor) -> str:
    """The PLOVER sector of somebody by title or name; GOV for a state itself; empty where nothing tells."""
    words = f"{actor.title} {actor.name if actor.kind is EntityKind.ORGANIZATION else ''}".casefold()
    _, sectors = load_rules()
    found = next((sector for sector, pattern in sectors if pattern.search(words)), "")
    return found or ("GOV" if actor.kind is EntityKind.PLACE else "")


class _Coder:
    """Rows as the engagements stream past, and a count of what has none."""

    def __init__(self, contents: Contents, sources: Sources) -> None:
        self.contents = contents
        self.sources = sources
        self.sides = Sides(contents, sources)
        self.missed: Counter[str] = Counter()

    def describe_left_out(self) -> tuple[str, ...]:
        """What has no row, and what no row holds."""
        counted = (f"{n} engagements {why}" for why, n in sorted(self.missed.items()))
        return (*counted, "quotations, claims, offices; all reports but the first; positions of words")

    def iter_rows(self) -> Iterator[tuple[object, ...]]:
        """The rows of every engagement, in order."""
        for engagement in self.contents.engagements():
            sides = self._list_sides(engagement)
            code = find_code(engagement.kind, engagement.status, self._find_where(engagement, sides))
            if code is None:
                self.missed["that PLOVER has no event for"] += 1
            elif len(sides) < 2:
                self.missed["of which only one side is known"] += 1
            elif len(sides) > MOST_SIDES:
                self.missed[f"of more than {MOST_SIDES} sides"] += 1
            else:
                yield from self._iter_coded(engagement, sides, code)

    def _list_sides(self, engagement: Attested) -> list[Side]:
        """The sides in order of naming; the country visited is one, where nobody is named for it."""
        sides: dict[str, list[Actor]] = {}
        for actor in self.sides.list_actors(engagement):
            sides.setdefault(actor.side, []).append(actor)
        country = self.sides.find_country(engagement.place)
        if engagement.kind is EngagementKind.VISIT and country and country not in sides:
            name = load_country_names().get(country, country)
            host = Actor(id="", name=name, kind=EntityKind.PLACE, part=Part.HOST, country=country)
            sides[country] = [host]
        return [tuple(side) for side in sides.values()]

    def _find_where(self, engagement: Attested, sides: Sequence[Side]) -> str:
        if len(sides) > 2:
            return "many"
        country = self.sides.find_country(engagement.place)
        known = all(side[0].country for side in sides)
        return "third" if country and known and country not in {side[0].country for side in sides} else "*"

    def _iter_coded(
        self, engagement: Attested, sides: Sequence[Side], code: Code
    ) -> Iterator[tuple[object, ...]]:
        rows = enumerate(_pair(engagement, sides, code), start=1)
        for number, (left, right, mode, cameo, is_directed) in rows:
            flags = self._flag(engagement, code, left, right)
            coded = (code.event, mode, cameo, "diplomatic", flags, int(not is_directed))
            head = (f"{engagement.id}-{number}", *_date(engagement), *coded)
            yield (*head, *_describe(left), *_describe(right), *self._describe_event(engagement))

    def _flag(self, engagement: Attested, code: Code, one: Side, two: Side) -> str:
        """What a coder should look at: a plan, a doubt, an envoy who lives where the talk was."""
        here = self.sides.find_country(engagement.place)
        envoys = ((a, b) for left, right in ((one, two), (two, one)) for a in left for b in right)
        is_resident = any(
            a.accredited_to and a.accredited_to == b.country == (here or b.country) for a, b in envoys
        )
        return _JOIN.join(filter(None, (code.flag, "resident envoy" if is_resident else "")))

    def _describe_event(self, engagement: Attested) -> tuple[object, ...]:
        place = self.sources.get_identity(engagement.place)
        report = self.sources.get_reports(engagement)[0]
        point = get_point(place)
        return (
            *(place and place.name, load_codes().get(self.sides.find_country(engagement.place))),
            *(point and point[1], point and point[0], place and place.geonames),
            *(engagement.kind, engagement.status, self.contents.state(engagement.id), engagement.topic),
            *(len(engagement.witnesses), report.publisher, report.published, report.url),
            *(report.words or None, engagement.id),
        )


def _pair(
    engagement: Attested, sides: Sequence[Side], code: Code
) -> Iterator[tuple[Side, Side, str, str, bool]]:
    """Every two sides as source and target, with mode and code, and whether one acts on the other.

    Of a visit that has a host, who came with whom is no row.
    """
    has_host = engagement.kind is EngagementKind.VISIT and any(map(_is_target, sides))
    for one, two in combinations(sides, 2):
        if has_host and not (_is_target(one) or _is_target(two)):
            continue
        is_swapped = (_is_target(one) or _is_source(two)) and not (_is_source(one) or _is_target(two))
        source, target = (two, one) if is_swapped else (one, two)
        is_directed = _is_source(source) or _is_target(target)
        yield source, target, code.mode, code.cameo, is_directed
        if code.back_cameo and is_directed:
            yield target, source, code.back_mode, code.back_cameo, True


def _is_source(side: Side) -> bool:
    return any(actor.part in SOURCE_PARTS for actor in side)


def _is_target(side: Side) -> bool:
    return not _is_source(side) and any(actor.part in TARGET_PARTS for actor in side)


def _date(engagement: Attested) -> tuple[str | None, str | None, str | None]:
    first, last = engagement.earliest, engagement.latest
    return first, last if last != first else None, engagement.edtf


def _describe(side: Side) -> tuple[str, str | None, str, str]:
    """Names, three-letter country, sectors and ids of a side."""
    country = load_codes().get(side[0].country) or side[0].country or None
    sectors = dict.fromkeys(filter(None, map(find_sector, side)))
    ids = filter(None, (actor.id for actor in side))
    return _JOIN.join(actor.name for actor in side), country, _JOIN.join(sectors), _JOIN.join(ids)
