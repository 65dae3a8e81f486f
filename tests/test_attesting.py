"""Engagements over all articles, kept in a store: joined, told, listed, taken back, judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dragoman import identify
from dragoman.attesting import catch_up, merge, split
from dragoman.concord import Agreement, Decision, Judgement, Nearness
from dragoman.errors import DragomanError, NotFoundError
from dragoman.keep.ledger import Order, Wanted
from dragoman.keep.rows import AttestedRow
from dragoman.keep.store import Store
from dragoman.record import Reading, Slot, Status
from tests.resolve.reported import tell

TALKS: dict[str, Any] = {
    "who": ("p:Nadira Vesholt>l:Georgia", "p:Oren Calvaz"),
    "where": "Tbilisi",
    "when": ("2021-05-13", "2021-05-13"),
}
VISIT: dict[str, Any] = {
    "kind": "visit",
    "who": ("p:Oren Calvaz",),
    "where": "Georgia",
    "when": ("2021-05-12", "2021-05-14"),
}
LATER = TALKS | {"when": ("2021-11-02", "2021-11-02")}
WHEN = {"by": "tester", "at": "2026-01-01T00:00:00+00:00"}
ARTICLE = (
    "The envoy of the harbour towns and the minister spoke for two hours about ferries, fees and the state "
    "of the northern quay, which has been closed since the winter storms took its crane and half its roof."
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "record.db") as opened:
        yield opened


def keep(store: Store, *readings: Reading) -> list[str]:
    """Keep readings one after the other; the ids of their engagements."""
    for reading in readings:
        store.add(reading)
        identify.identify_reading(store, reading)
    return [engagement.id for reading in readings for engagement in reading.engagements]


def list_all(store: Store, **wanted: Any) -> tuple[AttestedRow, ...]:
    return store.list_attested(Wanted(**wanted))


def find_person(store: Store, name: str) -> str:
    return store.identities_named(name)[0].id


# Joining -----------------------------------------------------------------------------------------


def test_second_report_is_a_witness_and_no_second_meeting(store: Store) -> None:
    first, second = keep(store, tell("One.", TALKS), tell("Two.", TALKS, publisher="Herald"))
    (row,) = list_all(store)
    assert (row.id, row.n_witnesses, row.differing) == (first, 2, ())
    assert store.attested_of([first, second, "engagement-x"]) == {first: first, second: first}
    assert [w.engagement for w in store.attested(second).witnesses] == [first, second]


def test_other_meeting_is_another(store: Store) -> None:
    keep(store, tell("One.", TALKS), tell("Two.", LATER, published="2021-11-03"))
    assert [row.day for row in list_all(store)] == ["2021-05-13", "2021-11-02"]


def test_differing_reports_keep_both_values(store: Store) -> None:
    other = TALKS | {"when": ("2021-05-14", "2021-05-14")}
    first, _ = keep(store, tell("One.", TALKS), tell("Two.", other, publisher="Herald"))
    (row,) = list_all(store)
    assert row.differing == (Slot.WHEN,)
    (account,) = (a for a in store.attested(first).accounts if a.agreement is Agreement.DIFFER)
    assert [told.value for told in account.told] == ["2021-05-13", "2021-05-14"]


def test_attested_speaks_of_identities_by_id_and_name(store: Store) -> None:
    first, _ = keep(store, tell("One.", TALKS), tell("Two.", TALKS))
    entry = store.attested(first)
    minister, town = find_person(store, "Nadira Vesholt"), find_person(store, "Tbilisi")
    assert entry.place == town
    assert minister in {p.entity for p in entry.participants}
    who = next(account for account in entry.accounts if account.slot is Slot.WHO)
    assert (minister, "Nadira Vesholt") in {(told.value, told.label) for told in who.told}


def test_plan_then_held_is_a_life(store: Store) -> None:
    plan = tell("Plan.", TALKS | {"status": "planned"}, published="2021-05-10")
    first, _ = keep(store, plan, tell("Held.", TALKS))
    life = [(known.on, known.status) for known in store.attested(first).life]
    assert life == [("2021-05-10", Status.PLANNED), ("2021-05-14", Status.HELD)]
    assert list_all(store)[0].status is Status.HELD


def test_copies_of_one_text_are_one_witness(store: Store) -> None:
    copy = tell(ARTICLE + " Agencies.", TALKS, published="2021-05-15", publisher="Herald")
    first, _ = keep(store, tell(ARTICLE, TALKS), copy)
    (row,) = list_all(store)
    assert row.n_witnesses == 1
    assert [bool(w.copy_of) for w in store.attested(first).witnesses] == [False, True]


def test_publisher_that_takes_part_is_near(store: Store) -> None:
    (first,) = keep(store, tell("One.", TALKS, publisher="Ministry of Foreign Affairs of Georgia"))
    assert store.attested(first).witnesses[0].nearness is Nearness.HOST


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_meeting_is_part_of_the_visit_it_lies_in(store: Store, order: tuple[int, int]) -> None:
    readings = (tell("One.", VISIT), tell("Two.", TALKS))
    keep(store, *(readings[n] for n in order))
    whole, part = list_all(store)
    assert (whole.kind, part.whole, whole.whole) == ("visit", whole.id, None)
    assert store.attested(part.id).part_of == whole.id


def test_meeting_is_part_of_the_visit_its_report_names(store: Store) -> None:
    bare = {"kind": "visit", "who": ("p:Oren Calvaz",)}
    whole, part = keep(store, tell("One.", bare, TALKS | {"part_of": 0}))
    assert store.attested(part).part_of == whole


# Taking back -------------------------------------------------------------------------------------


def test_reading_again_takes_the_old_witness_back(store: Store) -> None:
    second = tell("Two.", TALKS)
    first, _ = keep(store, tell("One.", TALKS), second)
    again = replace(second, engagements=())
    store.replace(again)
    identify.identify_reading(store, again)
    (row,) = list_all(store)
    assert (row.id, row.n_witnesses) == (first, 1)


def test_forgetting_the_first_report_leaves_the_second(store: Store) -> None:
    one = tell("One.", TALKS | {"count": 7})
    _, second = keep(store, one, tell("Two.", TALKS))
    store.forget(one.document.id)
    assert store.attested(second).headcount is None
    assert store.attested(second).status is Status.HELD
    catch_up(store)
    (row,) = list_all(store)
    assert (row.id, row.n_witnesses) == (second, 1)
    assert len(store.attested(second).witnesses) == 1
    with pytest.raises(NotFoundError):
        store.attested(one.engagements[0].id)


def test_forgetting_a_visit_leaves_its_meeting(store: Store) -> None:
    visit = tell("One.", VISIT)
    _, part = keep(store, visit, tell("Two.", TALKS))
    store.forget(visit.document.id)
    catch_up(store)
    assert store.attested(part).part_of is None


def test_corrected_date_places_it_anew(store: Store) -> None:
    undated = tell("One.", TALKS | {"when": None}, published=None)
    keep(store, undated, tell("Two.", LATER, published="2021-11-03"))
    assert [row.day for row in list_all(store)] == ["2021-11-02", "9999"]
    dated = replace(undated, document=replace(undated.document, published="2021-02-01"))
    store.replace(dated)
    identify.identify_reading(store, dated)
    assert [row.day for row in list_all(store)] == ["2021-02-01", "2021-11-02"]


def test_what_was_kept_but_not_settled_is_settled_later(store: Store) -> None:
    store.add(tell("One.", TALKS))
    assert len(store.unsettled()) == 1
    assert list_all(store) == ()
    assert catch_up(store) == 1
    assert store.unsettled() == ()
    assert len(list_all(store)) == 1


def test_rebuilding_gives_what_reading_gave(store: Store) -> None:
    other = TALKS | {"when": ("2021-05-14", "2021-05-14")}
    readings = [tell(f"Report {n}.", *facts) for n, facts in enumerate(((TALKS, VISIT), (other,), (LATER,)))]
    keep(store, *readings)
    before = [replace(row, number=0) for row in list_all(store)]
    told = [store.attested(row.id) for row in before]
    identify.rebuild(store)
    assert [replace(row, number=0) for row in list_all(store)] == before
    assert [store.attested(row.id) for row in before] == told


# Who is who --------------------------------------------------------------------------------------


def test_people_judged_the_same_bring_their_engagements_together(store: Store) -> None:
    renamed = TALKS | {"who": ("p:Xenia Orlow>l:Georgia", "p:Bo Hask")}
    base = TALKS | {"who": ("p:Nadira Vesholt>l:Georgia", "p:Bo Hask")}
    far = {"where": "Gori", "when": ("2021-05-14", "2021-05-14")}
    keep(store, tell("One.", base), tell("Two.", renamed | far, publisher="Herald"))
    assert len(list_all(store)) == 2
    number, identity = identify.merge(store, "Nadira Vesholt", "Xenia Orlow", **WHEN)
    (row,) = list_all(store, identity=identity.id)
    assert row.n_witnesses == 2
    identify.undo(store, number, **WHEN)
    assert len(list_all(store)) == 2
    assert [row.n_witnesses for row in list_all(store, identity=find_person(store, "Xenia Orlow"))] == [1]


# Judging engagements -----------------------------------------------------------------------------


def test_merge_outranks_scores_survives_rebuilding_and_is_undone(store: Store) -> None:
    first, second, mate = keep(
        store,
        tell("One.", TALKS),
        tell("Two.", LATER, published="2021-11-03"),
        tell("Three.", LATER, published="2021-11-03", publisher="Herald"),
    )
    number, entry = merge(store, first, second, **WHEN)
    assert {w.engagement for w in entry.witnesses} == {first, second, mate}
    identify.rebuild(store)
    assert store.attested_of([mate]) == {mate: first}
    identify.undo(store, number, **WHEN)
    assert store.attested_of([first, second, mate]) == {first: first, second: second, mate: second}


def test_split_outranks_scores_and_bars_a_merge(store: Store) -> None:
    first, second = keep(store, tell("One.", TALKS), tell("Two.", TALKS))
    (number,) = split(store, [second], **WHEN)
    assert store.attested_of([first, second]) == {first: first, second: second}
    identify.rebuild(store)
    assert store.attested_of([second]) == {second: second}
    with pytest.raises(DragomanError, match=f"dragoman undo {number}"):
        merge(store, first, second, **WHEN)
    identify.undo(store, number, **WHEN)
    assert store.attested_of([second]) == {second: first}


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("engagement-unknown", "knows no engagement"),
        ("person-1", "is no engagement"),
        ("same", "one already"),
    ],
)
def test_merge_says_what_is_wrong(store: Store, other: str, message: str) -> None:
    (first,) = keep(store, tell("One.", TALKS))
    with pytest.raises(DragomanError, match=message):
        merge(store, first, first if other == "same" else other, **WHEN)


def test_split_says_what_is_wrong(store: Store) -> None:
    first, second = keep(store, tell("One.", TALKS), tell("Two.", LATER, published="2021-11-03"))
    with pytest.raises(DragomanError, match="no report would be left"):
        split(store, [first], **WHEN)
    with pytest.raises(DragomanError, match="is no report of"):
        split(store, [first, second], **WHEN)


def test_judgement_on_engagements_of_another_door_takes_effect_too(store: Store) -> None:
    first, second = keep(store, tell("One.", TALKS), tell("Two.", TALKS))
    store.judge(Judgement(target=first, other=second, action=Decision.DIFFERENT, **WHEN))
    catch_up(store)
    assert len(list_all(store)) == 2


# Listing -----------------------------------------------------------------------------------------


@pytest.fixture
def filled(store: Store) -> Store:
    """Talks that differ in the day, a visit, a planned call and talks in autumn."""
    call = {"kind": "call", "status": "planned", "who": ("p:Bo Hask", "p:Nadira Vesholt"), "when": None}
    other = TALKS | {"when": ("2021-05-14", "2021-05-14")}
    roles = (("p:Bo Hask", "consul", "l:Georgia"),)
    keep(
        store,
        tell("One.", TALKS, VISIT),
        tell("Two.", other, publisher="Herald"),
        tell("Three.", call, published="2021-01-05", roles=roles),
        tell("Four.", LATER, published="2021-11-03"),
    )
    return store


CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["2021-01-05", "2021-05-12", "2021-05-13", "2021-11-02"]),
    ({"identity": "Oren Calvaz"}, ["2021-05-12", "2021-05-13", "2021-11-02"]),
    ({"identity": "Oren Calvaz", "other": "Nadira Vesholt"}, ["2021-05-13", "2021-11-02"]),
    ({"identity": "Georgia"}, ["2021-05-13", "2021-11-02"]),
    ({"state": "GE"}, ["2021-01-05", "2021-05-13", "2021-11-02"]),
    ({"state": "ge", "kind": "call"}, ["2021-01-05"]),
    ({"place": "Tbilisi"}, ["2021-05-13", "2021-11-02"]),
    ({"place": "Georgia"}, ["2021-05-12"]),
    ({"kind": "visit"}, ["2021-05-12"]),
    ({"status": "planned"}, ["2021-01-05"]),
    ({"state": "GE", "status": "held"}, ["2021-05-13", "2021-11-02"]),
    ({"differing": True}, ["2021-05-13"]),
    ({"identity": "Nadira Vesholt", "differing": False}, ["2021-01-05", "2021-11-02"]),
    ({"start": "2021-05-14", "end": "2021-06-01"}, ["2021-05-12"]),
    ({"identity": "Oren Calvaz", "start": "2021-05-15"}, ["2021-11-02"]),
    ({"identity": "Oren Calvaz", "end": "2021-05-12"}, ["2021-05-12"]),
]


@pytest.mark.parametrize(("wanted", "days"), CASES)
def test_list_attested_keeps_to_what_is_wanted(
    filled: Store, wanted: dict[str, Any], days: list[str]
) -> None:
    ids = {key: find_person(filled, wanted[key]) for key in ("identity", "other", "place") if key in wanted}
    asked = Wanted(**(wanted | ids))
    assert [row.day for row in filled.list_attested(asked)] == days
    assert filled.count_attested(asked) == len(days)
    newest = filled.list_attested(asked, order=Order.NEWEST)
    assert [row.day for row in newest] == days[::-1]


def test_list_attested_gives_pages(filled: Store) -> None:
    rows = filled.list_attested(Wanted())
    assert filled.list_attested(Wanted(), limit=2, offset=1) == rows[1:3]
    assert tuple(filled.iter_attested(Wanted())) == rows
    assert list_all(filled, identity="person-nobody") == ()
    assert filled.count_attested(Wanted(identity="person-nobody")) == 0


def test_list_attested_names_office_and_side(filled: Store) -> None:
    (call,) = list_all(filled, kind="call")
    consul = next(taker for taker in call.takers if taker.name == "Bo Hask")
    assert (consul.office, consul.office_of, consul.states) == ("consul", "Georgia", ("GE",))
    assert filled.find_office(consul.identity, "2021-03-01") == ("consul", "Georgia")
    assert filled.find_office(find_person(filled, "Oren Calvaz"), "2021-03-01") is None
