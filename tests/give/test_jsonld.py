"""JSON-LD as a processor sees it: nodes by type, links that lead to nodes."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from pyld import jsonld

from dragoman.give.jsonld import write_jsonld
from dragoman.record import Status
from tests.give.build import make_contents, make_small, write

SCHEMA = "https://schema.org/"
OURS = "urn:dragoman:ns:"


def read(**fields: object) -> dict[str, list[dict[str, Any]]]:
    """The flattened nodes by type."""
    small = make_small()
    (told,) = small.engagements()
    contents = make_contents(list(small.readings()), engagements=[msgspec.structs.replace(told, **fields)])
    nodes: dict[str, list[dict[str, Any]]] = {}
    for node in jsonld.flatten(json.loads(write(write_jsonld, contents)[0])):
        for kind in node.get("@type", ()):
            nodes.setdefault(kind.removeprefix(SCHEMA), []).append(node)
    return nodes


def test_every_kind_of_thing_is_there() -> None:
    nodes = read()
    wanted = {"Event", "Person", "Place", "OrganizationRole", "Role", "Quotation", "Claim", "NewsArticle"}
    assert wanted <= set(nodes)
    assert "ClaimReview" not in nodes
    names = {person[f"{SCHEMA}name"][0]["@value"] for person in nodes["Person"]}
    assert names == {"Nadira Vesholt", 'Орен Калваз "the Elder"'}


def test_links_lead_to_nodes() -> None:
    nodes = read()
    ids = {node["@id"] for group in nodes.values() for node in group}
    (event,), (quotation,), (office,) = nodes["Event"], nodes["Quotation"], nodes["OrganizationRole"]
    links = [
        event[f"{SCHEMA}location"],
        event[f"{SCHEMA}attendee"],
        event[f"{SCHEMA}organizer"],
        quotation[f"{SCHEMA}creator"],
        quotation[f"{OURS}occasion"],
        office[f"{SCHEMA}member"],
        office[f"{SCHEMA}memberOf"],
    ]
    assert {link["@id"] for group in links for link in group} <= ids


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.PLANNED, "Scheduled"), (Status.HELD, "Scheduled"), (Status.CANCELLED, "Cancelled")],
)
def test_status_is_said_in_both_languages(status: Status, said: str) -> None:
    (event,) = read(status=status)["Event"]
    assert event[f"{SCHEMA}eventStatus"] == [{"@id": f"{SCHEMA}Event{said}"}]
    assert event[f"{OURS}status"] == [{"@value": str(status)}]


def test_words_and_their_place_are_kept() -> None:
    (reading,) = make_small().readings()
    nodes = read()
    work = next(node for node in nodes["CreativeWork"] if f"{SCHEMA}text" in node)
    start, end = (work[f"{OURS}{side}"][0]["@value"] for side in ("start", "end"))
    assert work[f"{SCHEMA}text"][0]["@value"] == reading.document.text[start:end]
    assert nodes["Event"][0][f"{OURS}disagreement"]
