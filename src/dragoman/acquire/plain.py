"""Plain text and Markdown. Plain text is kept as it is; Markdown loses its marks, not its words."""

from __future__ import annotations

import re

from dragoman.acquire.decode import decode_text
from dragoman.acquire.item import Item

FRONT_MATTER = re.compile(r"\A---\s*\n(.{0,4000}?)\n---\s*(?:\n|\Z)", re.DOTALL)
FIELD = re.compile(
    r"^(title|date|published|publisher|url)\s*:\s*[\"']?(.*?)[\"']?\s*$", re.IGNORECASE | re.MULTILINE
)
# In the order they are taken off: pictures leave their caption, links their words.
MARKS = (
    (re.compile(r"!\[([^\]\n]*)\]\([^()\n]*\)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\([^()\n]*\)"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE), r"\1"),
    (re.compile(r"^ {0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
)


def read_text(
    raw: bytes, *, source: str, charset: str | None = None, url: str | None = None
) -> tuple[Item, ...]:
    """The text as it is; raises FormatError where it is binary or its encoding cannot be told."""
    return (Item(text=decode_text(raw, source=source, declared=charset), url=url),)


def read_markdown(
    raw: bytes, *, source: str, charset: str | None = None, url: str | None = None
) -> tuple[Item, ...]:
    """The words of a Markdown text; title, date and publisher from its front matter, if it has one."""
    text = decode_text(raw, source=source, declared=charset).replace("\r\n", "\n")
    front = FRONT_MATTER.match(text)
    fields = {name.lower(): value for name, value in FIELD.findall(front[1])} if front else {}
    for pattern, words in MARKS:
        text = pattern.sub(words, text[front.end() :] if front else text)
        front = None
    return (
        Item(
            text=text,
            title=fields.get("title") or None,
            published=fields.get("published") or fields.get("date") or None,
            publisher=fields.get("publisher") or None,
            url=fields.get("url") or url,
        ),
    )
