"""How facts are put into words for people: short names, times, counts, titles of cards.

Every word shown in quotation marks is the report's own; the rest is ours and kept plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dragoman.concord import Attested
from dragoman.record import (
    Claim,
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Headcount,
    MentionForm,
    Reading,
    Timex,
)
from dragoman.text import fold_name

LONGEST_NAME = 42  # characters of a name in a title or picture; what is longer is cut with an ellipsis
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_RELATIVE = re.compile(r"(day|week|month|quarter|year)([+-]\d+)(?:/(.+))?\Z")
_PLACED = {
    EngagementKind.VISIT: "in",
    EngagementKind.GATHERING: "in",
    EngagementKind.CEREMONY: "in",
    EngagementKind.FOUNDING: "in",
}


def clip(words: str, length: int = LONGEST_NAME) -> str:
    """The words on one line, cut at a space with an ellipsis where longer than `length`.

    >>> clip("the growing role of associations", 20)
    'the growing role of…'
    """
    words = " ".join(words.split())
    if len(words) <= length:
        return words
    head = words[: length - 1]
    if words[length - 1] != " " and " " in head[length // 2 :]:
        head = head.rsplit(" ", 1)[0]
    return head.rstrip(" ,;:–-") + "…"


def get_short_name(entity: Entity) -> str:
    """The shortest name of a person or body that the report itself uses and that is part of the full one.

    A person called by a family name keeps it; an organisation gets its acronym.
    """
    if entity.kind is EntityKind.PLACE:
        return clip(entity.name)
    own = set(fold_name(entity.name).split())
    initials = "".join(word[0] for word in entity.name.split() if word[0].isupper())
    fitting = [
        alias
        for alias in entity.aliases
        if len(alias) > 1
        and (own >= set(fold_name(alias).split()) or alias.replace(".", "") == initials)
        and not (entity.kind is EntityKind.PERSON and alias.split() == entity.name.split()[:1])
        and (entity.kind is not EntityKind.ORGANIZATION or alias.isupper())
    ]
    return clip(min([entity.name, *fitting], key=lambda name: (len(name), name)))


def join_names(names: Iterable[str], most: int = 3, sign: str = " – ") -> str:
    """Names with a dash between, the ones beyond `most` counted.

    >>> join_names(["A", "B", "C", "D"], most=2)
    'A – B + 2'
    """
    listed = list(names)
    head = sign.join(listed[:most])
    return head if len(listed) <= most else f"{head} + {len(listed) - most}"


def title_engagement(engagement: Engagement, names: dict[str, str]) -> str:
    """A card's title: who, and where when the kind is about a place; else the report's own trigger."""
    who = join_names(names.get(p.entity, p.entity) for p in engagement.participants)
    place = names.get(engagement.place or "", "")
    if not who:
        trigger = engagement.triggers[0].text if engagement.triggers else str(engagement.kind)
        return f"{trigger[:1].upper()}{trigger[1:]}" + (f", {place}" if place else "")
    preposition = _PLACED.get(engagement.kind)
    return f"{who} {preposition} {place}" if preposition and place and place not in who else who


def title_attested(fact: Attested, names: Mapping[str, str]) -> str:
    """The title of an engagement over all its reports, as `title_engagement` gives it for one."""
    who = join_names(clip(names.get(p.entity, p.entity), 34) for p in fact.participants)
    place = names.get(fact.place or "", "")
    if not who:
        return f"{str(fact.kind).capitalize()}{f' in {place}' if place else ''}, nobody named"
    preposition = _PLACED.get(fact.kind)
    return f"{who} {preposition} {place}" if preposition and place and place not in who else who


def describe_days(fact: Attested) -> str:
    """When an engagement was, for people; empty where no report says."""
    if not (fact.earliest or fact.latest):
        return ""
    edtf = fact.edtf or ""
    return describe_time(
        Timex(start=0, end=0, text="", edtf=edtf or "..", earliest=fact.earliest, latest=fact.latest)
    )


def describe_time(time: Timex) -> str:
    """What the words mean as days, for people: "2010", "10 to 20 November 2023", "the week it was published".

    Empty where the words settle nothing.
    """
    if time.edtf not in ("", "unknown"):
        return _describe_edtf(time)
    return describe_relative(time.relative) if time.relative else ""


def describe_relative(relative: str) -> str:
    """How a time hangs on the publication date.

    >>> describe_relative("week+0"), describe_relative("day-1"), describe_relative("month:11/mid")
    ('the week of publication', '1 day before publication', 'mid November, year not stated')
    """
    month = re.fullmatch(r"month:(\d+)(?:/(.+))?", relative)
    if month:
        part = f"{month[2]} " if month[2] else ""
        return f"{part}{_MONTHS[(int(month[1]) - 1) % 12]}, year not stated"
    match = _RELATIVE.match(relative)
    if not match:
        return relative
    unit, n, part = match[1], int(match[2]), match[3]
    if n == 0:
        where = f"the {unit} of publication"
    else:
        where = f"{abs(n)} {unit}{'s' * (abs(n) > 1)} {'after' if n > 0 else 'before'} publication"
    return f"{where} ({part})" if part else where


def _describe_edtf(time: Timex) -> str:
    """The days in words where they are plain, else the EDTF itself."""
    about = "about " if "~" in time.edtf else ""
    low, high = time.earliest, time.latest
    if "T" in time.edtf and low:
        clock = time.edtf.split("T")[1].split("/")[0].rstrip("Z")
        return f"{write_day(low)}, {clock}"
    if low and high:
        return about + write_range(low, high)
    if low:
        return f"since {about}{write_range(low, _end_like(time.edtf.split('/')[0], low))}"
    if high:
        if "X" in time.edtf:
            return f"until {about}{write_year(split_day(high)[0])}"
        return f"until {about}{write_range(_start_like(time.edtf.split('/')[-1], high), high)}"
    return time.edtf


def _end_like(side: str, low: str) -> str:
    """The last day of the year or month a one-sided value names."""
    parts = side.strip("~?%").lstrip("-").split("-")
    return low[:-5] + "12-31" if len(parts) == 1 else low[:-2] + "28" if len(parts) == 2 else low


def _start_like(side: str, high: str) -> str:
    """The first day of the year or month a one-sided value names."""
    parts = side.strip("~?%").lstrip("-").split("-")
    return high[:-5] + "01-01" if len(parts) == 1 else high[:-2] + "01" if len(parts) == 2 else high


def write_day(day: str) -> str:
    """An ISO day as people write it; years before Christ said so.

    >>> write_day("2023-07-09"), write_day("-0586-01-01")
    ('9 July 2023', '1 January 587 BC')
    """
    year, month, number = split_day(day)
    return f"{number} {_MONTHS[month - 1]} {write_year(year)}"


def write_year(year: int) -> str:
    """A year as people write it: ISO year 0 is 1 BC."""
    return str(year) if year > 0 else f"{1 - year} BC"


def split_day(day: str) -> tuple[int, int, int]:
    """Year, month and day of an ISO day, the year possibly negative."""
    sign = -1 if day.startswith("-") else 1
    year, month, number = day.lstrip("-").split("-")
    return sign * int(year), int(month), int(number)


def write_range(low: str, high: str) -> str:
    """Two ISO days as the shortest plain words for the stretch.

    >>> write_range("2010-01-01", "2010-12-31"), write_range("1870-01-01", "1879-12-31")
    ('2010', '1870–1879')
    >>> write_range("2023-11-10", "2023-11-20"), write_range("2026-01-01", "2026-01-31")
    ('10–20 November 2023', 'January 2026')
    """
    a, b = split_day(low), split_day(high)
    if a[1:] == (1, 1) and b[1:] == (12, 31):
        return write_year(a[0]) if a[0] == b[0] else f"{write_year(a[0])}–{write_year(b[0])}"
    if a == b:
        return write_day(low)
    if a[:2] == b[:2]:
        month = f"{_MONTHS[a[1] - 1]} {write_year(a[0])}"
        return month if a[2] == 1 and b[2] >= 28 else f"{a[2]}–{b[2]} {month}"
    if a[2] == 1 and b[2] >= 28:
        first, last = (f"{_MONTHS[part[1] - 1]} {write_year(part[0])}" for part in (a, b))
        return f"{first} – {last}"
    return f"{write_day(low)} – {write_day(high)}"


def describe_headcount(count: Headcount) -> str:
    """How many people as a number or range: "200–999", "at least 40"."""
    if count.min is None and count.max is None:
        return ""
    if count.min == count.max:
        return f"{count.min:,}"
    if count.max is None:
        return f"at least {count.min:,}"
    return f"at most {count.max:,}" if count.min is None else f"{count.min:,}–{count.max:,}"


def describe_claim(claim: Claim) -> str:
    """The number a claim gives, with its unit; empty where it gives none."""
    if claim.value is None:
        return ""
    value = f"{claim.value:,}" if isinstance(claim.value, int) else f"{claim.value:g}"
    return f"{value} {claim.unit}" if claim.unit else value


def get_headline(reading: Reading) -> str:
    """The title of the document, else its headline, else its first words."""
    document = reading.document
    headline = next((document.text[b.start : b.end] for b in document.blocks if b.role == "headline"), None)
    first = next((line for line in document.text.split("\n") if line.strip()), "")
    return clip(document.title or headline or first or "(no text)", 140)


def count_names(reading: Reading) -> dict[str, int]:
    """How often each entity is named or meant, by id."""
    counts: dict[str, int] = {entity.id: 0 for entity in reading.entities}
    for mention in reading.mentions:
        for id_ in mention.entities:
            counts[id_] = counts.get(id_, 0) + 1
    return counts


def is_named(reading: Reading, entity_id: str) -> bool:
    """Whether an entity is ever called by a name."""
    return any(entity_id in m.entities and m.form is MentionForm.NAME for m in reading.mentions)
