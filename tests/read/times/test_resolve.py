from __future__ import annotations

from datetime import date

import pytest

from dragoman.read.times.resolve import notes_for_times, resolve_times
from dragoman.record import Span, TimeClass, TimeEnd

WEDNESDAY = date(2023, 11, 15)


def resolve(words: str, before: str = "", after: str = "", published: date | None = WEDNESDAY):  # type: ignore[no-untyped-def]
    text = f"{before}{words}{after}"
    return resolve_times(
        text, [Span(start=len(before), end=len(before) + len(words))], [], published=published
    )[0]


def test_resolve_times_keeps_the_order_of_the_spans() -> None:
    text = "in 2010 and in 1991"
    spans = [Span(start=15, end=19), Span(start=3, end=7)]
    assert [t.text for t in resolve_times(text, spans, [], published=None)] == ["1991", "2010"]


def test_resolve_times_says_unknown_for_words_that_are_no_time() -> None:
    time = resolve("the ambassador")
    assert (time.edtf, time.earliest, time.latest) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("words", "before", "ends"),
    [
        ("9 July 2018", "On ", (TimeEnd.HARD, TimeEnd.HARD)),
        ("mid-November", "in ", (TimeEnd.SOFT, TimeEnd.SOFT)),
        ("the late 19th century", "in ", (TimeEnd.SOFT, TimeEnd.SOFT)),
        ("1991", "since ", (TimeEnd.HARD, TimeEnd.OPEN)),
        ("1979", "until ", (TimeEnd.OPEN, TimeEnd.HARD)),
        ("three days", "for ", (TimeEnd.OPEN, TimeEnd.OPEN)),
    ],
)
def test_resolve_times_tells_how_firm_the_ends_are(
    words: str, before: str, ends: tuple[TimeEnd, TimeEnd]
) -> None:
    time = resolve(words, before)
    assert (time.earliest_end, time.latest_end) == ends


@pytest.mark.parametrize("words", ["31 June 2023", "30 February", "29 February 2023"])
def test_a_date_that_does_not_exist_costs_a_note_not_the_document(words: str) -> None:
    time = resolve(words)
    assert time.edtf == "unknown"
    assert [note.code for note in notes_for_times(words, [time])] == ["time-unreadable"]


def test_a_date_that_exists_costs_nothing() -> None:
    time = resolve("29 February", published=None)
    assert notes_for_times("29 February", [time]) == ()


def test_a_rate_is_a_repetition_and_a_stay_is_a_length() -> None:
    assert resolve("a year", "It holds 600 meetings ", ".").class_ is TimeClass.SET
    assert resolve("a year", "She stayed for ", ".").class_ is TimeClass.DURATION


def test_a_length_that_ends_with_the_report_gets_days() -> None:
    assert resolve("seven years", "He is the third envoy in ", ".").edtf == "2016/2023~"
    assert resolve("seven years", "The term is ", ".").edtf == "unknown"


def test_before_christ_has_years_edtf_can_write_and_days_iso_dates_cannot() -> None:
    time = resolve("480 BC", "in ")
    assert (time.edtf, time.earliest) == ("-0479", None)
