"""Web annotations: selectors find their words, and facts come back whole."""

from __future__ import annotations

import msgspec

from dragoman.concord import Decision
from dragoman.give.webannotation import write_webannotation
from dragoman.record import Claim, Engagement, Quotation, Role, Timex
from tests.give.build import make_contents, make_small, write
from tests.give.consumers import read_webannotation


def test_both_selectors_lead_to_the_same_words() -> None:
    (reading,) = make_small().readings()
    text = reading.document.text
    for item in read_webannotation(write(write_webannotation, make_small())[0])["items"]:
        for target in item["target"]:
            position, quote = target["selector"]
            assert text[position["start"] : position["end"]] == quote["exact"]
            around = quote["prefix"] + quote["exact"] + quote["suffix"]
            assert text.index(around) + len(quote["prefix"]) == position["start"]
            assert target["source"] == reading.document.url
            assert target["state"]["cached"] == f"urn:dragoman:document:{reading.document.id}"


def test_every_fact_comes_back_field_for_field() -> None:
    (reading,) = make_small().readings()
    page = read_webannotation(write(write_webannotation, make_small())[0])
    bodies = [body for item in page["items"] for body in item["body"]]
    kinds = (*(Timex, Role, Engagement), *(Quotation, Claim))
    values = [body["value"] for body in bodies if body.get("format") == "application/json"]
    found = tuple(msgspec.json.decode(value, type=kind) for kind, value in zip(kinds, values, strict=True))
    wanted = (reading.times, reading.roles, reading.engagements, reading.quotations, reading.claims)
    assert tuple((fact,) for fact in found) == wanted


def test_what_a_person_decided_is_a_body() -> None:
    (reading,) = make_small().readings()
    contents = make_contents([reading], states={reading.claims[0].id: Decision.ACCEPTED})
    page = read_webannotation(write(write_webannotation, contents)[0])
    decided = [b["value"] for item in page["items"] for b in item["body"] if b.get("purpose") == "moderating"]
    assert decided == ["accepted"]


def test_page_without_an_address_is_named_by_its_text() -> None:
    (reading,) = make_small().readings()
    document = msgspec.structs.replace(reading.document, url=None)
    contents = make_contents([msgspec.structs.replace(reading, document=document)])
    page = read_webannotation(write(write_webannotation, contents)[0])
    sources = {target["source"] for item in page["items"] for target in item["target"]}
    assert sources == {f"urn:dragoman:document:{document.id}"}
