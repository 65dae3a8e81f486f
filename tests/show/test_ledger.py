"""The ledger of a person, of a country and of a place, from lines of the store."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from dragoman.concord import Account, Agreement, Attested, Told, Witness
from dragoman.keep.rows import AttestedRow, TakerRow
from dragoman.record import EngagementKind, EntityKind, Part, Slot, Status
from dragoman.show.ledger import COLUMNS, LedgerRow, Whose, build_ledger, render_ledger, write_csv


def make_taker(name: str, **fields: Any) -> TakerRow:
    known: dict[str, Any] = {"behalf": None, "behalf_name": None, "states": (), "office": None}
    known |= {"office_of": None, "kind": EntityKind.PERSON, "part": Part.PARTICIPANT}
    return TakerRow(identity=name, name=name, **(known | fields))


def make_row(*takers: TakerRow, **fields: Any) -> AttestedRow:
    known: dict[str, Any] = {"number": 1, "id": "engagement-1", "kind": EngagementKind.MEETING}
    known |= {"status": Status.HELD, "day": "2021-05-13", "last": "2021-05-13", "whole": None, "topic": None}
    known |= {"earliest": "2021-05-13", "latest": "2021-05-13", "edtf": "2021-05-13", "n_witnesses": 1}
    known |= {"place": "Tbilisi", "place_name": "Tbilisi", "differing": ()}
    return AttestedRow(takers=takers, **(known | fields))


MINISTER = make_taker(
    "Nadira Vesholt", behalf="Georgia", behalf_name="Georgia", states=("GE",), office="Minister"
)
ENVOY = make_taker("Oren Calvaz", office="envoy", office_of="Lirgate")
TALKS = make_row(MINISTER, ENVOY, n_witnesses=2, differing=(Slot.WHEN,))
CALL = make_row(
    make_taker("Bo Hask"), ENVOY, kind=EngagementKind.CALL, edtf=None, earliest=None, day="2021-03-01"
)
DIFFERING = Attested(
    id="engagement-1",
    kind=EngagementKind.MEETING,
    status=Status.HELD,
    witnesses=(
        Witness(document="a", engagement="engagement-1", publisher="Lirgate Courier"),
        Witness(document="b", engagement="engagement-2", publisher="Herald"),
    ),
    accounts=(
        Account(
            slot=Slot.WHEN,
            agreement=Agreement.DIFFER,
            told=(
                Told(value="2021-05-13", label="2021-05-13", documents=("a",)),
                Told(value="2021-05-14", label="2021-05-14", documents=("b",)),
            ),
        ),
    ),
)


def find_office(identity: str, day: str) -> tuple[str, str | None] | None:
    return ("consul", "Georgia") if identity == "Bo Hask" else None


def build(*rows: AttestedRow, **whose: str) -> list[LedgerRow]:
    whom = Whose(**whose)
    return list(build_ledger(rows, whom, tell=lambda id_: DIFFERING, find_office=find_office))


def test_build_ledger_of_a_person() -> None:
    call, talks = build(CALL, TALKS, identity="Oren Calvaz")
    assert (call.date, call.kind, call.with_whom) == ("[2021-03-01]", "call", "Bo Hask (consul, Georgia)")
    assert (talks.date, talks.office, talks.where) == ("2021-05-13", "envoy, Lirgate", "Tbilisi")
    assert talks.with_whom == "Nadira Vesholt (Minister)"
    assert talks.witnesses == 2
    assert talks.disagreement == "when: 2021-05-13 (Lirgate Courier) or 2021-05-14 (Herald)"


def test_build_ledger_of_a_country_shows_who_acts_for_it() -> None:
    country = make_taker("Georgia", kind=EntityKind.PLACE, states=("GE",))
    (row,) = build(make_row(country, MINISTER, ENVOY), state="GE")
    assert (row.who, row.for_whom) == ("Nadira Vesholt", "Georgia")
    assert row.with_whom == "Oren Calvaz (envoy, Lirgate)"


def test_build_ledger_of_a_country_alone_shows_the_country() -> None:
    country = make_taker("Georgia", kind=EntityKind.PLACE, states=("GE",))
    (row,) = build(make_row(country, ENVOY), state="GE")
    assert row.who == "Georgia"


def test_build_ledger_of_a_body_shows_who_acts_for_it() -> None:
    clerk = make_taker("Ilse Tarn", behalf="Harbour Board", behalf_name="Harbour Board")
    (row,) = build(make_row(clerk, ENVOY), identity="Harbour Board")
    assert (row.who, row.with_whom) == ("Ilse Tarn", "Oren Calvaz (envoy, Lirgate)")


def test_build_ledger_of_a_place_shows_everybody() -> None:
    (row,) = build(TALKS)
    assert row.who == "Nadira Vesholt; Oren Calvaz"


def test_build_ledger_asks_for_a_whole_engagement_only_where_reports_differ() -> None:
    rows = build_ledger([CALL], Whose(identity="Oren Calvaz"), tell=lambda id_: 1 / 0)  # type: ignore[arg-type,return-value]
    assert next(rows).disagreement == ""


def test_write_csv_reads_back() -> None:
    head, *lines = csv.reader("".join(write_csv(build(CALL, TALKS, state="GE"))).splitlines())
    assert tuple(head) == COLUMNS
    assert [len(line) for line in lines] == [len(COLUMNS)] * 2


def test_build_ledger_says_what_nobody_dates() -> None:
    (row,) = build(make_row(MINISTER, edtf=None, earliest=None, latest=None, day="9999"), state="GE")
    assert row.date == "undated"


@pytest.mark.parametrize("width", [60, 160])
def test_render_ledger_names_every_row_in_whole_words(width: int) -> None:
    from rich.console import Console

    console = Console(width=width, record=True, file=io.StringIO())
    for page in render_ledger(build(CALL, TALKS, identity="Oren Calvaz")):
        console.print(page)
    text = console.export_text()
    assert all(words in text for words in ("Nadira Vesholt", "Bo Hask", "2021-05-13", "Tbilisi"))
