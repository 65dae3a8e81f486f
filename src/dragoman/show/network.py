"""Who took part in what: engagements are nodes of their own, joined to those who took part.

Nobody is joined to anybody merely because both stand in one article. Offices are dashed links to the
body they are held in. The layout is pure Python without chance: the same reading gives the same picture.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from dragoman.record import EntityKind, Reading, Record
from dragoman.show.draw import Box, clean, fmt, make_line, make_link, make_path, make_rect, make_svg, measure
from dragoman.show.keys import build_keys
from dragoman.show.wording import clip, get_short_name

MOST_NODES = (
    60  # above this the picture stops being readable: the best joined nodes are drawn, the rest counted
)
ROUNDS = 260  # steps of the layout; more do not move the nodes of our pictures by a pixel
CROWD = 20  # nodes of one part above which it is laid out wider, and hubs push harder
GRAIN = 20  # pixels: how finely the parts of a network are fitted beside each other
SIGNS = {"person": "circle", "organization": "square", "place": "hexagon", "group": "ring"}


class Node(Record, frozen=True, kw_only=True):
    """A person, body, state, group or engagement."""

    key: str
    label: str
    shape: str
    status: str = ""
    href: str = ""


class Edge(Record, frozen=True, kw_only=True):
    """A link between two nodes: `part` (took part) with the status of the engagement, `role`, `behalf`."""

    a: str
    b: str
    kind: str
    status: str = ""


def list_links(reading: Reading) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Nodes and links of a reading: everybody who takes part, for whom, and the offices they bear."""
    keys = build_keys(reading)
    entities = {entity.id: entity for entity in reading.entities}
    edges: dict[tuple[str, str, str], Edge] = {}
    nodes: dict[str, Node] = {}

    def add(entity_id: str) -> str | None:
        entity = entities.get(entity_id)
        if entity is None:
            return None
        key = keys.entities[entity_id]
        label = clip(get_short_name(entity), 34)
        nodes.setdefault(key, Node(key=key, label=label, shape=SIGNS[str(entity.kind)]))
        return key

    for fact in reading.engagements:
        if not fact.participants:
            continue
        key = keys.engagements[fact.id]
        place = entities[fact.place].name if fact.place in entities else ""
        label = f"{key.upper()} {clip(place, 20) or fact.kind}"
        nodes[key] = Node(key=key, label=label, shape="diamond", status=str(fact.status))
        for p in fact.participants:
            if who := add(p.entity):
                edges[(who, key, "part")] = Edge(a=who, b=key, kind="part", status=str(fact.status))
            if p.on_behalf_of and who and (sponsor := add(p.on_behalf_of)) and sponsor != who:
                edges.setdefault((who, sponsor, "role"), Edge(a=who, b=sponsor, kind="role"))
    for role in reading.roles:
        body = entities.get(role.of or "")
        if body and role.person in entities and body.kind is not EntityKind.PERSON:
            person, home = add(role.person), add(body.id)
            if person and home:
                edges.setdefault((person, home, "role"), Edge(a=person, b=home, kind="role"))
    return tuple(nodes.values()), tuple(edges.values())


def draw_network(nodes: Sequence[Node], edges: Sequence[Edge], *, width: int = 760) -> str:
    """The network as SVG; above `MOST_NODES` nodes the best joined are drawn, the rest counted."""
    nodes, edges, left_out = _choose(nodes, edges)
    if not nodes:
        nothing = _note(8, 20, "Nobody takes part in anything.")
        return make_svg(width, 30, "Network: nothing to draw", [nothing], "network")
    places, height = _lay_out(nodes, edges, width)
    inside = [make_line(*places[e.a], *places[e.b], f"edge {e.kind} {e.status}".rstrip()) for e in edges]
    labels = _place_labels(nodes, edges, places, width)
    for node in nodes:
        inside.append(_draw_node(node, places[node.key], labels[node.key]))
    if left_out:
        inside.append(_note(8, height + 14, f"{left_out} more with fewer links are not drawn."))
        height += 20
    label = f"Network: {len(nodes)} nodes, {len(edges)} links"
    return make_svg(width, height, label, inside, "network")


