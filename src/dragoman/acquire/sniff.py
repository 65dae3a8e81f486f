"""What bytes are, told by the bytes; a suffix or a header only breaks a tie."""

from __future__ import annotations

import re

from dragoman.acquire.decode import BOMS, decode_text
from dragoman.errors import FormatError

HEAD = 1 << 16  # bytes looked at

_HTML_START = re.compile(
    r"<(?:!doctype html|html|head|body|meta|title|article|main|section|div|p|h1|table|script|link)\b",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<(?:p|div|br|span|a|h[1-6]|body|article|table)\b[^<>]*>", re.IGNORECASE)
_PROLOG = re.compile(r"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_FEED_START = re.compile(r"(?:<!doctype rss\b[^>]*>\s*)?<(?:rss|feed|rdf:rdf|\w+:feed)\b", re.IGNORECASE)
_OBJECT_START = re.compile(r'\s*(?:\[\s*)?\{\s*"(?:[^"\\\n]|\\.)*"\s*:')
BY_NAME = {
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".json": "application/jsonl",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
BY_HEADER = {
    "text/markdown": "text/markdown",
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "application/jsonl": "application/jsonl",
    "application/x-ndjson": "application/jsonl",
    "application/json": "application/jsonl",
}


def sniff_format(head: bytes, *, name: str, stated: str = "") -> str:
    """The media type of what begins with `head`: one of the keys of `FORMATS` in `sources.py`.

    `name` is the file name or address, `stated` the media type a server gave. Raises FormatError
    for XML that is neither a page nor a feed.
    """
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(b"WARC/"):
        return "application/warc"
    suffix = re.search(r"(\.[a-z]+)(?:\.gz)?$", name.split("?")[0].lower())
    hint = BY_HEADER.get(stated) or BY_NAME.get(suffix[1] if suffix else "")
    words = _peek_text(head)
    start = words[_PROLOG.match(words).end() :] if _PROLOG.match(words) else words  # type: ignore[union-attr]
    if _FEED_START.match(start):
        return "application/feed"
    if _HTML_START.match(start) or (hint == "text/html" and _ANY_TAG.search(words)):
        return "text/html"
    if words.lstrip().startswith("<?xml"):
        raise FormatError(
            f"{name} is XML, but neither a page nor a feed; give it as text or HTML", source=name
        )
    if hint == "application/jsonl" or _OBJECT_START.match(words):
        return "application/jsonl"
    return "text/markdown" if hint == "text/markdown" else "text/plain"


def _peek_text(head: bytes) -> str:
    if any(head.startswith(bom) for bom, _ in BOMS):
        try:
            return decode_text(head[: len(head) // 4 * 4], source="").lstrip("\ufeff")
        except FormatError:
            return head.decode("utf-8", "replace").lstrip("\ufeff")
    return head.decode("latin-1")
