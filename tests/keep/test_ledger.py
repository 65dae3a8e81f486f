"""Lists of engagements over all articles: narrowed by several ids or what is rejected, and in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from dragoman.concord import Decision, Judgement
from dragoman.identify import identify_reading
from dragoman.keep import lists
from dragoman.keep.ledger import Order, Wanted
from dragoman.keep.store import Store
from dragoman.record import Participation, Timex
from tests import factory

PEOPLE = ("Ansa Brevik", "Tomo Ledwick", "Ulla Marven", "Kesi Fandor")
DAYS = ("2021-03-03", "2022-05-01", None, "2020-01-07")


def make(number: int):
    """An article in which one person met Oren Calvaz for some side, on a day or on none."""
    text = f"{PEOPLE[number]} met Oren Calvaz in Lirgate. The word is plum{number}."
    document = replace(factory.make_document(text, title=text), published=None)
    reading = factory.make_reading(document)
    first, *others = reading.entities
    first = replace(first, id=f"person-{number}", name=PEOPLE[number], aliases=())
    fact, day = reading.engagements[0], DAYS[number]
    time = Timex(edtf=day, earliest=day, latest=day, **factory.find_words(text, "met")) if day else None
    takers = (Participation(entity=first.id), Participation(entity=others[0].id))
    fact = replace(fact, participants=takers, time=time, evidence=())
    return replace(
        reading,
        entities=(first, *others),
        mentions=(),
        roles=(),
        quotations=(),
        claims=(),
        engagements=(fact,),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "ledger.db") as opened:
        for number in range(len(PEOPLE)):
            reading = make(number)
            opened.add(reading)
            identify_reading(opened, reading)
        yield opened


def get_days(store: Store, wanted: Wanted, **options) -> list[str]:
    return [row.day for row in store.list_attested(wanted, **options)]


def test_undated_engagements_stand_last_in_both_orders(store):
    assert get_days(store, Wanted()) == ["2020-01-07", "2021-03-03", "2022-05-01", "9999"]
    assert get_days(store, Wanted(), order=Order.NEWEST) == ["2022-05-01", "2021-03-03", "2020-01-07", "9999"]


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_cut_a_list_without_gap(store, order, size):
    whole = get_days(store, Wanted(), order=order)
    pages = [get_days(store, Wanted(), order=order, limit=size, offset=at) for at in range(0, 6, size)]
    assert [day for page in pages for day in page] == whole
    assert [row.day for row in store.iter_attested(Wanted(), order=order)] == whole


def test_several_ids_are_any_of_them(store):
    some = tuple(store.identities_named(name)[0].id for name in PEOPLE[:2])
    wanted = Wanted(identity=some)
    assert get_days(store, wanted) == ["2021-03-03", "2022-05-01"] and store.count_attested(wanted) == 2
    assert get_days(store, Wanted(identity=(*some, "nobody"), end="2021-12-31")) == ["2021-03-03"]
    assert not get_days(store, Wanted(identity=()))


def test_rejected_ones_are_chosen_or_left_out(store):
    first = store.list_attested(Wanted())[0]
    number = store.judge(
        Judgement(at="2021-01-01T00:00:00+00:00", by="Ines", target=first.id, action=Decision.REJECTED)
    )
    assert [row.id for row in store.list_attested(Wanted(rejected=True))] == [first.id]
    assert store.count_attested(Wanted(rejected=False)) == 3 and store.count_attested(Wanted()) == 4
    store.judge(
        Judgement(
            at="2021-01-02T00:00:00+00:00", by="Ines", target=first.id, action=Decision.UNDONE, undoes=number
        )
    )
    assert store.count_attested(Wanted(rejected=False)) == 4


def test_months_are_counted_in_order(store):
    assert lists.count_months(store, Wanted()) == (("2020-01", 1), ("2021-03", 1), ("2022-05", 1))
    assert dict(lists.count_kinds(store)["kind"])["meeting"] == 4


def test_changed_ones_come_latest_first(store):
    changed = lists.list_changed(store, Wanted(), limit=2)
    assert [row.fact.day for row in changed] == ["2020-01-07", "9999"]
    assert not lists.list_changed(store, Wanted(identity="nobody"))
