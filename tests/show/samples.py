"""Readings for the tests of `show`, built by hand: invented people, every status, words that cross."""

from __future__ import annotations

import re

from dragoman.record import (
    Check,
    Claim,
    ClaimKind,
    Document,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Headcount,
    Mention,
    MentionForm,
    Mode,
    Note,
    Part,
    Participation,
    Quotation,
    Reading,
    Role,
    RoleFlag,
    Slot,
    Span,
    Status,
    TimeEnd,
    Timex,
    Verdict,
    Words,
    check_reading,
    make_document_id,
)

TEXT = """Envoy of Norway sees mayor of Oghuz

Foreign Minister Odo Brann of Norway met Lia Sund, mayor of Oghuz, in Oslo on 4 March 2024 to \
discuss the lake.

“The lake has three bridges: two in Oghuz and one in Oslo,” Brann said <b>after</b> the talks & lunch.

Some 40 members of the Lake Society will visit Quba in 2025. A call planned for May was cancelled. A paper \
says that Brann and Tor Vik met in Geneva. The society was founded in 1891.

המועצה אמרה שלום.
"""

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> &amp; </script> [red]x[/red] {{ 7*7 }}'


def find(words: str, text: str = TEXT, nth: int = 0) -> tuple[int, int]:
    """Where the nth occurrence of some words stands."""
    return [match.span() for match in re.finditer(re.escape(words), text)][nth]


def words(surface: str, nth: int = 0) -> Words:
    start, end = find(surface, nth=nth)
    return Words(start=start, end=end, text=surface)


def evidence(slot: Slot, surface: str, nth: int = 0, entity: str | None = None) -> Evidence:
    start, end = find(surface, nth=nth)
    return Evidence(start=start, end=end, text=surface, slot=slot, entity=entity)


def mention(entity: str, surface: str, nth: int = 0, form: MentionForm = MentionForm.NAME) -> Mention:
    start, end = find(surface, nth=nth)
    return Mention(start=start, end=end, text=surface, entity=entity, form=form)


def timex(surface: str, low: str | None, high: str | None, edtf: str, ends: str = "hard hard") -> Timex:
    start, end = find(surface)
    left, right = map(TimeEnd, ends.split())
    return Timex(
        **{"start": start, "end": end, "text": surface, "edtf": edtf, "earliest": low, "latest": high},
        earliest_end=left,
        latest_end=right,
    )


