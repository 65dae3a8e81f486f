from __future__ import annotations

from datetime import date

from dragoman.read.times.explain import explain_time


def test_explain_time_names_the_pattern_and_the_reason() -> None:
    rows = dict(explain_time("the first quarter of next year", published=date(2023, 11, 15)))
    assert rows["EDTF"] == "2024-01/2024-03"
    assert rows["relative to publication"] == "year+1/quarter:1"
    assert rows["pattern"].startswith("quarter-of:")
    assert rows["why"] == "the year +1 from the publication date; then quarter 1"


def test_explain_time_says_what_is_missing() -> None:
    rows = explain_time("yesterday", published=None)
    assert ("EDTF", "unknown") in rows
    assert ("why", "it hangs on the publication date, and none is known") in rows


def test_explain_time_says_when_no_pattern_reads_the_words() -> None:
    assert ("why", "no pattern of the grammar reads these words") in explain_time("the envoy", published=None)


def test_explain_time_passes_a_note_on() -> None:
    rows = dict(explain_time("31 June 2023", published=date(2023, 11, 15)))
    assert "no date of the calendar" in rows["note"]
