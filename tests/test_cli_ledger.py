"""Asking at a terminal what the reports say together: ledger, counts, one engagement, judging two."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dragoman.cli import run
from dragoman.identify import identify_reading
from dragoman.keep.store import Store
from dragoman.record import Claim, ClaimKind, Reading, make_id
from tests.resolve.reported import tell

TALKS = {
    "who": ("p:Nadira Vesholt>l:Georgia", "p:Oren Calvaz"),
    "where": "Tbilisi",
    "when": ("2021-05-13", "2021-05-13"),
}
OTHER = TALKS | {"when": ("2021-05-14", "2021-05-14")}
Capture = pytest.CaptureFixture[str]


def make_count(reading: Reading, value: int) -> Claim:
    start = reading.document.text.index("counts")
    text = reading.document.text[start : start + 20]
    about = reading.entities[0].id
    return Claim(
        id=make_id("claim", reading.document.id),
        kind=ClaimKind.COUNT,
        by="author",
        about=(about,),
        value=value,
        unit="harbours",
        start=start,
        end=start + 20,
        text=text,
    )


@pytest.fixture
def told(tmp_path: Path) -> tuple[str, list[str]]:
    """A record in which two papers differ about one meeting and one number; the engagement ids."""
    from msgspec.structs import replace

    path = tmp_path / "record.db"
    readings = [
        tell("Vesholt counts seven harbours there.", TALKS),
        tell("Vesholt counts six harbours, the Herald says.", OTHER, publisher="Herald"),
    ]
    readings = [replace(r, claims=(make_count(r, value),)) for r, value in zip(readings, (7, 6), strict=True)]
    with Store.open(path) as store:
        for reading in readings:
            store.add(reading)
            identify_reading(store, reading)
    return str(path), [reading.engagements[0].id for reading in readings]


def ask(capfd: Capture, *arguments: str, status: int = 0) -> str:
    assert run(arguments) == status
    out, err = capfd.readouterr()
    return out if status == 0 else err


@pytest.mark.parametrize("who", ["Oren Calvaz", "Georgia", "GE", "Tbilisi"])
def test_ledger_lists_a_meeting_once(told: tuple[str, list[str]], capfd: Capture, who: str) -> None:
    rows = list(csv.DictReader(ask(capfd, "ledger", who, "--csv", "--store", told[0]).splitlines()))
    assert [(row["witnesses"], row["where"], row["engagement"]) for row in rows] == [
        ("2", "Tbilisi", told[1][0])
    ]
    assert rows[0]["disagreement"] == "when: 2021-05-13 (Lirgate Courier) or 2021-05-14 (Herald)"


def test_ledger_keeps_to_its_days(told: tuple[str, list[str]], capfd: Capture) -> None:
    none = ask(capfd, "ledger", "Georgia", "--from", "2022-01-01", "--csv", "--store", told[0])
    assert len(none.splitlines()) == 1
    assert run(["ledger", "Georgia", "--from", "2022-01-01", "--store", told[0]]) == 0
    assert "no engagement of theirs in these days" in capfd.readouterr().err


def test_ledger_in_a_terminal_says_where_reports_differ(told: tuple[str, list[str]], capfd: Capture) -> None:
    assert "2021-05-13" in ask(capfd, "ledger", "Oren Calvaz", "--store", told[0])


def test_ledger_of_an_unknown_name_is_one_line(record: str, capfd: Capture) -> None:
    err = ask(capfd, "ledger", "Xerxes Quondam", "--store", record, status=1)
    assert err.startswith("dragoman: nobody and nothing is known by the id or name 'Xerxes Quondam'; try:")
    assert err.count("\n") == 1


def test_show_tells_an_engagement_by_its_witnesses(told: tuple[str, list[str]], capfd: Capture) -> None:
    page = ask(capfd, "show", told[1][1], "--store", told[0])
    assert all(word in page for word in ("Lirgate Courier", "Herald", "they differ", "2021-05-14"))


def test_counts_lists_numbers_that_differ(told: tuple[str, list[str]], capfd: Capture) -> None:
    page = ask(capfd, "counts", "--store", told[0])
    assert [line.split()[:2] for line in page.splitlines()] == [["harbours", "7"], ["6", "“counts"]]
    assert "Herald" in page
    assert ask(capfd, "counts", "Nadira Vesholt", "--store", told[0]) == page
    assert run(["counts", "Oren Calvaz", "--store", told[0]]) == 0
    assert "no two reports count anything differently" in capfd.readouterr().err


def test_split_merge_and_same_take_engagements(told: tuple[str, list[str]], capfd: Capture) -> None:
    path, (one, two) = told
    assert "same" in ask(capfd, "same", one, two, "--store", path)
    split = ask(capfd, "split", two, "--as", "tester", "--why", "two days", "--store", path)
    assert split == f"judgement 1: meeting of 2021-05-14 ({two}, 1 report)\n"
    assert "two days" in ask(capfd, "same", one, two, "--store", path)
    assert "undo 1" in ask(capfd, "merge", one, two, "--as", "tester", "--store", path, status=1)
    ask(capfd, "undo", "1", "--as", "tester", "--store", path)
    assert "one already" in ask(capfd, "merge", one, two, "--as", "tester", "--store", path, status=1)
