"""The days of GEXF; names, words and weights are tested with GraphML."""

from __future__ import annotations

import msgspec
from lxml import etree

from dragoman.give.gexf import NAMESPACE, write_gexf
from tests.give.build import make_contents, make_small, write
from tests.give.consumers import check_schema, read_gexf


def test_engagement_lasts_from_first_to_last_day_even_before_year_1() -> None:
    (told,) = make_small().engagements()
    old = msgspec.structs.replace(told, earliest="-0500-01-01", latest="-0499-12-31")
    data, _ = write(write_gexf, make_contents([], engagements=[old]))
    fields = read_gexf(data).nodes[told.id]
    assert (fields["start"], fields["end"]) == ("-0500-01-01", "-0499-12-31")


def test_two_meetings_are_two_spells_and_open_ends_stay_open() -> None:
    (told,) = make_small().engagements()
    since = msgspec.structs.replace(told, id="engagement-2", earliest="2022-01-01", latest=None)
    data, _ = write(write_gexf, make_contents([], engagements=[told, since]))
    check_schema("gexf", data)
    spells = etree.fromstring(data).findall(f".//{{{NAMESPACE}}}spell")
    assert [dict(spell.attrib) for spell in spells] == [
        {"start": "2021-03-03", "end": "2021-03-03"},
        {"start": "2022-01-01"},
    ]