def _choose(nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[list[Node], list[Edge], int]:
    degree = {node.key: 0 for node in nodes}
    for edge in edges:
        degree[edge.a] += 1
        degree[edge.b] += 1
    ranked = sorted(
        (n for n in nodes if degree[n.key]), key=lambda n: (-degree[n.key], n.key[0], int(n.key[1:]))
    )
    kept = {node.key for node in ranked[:MOST_NODES]}
    chosen = [node for node in nodes if node.key in kept]
    return chosen, [e for e in edges if e.a in kept and e.b in kept], len(ranked) - len(chosen)


def _lay_out(
    nodes: Sequence[Node], edges: Sequence[Edge], width: int
) -> tuple[dict[str, tuple[float, float]], float]:
    """Every connected part by itself, then each as high up and left as there is room, the largest first."""
    parts = sorted(_split(nodes, edges), key=lambda part: (-len(part), part[0]))
    places: dict[str, tuple[float, float]] = {}
    skyline = [0.0] * (width // GRAIN)
    for part in parts:
        room = width if len(part) > CROWD else min(width, 600)
        local, w, h = _lay_part(part, [e for e in edges if e.a in part], room)
        n = min(-(-int(w) // GRAIN), len(skyline))
        y, column = min((max(skyline[i : i + n]), i) for i in range(len(skyline) - n + 1))
        skyline[column : column + n] = [y + h] * n
        for key, (px, py) in local.items():
            places[key] = (column * GRAIN + px, y + py)
    return places, max(skyline)


def _split(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[list[str]]:
    """The connected parts, each in the order of the nodes."""
    home = {node.key: node.key for node in nodes}

    def find(key: str) -> str:
        while home[key] != key:
            key = home[key]
        return key

    for edge in edges:
        home[find(edge.a)] = find(edge.b)
    parts: dict[str, list[str]] = {}
    for node in nodes:
        parts.setdefault(find(node.key), []).append(node.key)
    return list(parts.values())


def _lay_part(
    keys: Sequence[str], edges: Sequence[Edge], width: int
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Positions of one part inside a box, and the size of the box (springs and repulsion, no chance)."""
    n = len(keys)
    index = {key: i for i, key in enumerate(keys)}
    xs, ys = _settle(n, tuple((index[e.a], index[e.b]) for e in edges))
    return _fit(keys, xs, ys, width)


@lru_cache(maxsize=64)
def _settle(n: int, links: tuple[tuple[int, int], ...]) -> tuple[list[float], list[float]]:
    """Where n nodes come to rest; kept, for a picture is drawn at several widths."""
    xs = [math.cos(2.399963 * i) * math.sqrt(i + 0.5) for i in range(n)]
    ys = [math.sin(2.399963 * i) * math.sqrt(i + 0.5) for i in range(n)]
    degrees = Counter(i for link in links for i in link)
    weights = [1.0 + 0.45 * degrees[i] if n > CROWD else 1.0 for i in range(n)]
    for step in range(ROUNDS):
        _relax(xs, ys, links, weights, math.sqrt(n) * (1 - step / ROUNDS) * 0.12 + 0.002)
    return _turn(xs, ys)


def _relax(
    xs: list[float], ys: list[float], links: Sequence[tuple[int, int]], weights: Sequence[float], most: float
) -> None:
    """One step of the springs; nobody moves farther than `most`."""
    n = len(xs)
    fx, fy = [0.0] * n, [0.0] * n
    for i in range(n):
        xi, yi = xs[i], ys[i]
        for j in range(i + 1, n):
            dx, dy = xi - xs[j], yi - ys[j]
            push = weights[i] * weights[j] / (dx * dx + dy * dy + 0.01)
            fx[i] += dx * push
            fy[i] += dy * push
            fx[j] -= dx * push
            fy[j] -= dy * push
    for i, j in links:
        dx, dy = xs[i] - xs[j], ys[i] - ys[j]
        pull = math.hypot(dx, dy)
        fx[i] -= dx * pull
        fy[i] -= dy * pull
        fx[j] += dx * pull
        fy[j] += dy * pull
    for i in range(n):
        fx[i] -= xs[i] * 0.04
        fy[i] -= ys[i] * 0.04
        size = math.hypot(fx[i], fy[i])
        if size:
            step = min(size * 0.1, most) / size
            xs[i] += fx[i] * step
            ys[i] += fy[i] * step


def _turn(xs: Sequence[float], ys: Sequence[float]) -> tuple[list[float], list[float]]:
    """The part turned so that its long side lies flat, as a page is wider than high."""
    n = len(xs)
    mx, my = sum(xs) / n, sum(ys) / n
    sxx = sum((x - mx) ** 2 for x in xs)
    syy = sum((y - my) ** 2 for y in ys)
    sxy = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
    angle = -0.5 * math.atan2(2 * sxy, sxx - syy)
    c, s = math.cos(angle), math.sin(angle)
    turned = [((x - mx) * c - (y - my) * s, (x - mx) * s + (y - my) * c) for x, y in zip(xs, ys, strict=True)]
    return [x for x, _ in turned], [y for _, y in turned]


def _fit(
    keys: Sequence[str], xs: Sequence[float], ys: Sequence[float], width: int
) -> tuple[dict[str, tuple[float, float]], float, float]:
    side, top = 62.0, 44.0 if len(keys) > CROWD else 34.0
    low_x, low_y = min(xs), min(ys)
    w, h = (max(xs) - low_x) or 0.01, (max(ys) - low_y) or 0.01
    wide = 112.0 if not 3 < len(keys) <= CROWD else 84.0
    scale_x = min(wide, (width - 2 * side) / w)
    scale_y = min(scale_x, 62.0)
    places = {
        key: (round(side + (x - low_x) * scale_x, 1), round(top + (y - low_y) * scale_y, 1))
        for key, x, y in zip(keys, xs, ys, strict=True)
    }
    return places, w * scale_x + 2 * side, h * scale_y + 2 * top


def _place_labels(
    nodes: Sequence[Node], edges: Sequence[Edge], places: dict[str, tuple[float, float]], width: int
) -> dict[str, Box]:
    """A box for every label: under its node, else above, else beside it, where least is covered."""
    taken = [Box(x=x - 9, y=y - 9, w=18, h=18) for x, y in places.values()]
    labels: dict[str, Box] = {}
    for node in sorted(nodes, key=lambda n: (places[n.key][1], places[n.key][0])):
        x, y = places[node.key]
        lines = wrap(node.label)
        size = 12.8 if node.shape == "diamond" else 11.5  # engagements are written bold
        w, h = max(measure(line, size) for line in lines), 13.0 * len(lines)
        spots = [
            Box(x=x - w / 2, y=y + 10, w=w, h=h),
            Box(x=x - w / 2, y=y - 11 - h, w=w, h=h),
            Box(x=x + 12, y=y - h / 2, w=w, h=h),
            Box(x=x - 12 - w, y=y - h / 2, w=w, h=h),
            Box(x=x - w / 2, y=y + 22, w=w, h=h),
            Box(x=x + 8, y=y + 8, w=w, h=h),
            Box(x=x - 8 - w, y=y + 8, w=w, h=h),
            Box(x=x + 8, y=y - 8 - h, w=w, h=h),
            Box(x=x - 8 - w, y=y - 8 - h, w=w, h=h),
        ]
        spots = [Box(x=min(max(s.x, 2), width - w - 2), y=s.y, w=w, h=h) for s in spots]

        def cost(spot: Box) -> float:
            hit = sum(spot.overlaps(other) for other in taken)
            crossed = sum(_crosses(spot, places[e.a], places[e.b]) for e in edges)
            return hit * 10 + crossed

        best = min(spots, key=cost)
        labels[node.key] = best
        taken.append(best)
    return labels


def _crosses(box: Box, a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Whether a line passes through the box, looked at in twelve points."""
    return any(
        box.x < a[0] + (b[0] - a[0]) * t / 12 < box.x + box.w
        and box.y < a[1] + (b[1] - a[1]) * t / 12 < box.y + box.h
        for t in range(1, 12)
    )


def wrap(label: str, length: int = 20) -> list[str]:
    """The label on one or two lines, cut at a space.

    >>> wrap("Conference of European Rabbis")
    ['Conference of', 'European Rabbis']
    """
    if len(label) <= length or " " not in label:
        return [label]
    middle = len(label) / 2
    cut = min((i for i, c in enumerate(label) if c == " "), key=lambda i: abs(i - middle))
    return [label[:cut], label[cut + 1 :]]


def _draw_node(node: Node, place: tuple[float, float], box: Box) -> str:
    x, y = place
    name = f"node {node.shape} {node.status}".rstrip()
    shapes = {
        "circle": f'<circle cx="{fmt(x)}" cy="{fmt(y)}" r="7.5" class="{name}"/>',
        "ring": f'<circle cx="{fmt(x)}" cy="{fmt(y)}" r="7" class="{name}"/>',
        "square": make_rect(x - 7, y - 7, 14, 14, name),
        "diamond": make_path(f"M{fmt(x)} {fmt(y - 9)}l9 9l-9 9l-9 -9z", name),
        "hexagon": make_path(f"M{fmt(x - 8.5)} {fmt(y)}l4.2 -7.4h8.6l4.2 7.4l-4.2 7.4h-8.6z", name),
    }
    lines = wrap(node.label)
    spans = "".join(
        f'<tspan x="{fmt(box.x + box.w / 2)}" y="{fmt(box.y + 10.5 + 13 * i)}">{clean(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    kind = "label event" if node.shape == "diamond" else "label"
    text = f'<text class="{kind}" text-anchor="middle">{spans}</text>'
    return make_link(node.key, [shapes[node.shape], text], node.label, node.href)


def _note(x: float, y: float, words: str) -> str:
    return f'<text x="{fmt(x)}" y="{fmt(y)}" class="detail">{clean(words)}</text>'