def make_reading() -> Reading:
    """A small article with every kind of fact."""
    day = timex("4 March 2024", "2024-03-04", "2024-03-04", "2024-03-04")
    year = timex("2025", "2025-01-01", "2025-12-31", "2025", "hard soft")
    old = timex("1891", "1891-01-01", "1891-12-31", "1891")
    reading = Reading(
        document=Document(
            id=make_document_id(TEXT), text=TEXT, published="2024-03-05", publisher="Lake Courier"
        ),
        entities=(
            Entity(id="brann", kind=EntityKind.PERSON, name="Odo Brann", aliases=("Brann",)),
            Entity(id="sund", kind=EntityKind.PERSON, name="Lia Sund"),
            Entity(id="vik", kind=EntityKind.PERSON, name="Tor Vik"),
            Entity(id="norway", kind=EntityKind.PLACE, name="Norway", country="NO"),
            Entity(id="oslo", kind=EntityKind.PLACE, name="Oslo", country="NO", lat=59.91, lon=10.75),
            Entity(id="oghuz", kind=EntityKind.PLACE, name="Oghuz", country="AZ", lat=41.07, lon=47.46),
            Entity(id="quba", kind=EntityKind.PLACE, name="Quba", country="AZ", lat=41.36, lon=48.51),
            Entity(id="geneva", kind=EntityKind.PLACE, name="Geneva"),
            Entity(id="society", kind=EntityKind.ORGANIZATION, name="Lake Society"),
            Entity(id="members", kind=EntityKind.GROUP, name="members"),
        ),
        mentions=(
            mention("norway", "Norway"),
            mention("oghuz", "Oghuz"),
            mention("brann", "Odo Brann"),
            mention("norway", "Norway", 1),
            mention("sund", "Lia Sund"),
            mention("oghuz", "Oghuz", 1),
            mention("oslo", "Oslo"),
            mention("oghuz", "Oghuz", 2),
            mention("oslo", "Oslo", 1),
            mention("brann", "Brann", 1),
            mention("members", "members", form=MentionForm.NOMINAL),
            mention("society", "Lake Society"),
            mention("quba", "Quba"),
            mention("brann", "Brann", 2),
            mention("vik", "Tor Vik"),
            mention("geneva", "Geneva"),
            mention("society", "The society", form=MentionForm.NOMINAL),
        ),
        roles=(
            Role(
                id="role-1",
                person="brann",
                title="Foreign Minister",
                of="norway",
                flags=(RoleFlag.NEW,),
                evidence=(evidence(Slot.TITLE, "Foreign Minister"), evidence(Slot.WHO, "Odo Brann")),
            ),
            Role(
                id="role-2",
                person="sund",
                title="mayor",
                of="oghuz",
                evidence=(evidence(Slot.TITLE, "mayor", 1),),
            ),
        ),
        engagements=(
            Engagement(
                id="meet",
                kind=EngagementKind.MEETING,
                status=Status.HELD,
                participants=(
                    Participation(entity="brann", part=Part.HOST, on_behalf_of="norway"),
                    Participation(entity="sund", on_behalf_of="oghuz"),
                ),
                place="oslo",
                time=day,
                topic=words("the lake"),
                triggers=(words("met"), words("talks")),
                evidence=(
                    evidence(
                        Slot.CORE, "Odo Brann of Norway met Lia Sund, mayor of Oghuz, in Oslo on 4 March 2024"
                    ),
                    evidence(Slot.WHO, "Odo Brann", entity="brann"),
                    evidence(Slot.WHERE, "Oslo"),
                ),
            ),
            Engagement(
                id="visit",
                kind=EngagementKind.VISIT,
                status=Status.PLANNED,
                participants=(Participation(entity="members", on_behalf_of="society"),),
                place="quba",
                time=year,
                headcount=Headcount(**_fields(words("Some 40")), min=35, max=45),
                after=("meet",),
                triggers=(words("visit"),),
                evidence=(
                    evidence(Slot.CORE, "Some 40 members of the Lake Society will visit Quba in 2025"),
                ),
            ),
            Engagement(
                id="call",
                kind=EngagementKind.CALL,
                status=Status.CANCELLED,
                triggers=(words("call"),),
                evidence=(evidence(Slot.CORE, "A call planned for May was cancelled"),),
            ),
            Engagement(
                id="secret",
                kind=EngagementKind.MEETING,
                status=Status.ALLEGED,
                participants=(Participation(entity="brann"), Participation(entity="vik")),
                place="geneva",
                before=("meet",),
                triggers=(words("met", 1),),
                evidence=(evidence(Slot.CORE, "Brann and Tor Vik met in Geneva"),),
            ),
            Engagement(
                id="founding",
                kind=EngagementKind.FOUNDING,
                status=Status.HELD,
                participants=(Participation(entity="society"),),
                time=old,
                triggers=(words("founded"),),
                evidence=(evidence(Slot.CORE, "The society was founded in 1891"),),
            ),
        ),
        quotations=(
            Quotation(
                id="said",
                speaker="brann",
                mode=Mode.DIRECT,
                text="The lake has three bridges: two in Oghuz and one in Oslo,",
                spans=(Span(**_ends("The lake has three bridges: two in Oghuz and one in Oslo,")),),
                cue=words("said"),
                occasion="meet",
            ),
        ),
        claims=(
            _claim(
                "c-3",
                "The lake has three bridges",
                3,
                Check(verdict=Verdict.CONSISTENT, with_=("c-2", "c-1"), note="2 + 1 = 3"),
            ),
            _claim("c-2", "two in Oghuz", 2, None),
            _claim("c-1", "one in Oslo", 1, None),
        ),
        times=(day, year, old),
        notes=(Note(code="place-unknown", message="Geneva could be several places", start=0, end=5),),
        reader="hand",
    )
    check_reading(reading)
    return reading


def make_hostile() -> Reading:
    """An article whose text, names and source try to become markup."""
    text = f"{HOSTILE}\n\n\u202eevil\u202c met in {HOSTILE}."
    end = len(HOSTILE)
    return Reading(
        document=Document(
            id=make_document_id(text),
            title=HOSTILE,
            publisher=HOSTILE,
            url=f"javascript:{HOSTILE}",
            text=text,
        ),
        entities=(Entity(id="x", kind=EntityKind.PERSON, name=HOSTILE, lat=1.0, lon=1.0),),
        mentions=(Mention(start=0, end=end, text=HOSTILE, entity="x", form=MentionForm.NAME),),
        engagements=(
            Engagement(
                id="e",
                kind=EngagementKind.MEETING,
                status=Status.HELD,
                participants=(Participation(entity="x"),),
                place="x",
                triggers=(Words(start=0, end=end, text=HOSTILE),),
                evidence=(Evidence(start=0, end=end, text=HOSTILE, slot=Slot.CORE),),
            ),
        ),
    )


def make_empty() -> Reading:
    """An article in which nothing was found."""
    return Reading(document=Document(id=make_document_id("Rain."), text="Rain."))


def _ends(surface: str) -> dict[str, int]:
    start, end = find(surface)
    return {"start": start, "end": end}


def _fields(found: Words) -> dict[str, object]:
    return {"start": found.start, "end": found.end, "text": found.text}


def _claim(id_: str, surface: str, value: int, check: Check | None) -> Claim:
    return Claim(
        **_fields(words(surface)),
        id=id_,
        kind=ClaimKind.COUNT,
        by="brann",
        value=value,
        unit="bridges",
        check=check,
    )
