"""One way to read bytes, whether they are a file, standard input, an answer or compressed.

A compressed file that is cut off or damaged gives what it holds and then says so in `broken`.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import IO, Any

GZIP_MARK = b"\x1f\x8b\x08"


class Gunzipped(io.RawIOBase):
    """The content of a gzip file of one or many members; `broken` says how it ended, if not well."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__()
        self.packed = packed
        self.inner = gzip.GzipFile(fileobj=packed)
        self.broken = ""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end, be it a good or a bad one."""
        if self.broken:
            return 0
        try:
            got = self.inner.read1(len(buffer))  # one step, so that an error costs nothing read before
        except (EOFError, OSError, zlib.error) as exc:
            self.broken = (
                "the compressed data ends too early" if isinstance(exc, EOFError) else "it is damaged"
            )
            return 0
        buffer[: len(got)] = got
        return len(got)

    def close(self) -> None:
        """Close the compressed file, too."""
        self.packed.close()
        super().close()


class Stream(io.BufferedReader):
    """Bytes with a look ahead; `broken` is "" unless a compressed source ended badly."""

    @property
    def broken(self) -> str:
        """How a compressed source ended, if not well."""
        return str(getattr(self.raw, "broken", ""))


def open_stream(raw: io.RawIOBase | io.BytesIO) -> Stream:
    """The bytes, decompressed where they are gzip."""
    stream = Stream(raw, 1 << 16)  # type: ignore[type-var,arg-type,unused-ignore]
    if stream.peek(3)[:3] == GZIP_MARK:
        return Stream(Gunzipped(stream), 1 << 16)
    return stream
