"""The record as a graph in GraphML, for yEd, Cytoscape, igraph, networkx and Neo4j.

GraphML knows no dates and no lists: days are words, lists are joined by " | ", nothing stands for None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from dragoman.give.contents import Contents, Written
from dragoman.give.graph import EDGE_FIELDS, NODE_FIELDS, Edge, Graph, Node, clean_xml
from dragoman.give.sources import open_sources

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_KEYS = (
    *(("node", name, kind) for name, kind in {"label": "string", **NODE_FIELDS}.items()),
    *(("edge", name, kind) for name, kind in {"label": "string", "weight": "double", **EDGE_FIELDS}.items()),
)


def write_graphml(contents: Contents, out: BinaryIO) -> Written:
    """Write people, bodies, places and engagements as nodes, and what joins them as weighted edges."""
    n_written = 0
    with (
        open_sources(contents) as sources,
        etree.xmlfile(out, encoding="utf-8") as file,
    ):
        file.write_declaration()
        graph = Graph(contents, sources)
        with file.element("graphml", nsmap={None: NAMESPACE}):
            for owner, name, kind in _KEYS:
                key = {"id": f"{owner}-{name}", "for": owner, "attr.name": name, "attr.type": kind}
                file.write(etree.Element("key", key))
            with file.element("graph", id="dragoman", edgedefault="undirected"):
                for node in graph.iter_nodes():
                    file.write(_make_node(node), "\n")
                    n_written += 1
                for number, edge in enumerate(graph.iter_edges(), start=1):
                    file.write(_make_edge(edge, number), "\n")
                    n_written += 1
    return Written(n_written, graph.describe_left_out())


def _make_node(node: Node) -> Any:
    element = etree.Element("node", id=clean_xml(node.id))
    _add_data(element, "node", {"label": node.label, **node.fields})
    return element


def _make_edge(edge: Edge, number: int) -> Any:
    ends = {"source": clean_xml(edge.source), "target": clean_xml(edge.target)}
    element = etree.Element("edge", {"id": f"e{number}", **ends})
    firsts, lasts = zip(*edge.spells, strict=True) if edge.spells else ((None,), (None,))
    days = {"first": firsts[0], "last": lasts[-1]} if len(edge.spells) == 1 else {}
    _add_data(element, "edge", {"label": edge.label, "weight": edge.weight, **days, **edge.fields})
    return element


def _add_data(element: Any, owner: str, fields: Mapping[str, object]) -> None:
    for name, value in fields.items():
        if value not in (None, ""):
            etree.SubElement(element, "data", key=f"{owner}-{name}").text = clean_xml(value)
