"""Engagements as GeoJSON (RFC 7946), for maps: QGIS, kepler.gl, Leaflet, felt.

An engagement stands at its place; one without coordinates keeps a null geometry, as the RFC has it, so that
no engagement is lost. Every report comes along with its words and where they stand in its document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dragoman.concord import Agreement, Attested, Identity
from dragoman.give.contents import Contents, Written
from dragoman.give.jsonlist import drop_empty, write_list
from dragoman.give.sources import Report, Sources, open_sources


def write_geojson(contents: Contents, out: BinaryIO) -> Written:
    """Write one feature an engagement; places on WGS 84, longitude first."""
    with open_sources(contents) as sources:
        n_located = 0

        def iter_features() -> Iterator[dict[str, object]]:
            nonlocal n_located
            for engagement in contents.engagements():
                feature = _make_feature(engagement, sources, contents)
                n_located += feature["geometry"] is not None
                yield feature

        n_written = write_list(out, {"type": "FeatureCollection"}, "features", iter_features())
    n_floating = n_written - n_located
    nowhere = (f"coordinates of {n_floating} engagements: no place with known coordinates",)
    return Written(n_written, (*(nowhere if n_floating else ()), "quotations, claims and offices"))


def get_point(place: Identity | None) -> list[float] | None:
    """Longitude and latitude in degrees; None where the place has none on this earth."""
    if place is None or place.lat is None or place.lon is None:
        return None
    on_earth = -90 <= place.lat <= 90 and -180 <= place.lon <= 180
    return [place.lon, place.lat] if on_earth else None


def _make_feature(engagement: Attested, sources: Sources, contents: Contents) -> dict[str, object]:
    point = get_point(sources.get_identity(engagement.place))
    return {
        "type": "Feature",
        "id": engagement.id,
        "geometry": point and {"type": "Point", "coordinates": point},
        "properties": _make_properties(engagement, sources, contents),
    }


def _make_properties(engagement: Attested, sources: Sources, contents: Contents) -> dict[str, object]:
    """Plain values first, for tools that show no lists; nested ones keep the rest."""
    return {
        "title": sources.get_title(engagement),
        "kind": engagement.kind,
        "status": engagement.status,
        "decision": contents.state(engagement.id),
        "place": engagement.place and sources.get_name(engagement.place),
        "place_id": engagement.place,
        "at": engagement.at,
        "edtf": engagement.edtf,
        "earliest": engagement.earliest,
        "latest": engagement.latest,
        "topic": engagement.topic,
        "headcount": engagement.headcount,
        "part_of": engagement.part_of,
        "participants": [
            drop_empty(
                {
                    "id": p.entity,
                    "name": sources.get_name(p.entity),
                    "part": p.part,
                    "on_behalf_of": p.on_behalf_of,
                    "on_behalf_of_name": p.on_behalf_of and sources.get_name(p.on_behalf_of),
                }
            )
            for p in engagement.participants
        ],
        "reports": [_make_report(report) for report in sources.get_reports(engagement)],
        "disagreements": [a for a in engagement.accounts if a.agreement is Agreement.DIFFER],
    }


def _make_report(report: Report) -> dict[str, object]:
    return drop_empty(
        {
            "document": report.document,
            "title": report.title,
            "publisher": report.publisher,
            "published": report.published,
            "url": report.url,
            "words": report.words,
            "evidence": report.evidence,
        }
    )
