"""The pages of a WARC file, compressed or not.

warcio stops silently where a file is cut off, so the lengths are compared here: a record that is
shorter than it says, or a compressed stream without its end, is reported after the whole records.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from dragoman.acquire.item import Limits, Payload
from dragoman.acquire.stream import Stream
from dragoman.errors import AcquireError, EmptyDocumentError, FormatError

READ_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")


def read_warc(stream: Stream, *, source: str, limits: Limits) -> Iterator[Payload | AcquireError]:
    """The payload of every answered page in order; an AcquireError where the file is cut off or damaged."""
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

    n_pages = 0
    archive = ArchiveIterator(stream)
    try:
        while (record := _next_record(archive)) is not None:
            payload, whole = _read_record(record, limits)
            if not whole:
                yield _report_cut(source, n_pages)
                return
            if isinstance(payload, int):
                yield FormatError(
                    f"{source}: the page {_address(record)} has over {payload} bytes; skipped", source=source
                )
            elif payload:
                n_pages += 1
                yield payload
    except (ArchiveLoadFailed, ValueError, UnicodeError, AttributeError) as exc:
        yield FormatError(
            f"{source} is a damaged WARC file after {n_pages} pages ({_first_line(exc)}); fetch it again",
            source=source,
        )
        return
    if stream.broken:
        yield _report_cut(source, n_pages)
    elif not n_pages:
        yield EmptyDocumentError(
            f"{source} is a WARC file without any page in it; check the crawl", source=source
        )


def _next_record(archive: Any) -> Any | None:
    with contextlib.redirect_stderr(io.StringIO()):  # warcio writes warnings there
        return next(archive, None)


def _read_record(record: Any, limits: Limits) -> tuple[Payload | int | None, bool]:
    """The page of a record, None for another record, or the limit it breaks; and whether it is whole."""
    length = record.rec_headers.get_header("Content-Length")
    if record.rec_type is None or length is None:
        return None, False
    media_type, charset = _find_type(record)
    wanted = (
        record.rec_type in ("response", "resource") and media_type in READ_TYPES and _status(record) == "200"
    )
    raw = record.content_stream().read(limits.max_bytes + 1) if wanted else b""
    while record.raw_stream.read(1 << 16):
        pass
    whole = getattr(record.raw_stream, "limit", 0) <= 0
    if not wanted or not whole:
        return None, whole
    if len(raw) > limits.max_bytes:
        return limits.max_bytes, True
    date = record.rec_headers.get_header("WARC-Date")
    address = _address(record)
    return Payload(
        raw=raw, media_type=media_type, charset=charset, url=address, part=address, retrieved=date
    ), True


def _find_type(record: Any) -> tuple[str, str | None]:
    headers = record.http_headers or record.rec_headers
    stated = headers.get_header("Content-Type") or ""
    media_type, _, rest = stated.partition(";")
    charset = rest.partition("charset=")[2].strip(" \"'") or None
    return media_type.strip().lower(), charset


def _status(record: Any) -> str:
    return str(record.http_headers.get_statuscode()) if record.http_headers else "200"


def _address(record: Any) -> str:
    return record.rec_headers.get_header("WARC-Target-URI") or ""


def _report_cut(source: str, n_pages: int) -> AcquireError:
    return FormatError(
        f"{source} is truncated: it ends inside a record after {n_pages} whole pages; fetch it again",
        source=source,
    )


def _first_line(exc: Exception) -> str:
    return (str(exc).strip().splitlines() or [type(exc).__name__])[0]
