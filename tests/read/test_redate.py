from __future__ import annotations

from datetime import date

import pytest

from dragoman.read.order import order_engagements
from dragoman.read.redate import redate_reading, sort_notes
from dragoman.read.times.find import find_times
from dragoman.read.times.resolve import notes_for_times
from dragoman.record import (
    Claim,
    ClaimKind,
    DateSource,
    Document,
    Engagement,
    EngagementKind,
    Evidence,
    Note,
    Reading,
    Slot,
    Status,
    Words,
    encode_reading,
    make_document_id,
)

TEXT = (
    "Envoy Sel Marran met Tal Brenn this week. Prior to that, she called Minister Dun on Friday. They will "
    "sign in mid-November; on 31 June nothing happened. The council had met in 2010."
)


def read(published: date | None) -> Reading:
    """A reading as the reader makes it, by hand."""
    times = find_times(TEXT, [], published=published)
    triggers = {"e1": "met Tal", "e2": "called", "e3": "sign", "e4": "met in"}
    when = {"e1": times[0], "e2": times[1], "e3": times[2], "e4": times[-1]}
    engagements = []
    for name, words in triggers.items():
        start = TEXT.index(words)
        end = start + len(words.split()[0])
        trigger = Words(start=start, end=end, text=TEXT[start:end])
        core = Evidence(start=start, end=end, text=trigger.text, slot=Slot.CORE)
        engagements.append(
            Engagement(
                id=name,
                kind=EngagementKind.MEETING,
                status=Status.HELD,
                time=when[name],
                triggers=(trigger,),
                evidence=(core,),
            )
        )
    ordered, contradictions = order_engagements(TEXT, (), engagements, times)
    claim = Claim(start=0, end=5, text=TEXT[:5], id="c1", kind=ClaimKind.HISTORY, by="author", time=times[-1])
    other = Note(code="quote-open", message="a note of another kind", start=0, end=1)
    document = Document(
        id=make_document_id(TEXT),
        text=TEXT,
        published=published.isoformat() if published else None,
        published_source=DateSource.GIVEN if published else None,
    )
    notes = sort_notes([other, *notes_for_times(TEXT, times), *contradictions])
    return Reading(document=document, engagements=ordered, claims=(claim,), times=times, notes=notes)


DATES = [None, date(2023, 10, 12), date(2011, 1, 3), date(2024, 2, 29)]


@pytest.mark.parametrize("before", DATES)
@pytest.mark.parametrize("after", DATES)
def test_redate_reading_gives_what_reading_with_that_date_gives(
    before: date | None, after: date | None
) -> None:
    assert encode_reading(redate_reading(read(before), after)) == encode_reading(read(after))


def test_redate_reading_there_and_back_changes_nothing() -> None:
    reading = read(date(2023, 10, 12))
    opened = redate_reading(reading, None)
    assert {t.edtf for t in opened.times if t.text != "2010"} == {"unknown"}
    assert opened.document.published is None
    assert encode_reading(redate_reading(opened, date(2023, 10, 12))) == encode_reading(reading)


def test_redate_reading_leaves_all_other_evidence_alone() -> None:
    reading = read(None)
    redated = redate_reading(reading, date(2023, 10, 12))

    def others(r: Reading) -> list[tuple[Evidence, ...]]:
        return [tuple(e for e in x.evidence if e.slot is not Slot.ORDER) for x in r.engagements]

    assert others(redated) == others(reading)
    assert redated.times[0].relative == reading.times[0].relative == "week+0"


def test_redate_reading_says_where_the_date_stood() -> None:
    redated = redate_reading(read(None), date(2023, 10, 12), DateSource.URL)
    assert redated.document.published_source is DateSource.URL
