"""Reports of one engagement find each other; whatever a person judged comes first."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.concord import Decision, Edge, Judgement, Report
from dragoman.resolve.attest import attest_engagements
from dragoman.resolve.engagements import (
    add_reports,
    block_engagement,
    compare_engagements,
    find_candidates,
    group_engagements,
)
from dragoman.resolve.reports import make_reports
from tests.resolve.reported import name_ids, tell

TALKS = {
    "who": ("p:Nadira Vesholt>l:Georgia", "p:Oren Calvaz>o:Harbour League"),
    "where": "Tbilisi",
    "when": ("2021-05-13", "2021-05-13"),
}


def report(text: str, **facts: Any) -> Report:
    """The one report of a text; `facts` change the talks in Tbilisi."""
    published = facts.pop("published", "2021-05-14")
    reading = tell(text, TALKS | facts, published=published)
    return make_reports(reading, name_ids(reading))[0]


def judge(left: Report, right: Report, action: Decision, **fields: Any) -> Judgement:
    return Judgement(
        at="2021-06-01T00:00:00Z", by="tester", target=left.id, other=right.id, action=action, **fields
    )


def group(*reports: Report, judgements: tuple[Judgement, ...] = ()) -> list[int]:
    edges = [compare_engagements(reports[i], reports[j]) for i, j in find_candidates(reports)]
    return sorted(len(group) for group in group_engagements(reports, edges, judgements))


@pytest.mark.parametrize(
    ("facts", "decision", "reason"),
    [
        ({}, Decision.SAME, "both in Tbilisi"),
        ({"where": "Georgia"}, Decision.SAME, "Tbilisi and Georgia fit together"),
        ({"when": ("2021-05-14", "2021-05-14")}, Decision.SAME, "their times are 1 day apart"),
        ({"when": None}, Decision.SAME, "no time is stated for one, but both are of the same days"),
        ({"when": ("2019-02-01", "2019-02-01")}, Decision.DIFFERENT, "their times are 832 days apart"),
        ({"kind": "call"}, Decision.DIFFERENT, "one is a meeting, the other a call"),
        ({"who": ("p:Ilse Tarn>l:Norway",), "where": "Oslo"}, Decision.DIFFERENT, "no participant in common"),
    ],
)
def test_compare_engagements_says_why(facts: dict[str, Any], decision: Decision, reason: str) -> None:
    edge = compare_engagements(report("One text."), report("Another text.", **facts))
    assert edge.decision is decision
    assert reason in edge.reasons


def test_compare_engagements_is_the_same_both_ways() -> None:
    left, right = report("One text."), report("Another text.", where="Gori", when=None)
    assert compare_engagements(left, right) == compare_engagements(right, left)


def test_same_engagement_shares_a_key_across_the_turn_of_a_month() -> None:
    left = report("One.", when=("2021-05-31", "2021-05-31"), published="2021-06-01")
    right = report("Two.", when=("2021-06-01", "2021-06-01"), published="2021-06-02")
    assert set(block_engagement(left)) & set(block_engagement(right))


def test_state_shares_a_key_with_whoever_acts_for_it() -> None:
    both = ("l:Georgia", "l:Norway")
    people = ("p:Nadira Vesholt>l:Georgia", "p:Ilse Tarn>l:Norway")
    assert set(block_engagement(report("One.", who=both, where=None))) & set(
        block_engagement(report("Two.", who=people, where=None))
    )


def test_two_engagements_of_one_document_stay_two() -> None:
    twice = tell("Twice.", TALKS, TALKS)
    first, second = make_reports(twice, name_ids(twice))
    other = report("Other text.")
    assert group(first, second, other) == [1, 2]


@pytest.mark.parametrize(
    ("facts", "action", "expected"),
    [({}, Decision.DIFFERENT, [1, 1]), ({"kind": "call", "where": "Gori"}, Decision.SAME, [2])],
)
def test_judgement_outranks_the_score(facts: dict[str, Any], action: Decision, expected: list[int]) -> None:
    left, right = report("One text."), report("Another text.", **facts)
    assert group(left, right) != expected
    assert group(left, right, judgements=(judge(left, right, action, id=1),)) == expected


def test_undone_judgement_no_longer_counts() -> None:
    left, right = report("One text."), report("Another text.")
    made = judge(left, right, Decision.DIFFERENT, id=1)
    undone = judge(left, right, Decision.UNDONE, id=2, undoes=1)
    assert group(left, right, judgements=(made, undone)) == [2]


def test_judged_different_stay_apart_by_way_of_a_third() -> None:
    one, two, three = report("One."), report("Two."), report("Three.")
    assert group(one, two, three, judgements=(judge(one, two, Decision.DIFFERENT, id=1),)) == [1, 2]


def test_add_reports_gives_what_grouping_all_gives() -> None:
    one, two, late = report("One."), report("Two."), report("Three.", when=None)
    alone = report("Four.", who=("p:Ilse Tarn", "p:Bo Hask"))
    assert add_reports([late], [(one, two), (alone,)]) == ((one, two, late), (alone,))


def test_cost_grows_with_the_reports_and_not_their_square() -> None:
    many = [report(f"Text {number}.") for number in range(300)]
    assert sum(1 for _ in find_candidates(many)) <= 300 * 40


@pytest.mark.parametrize(("publisher", "n_groups"), [("Herald", 1), ("Lirgate Courier", 2)])
def test_one_publisher_with_two_days_tells_of_two_engagements(publisher: str, n_groups: int) -> None:
    call = {
        "kind": "call",
        "who": ("p:Nadira Vesholt", "p:Oren Calvaz"),
        "when": ("2021-05-13", "2021-05-13"),
    }
    later = call | {"when": ("2021-05-15", "2021-05-15")}
    readings = tell("One.", call), tell("Two.", later, published="2021-05-16", publisher=publisher)
    assert len(attest_engagements(readings, name_ids(*readings))) == n_groups


def test_report_that_one_of_a_group_rules_out_stays_apart() -> None:
    names = {"c": "Courier", "h": "Herald", "g": "Gazette"}
    reports = {key: tell(f"Report {key}.", TALKS, publisher=name) for key, name in names.items()}
    made = [make_reports(reading, {})[0] for reading in reports.values()]
    pairs = [(made[0], made[1], 0.9), (made[1], made[2], 0.8), (made[0], made[2], 0.01)]
    edges = [
        Edge(
            left=min(a.id, b.id),
            right=max(a.id, b.id),
            decision=Decision.SAME if score > 0.5 else Decision.DIFFERENT,
            score=score,
            reasons=(),
        )
        for a, b, score in pairs
    ]
    assert [len(group) for group in group_engagements(made, edges)] == [2, 1]
