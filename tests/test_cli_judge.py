"""`dragoman same`, `merge`, `split`, `undo`, `judgements` and `resolve` at a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.cli import run
from dragoman.identify import identify_reading
from dragoman.keep.store import Store
from tests.factory import make_document, make_reading

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def people(tmp_path: Path) -> tuple[str, list[str]]:
    """A record of three articles, and the ids of the person each is about."""
    path, ids = str(tmp_path / "record.db"), []
    with Store.open(path) as store:
        for who in ("Nadira Vesholt", "N. Vesholt", "Dina Hallam"):
            reading = make_reading(make_document(f"{who} met Oren Calvaz in Lirgate."), person=who)
            store.add(reading)
            identify_reading(store, reading)
            ids.append(reading.entities[0].id)
    return path, ids


def ask(capfd: Captured, path: str, *words: str) -> tuple[int, str, str]:
    """Status, output and errors of a command."""
    status = run([*words, "--store", path])
    out, err = capfd.readouterr()
    return status, out, err


def test_same_says_why(people: tuple[str, list[str]], capfd: Captured) -> None:
    path, (first, *_) = people
    status, out, _ = ask(capfd, path, "same", "Nadira Vesholt", "N. Vesholt")
    assert status == 0
    assert out.splitlines()[0].split() == ["decision", "same"]
    assert f"one       Nadira Vesholt ({first}, 2 articles)" in out
    assert "because   N is the initial of Nadira" in out


def test_merge_undo_and_judgements(people: tuple[str, list[str]], capfd: Captured) -> None:
    path, (first, *_) = people
    who = ("--as", "Lin Orsk", "--why", "married")
    status, out, _ = ask(capfd, path, "merge", "Nadira Vesholt", "Dina Hallam", *who)
    assert (status, out) == (0, f"judgement 1: Nadira Vesholt ({first}, 3 articles)\n")
    assert "Lin Orsk judged so on" in ask(capfd, path, "same", "Dina Hallam", "Nadira Vesholt")[1]
    assert ask(capfd, path, "undo", "1", "--as", "Lin Orsk")[1] == "judgement 2: undid 1\n"
    rows = ask(capfd, path, "judgements")[1].splitlines()
    assert [row.split()[0] for row in rows] == ["no", "1", "2"]
    assert rows[1].endswith("married")
    assert "decision  different" in ask(capfd, path, "same", "Dina Hallam", "Nadira Vesholt")[1]


def test_split_parts_a_member(people: tuple[str, list[str]], capfd: Captured) -> None:
    path, (_, second, _) = people
    status, out, _ = ask(capfd, path, "split", second, "--as", "Lin Orsk")
    assert (status, out) == (0, f"judgement 1: N. Vesholt ({second}, 1 article)\n")


def test_resolve_counts(people: tuple[str, list[str]], capfd: Captured) -> None:
    path, _ = people
    status, out, _ = ask(capfd, path, "resolve")
    assert (status, out) == (0, "9 names in articles are 4 people, bodies, places and groups\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("same", "Xerxes", "Nadira Vesholt"), "nobody and nothing is known by the id or name 'Xerxes'"),
        (("merge", "Nadira Vesholt", "Lirgate"), "they cannot be one"),
        (("merge", "Nadira Vesholt", "N. Vesholt"), "are one already"),
        (("split", "person-0"), "knows nobody and nothing by the id 'person-0'"),
        (("undo", "7"), "there is no judgement 7; see: dragoman judgements"),
        (("judgements",), "nobody has judged anything yet"),
        (("judgements", "person-0"), "no judgement concerns 'person-0'"),
    ],
)
def test_wrong_input_is_one_line(
    people: tuple[str, list[str]], capfd: Captured, words: tuple[str, ...], message: str
) -> None:
    status, out, err = ask(capfd, people[0], *words)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("dragoman: ")
    assert message in err
