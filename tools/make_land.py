"""Coastlines small enough to ship: Natural Earth land, thinned, as encoded polylines.

usage: make_land.py land-50m.json src/dragoman/show/land.txt

The source is `land-50m.json` of the npm package world-atlas 2.0.2 (Natural Earth 4.1, public domain).
Each line of the result is one ring, written by Google's polyline algorithm in hundredths of a degree,
longitude before latitude. No borders are in it, and none can be got out of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TOLERANCE = 0.045  # degrees a thinned coastline may be off
SMALLEST = 0.05  # square degrees below which an island is left out
HEADER = (
    "# Natural Earth 4.1 land 1:50m by way of world-atlas 2.0.2, thinned by tools/make_land.py; public domain"
)
Ring = list[tuple[float, float]]


def main() -> None:
    """Write the thinned rings."""
    source, target = map(Path, sys.argv[1:3])
    rings = [thin_ring(ring) for ring in read_rings(json.loads(source.read_text(encoding="utf-8")))]
    lines = [encode_ring(ring) for ring in rings if len(ring) > 3 and abs(get_area(ring)) >= SMALLEST]
    target.write_text(HEADER + "\n" + "\n".join(lines) + "\n", encoding="ascii")


def read_rings(topology: dict) -> list[Ring]:  # type: ignore[type-arg]
    """All rings of a TopoJSON land object, in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for indexes in (ring for polygon in polygons for ring in polygon):
            ring: Ring = []
            for index in indexes:
                points = arcs[index] if index >= 0 else arcs[~index][::-1]
                ring += points[1:] if ring else points
            rings.append(ring)
    return rings


def thin_ring(ring: Ring) -> Ring:
    """The ring by Douglas and Peucker, halved first so that its two ends stay apart."""
    middle = len(ring) // 2
    return thin(ring[: middle + 1])[:-1] + thin(ring[middle:])


def thin(points: Ring) -> Ring:
    """The fewest points that stay within the tolerance."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5

    def off(x: float, y: float) -> float:
        if not length:
            return ((x - ax) ** 2 + (y - ay) ** 2) ** 0.5
        return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length

    far, index = max((off(*point), i) for i, point in enumerate(points[1:-1], 1))
    if far <= TOLERANCE:
        return [points[0], points[-1]]
    return thin(points[: index + 1])[:-1] + thin(points[index:])


def get_area(ring: Ring) -> float:
    """Signed area in square degrees."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def encode_ring(ring: Ring) -> str:
    """The ring as an encoded polyline."""
    out, last = [], (0, 0)
    for lon, lat in ring:
        point = (round(lon * 100), round(lat * 100))
        for now, before in zip(point, last, strict=True):
            value = (now - before) * 2
            value = ~value if value < 0 else value
            while value >= 0x20:
                out.append(chr((0x20 | (value & 0x1F)) + 63))
                value >>= 5
            out.append(chr(value + 63))
        last = point
    return "".join(out)


if __name__ == "__main__":
    main()
