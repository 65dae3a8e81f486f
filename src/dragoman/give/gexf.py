"""The record as a graph over time in GEXF 1.2, for Gephi and its timeline.

Engagements and what hangs on them last from their first day to their last, both included; `met` has one
spell an engagement. What has no day is there all the time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from dragoman.give.contents import Contents, Written
from dragoman.give.graph import EDGE_FIELDS, NODE_FIELDS, Edge, Graph, Node, Spells, clean_xml
from dragoman.give.sources import open_sources

NAMESPACE = "http://www.gexf.net/1.2draft"
_DAY = re.compile(r"(?!-?0000)-?\d{4,}-\d\d-\d\d")  # xs:date, which has no year 0


def write_gexf(contents: Contents, out: BinaryIO) -> Written:
    """Write people, bodies, places and engagements as nodes and what joins them as edges, with their days."""
    with (
        open_sources(contents) as sources,
        etree.xmlfile(out, encoding="utf-8") as file,
    ):
        file.write_declaration()
        graph = Graph(contents, sources)
        with (
            file.element("gexf", version="1.2", nsmap={None: NAMESPACE}),
            file.element("graph", mode="dynamic", timeformat="date", defaultedgetype="undirected"),
        ):
            file.write(_make_attributes("node", NODE_FIELDS))
            file.write(_make_attributes("edge", EDGE_FIELDS))
            n_written = _write_all(file, "nodes", map(_make_node, graph.iter_nodes()))
            edges = (_make_edge(edge, number) for number, edge in enumerate(graph.iter_edges(), start=1))
            n_written += _write_all(file, "edges", edges)
    return Written(n_written, graph.describe_left_out())


def _write_all(file: Any, name: str, elements: Any) -> int:
    n_written = 0
    with file.element(name):
        for element in elements:
            file.write(element, "\n")
            n_written += 1
    return n_written


def _make_attributes(owner: str, fields: Mapping[str, str]) -> Any:
    element = etree.Element("attributes", {"class": owner, "mode": "static"})
    for name, kind in fields.items():
        etree.SubElement(element, "attribute", id=name, title=name, type=kind)
    return element


def _make_node(node: Node) -> Any:
    spells = (node.spell,) if any(node.spell) else ()
    element = etree.Element(
        "node", {"id": clean_xml(node.id), "label": clean_xml(node.label), **_get_days(spells)}
    )
    _add_values(element, node.fields)
    return element


def _make_edge(edge: Edge, number: int) -> Any:
    element = etree.Element(
        "edge",
        {
            "id": f"e{number}",
            "source": clean_xml(edge.source),
            "target": clean_xml(edge.target),
            "label": clean_xml(edge.label),
            "weight": str(edge.weight),
            **_get_days(edge.spells),
        },
    )
    _add_values(element, edge.fields)
    days = [ends for spell in edge.spells if (ends := _get_days((spell,)))] if len(edge.spells) > 1 else []
    spells = etree.SubElement(element, "spells") if days else None
    for ends in days:
        etree.SubElement(spells, "spell", ends)
    return element


def _get_days(spells: Spells) -> dict[str, str]:
    """The days of the only spell as attributes; several become elements."""
    if len(spells) != 1:
        return {}
    ends = zip(("start", "end"), spells[0], strict=True)
    return {name: day for name, day in ends if day and _DAY.fullmatch(day)}


def _add_values(element: Any, fields: Mapping[str, object]) -> None:
    values = {name: value for name, value in fields.items() if value not in (None, "")}
    if not values:
        return
    parent = etree.SubElement(element, "attvalues")
    for name, value in values.items():
        etree.SubElement(parent, "attvalue", {"for": name, "value": clean_xml(value)})
