"""The whole record as JSON Lines of our own, which `dragoman import` gives back, and their reading.

A line is an object whose first field, `line`, says what it holds. Readings and judgements are the record;
identities, engagements and offices are found from them and stand there for whoever reads the file without
Dragoman. Every text comes with its SHA-256, so that a changed one is noticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from dragoman.concord import Attested, Decision, Identity, Judgement, Office
from dragoman.errors import RecordError
from dragoman.give.contents import Contents, Written
from dragoman.record import Reading, Record

VERSION = 1  # of the lines; goes up when an older Dragoman could not read them
LEFT_OUT = ("the files the texts were taken from",)


class Head(Record, frozen=True, kw_only=True, tag_field="line", tag="record"):
    """The first line: what the file is."""

    version: int = VERSION


class ReadingLine(Record, frozen=True, kw_only=True, tag_field="line", tag="reading"):
    """An article and what it says; `sha256` is of its text in UTF-8."""

    sha256: str
    reading: Reading


class JudgementLine(Record, frozen=True, kw_only=True, tag_field="line", tag="judgement"):
    """What a person decided, with its number in the store it comes from."""

    judgement: Judgement


class IdentityLine(Record, frozen=True, kw_only=True, tag_field="line", tag="identity"):
    """Who somebody is over all articles."""

    identity: Identity


class EngagementLine(Record, frozen=True, kw_only=True, tag_field="line", tag="engagement"):
    """An engagement as all its reports tell it, and what a person decided of it."""

    decision: Decision | None
    engagement: Attested


class OfficeLine(Record, frozen=True, kw_only=True, tag_field="line", tag="office"):
    """An office as observed over all articles."""

    office: Office


Line = Head | ReadingLine | JudgementLine | IdentityLine | EngagementLine | OfficeLine


class _Kind(msgspec.Struct):
    """The first field of a line, to tell ours from the lines of `dragoman read --json`."""

    line: str | None = None


def write_jsonl(contents: Contents, out: BinaryIO) -> Written:
    """Write readings, judgements, identities, engagements and offices, one a line."""
    encode = msgspec.json.Encoder().encode
    out.write(encode(Head()) + b"\n")
    n_written = 0
    for line in _iter_lines(contents):
        out.write(encode(line) + b"\n")
        n_written += 1
    return Written(n_written, LEFT_OUT)


def _iter_lines(contents: Contents) -> Iterator[Line]:
    for reading in contents.readings():
        yield ReadingLine(sha256=hash_text(reading.document.text), reading=reading)
    for judgement in contents.judgements():
        yield JudgementLine(judgement=judgement)
    for identity in contents.identities():
        yield IdentityLine(identity=identity)
    for engagement in contents.engagements():
        yield EngagementLine(engagement=engagement, decision=contents.state(engagement.id))
    for office in contents.offices():
        yield OfficeLine(office=office)


def hash_text(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_line(line: bytes) -> Line:
    """What a line holds; a line of `dragoman read --json` is a reading, too.

    Raises RecordError that says what is wrong with it.
    """
    try:
        kind = msgspec.json.decode(line, type=_Kind).line
        if kind is None:
            reading = msgspec.json.decode(line, type=Reading)
            return ReadingLine(sha256=hash_text(reading.document.text), reading=reading)
        found: Line = msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise RecordError(f"not a line of a record ({exc})") from exc
    _check(found)
    return found


def _check(line: Line) -> None:
    if isinstance(line, Head) and line.version > VERSION:
        raise RecordError(
            f"written by a newer Dragoman (version {line.version}, this one knows {VERSION}); update it"
        )
    if isinstance(line, ReadingLine) and hash_text(line.reading.document.text) != line.sha256:
        raise RecordError(
            f"the text of document {line.reading.document.id} is not the one that was written: "
            "its SHA-256 differs; export it again"
        )
