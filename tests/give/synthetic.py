"""Readings made by rule, for tests of size and of odd signs: invented names in five scripts, quotation marks,
line ends, what is not known, days before year 1. The same number gives the same reading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random

from dragoman.give.contents import Contents
from dragoman.record import (
    Claim,
    ClaimKind,
    DateSource,
    Document,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Evidence,
    Mention,
    MentionForm,
    Mode,
    Part,
    Participation,
    Quotation,
    Reading,
    Role,
    Slot,
    Span,
    Status,
    Timex,
    Words,
    make_document_id,
    make_id,
)
from tests.give.build import make_contents

GIVEN = ("Nadira", "Ørjan", "Велемир", "نديرة", "נדירה", "薇莎", "=Oren", "O'Tal", 'Pell "Ox"', "-Ula")
FAMILY = ("Vesholt", "Łukar", "Калваз", "الڤشتي", "קלבז", "霍特", "&Sons", "<Brann>", "#5 [Tam]", "a|b_*c*")
PLACES = ("Lirgate", "Ньюград", "مدينة", "עירית", "琳門", "Port\nLirgate")
TIMES = (
    ("2021-03-03", "2021-03-03", "2021-03-03"),
    ("2021-03", "2021-03-01", "2021-03-31"),
    ("-0044-03-15", "-0044-03-15", "-0044-03-15"),
    ("-0500/0300", "-0500-01-01", "0300-12-31"),
    ("../1991", None, "1991-12-31"),
    ("2022/..", "2022-01-01", None),
    ("unknown", None, None),
    ("9999-12-31", "9999-12-31", "9999-12-31"),
    (None, None, None),
)
SAID = "Never again,\nand \\ always"


class _Text:
    """A text that grows, and tells where its words stand."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, words: str) -> dict[str, object]:
        """The fields of `Words` for words put at the end."""
        start = len(self.text)
        self.text += words
        return {"start": start, "end": len(self.text), "text": words}


def make_synthetic(
    number: int, names: Sequence[str] = (), place: str | None = None, said_words: str = SAID
) -> Reading:
    """The reading of that number: one engagement, a role, a quotation and a claim; words may be given."""
    random = Random(number)
    names = names or [f"{random.choice(GIVEN)} {random.choice(FAMILY)}" for _ in range(2)]
    edtf, earliest, latest = TIMES[number % len(TIMES)]
    text = _Text()
    text.add(f"No. {number}: ")
    title = text.add("envoy")
    text.add(" ")
    first = text.add(names[0])
    text.add(" ")
    met = text.add("met")
    text.add(" ")
    second = text.add(names[1])
    text.add(" in ")
    where = text.add(random.choice(PLACES) if place is None else place)
    text.add(" ")
    when = text.add("on that day")
    text.add('.\n\n"')
    said = text.add(said_words)
    text.add('," she ')
    cue = text.add("said")
    text.add(". ")
    count = text.add(f"{number} boats")
    text.add(" lay there.")
    document = Document(
        id=make_document_id(text.text),
        text=text.text,
        title=None if number % 5 == 0 else f'"{names[0]}", in town',
        published=None if number % 3 == 0 else "2021-03-05",
        published_source=None if number % 3 == 0 else DateSource.GIVEN,
        publisher=None if number % 4 == 0 else "Lirgate, Kamor; Courier",
        url=None if number % 2 else f"https://courier.example/{number}?a=1&b=(2)",
    )

    def name(kind: EntityKind, words: dict[str, object], i: int) -> Entity:
        located = kind is EntityKind.PLACE and number % 2 == 0
        return Entity(
            id=make_id(kind, document.id, i),
            kind=kind,
            name=str(words["text"]),
            lat=-41.5 if located else None,
            lon=178.25 if located else None,
        )

    a = name(EntityKind.PERSON, first, 0)
    b = name(EntityKind.PERSON, second, 1)
    site = name(EntityKind.PLACE, where, 2)
    time = Timex(edtf=edtf, earliest=earliest, latest=latest, **when) if edtf else None
    core = {"start": first["start"], "end": when["end"]}
    engagement = Engagement(
        id=make_id("engagement", document.id),
        kind=random.choice(tuple(EngagementKind)),
        status=random.choice(tuple(Status)),
        participants=(
            Participation(entity=a.id, part=random.choice(tuple(Part)), on_behalf_of=site.id),
            Participation(entity=b.id),
        ),
        place=None if number % 7 == 0 else site.id,
        time=time,
        triggers=(Words(**met),),
        evidence=(
            Evidence(slot=Slot.CORE, text=text.text[core["start"] : core["end"]], **core),
            Evidence(slot=Slot.WHO, entity=a.id, **first),
        ),
    )
    return Reading(
        document=document,
        entities=(a, b, site),
        mentions=tuple(
            Mention(entity=entity.id, form=MentionForm.NAME, **words)
            for entity, words in ((a, first), (b, second), (site, where))
        ),
        roles=(
            Role(
                id=make_id("role", document.id),
                person=a.id,
                title="envoy",
                of=site.id,
                evidence=(Evidence(slot=Slot.TITLE, **title),),
            ),
        ),
        engagements=(engagement,),
        quotations=(
            Quotation(
                id=make_id("quotation", document.id),
                speaker=a.id if number % 2 else None,
                mode=Mode.DIRECT,
                text=str(said["text"]),
                spans=(Span(start=said["start"], end=said["end"]),),
                cue=Words(**cue),
                occasion=engagement.id,
            ),
        ),
        claims=(
            Claim(
                id=make_id("claim", document.id),
                kind=ClaimKind.COUNT,
                by="author",
                value=number,
                unit="boats",
                **count,
            ),
        ),
        times=(time,) if time else (),
        reader="synthetic",
    )


@lru_cache(2)
def make_many(n: int) -> Contents:
    """Contents of `n` synthetic readings."""
    return make_contents([make_synthetic(number) for number in range(n)])
