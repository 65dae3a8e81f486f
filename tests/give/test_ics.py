"""Calendars as icalendar reads them."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from dragoman.give.ics import write_ics
from dragoman.record import Status
from tests.give.build import MET, make_contents, make_small, write
from tests.give.consumers import read_ics


def write_one(**fields: object) -> tuple[list[object], tuple[str, ...]]:
    (told,) = make_small().engagements()
    told = msgspec.structs.replace(told, **fields)
    small = make_small()
    contents = make_contents(list(small.readings()), engagements=[told], identities=small.identities())
    data, written = write(write_ics, contents)
    return read_ics(data).walk("VEVENT"), written.left_out


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.PLANNED, "TENTATIVE"),
        (Status.HELD, "CONFIRMED"),
        (Status.CANCELLED, "CANCELLED"),
        (Status.ALLEGED, "TENTATIVE"),
        (Status.NEGATED, "CANCELLED"),
    ],
)
def test_status_is_said_in_the_words_of_calendars_and_in_ours(status: Status, said: str) -> None:
    ((event,), _) = write_one(status=status)
    assert (event["STATUS"], event["X-DRAGOMAN-STATUS"]) == (said, status)


@pytest.mark.parametrize(
    ("earliest", "latest", "end"),
    [
        ("2021-03-03", "2021-03-03", date(2021, 3, 4)),
        ("2024-02-28", "2024-02-29", date(2024, 3, 1)),
        ("0001-01-01", "0001-12-31", date(2, 1, 1)),
    ],
)
def test_days_are_whole_and_their_end_is_exclusive(earliest: str, latest: str, end: date) -> None:
    ((event,), _) = write_one(earliest=earliest, latest=latest)
    assert event.decoded("DTSTART") == date.fromisoformat(earliest)
    assert event.decoded("DTEND") == end


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [
        (None, None),
        ("2021-01-01", None),
        (None, "2021-01-01"),
        ("-0044-03-15", "-0044-03-15"),
        ("0000-01-01", "0000-01-01"),
        ("2021-02-30", "2021-02-30"),
        ("1870-01-01", "1879-12-31"),
        ("2021-03-04", "2021-03-03"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_engagement_without_a_day_is_left_out_and_said(earliest: str | None, latest: str | None) -> None:
    events, left_out = write_one(earliest=earliest, latest=latest)
    assert not events
    assert left_out[0].startswith("1 engagements without a day")


def test_words_source_and_disagreement_stand_in_the_description() -> None:
    ((event,), _) = write_one()
    told = str(event["DESCRIPTION"])
    assert f"“{MET}” – Lirgate Courier, 2021-03-05 https://courier.example/" in told
    assert 'Орен Калваз "the Elder" (host)' in told
    assert "reports differ on when: 3 March 2021 (1), 4 March 2021 (1)" in told
    assert "Kamor Post" in told


@pytest.mark.parametrize(
    "topic", ["a; b, c\\n d", "one\ntwo\r\nthree", "é" * 200, "\u2028x\x07", "END:VEVENT"]
)
def test_any_topic_is_escaped_and_folded(topic: str) -> None:
    ((event,), _) = write_one(topic=topic)
    plain = topic.replace("\r\n", "\n").replace("\u2028", "\n").replace("\x07", "")
    assert f"about: {plain}" in str(event["DESCRIPTION"])
