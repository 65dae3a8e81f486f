"""What a format hands over, and the limits every format keeps.

An Item is a text with what its source states about it; a Payload is bytes inside a container (a
WARC record) that another format must still read; a Link is a page that must still be fetched.
Making a Document of an Item is `sources.py`.
"""

from __future__ import annotations

from dragoman.record import BlockRole, DateSource, Record


class Limits(Record, frozen=True, kw_only=True):
    """What one source may cost; every value can be set, and a message names the one that stopped it."""

    max_bytes: int = 50_000_000  # bytes, decoded, of one file, page or record
    max_characters: int = 5_000_000  # of one document; a long book has 3 million
    max_line: int = 1_000_000  # characters of one line; a paragraph of the press has 2,000
    max_records: int = 0  # documents from one source; 0 is no limit
    max_links: int = 20  # pages followed from one feed
    fetch_seconds: float = 30.0  # seconds for one address, redirects and body included
    page_seconds: float = 20.0  # seconds to take one page, PDF or feed apart
    page_memory: int = 2_000_000_000  # bytes the process doing so may hold
    allow_private: bool = False  # addresses of this machine and its network may be fetched
    force_language: bool = False  # read texts that are not English, too


class Item(Record, frozen=True, kw_only=True):
    """One text found in a source. `roles` has one entry for each non-blank line, or is empty."""

    text: str
    roles: tuple[BlockRole | None, ...] = ()
    title: str | None = None
    published: str | None = None
    published_source: DateSource | None = None
    publisher: str | None = None
    url: str | None = None
    part: str = ""
    raw: bytes = b""


class Link(Record, frozen=True, kw_only=True):
    """A page a feed points to without giving its text."""

    url: str
    title: str | None = None
    published: str | None = None
    publisher: str | None = None


class Payload(Record, frozen=True, kw_only=True):
    """Bytes that still have to be read, and where and when they were fetched.

    `retrieved` is an ISO date or instant; a publication date found later than it is not believed.
    """

    raw: bytes
    media_type: str = ""
    charset: str | None = None
    url: str | None = None
    part: str = ""
    retrieved: str | None = None
