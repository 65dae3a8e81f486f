"""The table of what survives in a format is measured, and measures what it says."""

from __future__ import annotations

from docs.survival import SIGNS, find_survivors, make_record, make_rows
from dragoman.give.formats import FORMATS
from dragoman.record import check_reading
from tests.conftest import ROOT


def test_record_keeps_its_own_rules_and_its_signs_stand_apart() -> None:
    (reading,) = make_record().readings()
    check_reading(reading)
    assert str(reading.engagements[0].triggers[0].start) == SIGNS["offsets"][0]


def test_nothing_survives_in_an_empty_file_and_all_in_the_record_itself() -> None:
    assert not any(find_survivors(lambda contents, out: out.write(b"")).values())
    signs = " ".join(sign for group in SIGNS.values() for sign in group).encode()
    assert all(find_survivors(lambda contents, out: out.write(signs)).values())


def test_rows_tell_what_each_of_our_formats_keeps() -> None:
    head, *rows = make_rows(FORMATS)
    kept = {
        row[0].strip("`"): {part for part, cell in zip(head[1:], row[1:], strict=True) if cell == "yes"}
        for row in rows
    }
    everything = set(SIGNS)
    assert kept["csv"] == kept["parquet"] == kept["jsonl"] == kept["evidence"] == everything
    assert kept["webannotation"] == everything - {"disagreements"}
    assert kept["brat"] == everything - {"sources", "decisions", "disagreements"}
    assert kept["ann"] == everything - {"words", "sources", "decisions", "disagreements"}
    assert all(kept[name] >= {"names", "dates", "status"} for name in FORMATS if name != "historian")
    assert "before year 1" not in kept["ics"]


def test_page_explains_every_part_that_is_measured() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [part for part in SIGNS if f"**{part}**" not in page] == []
