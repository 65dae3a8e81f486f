"""Who is who in a store: settled article by article, judged, undone, rebuilt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.concord import Decision
from dragoman.errors import DragomanError, NotFoundError
from dragoman.identify import explain_same, find_one, identify_reading, merge, rebuild, split, undo
from dragoman.keep.store import Store
from dragoman.record import Reading
from tests.factory import make_document, make_reading

BY = {"by": "Lin Orsk", "at": "2024-05-01T09:00:00+00:00"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "record.db") as opened:
        yield opened


def report(store: Store, who: str, other: str, place: str = "Lirgate") -> Reading:
    """Keep an article in which one met the other; what it tells."""
    document = make_document(f"{who} met {other} in {place} on a quiet day.")
    reading = make_reading(document, person=who, other=other, place=place)
    store.add(reading)
    identify_reading(store, reading)
    return reading


def get_id(reading: Reading, name: str) -> str:
    return next(entity.id for entity in reading.entities if entity.name == name)


def list_groups(store: Store) -> set[tuple[str, ...]]:
    """The identities as sets of members, so that two stores can be compared."""
    return {tuple(sorted(identity.members)) for identity in store.identities()}


def test_two_articles_tell_of_one_person(store: Store) -> None:
    one = report(store, "Nadira Vesholt", "Oren Calvaz")
    two = report(store, "N. Vesholt", "Ted Torbert")
    found = find_one(store, "Nadira Vesholt")
    assert found.members == (get_id(one, "Nadira Vesholt"), get_id(two, "N. Vesholt"))
    assert found.id == get_id(one, "Nadira Vesholt")


def test_reading_an_article_again_changes_nothing(store: Store) -> None:
    readings = [report(store, "Nadira Vesholt", "Oren Calvaz"), report(store, "N. Vesholt", "Oren Calvaz")]
    before = tuple(store.identities())
    for reading in (*readings, *readings):
        store.replace(reading)
        identify_reading(store, reading)
    assert {i.id: i.members for i in store.identities()} == {i.id: i.members for i in before}


def test_rebuilding_gives_what_settling_one_by_one_gave(store: Store) -> None:
    for who in ("Nadira Vesholt", "N. Vesholt", "Nadira Veshollt", "Rauf Vesholt", "Vesholt, Nadira"):
        report(store, who, "Oren Calvaz", "Ostby")
    before = list_groups(store)
    assert rebuild(store) == len(before)
    assert list_groups(store) == before


def test_a_merge_holds_through_reading_again_and_rebuilding(store: Store) -> None:
    one, two = report(store, "Nadira Vesholt", "Oren Calvaz"), report(store, "Dina Hallam", "Ted Torbert")
    number, identity = merge(store, "Nadira Vesholt", "Dina Hallam", why="married", **BY)
    assert identity.members == (get_id(one, "Nadira Vesholt"), get_id(two, "Dina Hallam"))
    for reading in (one, two):
        store.replace(reading)
        identify_reading(store, reading)
    assert find_one(store, "Dina Hallam").id == identity.id
    rebuild(store)
    assert find_one(store, "Dina Hallam").members == identity.members
    assert explain_same(store, "Dina Hallam", "Nadira Vesholt").judgement == number


def test_a_merge_holds_where_an_article_is_forgotten_and_read_again(store: Store) -> None:
    one = report(store, "Nadira Vesholt", "Oren Calvaz")
    report(store, "Dina Hallam", "Ted Torbert")
    merge(store, "Nadira Vesholt", "Dina Hallam", **BY)
    store.forget(one.document.id)
    assert find_one(store, "Dina Hallam").members == (find_one(store, "Dina Hallam").id,)
    report(store, "Nadira Vesholt", "Oren Calvaz")
    assert find_one(store, "Dina Hallam").id == find_one(store, "Nadira Vesholt").id


def test_forgetting_the_only_article_forgets_the_person(store: Store) -> None:
    one = report(store, "Nadira Vesholt", "Oren Calvaz")
    store.forget(one.document.id)
    assert list(store.identities()) == []


def test_undo_takes_a_merge_back(store: Store) -> None:
    report(store, "Nadira Vesholt", "Oren Calvaz")
    report(store, "Dina Hallam", "Ted Torbert")
    before = list_groups(store)
    number, _ = merge(store, "Nadira Vesholt", "Dina Hallam", **BY)
    undo(store, number, **BY)
    assert list_groups(store) == before
    with pytest.raises(DragomanError, match=f"judgement {number} is undone already"):
        undo(store, number, **BY)


def test_a_merge_under_a_later_one_is_not_undone(store: Store) -> None:
    for who in ("Nadira Vesholt", "Dina Hallam", "Ilse Strand"):
        report(store, who, "Oren Calvaz", f"{who.split()[0]}stad")
    first, _ = merge(store, "Nadira Vesholt", "Dina Hallam", **BY)
    second, _ = merge(store, "Dina Hallam", "Ilse Strand", **BY)
    with pytest.raises(DragomanError, match=rf"under the later merge {second}.*dragoman undo {second}"):
        undo(store, first, **BY)
    undo(store, second, **BY)
    undo(store, first, **BY)
    ids = {find_one(store, who).id for who in ("Nadira Vesholt", "Dina Hallam", "Ilse Strand")}
    assert len(ids) == 3


def test_split_parts_members_and_undo_joins_them_again(store: Store) -> None:
    one = report(store, "Nadira Vesholt", "Oren Calvaz")
    two = report(store, "Nadira Vesholt", "Ted Torbert")
    before = list_groups(store)
    (number,) = split(store, [get_id(two, "Nadira Vesholt")], why="the footballer", **BY)
    ids = [get_id(reading, "Nadira Vesholt") for reading in (one, two)]
    assert [store.identity(i).id for i in ids] == ids
    rebuild(store)
    assert [store.identity(i).id for i in ids] == ids
    assert explain_same(store, *ids).decision is Decision.DIFFERENT
    undo(store, number, **BY)
    assert list_groups(store) == before


def test_what_is_kept_apart_is_not_merged(store: Store) -> None:
    one, two = report(store, "Nadira Vesholt", "Oren Calvaz"), report(store, "Nadira Vesholt", "Ted Torbert")
    ids = [get_id(reading, "Nadira Vesholt") for reading in (one, two)]
    (number,) = split(store, ids[1:], **BY)
    with pytest.raises(DragomanError, match=rf"judgement {number} keeps .* first: dragoman undo {number}"):
        merge(store, *ids, **BY)


def test_wrong_input_is_one_clear_line(store: Store) -> None:
    one = report(store, "Nadira Vesholt", "Oren Calvaz")
    person, place = get_id(one, "Nadira Vesholt"), get_id(one, "Lirgate")
    wrong = {
        "person .* place; they cannot be one": lambda: merge(store, person, place, **BY),
        "are one already": lambda: merge(store, person, "Nadira Vesholt", **BY),
        "nobody and nothing is known by .*'Xerxes'": lambda: merge(store, "Xerxes", person, **BY),
        "nobody would be left": lambda: split(store, [person], **BY),
        "is no member of": lambda: split(store, [person, place], **BY),
        "by the id 'person-0'": lambda: split(store, ["person-0"], **BY),
        "there is no judgement 9": lambda: undo(store, 9, **BY),
        "not compared": lambda: explain_same(store, person, place),
    }
    for message, call in wrong.items():
        with pytest.raises(DragomanError, match=message) as caught:
            call()
        assert "\n" not in str(caught.value)
    assert list(store.judgements()) == []


def test_a_name_of_two_people_asks_for_an_id(store: Store) -> None:
    one, two = report(store, "Nadira Vesholt", "Oren Calvaz"), report(store, "Nadira Vesholt", "Ted Torbert")
    split(store, [get_id(two, "Nadira Vesholt")], **BY)
    with pytest.raises(NotFoundError, match=r"2 go by the name .*name one by its id") as caught:
        find_one(store, "Nadira Vesholt")
    assert get_id(one, "Nadira Vesholt") in str(caught.value)
