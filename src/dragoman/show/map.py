"""Where things happened: dots at the places named, on coastlines alone.

No borders and no filled countries: where a border runs is a claim, and it is not ours. A country named
without a place in it is a dashed ring. What cannot be placed is listed under the map.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib.resources import files

from dragoman.record import EntityKind, Reading, Record
from dragoman.show.draw import (
    Box,
    fmt,
    make_line,
    make_link,
    make_rect,
    make_svg,
    make_text,
    measure,
)
from dragoman.show.keys import build_keys
from dragoman.show.wording import clip, describe_claim

LEAST_SPAN = 7.0  # degrees of latitude the map always shows, so that one town still has a coast to know it by
MOST_NAMELESS = 12  # names listed under the map
_STEPS = (1, 2, 5, 10, 20, 30, 45)
Point = tuple[float, float]


class Spot(Record, frozen=True, kw_only=True):
    """A place on the map; `is_area` is a state or region named as a whole, drawn as a ring.

    What weighs more is named first where there is no room for all names.
    """

    key: str
    name: str
    note: str = ""
    lat: float | None = None
    lon: float | None = None
    is_area: bool = False
    is_planned: bool = False
    weight: int = 0
    href: str = ""


def list_spots(reading: Reading, *, countries: Collection[str] = ()) -> tuple[Spot, ...]:
    """The places where something happens or is claimed, and every other place with a position.

    `countries` are ids of places known to be states; a place on whose behalf somebody acts or to
    which an envoy is accredited is taken for one, too.
    """
    keys = build_keys(reading)
    areas = {*countries, *(p.on_behalf_of for f in reading.engagements for p in f.participants)}
    areas |= {role.to for role in reading.roles}
    spots = []
    for entity in reading.entities:
        if entity.kind is not EntityKind.PLACE:
            continue
        facts = [f for f in reading.engagements if f.place == entity.id]
        claims = [c for c in reading.claims if c.place == entity.id and c.value is not None]
        notes = [f"{keys.engagements[f.id].upper()} {f.kind}" for f in facts[:2]]
        notes += [f"{describe_claim(c)}" for c in claims[:1]] if len(notes) < 2 else []
        more = len(facts) - 2
        note = " · ".join(notes) + (f" + {more}" if more > 0 else "")
        if note or entity.lat is not None:
            spots.append(
                Spot(
                    key=keys.entities[entity.id],
                    name=entity.name,
                    note=note,
                    lat=entity.lat,
                    lon=entity.lon,
                    is_area=entity.id in areas,
                    weight=len(facts),
                    is_planned=bool(facts) and all(f.status == "planned" for f in facts),
                )
            )
    return tuple(sorted(spots, key=lambda spot: int(spot.key[1:])))


def draw_map(spots: Sequence[Spot], *, width: int = 760) -> str:
    """The map as SVG; only the list where no place has a position."""
    placed = [s for s in spots if s.lat is not None and s.lon is not None]
    unplaced = [s for s in spots if s.lat is None or s.lon is None]
    inside: list[str] = []
    nameless: list[str] = []
    height = 0.0
    if placed:
        view = _View.around([(s.lon or 0.0, s.lat or 0.0) for s in placed], width)
        height = view.height
        ground = "".join(view.draw_ground())
        inside.append(f'<svg width="{width}" height="{fmt(height)}">{ground}</svg>')
        drawn, nameless = _draw_all(placed, view)
        inside += drawn
        inside.append(make_rect(0.5, 0.5, width - 1, height - 1, "frame"))
    lines = _wrap_list(
        "Not on the map:", [f"{s.name} ({s.note})" if s.note else s.name for s in unplaced], width
    )
    lines += _wrap_list("On the map without a name, for want of room:", _cut_list(nameless), width)
    for i, line in enumerate(lines):
        inside.append(make_text(2, height + 18 + 16 * i, line, "detail"))
    height += 8 + 16 * len(lines) if lines else 0
    if not placed and not unplaced:
        inside, height = [make_text(2, 16, "No place is named.", "detail")], 16
    label = f"Map: {len(placed)} places, {len(unplaced)} without a position"
    return make_svg(width, height + 4, label, inside, "map")


class _View(Record, frozen=True, kw_only=True):
    """What part of the world is shown, and how degrees become pixels (equal steps, true in the middle)."""

    west: float
    east: float
    south: float
    north: float
    width: float
    height: float

    @classmethod
    def around(
        cls, points: Sequence[Point], width: int, *, least: float = LEAST_SPAN, height: float | None = None
    ) -> _View:
        """A view with a margin around all points, at most the world; its height follows unless given."""
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        mid_lat = max(-70.0, min(70.0, (min(lats) + max(lats)) / 2))
        squeeze = math.cos(math.radians(mid_lat))
        tall = max((max(lats) - min(lats)) * 1.5, least)
        wide = max((max(lons) - min(lons)) * 1.45, least)
        ratio = (
            width / height if height else min(max(wide * squeeze / tall, 1.35 if width < 900 else 2.3), 2.6)
        )
        tall = min(max(tall, wide * squeeze / ratio), 176.0)
        wide = min(tall * ratio / squeeze, 360.0)
        mid_lon = (min(lons) + max(lons)) / 2
        south = max(-88.0, min((min(lats) + max(lats)) / 2 - tall / 2, 88.0 - tall))
        west = max(-180.0, min(mid_lon - wide / 2, 180.0 - wide))
        high = height or round(width * tall / (wide * squeeze))
        return cls(west=west, east=west + wide, south=south, north=south + tall, width=width, height=high)

    def place(self, lon: float, lat: float) -> Point:
        x = (lon - self.west) / (self.east - self.west) * self.width
        return x, (self.north - lat) / (self.north - self.south) * self.height

    def draw_ground(self, *, degrees: bool = True) -> list[str]:
        """Sea, land and graticule, cut to the view."""
        shapes = []
        for ring in load_land():
            cut = _clip([self.place(*point) for point in ring], self.width, self.height)
            if len(cut) > 2:
                shapes.append(_write_ring(cut))
        land = f'<path d="{"".join(shapes)}" class="land" fill-rule="evenodd"/>' if shapes else ""
        return [
            make_rect(0, 0, self.width, self.height, "sea"),
            land,
            *(self._draw_graticule() if degrees else []),
        ]

    def _draw_graticule(self) -> list[str]:
        step = next((s for s in _STEPS if (self.east - self.west) / s <= 9), _STEPS[-1])
        lines = []
        for lon in range(math.ceil(self.west / step) * step, int(self.east) + 1, step):
            x, _ = self.place(lon, 0)
            lines.append(make_line(x, 0, x, self.height, "graticule"))
            if 20 < x < self.width - 30:
                lines.append(
                    make_text(
                        x + 3,
                        self.height - 5,
                        f"{abs(lon)}°{'E' if lon > 0 else 'W' if lon else ''}",
                        "degree",
                    )
                )
        for lat in range(math.ceil(self.south / step) * step, int(self.north) + 1, step):
            _, y = self.place(0, lat)
            lines.append(make_line(0, y, self.width, y, "graticule"))
            if 14 < y < self.height - 20:
                lines.append(
                    make_text(4, y - 3, f"{abs(lat)}°{'N' if lat > 0 else 'S' if lat else ''}", "degree")
                )
        return lines


@cache
def load_land() -> tuple[tuple[Point, ...], ...]:
    """The rings of the coastlines, (longitude, latitude) in degrees; one over the date line stands twice."""
    text = files("dragoman").joinpath("show", "land.txt").read_text(encoding="ascii")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(ring for line in lines for ring in _unwrap(tuple(_decode(line))))


def _unwrap(ring: tuple[Point, ...]) -> tuple[tuple[Point, ...], ...]:
    """The ring without leaps from one edge of the world to the other; once for each edge it reaches over.

    The ring around the pole never closes without its leap and stays as it is.
    """
    turn, lons = 0.0, []
    for (before, _), (lon, _) in zip((ring[-1:] + ring)[:-1], ring, strict=True):
        turn += 360.0 if before - lon > 180 else -360.0 if lon - before > 180 else 0.0
        lons.append(lon + turn)
    if turn or max(lons) - min(lons) == max(x for x, _ in ring) - min(x for x, _ in ring):
        return (ring,)
    sides = (-360.0, 0.0, 360.0)
    return tuple(
        tuple((lon + side, lat) for lon, (_, lat) in zip(lons, ring, strict=True))
        for side in sides
        if min(lons) + side < 180 and max(lons) + side > -180
    )


def _decode(line: str) -> Iterable[Point]:
    """The points of an encoded polyline in hundredths of a degree."""
    numbers, value, shift = [], 0, 0
    for char in line:
        chunk = ord(char) - 63
        value |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    x = y = 0
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x / 100, y / 100


def _clip(ring: Sequence[Point], width: float, height: float) -> list[Point]:
    """The ring cut to the picture and a margin around it, so that no coast is drawn along the frame."""
    edge = 6.0
    for axis, limit, sign in ((0, -edge, 1), (0, width + edge, -1), (1, -edge, 1), (1, height + edge, -1)):
        cut: list[Point] = []
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            a_in, b_in = (a[axis] - limit) * sign >= 0, (b[axis] - limit) * sign >= 0
            if a_in:
                cut.append(a)
            if a_in != b_in:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                cut.append((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t))
        ring = cut
        if not ring:
            return []
    return list(ring)


def _write_ring(ring: Sequence[Point]) -> str:
    """The ring as a path in steps of at least 0.8 pixels."""
    out, last = [], (1e9, 1e9)
    for x, y in ring:
        if abs(x - last[0]) + abs(y - last[1]) >= 0.8:
            out.append(f"{fmt(x)} {fmt(y)}")
            last = (x, y)
    return f"M{'L'.join(out)}z" if len(out) > 2 else ""


def _draw_all(spots: Sequence[Spot], view: _View) -> tuple[list[str], list[str]]:
    """The places, larger in an inset where three or more crowd together; and the names that found no room."""
    crowd = _find_crowd(spots, view)
    if not crowd:
        return _draw_spots(spots, view)
    points = [view.place(s.lon or 0.0, s.lat or 0.0) for s in crowd]
    apart = [s for s in spots if s not in crowd]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    around = Box(x=min(xs) - 12, y=min(ys) - 12, w=max(xs) - min(xs) + 24, h=max(ys) - min(ys) + 24)
    w, h = round(min(view.width * 0.5, 400)), round(min(view.height * 0.52, 230))
    box = _find_corner(w, h, around, [view.place(s.lon or 0.0, s.lat or 0.0) for s in apart], view)
    inset = _View.around([(s.lon or 0.0, s.lat or 0.0) for s in crowd], w, least=1.6, height=h)
    start = (box.x if box.x > around.x else box.x + box.w, box.y + box.h / 2)
    inside = [f'<circle cx="{fmt(x)}" cy="{fmt(y)}" r="2.5" class="small"/>' for x, y in points]
    inside.append(make_rect(around.x, around.y, around.w, around.h, "inset-of"))
    inside.append(make_line(*start, around.x + around.w / 2, around.y + around.h / 2, "inset-line"))
    rest, nameless = _draw_spots(apart, view, (around, box))
    close, too_close = _draw_spots(crowd, inset)
    inside += rest
    ground = "".join([*inset.draw_ground(degrees=False), *close])
    inside.append(f'<svg x="{fmt(box.x)}" y="{fmt(box.y)}" width="{w}" height="{h}">{ground}</svg>')
    return [*inside, make_rect(box.x, box.y, w, h, "inset-frame")], nameless + too_close


def _find_crowd(spots: Sequence[Spot], view: _View) -> list[Spot]:
    """The largest group of at least three places within a twenty-second of the width."""
    points = {s.key: view.place(s.lon or 0.0, s.lat or 0.0) for s in spots}
    groups = [
        [other for other in spots if math.dist(points[spot.key], points[other.key]) < view.width / 22]
        for spot in spots
    ]
    best = max(groups, key=len, default=[])
    return best if 3 <= len(best) < len(spots) else []


def _find_corner(w: float, h: float, around: Box, points: Sequence[Point], view: _View) -> Box:
    """The corner where an inset hides least: no other place, and not what it enlarges."""
    corners = [Box(x=x, y=y, w=w, h=h) for y in (view.height - h - 8, 8.0) for x in (8.0, view.width - w - 8)]

    def hidden(box: Box) -> int:
        inside = sum(box.x - 20 < x < box.x + w + 20 and box.y - 20 < y < box.y + h + 20 for x, y in points)
        return inside + 10 * box.overlaps(around)

    return min(corners, key=hidden)


def _draw_spots(spots: Sequence[Spot], view: _View, kept: Sequence[Box] = ()) -> tuple[list[str], list[str]]:
    """Dots and rings with labels that neither meet each other nor cover a dot or a `kept` box.

    Comes with the names for which there is no room; these a reader finds by pointing at the dot.
    """
    points = {s.key: view.place(s.lon or 0.0, s.lat or 0.0) for s in spots}
    taken = [*kept, *(Box(x=x - 6, y=y - 6, w=12, h=12) for x, y in points.values())]
    inside, nameless = [], []
    for spot in sorted(spots, key=lambda s: (-s.weight, not s.note, points[s.key][1], points[s.key][0])):
        x, y = points[spot.key]
        room = _find_room(spot, (x, y), taken, view)
        if room:
            taken.append(room[0])
        else:
            nameless.append(spot.name)
        if spot.is_area:
            mark = f'<circle cx="{fmt(x)}" cy="{fmt(y)}" r="11" class="area"/>'
        else:
            name = "dot planned" if spot.is_planned else "dot"
            mark = f'<circle cx="{fmt(x)}" cy="{fmt(y)}" r="4.5" class="{name}"/>'
        label = _write_label(spot, (x, y), *room) if room else []
        inside.append(make_link(spot.key, [mark, *label], f"{spot.name} {spot.note}", spot.href))
    return inside, nameless


def _write_label(spot: Spot, point: Point, box: Box, is_away: bool) -> list[str]:
    """Name and note, and the line back to the dot where they stand away from it."""
    x = min(max(point[0], box.x), box.x + box.w)
    middle = box.x + box.w / 2
    parts = [make_line(*point, x, box.y + box.h / 2, "leader")] if is_away else []
    parts.append(make_text(middle, box.y + 12, clip(spot.name, 30), "name", "middle"))
    note = clip(spot.note, 34)
    return [*parts, *([make_text(middle, box.y + 25, note, "note", "middle")] if note else [])]


def _find_room(spot: Spot, point: Point, taken: Sequence[Box], view: _View) -> tuple[Box, bool] | None:
    """The nearest free place for a label, and whether it needs a line back to its dot; None where none is."""
    w = max(measure(clip(spot.name, 30), 13), measure(clip(spot.note, 34), 11) if spot.note else 0) + 2
    h = 29.0 if spot.note else 15.0
    reach = 14.0 if spot.is_area else 9.0
    for ring, far in enumerate((reach, reach + 16, reach + 34, reach + 56, reach + 84)):
        for turn in (0, 4, 2, 6, 1, 7, 3, 5):
            angle = math.pi / 4 * turn
            cx = point[0] + math.cos(angle) * (far + w / 2)
            cy = point[1] + math.sin(angle) * (far + h / 2)
            box = Box(x=cx - w / 2, y=cy - h / 2, w=w, h=h)
            inside = box.x > 2 and box.y > 2 and box.x + w < view.width - 2 and box.y + h < view.height - 2
            if inside and not any(box.overlaps(other, 2.0) for other in taken):
                return box, ring > 0
    return None


def _cut_list(names: Sequence[str]) -> list[str]:
    """At most MOST_NAMELESS names, and how many more there are."""
    more = len(names) - MOST_NAMELESS
    return [*names[:MOST_NAMELESS], *([f"and {more} more"] if more > 0 else [])]


def _wrap_list(head: str, names: Sequence[str], width: int) -> list[str]:
    """The names behind a head, as lines that fit."""
    if not names:
        return []
    lines = [head]
    for i, name in enumerate(names):
        piece = f" {clip(name, 60)}{'' if i == len(names) - 1 else ' ·'}"
        if measure(lines[-1] + piece, 12) > width - 8:
            lines.append(piece.strip())
        else:
            lines[-1] += piece
    return lines
