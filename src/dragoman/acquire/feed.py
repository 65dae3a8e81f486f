"""The entries of an RSS or Atom feed: documents where the text is there, links where it is not.

Runs in the child process (see `child.py`).
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

import feedparser  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from dragoman.acquire.dates import make_day
from dragoman.acquire.item import Item, Link
from dragoman.errors import EmptyDocumentError
from dragoman.record import DateSource

MIN_WORDS = 60  # of an entry that counts as the article itself; teasers have 20 to 50
BREAKS = frozenset(
    ("p", "div", "li", "br", "h1", "h2", "h3", "h4", "blockquote", "tr", "figure", "figcaption")
)


def read_feed(
    raw: bytes,
    *,
    source: str,
    charset: str | None = None,
    url: str | None = None,
    retrieved: str | None = None,
) -> tuple[Item | Link, ...]:
    """Items and Links in the order of the feed; raises EmptyDocumentError for a feed without entries."""
    headers = {"content-location": url} if url else {}
    parsed = feedparser.parse(raw, response_headers=headers, sanitize_html=False)
    if not parsed.entries:
        raise EmptyDocumentError(f"{source} is a feed without entries; check the address", source=source)
    publisher = parsed.feed.get("title")
    return tuple(
        _read_entry(entry, number, publisher, retrieved) for number, entry in enumerate(parsed.entries, 1)
    )


def _read_entry(entry: Any, number: int, publisher: str | None, retrieved: str | None) -> Item | Link:
    contents = [part.get("value", "") for part in entry.get("content", [])]
    markup = max([*contents, entry.get("summary", "")], key=len)
    text = strip_markup(markup)
    title = strip_markup(entry.get("title", "")) or None
    link = entry.get("link") or None
    day = _find_day(entry, retrieved)
    if link and len(text.split()) < MIN_WORDS:
        return Link(url=link, title=title, published=day, publisher=publisher)
    return Item(
        text=f"{title}\n\n{text}" if title else text,
        title=title,
        published=day,
        published_source=DateSource.FEED if day else None,
        publisher=publisher,
        url=link,
        part=str(number),
        raw=markup.encode("utf-8", "replace"),
    )


def _find_day(entry: Any, retrieved: str | None) -> str | None:
    """The day an entry was published, in the zone it states, never later than the retrieval."""
    parsed = entry.get("published_parsed")
    if not parsed:
        return None
    try:
        day = parsedate_to_datetime(entry.get("published", "")).date().isoformat()
    except ValueError:
        stated = str(entry.get("published", ""))[:10]
        parts = stated.split("-")
        day = (make_day(*parts) if len(parts) == 3 and stated.replace("-", "").isdigit() else None) or (
            make_day(parsed.tm_year, parsed.tm_mon, parsed.tm_mday) or ""
        )
    utc = make_day(parsed.tm_year, parsed.tm_mon, parsed.tm_mday)
    return day or None if not retrieved or (utc or day) <= retrieved[:10] else None


def strip_markup(markup: str) -> str:
    """The words of a piece of HTML, paragraphs on lines of their own.

    >>> strip_markup("<p>They <b>met</b>.</p><p>They left.</p>")
    'They met.\\n\\nThey left.'
    """
    if "<" not in markup and "&" not in markup:
        return "\n\n".join(" ".join(line.split()) for line in markup.splitlines() if line.strip())
    try:
        tree = lxml_html.document_fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for node in list(tree.iter("script", "style")):
        node.drop_tree()
    for node in tree.iter(etree.Element):
        if node.tag in BREAKS:
            node.text = "\u2029" + (node.text or "")
            node.tail = "\u2029" + (node.tail or "")
    parts = str(tree.xpath("string()")).split("\u2029")
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())
