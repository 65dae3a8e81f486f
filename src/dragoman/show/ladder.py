"""Who met whom, a rung an engagement: one side left, the other right, what and where and when between.

Under each name stands on whose behalf. The side is the caller's choice (a dossier puts its own subject
left); an article puts guests, senders and callers left, else whoever it names first. Travellers stand
left of the place they travel to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from dragoman.concord import Attested
from dragoman.record import Engagement, EngagementKind, Part, Participation, Reading, Record
from dragoman.show.draw import fmt, make_line, make_link, make_path, make_rect, make_svg, make_text, measure
from dragoman.show.keys import build_keys
from dragoman.show.wording import clip, describe_time

HEAD, PERSON, LEAST = 27.0, 31.0, 64.0  # pixels: above the first name, a name, a rung at least
MOST_NAMES = 4  # names drawn on one side of a rung; the rest are counted
_LEFT_PARTS = {Part.GUEST, Part.SENDER, Part.CALLER, Part.APPOINTER, Part.ORGANIZER}


class Figure(Record, frozen=True, kw_only=True):
    """Somebody on a rung, with on whose behalf and in what part."""

    name: str
    behalf: str = ""


class Rung(Record, frozen=True, kw_only=True):
    """One engagement: two sides, and the words between them."""

    key: str
    kind: str
    status: str
    left: tuple[Figure, ...]
    right: tuple[Figure, ...]
    place: str = ""
    when: str = ""
    has_opposite: bool = True
    order: tuple[str, int] = ("", 0)
    href: str = ""


def list_rungs(reading: Reading, *, side: Collection[str] = ()) -> tuple[Rung, ...]:
    """The engagements that join two or more, dated ones first in time, then in the order of the text.

    `side` are ids of entities to be put left, together with whoever acts for them.
    """
    keys = build_keys(reading).engagements
    names = {entity.id: entity.name for entity in reading.entities}
    rungs = []
    for fact in reading.engagements:
        travels = fact.kind is EngagementKind.VISIT and fact.place in names
        if len(fact.participants) < (1 if travels else 2):
            continue
        left, right = split_sides(fact, side)
        key = keys[fact.id]
        rungs.append(
            Rung(
                key=key,
                kind=str(fact.kind),
                status=str(fact.status),
                left=tuple(make_figure(p, names) for p in left),
                right=tuple(make_figure(p, names) for p in right) or (Figure(name=names[fact.place or ""]),),
                place=names.get(fact.place or "", "") if right else "",
                has_opposite=bool(right),
                when=(describe_time(fact.time) or f"“{fact.time.text}”") if fact.time else "",
                order=((fact.time.earliest if fact.time else None) or "9999", int(key[1:])),
            )
        )
    return tuple(sorted(rungs, key=lambda rung: rung.order))


def split_sides(
    fact: Engagement | Attested, side: Collection[str]
) -> tuple[list[Participation], list[Participation]]:
    """Left and right; those who act for the same body stay together, and travellers with nobody opposite."""
    everybody = list(fact.participants)
    chosen = [p for p in everybody if p.entity in side or p.on_behalf_of in side]
    if not chosen and any(p.part is Part.HOST for p in everybody):
        chosen = [p for p in everybody if p.part is not Part.HOST]
    chosen = chosen or [p for p in everybody if p.part in _LEFT_PARTS]
    if fact.kind is EngagementKind.VISIT and fact.place and len(chosen) in (0, len(everybody)):
        return everybody, []
    if not chosen or len(chosen) == len(everybody):
        same = everybody[0].on_behalf_of
        chosen = [p for p in everybody if p is everybody[0] or (same and p.on_behalf_of == same)]
    if len(chosen) == len(everybody):
        chosen = everybody[:1]
    return chosen, [p for p in everybody if p not in chosen]


def make_figure(p: Participation, names: Mapping[str, str]) -> Figure:
    """Somebody as a rung shows them: name, part, and on whose behalf."""
    behalf = f"for {names[p.on_behalf_of]}" if p.on_behalf_of and p.on_behalf_of in names else ""
    part = "" if p.part is Part.PARTICIPANT else str(p.part)
    return Figure(name=names.get(p.entity, p.entity), behalf=" · ".join(filter(None, (part, behalf))))


def draw_ladder(rungs: Sequence[Rung], *, width: int = 1100) -> str:
    """The ladder as SVG."""
    inside: list[str] = []
    y = 4.0
    for i, rung in enumerate(rungs):
        n = max(min(len(side), MOST_NAMES) + (len(side) > MOST_NAMES) for side in (rung.left, rung.right))
        height = max(LEAST, HEAD + PERSON * n)
        if i:
            inside.append(make_line(0, y, width, y, "grid"))
        inside.append(_draw_rung(rung, y, height, width))
        y += height
    return make_svg(width, y + 4, f"Ladder: {len(rungs)} engagements between two sides", inside, "ladder")


def _draw_rung(rung: Rung, y: float, height: float, width: int) -> str:
    """The two sides, the lines that join them through the diamond, and the words under it."""
    centre, middle, half = width / 2, y + HEAD + 2, min(150.0, width * 0.16)
    inside = [make_rect(0, y + 1, width, height - 2, "row")]
    for side, sign in ((rung.left, -1), (rung.right, 1)):
        x = centre + sign * half
        room = width / 2 - half - 10
        for i, (name, behalf) in enumerate(_list_lines(side, room)):
            foot = y + HEAD + 6 + PERSON * i
            anchor = "end" if sign < 0 else "start"
            inside.append(make_text(x + sign * 8, foot, name, "label", anchor))
            inside.append(make_text(x + sign * 8, foot + 13, behalf, "detail", anchor) if behalf else "")
            inside.append(make_line(centre, middle, x, foot - 4, f"edge part {rung.status}"))
    inside.append(
        make_path(f"M{fmt(centre)} {fmt(middle - 9)}l9 9l-9 9l-9 -9z", f"node diamond {rung.status}")
    )
    inside.append(make_text(centre, middle - 13, f"{rung.key.upper()} {rung.kind}", "label event", "middle"))
    room = 2 * half - 20
    missing = "place and time not stated" if rung.has_opposite else "time not stated"
    words = _fit(" · ".join(filter(None, (rung.place, rung.when))) or missing, room)
    inside.append(make_text(centre, middle + 24, words, "detail under", "middle"))
    return make_link(rung.key, inside, f"{rung.key} {rung.kind} {rung.status}", rung.href)


def _list_lines(side: Sequence[Figure], room: float) -> list[tuple[str, str]]:
    lines = [(_fit(f.name, room, 13), _fit(f.behalf, room)) for f in side[:MOST_NAMES]]
    more = len(side) - MOST_NAMES
    return [*lines, (f"and {more} more", "")] if more > 0 else lines


def _fit(words: str, room: float, size: float = 12.0) -> str:
    """The words, cut so that they take no more than `room` pixels."""
    length = len(words)
    while measure(words, size) > room and length > 8:
        length -= 2
        words = clip(words, length)
    return words
