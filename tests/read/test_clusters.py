"""Which words of a document stand for one thing; cases as data, scores set by hand."""

import tomllib
from pathlib import Path

import pytest

from dragoman.read.entities import gather_entities
from dragoman.read.pairs import Links
from dragoman.read.places import load_states
from tests.read.sketch import link, mark

CASES = tomllib.loads((Path(__file__).parent / "cases" / "clusters.toml").read_text(encoding="utf-8"))["case"]


def _scored(rows) -> dict[int, list[tuple[int, float]]]:
    found: dict[int, list[tuple[int, float]]] = {}
    for later, earlier, score in rows:
        found.setdefault(later, []).append((earlier, score))
    return found


def _gather(case):
    marked = mark(case["text"], [tuple(span) for span in case["spans"]])
    links: Links = link(marked, arcs=[tuple(arc) for arc in case.get("arcs", ())])
    links = links._replace(same=_scored(case.get("same", ())), members=_scored(case.get("members", ())))
    return gather_entities("doc", case["text"], marked, links, load_states())


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_gather_entities_joins_what_stands_for_one_thing(case) -> None:
    cast = _gather(case)
    ones = [m for m in cast.mentions if len(m.entities) == 1]
    assert [[m.text for m in ones if m.entity == e.id] for e in cast.entities] == case["things"]
    names = {e.id: e.name for e in cast.entities}
    several = {m.text: [names[i] for i in m.entities] for m in cast.mentions if len(m.entities) > 1}
    assert several == case.get("stand_ins", {})
