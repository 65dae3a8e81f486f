"""Names and words are found by id, and nothing else is."""

from __future__ import annotations

from contextlib import closing

from dragoman.give.sources import Shelf, open_sources
from tests.give.build import MET, make_small


def test_shelf_gives_back_what_was_put_on_it() -> None:
    with closing(Shelf(int, ((f"id-{n}", n) for n in range(5000)))) as shelf:
        assert [shelf.get(f"id-{n}") for n in (0, 2500, 4999)] == [0, 2500, 4999]
        assert shelf.get("id-5000") is None


def test_shelf_keeps_the_first_of_an_id_and_may_be_empty() -> None:
    with closing(Shelf(int, [("a", 1), ("a", 2)])) as shelf, closing(Shelf(int, [])) as empty:
        assert shelf.get("a") == 1
        assert empty.get("a") is None


def test_engagement_has_a_title_and_a_report_a_witness() -> None:
    contents = make_small()
    (told,) = contents.engagements()
    with open_sources(contents) as sources:
        assert sources.get_title(told) == 'Meeting: Nadira Vesholt, Орен Калваз "the Elder"; Lirgate'
        first, second = sources.get_reports(told)
        assert sources.get_name("person-unknown") == "person-unknown"
    assert (first.words, first.source) == (MET, "Lirgate Courier, 2021-03-05")
    assert (second.words, second.source) == ("", "Kamor Post")
