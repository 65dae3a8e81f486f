"""Identities on disk: members, keys and profiles as articles come, change and go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.concord import MOST_CANDIDATES, Decision, Judgement, Placement, Profile
from dragoman.errors import NotFoundError
from dragoman.keep.identities import pack_profile, unpack_profile
from dragoman.keep.store import Store
from dragoman.record import EntityKind, make_document_id
from tests.factory import make_document, make_reading


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "record.db") as opened:
        yield opened


def make_profile(id_: str, name: str, document: str) -> Profile:
    return Profile(id=id_, kind=EntityKind.PERSON, names=(name,), documents=(document,))


def place(store: Store, text: str, *rows: tuple[str, str, tuple[str, ...]]) -> str:
    """Keep an article and place its people: entity id, name, whom it joins; the key is the name."""
    store.add(make_reading(make_document(text)))
    document = make_document_id(text)
    placements = [
        Placement(profile=make_profile(id_, name, document), position=n, keys=(name,), joins=joins)
        for n, (id_, name, joins) in enumerate(rows)
    ]
    store.place(document, placements)
    return document


def test_a_profile_comes_back_as_it_was() -> None:
    profile = make_profile("a", "Nadira Vesholt", "d")
    assert unpack_profile(pack_profile(profile)) == profile


def test_place_begins_joins_and_unites(store: Store) -> None:
    place(store, "One.", ("a", "Nadira Vesholt", ()), ("b", "Oren Calvaz", ()))
    place(store, "Two.", ("c", "N. Vesholt", ("a",)))
    place(store, "Three.", ("d", "Nadira Calvaz", ("a", "b")))
    (identity,) = store.identities()
    assert identity.members == ("a", "b", "c", "d")
    assert (identity.id, identity.name) == ("a", "Nadira Vesholt")
    assert store.homes(["a", "b", "c", "d", "x"]) == dict.fromkeys("abcd", "a")
    assert [p.id for p in store.candidates([("Oren Calvaz",)])[0]] == ["a"]


def test_an_identity_goes_by_its_first_member_left(store: Store) -> None:
    first = place(store, "One.", ("a", "Nadira Vesholt", ()))
    place(store, "Two.", ("c", "N. Vesholt", ("a",)))
    store.forget(first)
    assert store.identity("c").id == "c"
    with pytest.raises(NotFoundError, match="by the id 'a'"):
        store.identity("a")


def test_place_again_takes_the_old_places_back(store: Store) -> None:
    text = "One."
    place(store, text, ("a", "Nadira Vesholt", ()), ("b", "Oren Calvaz", ()))
    store.place(make_document_id(text), [])
    assert list(store.identities()) == []
    assert store.candidates([("Oren Calvaz",)]) == ((),)


def test_the_first_member_is_named_again_when_its_article_is_placed_again(store: Store) -> None:
    first = place(store, "One.", ("a", "Nadira Vesholt", ()))
    place(store, "Two.", ("c", "N. Vesholt", ("a",)))
    profile = make_profile("a", "Nadira Vesholt", first)
    store.place(first, [Placement(profile=profile, position=0, keys=("x",), joins=("c",))])
    assert store.identity("c").id == "a"
    assert store.identity("c").members == ("a", "c")


def test_take_out_and_put_in_gives_the_same(store: Store) -> None:
    place(store, "One.", ("a", "Nadira Vesholt", ()))
    place(store, "Two.", ("c", "N. Vesholt", ("a",)))
    before = list(store.identities())
    (taken,) = store.take_out(["c"])
    assert store.identity("a").members == ("a",)
    store.put_in(Placement(profile=taken.profile, position=taken.position, keys=("x",), joins=("a",)))
    assert list(store.identities()) == before


def test_candidates_are_the_first_so_many_of_the_rarest_keys(store: Store) -> None:
    n = MOST_CANDIDATES + 5
    place(store, "One.", *((f"p{k:03}", "Common", ()) for k in range(n)), ("rare", "Rare", ()))
    (found,) = store.candidates([("Common", "Rare")])
    assert (len(found), found[0].id, found[1].id) == (MOST_CANDIDATES, "rare", "p000")


def test_identities_named_finds_a_name_of_any_article(store: Store) -> None:
    reading = make_reading()
    store.add(reading)
    entity = reading.entities[0]
    profile = make_profile(entity.id, entity.name, reading.document.id)
    store.place(reading.document.id, [Placement(profile=profile, position=0)])
    assert [identity.id for identity in store.identities_named("nadira VESHOLT")] == [entity.id]
    assert store.identities_named("Xerxes") == ()


def test_judgements_come_back_as_they_were_given(store: Store) -> None:
    given = Judgement(at="2024-05-01", by="Lin Orsk", target="a", other="b", action=Decision.SAME, reason="x")
    number = store.judge(given)
    (row,) = store.pair_judgements()
    assert (row.id, row.action, row.by) == (number, Decision.SAME, "Lin Orsk")
    assert list(store.judgements(target="b")) == [row]
