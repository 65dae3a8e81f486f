"""Readings as `.ann` files of the engagement corpus, so that a corrected article becomes training data.

The format is defined in `corpus/GUIDELINES.md`: marks in the text, `---`, one fact a line. It is the way
back from `eval/gold.py`, as far as marks go: what a fact cannot point at a mark for is left out and said.
What a person rejected is not written. Laying marks into a text is `marks`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from dragoman.concord import Decision
from dragoman.give.brat import make_file_name
from dragoman.give.contents import Contents, Written
from dragoman.give.marks import Mark, Slugs, can_be_marked, is_marked_well, lay_marks
from dragoman.give.tables import make_info
from dragoman.record import (
    Claim,
    Engagement,
    EntityKind,
    MentionForm,
    Part,
    Quotation,
    Reading,
    Role,
    Slot,
    Span,
    Timex,
)

KINDS = {
    EntityKind.PERSON: "per",
    EntityKind.ORGANIZATION: "org",
    EntityKind.PLACE: "plc",
    EntityKind.GROUP: "grp",
}
LEFT_OUT = (
    "engagements over all reports, confidence, checks of counts",
    "which words support which field: the marks stand for all of them",
    "aliases, coordinates, titles and addresses of pages",
)
_SAID = "statements, claims or roles whose holder has no words in the text"


def write_ann(contents: Contents, out: BinaryIO) -> Written:
    """Write a zip with one annotated article a reading."""
    lost = Counter[str]()
    n_written = 0
    joined = _join_engagements(contents)
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for reading in contents.readings():
            article = make_article(reading, contents, joined, lost)
            if article is not None:
                archive.writestr(make_info(f"{make_file_name(reading.document.id)}.ann"), article.encode())
                n_written += 1
    return Written(n_written, (*(f"{n} {what}" for what, n in lost.items()), *LEFT_OUT))


def _join_engagements(contents: Contents) -> dict[tuple[str, str], str]:
    """The engagement over all reports, by document and the id there; where they are the same, nothing."""
    return {
        (witness.document, witness.engagement): engagement.id
        for engagement in contents.engagements()
        for witness in engagement.witnesses
        if witness.engagement != engagement.id
    }


def make_article(
    reading: Reading, contents: Contents, joined: Mapping[tuple[str, str], str], lost: Counter[str]
) -> str | None:
    """The annotated article; None, counted in `lost`, where its text cannot be told from marks."""
    document = reading.document
    if not can_be_marked(document.text):
        lost["documents whose text looks like marks of the format"] += 1
        return None
    writer = _Article(reading, contents, joined, lost)
    facts = list(writer.iter_facts())
    marked, kept = lay_marks(document.text, writer.marks)
    if len(kept) < len(writer.marks):
        lost["marks that cross others"] += len(writer.marks) - len(kept)
        facts = list(writer.keep_facts(facts, kept))
        marked, kept = lay_marks(document.text, writer.drop_idle(kept, facts))
    if not is_marked_well(marked, document.text):
        lost["documents whose text looks like marks of the format"] += 1
        return None
    head = (
        ("id", document.id),
        ("published", document.published or "unknown"),
        ("outlet", document.publisher),
    )
    lines = [f"# {name}: {' '.join(value.split())}" for name, value in head if value and value.strip()]
    return "\n".join([*lines, marked, "---", *facts, ""])
