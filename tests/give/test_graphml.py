"""GraphML as networkx reads it."""

from __future__ import annotations

import msgspec
import pytest

from dragoman.give.gexf import write_gexf
from dragoman.give.graph import MOST_TOGETHER
from dragoman.give.graphml import write_graphml
from dragoman.record import Participation, Status
from tests.give.build import MET, Writer, make_contents, make_small, write
from tests.give.consumers import read_gexf, read_graphml

READERS = {write_graphml: read_graphml, write_gexf: read_gexf}
both = pytest.mark.parametrize("writer", READERS, ids=["graphml", "gexf"])


@both
def test_names_words_and_sources_come_back(writer: Writer) -> None:
    graph = READERS[writer](write(writer, make_small())[0])
    (engagement,) = (n for n, fields in graph.nodes(data=True) if fields["kind"] == "meeting")
    fields = graph.nodes[engagement]
    assert {n["label"] for _, n in graph.nodes(data=True)} > {'Орен Калваз "the Elder"', "Nadira Vesholt"}
    assert (fields["words"], fields["topic"], fields["status"]) == (MET, "fishing rights", "held")
    assert fields["documents"].count(" | ") == 1
    assert fields["disagreements"] == "when: 3 March 2021 (1), 4 March 2021 (1)"
    assert fields["urls"].startswith("https://courier.example/")


@both
def test_edges_say_part_office_and_how_often_two_met(writer: Writer) -> None:
    (told,) = make_small().engagements()
    readings = list(make_small().readings())
    again = msgspec.structs.replace(told, id="engagement-2", earliest="2022-01-01", latest="2022-01-02")
    planned = msgspec.structs.replace(told, id="engagement-3", status=Status.PLANNED)
    contents = make_contents(readings, engagements=[told, again, planned])
    graph = READERS[writer](write(writer, contents)[0])
    edges = [fields for *_, fields in graph.edges(data=True)]
    (met,) = (e for e in edges if e["kind"] == "met")
    assert met["weight"] == 2
    assert (met["first"], met["last"]) == ("2021-03-03", "2022-01-02")
    assert sorted(e["part"] for e in edges if e["kind"] == "part") == ["guest"] * 3 + ["host"] * 3
    assert [(e["title"], e["flags"]) for e in edges if e["kind"] == "office"] == [("ambassador", "new")]


@both
def test_crowd_meets_nobody_in_particular(writer: Writer) -> None:
    (told,) = make_small().engagements()
    who = tuple(Participation(entity=f"person-{n}") for n in range(MOST_TOGETHER + 1))
    crowd = msgspec.structs.replace(told, participants=who)
    data, written = write(writer, make_contents([], engagements=[crowd]))
    assert "met" not in {fields["kind"] for *_, fields in READERS[writer](data).edges(data=True)}
    assert any("more than 50 participants" in line for line in written.left_out)
