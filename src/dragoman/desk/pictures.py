"""The pictures of a list: rows of the record over all articles, drawn by the same hands as the report's.

What is drawn is what the table beside it lists, under the same keys: E3 in the picture is E3 in the table.
Above its limit a picture is not drawn; the page offers filters instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from markupsafe import Markup

from dragoman.concord import Attested
from dragoman.desk.views import Listing
from dragoman.keep.rows import NameRow
from dragoman.record import TimeEnd
from dragoman.show.draw import make_link, make_rect, make_svg, make_text
from dragoman.show.ladder import Figure, Rung, draw_ladder, make_figure, split_sides
from dragoman.show.map import Spot, draw_map
from dragoman.show.network import SIGNS, Edge, Node, draw_network
from dragoman.show.timeline import Bar, draw_timeline
from dragoman.show.wording import clip, describe_days, title_attested

WIDE, COLUMN, NARROW, PHONE = 1240, 790, 760, 500  # pixels: a screen, a wide column, paper, a ladder there
MOST_BARS, MOST_FACTS, MOST_SPOTS = 200, 30, 300  # engagements a timeline, network and map are drawn of
MOST_NARROW = 40  # places on a map for phones; more are drawn once, and scrolled
MOST_MONTHS, MOST_YEARS = 150, 120  # bars of a strip


def draw_times(listing: Listing, *, width: int = WIDE) -> dict[str, Markup]:
    """The timeline of a list, wide and narrow."""
    bars = tuple(_make_bar(number, fact, listing) for number, fact in enumerate(listing.facts, 1))
    return _draw_both("timeline", bars, lambda wide: _draw_times(bars, wide), width)


@lru_cache(maxsize=32)
def _draw_times(bars: tuple[Bar, ...], width: int) -> str:
    return draw_timeline(bars, width=width)


def draw_rungs(listing: Listing, side: Collection[str] = (), *, width: int = WIDE) -> dict[str, Markup]:
    """The ladder of a list, with the identities of `side` and whoever acts for them left."""
    names = {i: row.name for i, row in listing.names.items()}
    rungs = tuple(
        _make_rung(number, fact, names, side)
        for number, fact in enumerate(listing.facts, 1)
        if len(fact.participants) > 1 or (fact.participants and fact.place in names)
    )
    return _draw_both("ladder", rungs, lambda wide: draw_ladder(rungs, width=wide), width, PHONE)


def draw_links(listing: Listing, *, width: int = WIDE) -> dict[str, Markup]:
    """The network of a list: engagements as nodes, joined to who took part and for whom."""
    nodes, edges = list_links(listing)
    return {"network": _mark(_draw_links(nodes, edges, width))} if edges else {}


@lru_cache(maxsize=16)
def _draw_links(nodes: tuple[Node, ...], edges: tuple[Edge, ...], width: int) -> str:
    """Kept, so that the picture of a list does not move and is not laid out twice."""
    return draw_network(nodes, edges, width=width)


def draw_places(listing: Listing, *, width: int = WIDE) -> dict[str, Markup]:
    """The map of a list: a dot for each place, with how many engagements were there."""
    spots = list_spots(listing)
    narrow = width if len(spots) > MOST_NARROW else NARROW
    return _draw_both("map", spots, lambda wide: _draw_places(spots, wide), width, narrow)


@lru_cache(maxsize=32)
def _draw_places(spots: tuple[Spot, ...], width: int) -> str:
    return draw_map(spots, width=width)


def draw_months(months: Sequence[tuple[str, int]], address: str, *, width: int = WIDE) -> Markup:
    """Engagements a month as bars, or a year where months are too many; empty for fewer than two.

    `address` is the page a bar leads to, ending where the days are added.
    """
    filled = _fill(months) if len(months) > 1 else []
    if not filled:
        return Markup("")
    step = min(26.0, (width - 20) / len(filled))
    high, most = 54.0, max(n for _, n in filled)
    inside, free = [], 0.0
    for i, (stretch, n) in enumerate(filled):
        x = 10 + i * step
        if n:
            tall = max(2.0, n / most * high)
            bar = make_rect(x, 14 + high - tall, max(step - 1.5, 1.0), tall, "bar held")
            room = make_rect(x, 8, step, high + 6, "row")
            href = f"{address}from={stretch}&to={stretch}"
            inside.append(make_link(stretch, [room, bar], f"{stretch}: {n}", href))
        if free <= x < width - 34 and (len(stretch) == 4 or stretch.endswith("-01") or i == 0):
            inside.append(make_text(x, high + 30, stretch[:4], "tick"))
            free = x + 44
    label = f"Engagements from {filled[0][0]} to {filled[-1][0]}"
    return _mark(make_svg(width, high + 38, label, inside, "months"))


def _fill(months: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The stretches with the empty ones between: months, or years where there were over MOST_MONTHS."""
    first, last = _number(months[0][0]), _number(months[-1][0])
    if last - first < MOST_MONTHS:
        counts = dict(months)
        stretches = (f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(first, last + 1))
        return [(stretch, counts.get(stretch, 0)) for stretch in stretches]
    years = Counter[str]()
    for month, n in months:
        years[month[:4]] += n
    shown = range(max(first // 12, last // 12 - MOST_YEARS), last // 12 + 1)
    return [(f"{year:04d}", years[f"{year:04d}"]) for year in shown]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


# From the list to what is drawn -------------------------------------------------------------------


def _make_bar(number: int, fact: Attested, listing: Listing) -> Bar:
    names = {i: row.name for i, row in listing.names.items()}
    words = listing.words.get(fact.witnesses[0].engagement)
    return Bar(
        key=f"e{number}",
        title=title_attested(fact, names),
        quoted=(words.time or "") if words else "",
        earliest=fact.earliest,
        latest=fact.latest,
        earliest_end=find_end(fact, 0),
        latest_end=find_end(fact, -1),
        status=str(fact.status),
        href=f"/g/{fact.id}",
    )


def find_end(fact: Attested, side: int) -> TimeEnd:
    """How firm one end (0 first, -1 last) of an engagement is, by its EDTF."""
    if (fact.earliest, fact.latest)[side] is None:
        return TimeEnd.OPEN
    part = (fact.edtf or "").split("/")[side]
    return TimeEnd.SOFT if "~" in part or "?" in part or "%" in part or "X" in part else TimeEnd.HARD


def _make_rung(number: int, fact: Attested, names: dict[str, str], side: Collection[str]) -> Rung:
    left, right = split_sides(fact, side)
    place = names.get(fact.place or "", "")
    return Rung(
        key=f"e{number}",
        kind=str(fact.kind),
        status=str(fact.status),
        left=tuple(make_figure(p, names) for p in left),
        right=tuple(make_figure(p, names) for p in right) or make_place(place),
        place=place if right else "",
        has_opposite=bool(right),
        when=describe_days(fact),
        href=f"/g/{fact.id}",
    )


def make_place(place: str) -> tuple[Figure, ...]:
    """A place as the other side of a rung."""
    return (Figure(name=place),) if place else ()


def list_links(listing: Listing) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Nodes and links of a list: who took part in what, and on whose behalf."""
    nodes: dict[str, Node] = {}
    keys: dict[str, str] = {}
    edges: dict[tuple[str, str], Edge] = {}

    def add(row: NameRow) -> str:
        key = keys.setdefault(row.id, f"n{len(keys) + 1}")
        node = Node(key=key, label=clip(row.name, 34), shape=SIGNS[str(row.kind)], href=f"/e/{row.id}")
        nodes.setdefault(key, node)
        return key

    for number, fact in enumerate(listing.facts, 1):
        taking = [p for p in fact.participants if p.entity in listing.names]
        if not taking:
            continue
        key, place = f"e{number}", listing.names.get(fact.place or "")
        label = f"{key.upper()} {clip(place.name, 20) if place else fact.kind}"
        nodes[key] = Node(
            key=key, label=label, shape="diamond", status=str(fact.status), href=f"/g/{fact.id}"
        )
        for p in taking:
            who = add(listing.names[p.entity])
            edges[who, key] = Edge(a=who, b=key, kind="part", status=str(fact.status))
            sponsor = listing.names.get(p.on_behalf_of or "")
            if sponsor and (home := add(sponsor)) != who:
                edges.setdefault((who, home), Edge(a=who, b=home, kind="role"))
    return tuple(nodes.values()), tuple(edges.values())


def list_spots(listing: Listing) -> tuple[Spot, ...]:
    """The places of a list, the busiest first, each with how many engagements were there."""
    held: dict[str, list[Attested]] = defaultdict(list)
    for fact in listing.facts:
        if fact.place in listing.names:
            held[fact.place or ""].append(fact)
    acting = {p.on_behalf_of for fact in listing.facts for p in fact.participants}
    ranked = sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        _make_spot(number, listing.names[place], facts, is_area=place in acting)
        for number, (place, facts) in enumerate(ranked[:MOST_SPOTS], 1)
    )


def _make_spot(number: int, row: NameRow, facts: Sequence[Attested], *, is_area: bool) -> Spot:
    count = f"{len(facts)} engagements" if len(facts) > 1 else str(facts[0].kind)
    return Spot(
        key=f"n{number}",
        name=row.name,
        note=count,
        lat=row.lat,
        lon=row.lon,
        is_area=is_area,
        is_planned=all(fact.status == "planned" for fact in facts),
        weight=len(facts),
        href=f"/e/{row.id}",
    )


def _draw_both(
    name: str, rows: Sequence[object], draw: Callable[[int], str], width: int, narrow: int = NARROW
) -> dict[str, Markup]:
    """A picture for screens and one for phones and paper; nothing where there are no rows."""
    if not rows:
        return {}
    wide = {name: _mark(draw(width))}
    return wide if width - narrow < 100 else {**wide, f"{name}_narrow": _mark(draw(narrow))}


def _mark(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 (escaped where drawn)
