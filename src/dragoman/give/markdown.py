"""The record as a sourced brief in Markdown, for reading, mailing and pasting into a report.

Every engagement stands with its day, who took part, and the words of each report under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from dragoman.concord import Attested, Office
from dragoman.give.contents import Contents, Written
from dragoman.give.sources import Report, Sources, list_differences, open_sources
from dragoman.record import Quotation, Reading

LEFT_OUT = ("positions of words; mentions, time expressions, claims; ids of people and offices",)
_SIGN = re.compile(r"([\\`*_\[\]<>#|~$])")
_LINK = re.compile(r"https?://[^\s<>()]+")


def write_markdown(contents: Contents, out: BinaryIO) -> Written:
    """Write engagements, offices and what was said, each with its source."""
    n_written = 0
    with open_sources(contents) as sources:
        for title, parts in (
            ("Engagements", (_write_engagement(e, sources) for e in contents.engagements())),
            ("Offices", (_write_office(office, sources) for office in contents.offices())),
            ("What was said", _iter_quotations(contents)),
        ):
            n_written += _write_section(out, title, parts)
    if not n_written:
        out.write(b"Nothing in the record fits.\n")
    return Written(n_written, LEFT_OUT)


def _write_section(out: BinaryIO, title: str, parts: Iterator[str]) -> int:
    n_parts = 0
    for n_parts, part in enumerate(parts, start=1):
        out.write((f"# {title}\n\n" if n_parts == 1 else "").encode() + part.encode() + b"\n")
    out.write(b"\n" if n_parts else b"")
    return n_parts


def _write_engagement(engagement: Attested, sources: Sources) -> str:
    when = engagement.edtf or engagement.earliest or "no date"
    lines = [
        f"## {_plain(when)} · {_plain(sources.get_title(engagement))}",
        "",
        f"{engagement.kind.capitalize()}, {engagement.status}. {_write_days(engagement)}"
        f"`{_code(engagement.id)}`",
        "",
    ]
    for p in engagement.participants:
        behalf = f", for {_plain(sources.get_name(p.on_behalf_of))}" if p.on_behalf_of else ""
        lines.append(f"- {_plain(sources.get_name(p.entity))} ({p.part}{behalf})")
    if engagement.topic:
        lines.append(f"- about “{_plain(engagement.topic)}”")
    lines += [f"- **reports differ on {_plain(told)}**" for told in list_differences(engagement)]
    for report in sources.get_reports(engagement):
        lines += ["", f"> {_write_report(report)}"]
    return "\n".join([*lines, ""])


def _write_days(engagement: Attested) -> str:
    """First and last day where the words give more than one: "Between 2021-03-01 and 2021-03-31. "."""
    first, last = engagement.earliest, engagement.latest
    if first == last or not (first or last):
        return ""
    return f"Between {_plain(first or 'an open start')} and {_plain(last or 'an open end')}. "


def _write_report(report: Report) -> str:
    words = f"“{_plain(report.words)}” — " if report.words else "— "
    return words + _write_source(report.source, report.url)


def _write_source(source: str, url: str | None) -> str:
    return f"[{_plain(source)}](<{url}>)" if url and _LINK.fullmatch(url) else _plain(source)


def _write_office(office: Office, sources: Sources) -> str:
    of = f" of {_plain(sources.get_name(office.of))}" if office.of else ""
    to = f" to {_plain(sources.get_name(office.to))}" if office.to else ""
    flags = f" ({', '.join(office.flags)})" if office.flags else ""
    days = " to ".join(dict.fromkeys(filter(None, (office.first_seen, office.last_seen))))
    seen = f"; seen {days}" if days else ""
    reports = f"; {len(office.documents)} reports" if len(office.documents) > 1 else ""
    return (
        f"- {_plain(sources.get_name(office.person))}: {_plain(office.title)}{of}{to}{flags}{seen}{reports}"
    )


def _iter_quotations(contents: Contents) -> Iterator[str]:
    for reading in contents.readings():
        names = {entity.id: entity.name for entity in reading.entities}
        for quotation in reading.quotations:
            yield _write_quotation(quotation, names, reading)


def _write_quotation(quotation: Quotation, names: dict[str, str], reading: Reading) -> str:
    document = reading.document
    speakers = (quotation.speaker,) if isinstance(quotation.speaker, str) else quotation.speaker or ()
    by = " and ".join(names.get(id_, id_) for id_ in speakers) or "a source without a name"
    source = ", ".join(filter(None, (document.publisher, document.published))) or f"document {document.id}"
    said = f"{_plain(by)} ({quotation.mode}): “{_plain(quotation.text)}”"
    return f"- {said} — {_write_source(source, document.url)}"


def _plain(words: str) -> str:
    """The words on one line with every sign of Markdown made harmless.

    >>> _plain("a *b*\\n# c")
    'a \\\\*b\\\\* \\\\# c'
    """
    return _SIGN.sub(r"\\\1", " ".join(words.split()))


def _code(words: str) -> str:
    return words.replace("`", "").replace("\n", " ")
