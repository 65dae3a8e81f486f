"""The ledger of a person and of a country."""

from __future__ import annotations

import csv
import io

from dragoman.concord import Attested, Office
from dragoman.resolve.attest import attest_engagements
from dragoman.show.ledger import COLUMNS, build_ledger, render_ledger, write_csv
from tests.resolve.reported import name_ids, tell

TALKS = {
    "who": ("p:Nadira Vesholt>l:Georgia", "p:Oren Calvaz"),
    "where": "Tbilisi",
    "when": ("2021-05-13", "2021-05-13"),
}
NAMES = {name: name for name in ("Nadira Vesholt", "Oren Calvaz", "Georgia", "Tbilisi", "Bo Hask")}
OFFICES = (
    Office(person="Oren Calvaz", title="harbour master", first_seen="2019-01-01", last_seen="2019-12-31"),
    Office(person="Oren Calvaz", title="envoy", first_seen="2021-05-01", last_seen="2021-06-01"),
    Office(person="Bo Hask", title="consul", of="Georgia"),
)


def make_entries() -> tuple[Attested, ...]:
    readings = (
        tell("One.", TALKS),
        tell("Two.", TALKS | {"when": ("2021-05-14", "2021-05-14")}, publisher="Herald"),
        tell("Three.", {"kind": "call", "who": ("p:Bo Hask", "p:Oren Calvaz")}, published="2021-03-01"),
    )
    return attest_engagements(readings, name_ids(*readings))


def test_build_ledger_of_a_person_in_order_of_time() -> None:
    early, late = build_ledger(make_entries(), NAMES, OFFICES, who={"Oren Calvaz"})
    assert (early.date, early.kind, early.with_whom) == ("[2021-03-01]", "call", "Bo Hask (consul, Georgia)")
    assert (late.date, late.office, late.where) == ("2021-05-13", "envoy", "Tbilisi")
    assert late.with_whom == "Nadira Vesholt (for Georgia)"
    assert late.witnesses == 2
    assert late.disagreement == "when: 2021-05-13 (Lirgate Courier) or 2021-05-14 (Herald)"


def test_build_ledger_of_a_country_shows_who_acts_for_it() -> None:
    rows = build_ledger(make_entries(), NAMES, OFFICES, who={"Georgia"})
    assert [(row.who, row.for_whom, row.with_whom) for row in rows] == [
        ("Bo Hask", "", "Oren Calvaz (envoy)"),
        ("Nadira Vesholt", "Georgia", "Oren Calvaz (envoy)"),
    ]


def test_build_ledger_keeps_to_the_days_asked_for() -> None:
    entries = make_entries()
    assert [
        row.kind for row in build_ledger(entries, NAMES, OFFICES, who={"Oren Calvaz"}, start="2021-05-13")
    ] == ["meeting"]
    assert [
        row.kind for row in build_ledger(entries, NAMES, OFFICES, who={"Oren Calvaz"}, end="2021-05-12")
    ] == ["call"]
    assert build_ledger(entries, NAMES, OFFICES, who={"Nobody"}) == ()


def test_write_csv_reads_back() -> None:
    rows = build_ledger(make_entries(), NAMES, OFFICES, who={"Georgia"})
    head, *lines = csv.reader(write_csv(rows).splitlines())
    assert tuple(head) == COLUMNS
    assert [len(line) for line in lines] == [len(COLUMNS)] * 2


def test_render_ledger_names_every_row() -> None:
    from rich.console import Console

    console = Console(width=160, record=True, file=io.StringIO())
    console.print(render_ledger(build_ledger(make_entries(), NAMES, OFFICES, who={"Georgia"})))
    page = console.export_text()
    assert "Nadira Vesholt" in page and "Bo Hask" in page
