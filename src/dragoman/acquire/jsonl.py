"""JSON Lines: one document a line, in the keys `text`, `title`, `published`, `publisher`, `url`.

Only `text` is required and other keys are passed over. A broken line costs itself and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from dragoman.acquire.item import Item, Limits
from dragoman.acquire.stream import Stream
from dragoman.errors import AcquireError, EmptyDocumentError, FormatError

HEAD = 100  # bytes looked at
CHUNK = 1 << 20  # bytes skipped at a time after a line that is too long


class _Row(msgspec.Struct, frozen=True):
    text: str
    title: str | None = None
    published: str | int | None = None
    publisher: str | None = None
    url: str | None = None


def read_jsonl(stream: Stream, *, source: str, limits: Limits) -> Iterator[Item | AcquireError]:
    """Every document of the stream in order, and an error naming the line for every one that is none."""
    number = 0
    if _is_spread(stream.peek(HEAD)[:HEAD]):
        yield FormatError(f"{source} is JSON over several lines; write one object a line", source=source)
        return
    while line := stream.readline(limits.max_bytes + 1):
        number += 1
        where = f"{source} line {number}"
        if len(line) > limits.max_bytes:
            _skip_line(stream, line)
            yield FormatError(f"{where} is longer than {limits.max_bytes} bytes; split it", source=source)
        elif line.strip(b"\xef\xbb\xbf \t\r\n"):
            yield _read_line(line, number, where, source)
    if stream.broken:
        yield FormatError(
            f"{source} is truncated after line {number}: {stream.broken}; fetch it again", source=source
        )


def _is_spread(head: bytes) -> bool:
    """Whether the first line only opens an object or a list, as in JSON laid out for people."""
    return bool(re.match(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*\{?|\{)\s*[\r\n]", head))


def _skip_line(stream: Stream, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(CHUNK)


def _read_line(line: bytes, number: int, where: str, source: str) -> Item | AcquireError:
    try:
        row = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=_Row)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        return FormatError(
            f"{where} is no document ({exc}); each line is a JSON object with a `text` in UTF-8",
            source=source,
        )
    if not row.text.strip():
        return EmptyDocumentError(f"{where} holds no text; fill its `text` or drop the line", source=source)
    return Item(
        text=row.text,
        title=row.title or None,
        published=str(row.published) if row.published else None,
        publisher=row.publisher or None,
        url=row.url or None,
        part=str(number),
        raw=line,
    )
