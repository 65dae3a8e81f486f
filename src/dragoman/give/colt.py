"""A row a principal of each engagement, on the five axes by which hand-coders call an engagement verified.

The axes are source, date, principal, role held then, counterpart; `axes_met` counts those a reader can check
in the row, `missing` names the others. The columns follow what COLT and CLFEA publish of their coding; the
code book of COLT was not at hand, so columns are named after what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from dragoman.concord import Attested
from dragoman.give.contents import Contents, Written
from dragoman.give.sides import Actor, Sides, load_codes
from dragoman.give.sources import Sources, list_differences, open_sources
from dragoman.give.tables import write_cells
from dragoman.record import EntityKind, Part

COLUMNS = (
    *("engagement", "source_url", "publisher", "published", "words"),
    *("date_start", "date_end", "edtf"),
    *("principal", "principal_id", "principal_country", "role_then", "acting_for", "part"),
    *("counterparts", "counterpart_countries", "counterpart_roles", "hosts"),
    *("place", "place_country", "kind", "status", "aim", "decision"),
    *("n_reports", "disagreements", "axes_met", "missing"),
)
AXES = ("source", "date", "principal", "role", "counterpart")
LEFT_OUT = (
    "quotations, claims; engagements without a person; all reports but the first",
    "positions of words",
)
_JOIN = " | "


def write_colt(contents: Contents, out: BinaryIO) -> Written:
    """Write a CSV of who met whom, one row for each person who took part."""
    with open_sources(contents) as sources:
        sides = Sides(contents, sources)
        rows = (
            row
            for engagement in contents.engagements()
            for row in _iter_rows(engagement, contents, sources, sides)
        )
        return Written(write_cells(out, COLUMNS, rows), LEFT_OUT)


def _iter_rows(
    engagement: Attested, contents: Contents, sources: Sources, sides: Sides
) -> Iterator[tuple[object, ...]]:
    actors = sides.list_actors(engagement)
    report = sources.get_reports(engagement)[0]
    place = sources.get_identity(engagement.place)
    for actor in actors:
        if actor.kind is not EntityKind.PERSON:
            continue
        others = [other for other in actors if other.id != actor.id]
        across = [other for other in others if other.side != actor.side] or others
        met = _meet_axes(engagement, actor, across, report.url or "")
        yield (
            *(engagement.id, report.url, report.publisher, report.published, report.words or None),
            *(engagement.earliest, engagement.latest, engagement.edtf),
            *(actor.name, actor.id, _code(actor.country), actor.office or None),
            *(actor.behalf or None, actor.part),
            *(_join(other.name for other in across), _join(_code(other.country) for other in across)),
            *(_join(other.office for other in across), _join(a.name for a in actors if a.part is Part.HOST)),
            *(place and place.name, _code(place.country if place else None)),
            *(engagement.kind, engagement.status, engagement.topic, contents.state(engagement.id)),
            *(len(engagement.witnesses), _join(list_differences(engagement))),
            *(sum(met), _join(axis for axis, is_met in zip(AXES, met, strict=True) if not is_met)),
        )


def _meet_axes(engagement: Attested, actor: Actor, across: Sequence[Actor], url: str) -> tuple[bool, ...]:
    """Which axes the row holds; a date counts where both its ends are known."""
    has_date = bool(engagement.earliest and engagement.latest)
    return bool(url), has_date, bool(actor.name), bool(actor.office), bool(across)


def _code(country: str | None) -> str:
    return load_codes().get(country or "", country or "")


def _join(values: Iterator[str] | Sequence[str]) -> str | None:
    return _JOIN.join(dict.fromkeys(filter(None, values))) or None
