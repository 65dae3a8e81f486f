"""A record that left as JSON Lines comes back the same; a line that cannot be used is named."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from dragoman.gather import export
from dragoman.give.ftm import write_ftm
from dragoman.give.historian import write_historian
from dragoman.keep.store import Store
from dragoman.pipeline import reread
from dragoman.receive import MOST_ERRORS, import_files
from dragoman.record import EngagementKind, encode_reading
from tests.factory import make_reading
from tests.give.build import write
from tests.give.stores import make_store
from tests.give.talks import make_talk, make_talks


def export_to(store: Store, path: Path) -> bytes:
    export(store, "jsonl", path)
    return path.read_bytes()


@pytest.mark.parametrize("judged", [False, True])
def test_import_files_gives_the_same_record_back(tmp_path: Path, judged: bool) -> None:
    with make_store(tmp_path / "a.db", judged=judged) as store:
        first = export_to(store, tmp_path / "a.jsonl")
    with Store.open(tmp_path / "b.db") as copy:
        (received,) = import_files(copy, [tmp_path / "a.jsonl"])
        assert received.errors == ()
        assert (received.n_articles, received.n_known, received.n_judgements) == (4, 0, 6 * judged)
        assert export_to(copy, tmp_path / "b.jsonl") == first
        (again,) = import_files(copy, [tmp_path / "a.jsonl"])
        assert (again.n_articles, again.n_known, again.n_judgements) == (0, 4, 0)
        assert export_to(copy, tmp_path / "b.jsonl") == first


def test_import_files_renumbers_judgements_of_another_store(tmp_path: Path) -> None:
    with make_store(tmp_path / "a.db", judged=True) as store:
        export_to(store, tmp_path / "a.jsonl")
        given = list(store.judgements())
    with make_store(tmp_path / "b.db") as other:
        row = msgspec.structs.replace(given[0], by="cem", id=0)
        other.judge(row)
        (received,) = import_files(other, [tmp_path / "a.jsonl"])
        assert received.n_judgements == 6
        assert [(r.id, r.undoes) for r in other.judgements() if r.undoes] == [(6, 4)]


def test_import_files_takes_what_read_json_prints(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(encode_reading(make_reading()) + b"\n\n")
    with Store.open(tmp_path / "b.db") as store:
        (received,) = import_files(store, [path])
        assert (received.n_articles, received.errors) == (1, ())
        assert len(list(store.identities())) == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "not a line of a record"),
        (b"\xff\xfe", "not a line of a record"),
        (b"[1]", "not a line of a record"),
        (b'{"line":"recipe"}', "recipe"),
        (b'{"line":"record","version":99}', "written by a newer Dragoman"),
        (b'{"line":"reading","sha256":"0"}', "reading"),
        (b'{"document":{"id":"1","text":"x"},"notes":3}', "notes"),
    ],
)
def test_import_files_names_a_line_that_cannot_be_used_and_goes_on(
    tmp_path: Path, line: bytes, words: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line + b"\n" + encode_reading(make_reading()) + b"\n")
    with Store.open(tmp_path / "b.db") as store:
        (received,) = import_files(store, [path])
    (error,) = received.errors
    assert str(error).startswith(f"{path}:1: ")
    assert words in str(error)
    assert "\n" not in str(error)
    assert received.n_articles == 1


def test_import_files_notices_a_changed_text_and_changed_words(tmp_path: Path) -> None:
    with make_store(tmp_path / "a.db") as store:
        data = export_to(store, tmp_path / "a.jsonl")
    (tmp_path / "text.jsonl").write_bytes(data.replace(b"seven harbours", b"eight harbours"))
    plain = encode_reading(make_reading()).replace(b'"text":"seven harbours"', b'"text":"eight harbours"')
    (tmp_path / "words.jsonl").write_bytes(plain)
    with Store.open(tmp_path / "b.db") as copy:
        text, words = import_files(copy, [tmp_path / "text.jsonl", tmp_path / "words.jsonl"])
    assert "its SHA-256 differs" in str(text.errors[0])
    assert (text.n_articles, words.n_articles) == (3, 0)
    assert "words.jsonl:1: words at" in str(words.errors[0])


CHIEF = {"id": "draval-ismet", "surname": "Draval", "forename": "Ismet"}


def test_import_files_keeps_known_people_with_their_ids(tmp_path: Path) -> None:
    path, fresh = tmp_path / "chiefs.jsonl", tmp_path / "fresh.jsonl"
    path.write_text(json.dumps(CHIEF))
    fresh.write_text(json.dumps(CHIEF | {"altname": "Izzy Draval"}))
    with make_store(tmp_path / "a.db") as store:
        received, again, edition = import_files(store, [path, path, fresh])
        assert (received.n_articles, received.n_named, received.errors) == (1, 1, ())
        assert (again.n_articles, again.n_known, again.errors) == (0, 1, ())
        assert "from another edition of the list; first: dragoman forget" in str(edition.errors[0])
        (who,) = store.identities_named("Ismet Draval")
        assert who.known_as == ("pocom:draval-ismet",)
        assert len(who.members) == 2
        store.forget(str(edition.errors[0]).split()[-1])
        (edition,) = import_files(store, [fresh])
        assert edition.errors == ()


def test_import_files_takes_people_we_export_and_no_visits(tmp_path: Path) -> None:
    """A list made of the record is no further source for it."""
    talk = make_talk("person-a", kind=EngagementKind.VISIT)
    with ZipFile(BytesIO(write(write_historian, make_talks(talk))[0])) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "a.ftm.json").write_bytes(write(write_ftm, make_talks(talk))[0])
    with Store.open(tmp_path / "b.db") as store:
        visits, people = import_files(store, [tmp_path / "visits.xml", tmp_path / "a.ftm.json"])
        assert "was written by Dragoman; import what export jsonl writes" in str(visits.errors[0])
        assert (people.n_articles, people.errors) == (1, ())
        (who,) = store.identities_named("Nadira Vesholt")
        assert who.known_as == ("ftm:person-a",)


def test_reread_leaves_lists_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "chiefs.jsonl"
    path.write_text(json.dumps(CHIEF))
    with make_store(tmp_path / "a.db") as store:
        list(import_files(store, [path]))
        assert len(list(reread(store, reader="fakes:load_reader"))) == 4
        assert store.identities_named("Ismet Draval")


def test_import_files_gives_up_on_what_is_no_record_and_on_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("no record\n" * 1000)
    with Store.open(tmp_path / "b.db") as store:
        wrong, missing = import_files(store, [path, tmp_path / "none.jsonl"])
    assert len(wrong.errors) == MOST_ERRORS + 1
    assert "the rest is not read" in str(wrong.errors[-1])
    assert "none.jsonl': No such file" in str(missing.errors[0])
