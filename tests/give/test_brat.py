"""brat stand-off, read again line by line."""

from __future__ import annotations

import msgspec

from dragoman.give.brat import make_conf, split_lines, write_brat
from dragoman.record import EngagementKind, Span
from tests.give.build import make_small, write
from tests.give.consumers import read_brat


def test_event_points_at_the_words_of_its_parts() -> None:
    ((_, lines),) = read_brat(write(write_brat, make_small())[0]).values()
    words = {line.split("\t")[0]: line.split("\t")[2] for line in lines if line[0] == "T"}
    (event,) = (line.split("\t")[1] for line in lines if line[0] == "E")
    told = [part.split(":") for part in event.split()]
    assert [(kind, words[mark]) for kind, mark in told] == [
        ("Meeting", "met"),
        ("Guest", "Nadira Vesholt"),
        ("Host", 'Орен Калваз "the Elder"'),
        ("Place", "Lirgate"),
        ("Time", "3 March 2021"),
        ("Topic", "fishing rights"),
        ("Headcount", "Two hundred guests"),
    ]


def test_notes_keep_the_whole_fact() -> None:
    (reading,) = make_small().readings()
    ((_, lines),) = read_brat(write(write_brat, make_small())[0]).values()
    notes = [msgspec.json.decode(line.split("\t")[2]) for line in lines if line[0] == "#"]
    ids = {note.get("id") for note in notes}
    assert ids >= {reading.roles[0].id, reading.engagements[0].id, reading.quotations[0].id}


def test_attributes_and_relations_are_there() -> None:
    ((_, lines),) = read_brat(write(write_brat, make_small())[0]).values()
    told = {line.split("\t")[1].split()[0] for line in lines if line[0] in "AR"}
    assert told == {"Status", "Flag", "Mode", "Kind", "HeldBy", "Of", "SaidBy", "CuedBy"}


def test_span_over_lines_is_in_pieces() -> None:
    assert split_lines("ab \n\n cd", [Span(start=0, end=8)]) == ((0, 2), (6, 8))
    assert split_lines("  \n", [Span(start=0, end=3)]) == ()


def test_configuration_names_every_kind() -> None:
    conf = make_conf()
    assert all(f"\n{kind.capitalize()}\t" in conf for kind in EngagementKind)
