"""What the reports of one engagement say together: accounts, witnesses, life, wholes and parts."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.concord import Agreement, Attested, Nearness
from dragoman.record import Reading, Slot, Status
from dragoman.resolve.attest import attest_engagements
from tests.resolve.reported import name_ids, tell

TALKS: dict[str, Any] = {
    "who": ("p:Nadira Vesholt>l:Georgia", "p:Oren Calvaz"),
    "where": "Tbilisi",
    "when": ("2021-05-13", "2021-05-13"),
}
ARTICLE = (
    "The envoy of the harbour towns and the minister spoke for two hours about ferries, fees and the state "
    "of the northern quay, which has been closed since the winter storms took its "
    "crane and half of its roof away."
)


def attest(*readings: Reading) -> tuple[Attested, ...]:
    return attest_engagements(readings, name_ids(*readings))


def attest_pair(**facts: Any) -> Attested:
    """The talks as two papers tell them, the second with other facts."""
    second = tell("Two.", TALKS | facts, published="2021-05-15", publisher="Herald")
    (found,) = attest(tell("One.", TALKS), second)
    return found


def get_agreement(entry: Attested, slot: Slot) -> Agreement | None:
    return next((account.agreement for account in entry.accounts if account.slot is slot), None)


@pytest.mark.parametrize(
    ("facts", "slot", "expected"),
    [
        ({}, Slot.WHERE, Agreement.AGREE),
        ({"where": "Georgia"}, Slot.WHERE, Agreement.AGREE),
        ({"where": "Gori"}, Slot.WHERE, Agreement.DIFFER),
        ({"where": None}, Slot.WHERE, Agreement.ADD),
        ({"when": ("2021-05-01", "2021-05-31")}, Slot.WHEN, Agreement.AGREE),
        ({"when": ("2021-05-14", "2021-05-14")}, Slot.WHEN, Agreement.DIFFER),
        ({"when": None}, Slot.WHEN, Agreement.ADD),
        ({"who": (*TALKS["who"], "p:Bo Hask")}, Slot.WHO, Agreement.ADD),
        ({"who": ("p:Ilse Tarn>l:Georgia", "p:Oren Calvaz")}, Slot.WHO, Agreement.DIFFER),
        ({"status": "negated"}, Slot.STATUS, Agreement.DIFFER),
        ({"count": 7}, Slot.COUNT, Agreement.ADD),
    ],
)
def test_account_of_two_reports(facts: dict[str, Any], slot: Slot, expected: Agreement) -> None:
    assert get_agreement(attest_pair(**facts), slot) is expected


def test_differing_values_all_stay_with_who_tells_them() -> None:
    entry = attest_pair(when=("2021-05-14", "2021-05-14"))
    (account,) = (account for account in entry.accounts if account.slot is Slot.WHEN)
    assert [told.value for told in account.told] == ["2021-05-13", "2021-05-14"]
    assert all(len(told.documents) == 1 for told in account.told)


def test_single_report_stands_alone() -> None:
    (entry,) = attest(tell("One.", TALKS))
    assert {account.agreement for account in entry.accounts} == {Agreement.ALONE}


def test_plan_that_is_held_is_a_life_and_no_contradiction() -> None:
    plan = tell("Plan.", TALKS | {"status": "planned"}, published="2021-05-10")
    (entry,) = attest(tell("Held.", TALKS), plan)
    assert [(known.on, known.status) for known in entry.life] == [
        ("2021-05-10", Status.PLANNED),
        ("2021-05-14", Status.HELD),
    ]
    assert entry.status is Status.HELD
    assert get_agreement(entry, Slot.STATUS) is Agreement.AGREE


def test_copies_of_one_text_are_one_witness() -> None:
    copy = tell(ARTICLE + " Agencies.", TALKS | {"where": "Gori"}, published="2021-05-15", publisher="Herald")
    first = tell(ARTICLE, TALKS)
    (entry,) = attest(first, copy)
    assert [witness.copy_of for witness in entry.witnesses] == [None, first.document.id]
    assert get_agreement(entry, Slot.WHERE) is Agreement.ALONE


@pytest.mark.parametrize(
    ("publisher", "nearness"),
    [
        ("Ministry of Foreign Affairs of Georgia", Nearness.HOST),
        ("Georgia Today", Nearness.THIRD),
        ("Oren Calvaz", Nearness.PARTICIPANT),
        ("US Department of State", Nearness.THIRD),
    ],
)
def test_nearness_comes_from_the_publisher(publisher: str, nearness: Nearness) -> None:
    (entry,) = attest(tell("One.", TALKS, publisher=publisher))
    assert entry.witnesses[0].nearness is nearness


def test_meeting_is_part_of_the_visit_its_report_names() -> None:
    visit = {
        "kind": "visit",
        "who": ("p:Oren Calvaz",),
        "where": "Georgia",
        "when": ("2021-05-12", "2021-05-14"),
    }
    whole, part = attest(tell("One.", visit, TALKS | {"part_of": 0}))
    assert part.part_of == whole.id


def test_meeting_of_another_report_is_part_of_the_visit_it_lies_in() -> None:
    visit = {
        "kind": "visit",
        "who": ("p:Oren Calvaz",),
        "where": "Georgia",
        "when": ("2021-05-12", "2021-05-14"),
    }
    whole, part = attest(tell("One.", visit), tell("Two.", TALKS))
    assert part.part_of == whole.id
    assert whole.part_of is None


def test_attested_goes_by_its_first_witness_and_the_fullest_tells() -> None:
    bare = tell("One.", TALKS | {"when": None})
    full = tell("Two.", TALKS | {"count": 7})
    (entry,) = attest(bare, full)
    assert entry.id == bare.engagements[0].id
    assert (entry.edtf, entry.place, entry.headcount) == ("2021-05-13", "Tbilisi", (7, 7))
