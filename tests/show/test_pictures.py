"""Pictures: well-formed, the same each time, nothing dropped, nothing hidden behind something else."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import msgspec
import pytest

from dragoman.record import TimeEnd
from dragoman.show.draw import wrap_standalone
from dragoman.show.ladder import draw_ladder, list_rungs
from dragoman.show.map import Spot, draw_map, list_spots, load_land
from dragoman.show.network import MOST_NODES, Edge, Node, draw_network, list_links
from dragoman.show.timeline import (
    Bar,
    draw_timeline,
    from_day,
    list_claim_bars,
    list_engagement_bars,
    to_day,
)
from tests.show.samples import make_empty, make_hostile, make_reading


def draw(name, reading):
    if name == "timeline":
        return draw_timeline(list_engagement_bars(reading), published=reading.document.published)
    if name == "claims":
        return draw_timeline(list_claim_bars(reading), width=760)
    if name == "ladder":
        return draw_ladder(list_rungs(reading))
    if name == "network":
        return draw_network(*list_links(reading))
    return draw_map(list_spots(reading))


@pytest.mark.parametrize("name", ["timeline", "claims", "network", "map", "ladder"])
@pytest.mark.parametrize("make", [make_reading, make_hostile, make_empty])
def test_pictures_are_well_formed_and_deterministic(name, make):
    svg = draw(name, make())
    assert svg == draw(name, make())
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "group" and root.attrib["aria-label"]
    assert not re.search(r"\s(style|id|on\w+)=", svg)
    ElementTree.fromstring(wrap_standalone(svg))


def get_text(svg):
    return "".join(ElementTree.fromstring(svg).itertext())


def test_draw_timeline_drops_nothing():
    svg = draw("timeline", make_reading())
    text = get_text(svg)
    for key in ("E1", "E2", "E3", "E4", "E5"):
        assert key in text
    assert "No date" in text and "“4 March 2024”" in text and "published" in text
    assert 'class="hatch planned"' in svg and 'class="order"' in svg


@pytest.mark.parametrize(
    ("status", "sign"),
    [("alleged", "bar alleged"), ("cancelled", "strike"), ("planned", "hatch planned"), ("held", "bar held")],
)
def test_draw_timeline_draws_each_status_its_own_way(status, sign):
    bar = Bar(key="e1", title="A", earliest="2024-01-01", latest="2024-03-01", status=status)
    assert f'class="{sign}"' in draw_timeline([bar])


def test_draw_timeline_draws_soft_and_open_ends():
    bar = Bar(key="e1", title="A", earliest="2024-01-01", latest="2024-12-31")
    hard = draw_timeline([bar])
    soft = draw_timeline([msgspec.structs.replace(bar, latest_end=TimeEnd.SOFT)])
    open_ = draw_timeline([msgspec.structs.replace(bar, latest=None, latest_end=TimeEnd.OPEN)])
    assert hard.count('class="end held"') == 2 and "opacity" not in hard
    assert soft.count('class="end held"') == 1 and "opacity" in soft
    assert 'class="open held"' in open_


def test_draw_timeline_breaks_the_axis_between_days_and_centuries():
    days = Bar(key="e1", title="A", earliest="2024-03-01", latest="2024-03-04")
    century = Bar(key="e2", title="B", earliest="0600-01-01", latest="0699-12-31")
    assert "zigzag" in draw_timeline([days, century])
    assert "zigzag" not in draw_timeline([days, msgspec.structs.replace(days, key="e2", latest="2024-03-09")])
    assert "587 BC" in get_text(
        draw_timeline([Bar(key="e1", title="A", earliest="-0586-01-01", latest="-0586-12-31")])
    )


@pytest.mark.parametrize("day", ["2024-02-29", "1900-02-28", "0001-01-01", "0000-12-31", "-0043-03-15"])
def test_to_day_and_back(day):
    year, month, number = from_day(to_day(day))
    assert day == f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{number:02d}"


def test_list_links_joins_nobody_who_only_stands_in_the_same_article():
    nodes, edges = list_links(make_reading())
    labels = {node.key: node.label for node in nodes}
    pairs = {frozenset((labels[e.a], labels[e.b])) for e in edges}
    assert frozenset(("Brann", "E1 Oslo")) in pairs and frozenset(("Brann", "Norway")) in pairs
    assert frozenset(("Lia Sund", "Tor Vik")) not in pairs
    assert all(labels[e.a][0] == "E" or labels[e.b][0] == "E" for e in edges if e.kind == "part")


def test_draw_network_counts_what_it_leaves_out():
    nodes = [Node(key=f"n{i}", label=f"N{i}", shape="circle") for i in range(MOST_NODES + 9)]
    hub = Node(key="e1", label="E1", shape="diamond")
    edges = [Edge(a=node.key, b="e1", kind="part") for node in nodes]
    assert "10 more" in get_text(draw_network([*nodes, hub], edges))


def test_draw_map_places_lists_and_rings():
    svg = draw_map(list_spots(make_reading(), countries=("oghuz",)))
    text = get_text(svg)
    assert "Not on the map: Geneva" in text and "Oslo" in text
    assert 'class="area"' in svg and 'class="dot planned"' in svg


def test_draw_map_keeps_labels_apart_and_inside():
    spots = [
        Spot(key=f"n{i}", name=f"Town {i}", lat=40 + i % 3 * 0.3, lon=45 + i // 3 * 0.4) for i in range(9)
    ]
    spots.append(Spot(key="n99", name="Far", lat=52.0, lon=5.0))
    svg = draw_map(spots, width=760)
    root = ElementTree.fromstring(svg)
    assert all(f"Town {i}" in get_text(svg) for i in range(9))
    assert 'class="inset-frame"' in svg
    for group in (root, *root.iter("{http://www.w3.org/2000/svg}svg")):
        texts = [t for a in group.findall("{*}a") for t in a.findall("{*}text")]
        places = [(float(t.attrib["x"]), float(t.attrib["y"])) for t in texts]
        assert all(abs(a[0] - b[0]) > 20 or abs(a[1] - b[1]) > 9 for a in places for b in places if a != b)


def test_load_land_holds_rings_of_the_world_and_no_lines():
    rings = load_land()
    assert len(rings) > 300 and all(len(ring) > 3 for ring in rings)
    assert all(-540 <= x <= 540 and -90.1 <= y <= 90.1 for ring in rings for x, y in ring)
    leaping = [ring for ring in rings if any(abs(a[0] - b[0]) > 180 for a, b in pairwise(ring))]
    assert all(min(y for _, y in ring) < -80 for ring in leaping)  # only around the pole


def test_draw_map_leaves_out_names_that_find_no_room() -> None:
    spots = [Spot(key=f"n{n}", name=f"Harbour {n}", lat=46 + n / 500, lon=7.0, weight=n) for n in range(40)]
    picture = draw_map(spots)
    assert picture.count("<circle") >= 40
    assert ">Harbour 39<" in picture
    assert ">Harbour 0<" not in picture
    assert "On the map without a name" in picture and "more" in picture


def test_list_rungs_puts_the_two_sides_apart():
    first, second, third = list_rungs(make_reading())
    assert [f.name for f in first.left] == ["Lia Sund"] and first.left[0].behalf == "for Oghuz"
    assert [f.name for f in first.right] == ["Odo Brann"] and first.right[0].behalf == "host · for Norway"
    assert first.when == "4 March 2024"
    assert [f.name for f in (*second.left, *second.right)] == ["members", "Quba"]
    assert third.status == "alleged"
    mine = list_rungs(make_reading(), side=("norway",))[0]
    assert [f.name for f in mine.left] == ["Odo Brann"]
