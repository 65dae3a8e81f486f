from __future__ import annotations

import re
from datetime import date

import pytest

from dragoman.read.order import order_engagements
from dragoman.read.times.find import find_times
from dragoman.record import Engagement, EngagementKind, Slot, Status, Timex, Words


def engage(
    text: str, name: str, trigger: str, *, time: Timex | None = None, part_of: str | None = None
) -> Engagement:
    words = tuple(Words(start=m.start(), end=m.end(), text=trigger) for m in re.finditer(trigger, text))
    return Engagement(
        id=name,
        kind=EngagementKind.MEETING,
        status=Status.HELD,
        time=time,
        part_of=part_of,
        triggers=words,
        evidence=(),
    )


def edges(text: str, *engagements: Engagement) -> set[tuple[str, str]]:
    ordered, _ = order_engagements(text, (), engagements, ())
    return {(e.id, other) for e in ordered for other in e.after}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prior to the talks with Dun, Marran visited Osk.", {("talks", "visited")}),
        ("Following the talks, Marran visited Osk.", {("visited", "talks")}),
        ("Marran visited Osk ahead of the talks with Dun.", {("talks", "visited")}),
        ("Marran visited Osk after the talks with Dun.", {("visited", "talks")}),
        ("The talks ended. Afterwards Marran visited Osk.", {("visited", "talks")}),
        ("The talks ended. Earlier, Marran visited Osk.", {("talks", "visited")}),
        ("Marran visited Osk and held talks with Dun.", set()),
    ],
)
def test_order_engagements_reads_the_words(text: str, expected: set[tuple[str, str]]) -> None:
    assert edges(text, engage(text, "talks", "talks"), engage(text, "visited", "visited")) == expected


def test_order_engagements_keeps_the_words_as_evidence() -> None:
    text = "Following the talks, Marran visited Osk."
    ordered, _ = order_engagements(text, (), [engage(text, "t", "talks"), engage(text, "v", "visited")], ())
    assert [(e.slot, e.text) for e in ordered[1].evidence] == [(Slot.ORDER, "Following")]
    assert ordered[0].before == ("v",)


def dated(text: str, published: date) -> list[Engagement]:
    times = find_times(text, [], published=published)
    return [engage(text, name, name, time=time) for name, time in zip(("met", "called"), times, strict=True)]


def test_order_engagements_reads_the_dates() -> None:
    text = "They met on 3 March 2019. Dun called Marran on 9 July 2018."
    ordered, notes = order_engagements(text, (), dated(text, date(2019, 3, 5)), ())
    assert [e.after for e in ordered] == [("called",), ()]
    assert [e.before for e in ordered] == [(), ("met",)]
    assert all(e.evidence == () for e in ordered)
    assert notes == ()


def test_order_engagements_does_not_order_a_part_before_its_whole() -> None:
    text = "They met in 2019. Dun called Marran in 2018."
    met, called = dated(text, date(2020, 3, 5))
    part = Engagement(
        id=called.id, kind=called.kind, status=called.status, time=called.time, part_of="met",
        triggers=called.triggers, evidence=(),
    )  # fmt: skip
    assert edges(text, met, part) == set()


def test_order_engagements_reports_words_that_contradict_the_dates() -> None:
    text = "They met on 9 July 2018 after Dun called Marran on 3 March 2019."
    ordered, notes = order_engagements(text, (), dated(text, date(2019, 3, 5)), ())
    assert [note.code for note in notes] == ["order-contradiction"]
    assert ordered[0].after == ("called",)  # what the words say stays


def test_order_engagements_reports_words_that_contradict_each_other() -> None:
    text = "Marran visited Osk before the talks. Marran visited Osk after the talks."
    both = [engage(text, "v", "visited"), engage(text, "t", "talks")]
    _, notes = order_engagements(text, (), both, ())
    assert [note.code for note in notes] == ["order-contradiction"]


def test_order_engagements_resolves_a_time_through_the_engagement_it_hangs_on() -> None:
    text = "The talks opened on 9 July 2018. The day before the talks Dun called Marran."
    times = find_times(text, [], published=date(2018, 9, 1))
    talks, call = engage(text, "talks", "talks", time=times[0]), engage(text, "call", "called", time=times[1])
    ordered, _ = order_engagements(text, (), [talks, call], times)
    assert times[1].edtf == "unknown"
    assert ordered[1].time is not None
    assert (ordered[1].time.edtf, ordered[1].time.anchor) == ("2018-07-08", "talks")
    assert ordered[0].after == ("call",)


def test_order_engagements_keeps_the_order_where_the_time_is_unknown() -> None:
    text = "The talks opened. The day before the talks Dun called Marran."
    times = find_times(text, [], published=None)
    talks, call = engage(text, "talks", "talks"), engage(text, "call", "called", time=times[0])
    ordered, _ = order_engagements(text, (), [talks, call], times)
    assert ordered[1].time is not None
    assert (ordered[1].time.edtf, ordered[1].time.anchor) == ("unknown", "talks")
    assert ordered[1].before == ("talks",)
