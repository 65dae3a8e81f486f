"""What filters choose of a store, and what becomes of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.concord import Decision
from dragoman.errors import DragomanError, NotFoundError
from dragoman.gather import ALL_STATES, Filters, State, drop_facts, export, find_decisions, find_who, gather
from dragoman.give.contents import Contents
from dragoman.keep.store import Store
from dragoman.record import EngagementKind, Status, check_reading
from tests.give.stores import make_readings, make_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "r.db")


@pytest.fixture
def judged(tmp_path: Path) -> Store:
    return make_store(tmp_path / "j.db", judged=True)


def list_articles(contents: Contents) -> list[int]:
    """The numbers of the articles that leave, 0 to 3 as in `make_readings`."""
    ids = [reading.document.id for reading in make_readings()]
    return [ids.index(reading.document.id) for reading in contents.readings()]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [0, 1, 2, 3]),
        (Filters(articles=("a/2", "a/1", "2")), [1, 0]),
        (Filters(who=("Nadira Vesholt",)), [0, 1]),
        (Filters(who=("Vesholt", "Pelle Ordstrand")), [0, 1, 2]),
        (Filters(who=("Oren Calvaz",), articles=("a/1",)), [0]),
        (Filters(start="2022-01-01"), [1, 2]),
        (Filters(end="2021-12-31"), [0, 3]),
        (Filters(end="0001-01-01"), [3]),
        (Filters(start="2022-05-09", end="2022-05-09"), [1]),
        (Filters(kinds=frozenset({EngagementKind.MEETING}), statuses=frozenset({Status.HELD})), [0, 1, 2]),
        (Filters(statuses=frozenset({Status.RECURRING}), kinds=frozenset({EngagementKind.MEETING})), []),
    ],
)
def test_gather_chooses(store: Store, filters: Filters, expected: list[int]) -> None:
    contents = gather(store, filters)
    assert list_articles(contents) == expected
    documents = {reading.document.id for reading in contents.readings()}
    told = {w.document for entry in contents.engagements() for w in entry.witnesses}
    assert told == documents
    named = {id_ for reading in contents.readings() for id_ in contents.canonical(reading).values()}
    assert {identity.id for identity in contents.identities()} == named
    assert {d for office in contents.offices() for d in office.documents} <= documents


def test_gather_leaves_rejected_facts_out_unless_asked(judged: Store) -> None:
    assert list_articles(gather(judged, Filters())) == [0, 1, 2, 3]
    usual = gather(judged, Filters())
    for reading in usual.readings():
        check_reading(reading)
    first, other, *_ = usual.readings()
    assert (len(first.engagements), len(first.quotations), len(other.engagements)) == (1, 0, 0)
    rejected = gather(judged, Filters(states=frozenset({State.REJECTED})))
    assert [entry.witnesses[0].engagement for entry in rejected.engagements()] == [
        make_readings()[1].engagements[0].id
    ]
    accepted = gather(judged, Filters(states=frozenset({State.ACCEPTED})))
    (entry,) = accepted.engagements()
    assert accepted.state(entry.id) is Decision.ACCEPTED


def test_gather_of_everything_has_every_judgement_and_of_a_part_those_about_it(judged: Store) -> None:
    rows = tuple(judged.judgements())
    assert tuple(gather(judged, Filters(states=ALL_STATES)).judgements()) == rows
    part = gather(judged, Filters(articles=("a/3",), states=ALL_STATES))
    assert [row.id for row in part.judgements()] == [3, 5, 6]


def test_find_decisions_forgets_what_was_undone(judged: Store) -> None:
    first, other, undated, _ = make_readings()
    decided = find_decisions(judged.judgements())
    assert decided[first.engagements[0].id] is Decision.ACCEPTED
    assert decided[other.engagements[0].id] is Decision.REJECTED
    assert undated.engagements[0].id not in decided


def test_drop_facts_drops_what_points_at_them() -> None:
    reading = make_readings()[3]
    left = drop_facts(reading, lambda id_: id_ == reading.engagements[0].id)
    check_reading(left)
    assert (left.engagements, left.quotations[0].occasion) == ((), None)
    assert drop_facts(reading, lambda id_: False) is reading


def test_find_who_knows_ids_and_names_and_says_what_it_does_not(store: Store) -> None:
    (who,) = find_who(store, "Nadira Vesholt")
    assert find_who(store, who) == {who}
    assert find_who(store, "vesholt") == {who}
    with pytest.raises(NotFoundError, match="nobody and nothing called 'Xerxes'; try: dragoman find"):
        find_who(store, "Xerxes")


def test_export_writes_a_file_and_says_how_much(store: Store, tmp_path: Path) -> None:
    written = export(store, "geojson", tmp_path / "r.geojson")
    assert written.n_entries == 4
    assert (tmp_path / "r.geojson").read_bytes().count(b'"Feature"') == 4


def test_export_leaves_nothing_behind_when_it_cannot(store: Store, tmp_path: Path) -> None:
    with pytest.raises(
        DragomanError, match=r"there is no format 'xls'; formats are ann, brat, .*, webannotation"
    ):
        export(store, "xls", tmp_path / "r.xls")
    with pytest.raises(NotFoundError):
        export(store, "csv", tmp_path / "r.zip", Filters(who=("Xerxes",)))
    assert not list(tmp_path.glob("r.[xz]*"))
