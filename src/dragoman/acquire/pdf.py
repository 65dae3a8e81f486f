"""The text of a PDF, its lines joined to paragraphs. Runs in the child process (see `child.py`).

A PDF knows where letters stand, not what a paragraph is. A paragraph ends where a line ends a
sentence well short of the margin, or where a short line without a full stop is plainly a heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pypdfium2  # type: ignore[import-untyped]

from dragoman.acquire.item import Item
from dragoman.errors import EmptyDocumentError, FormatError

SHORT_LINE = 0.8  # of the usual line; below it a line that ends a sentence ends the paragraph
HEADING_LINE = 0.7  # of the usual line; below it a line without a full stop is a heading
MAX_PAGES = 2_000
REPEATED_PAGES = 3  # pages that carry the same line before it counts as a running head

_HYPHEN = re.compile(r"[\u00ad-]$")
_PARTED = re.compile("[\ufffe\x02](?:\r?\n)?")  # PDFium's sign for a hyphen at a line end
_PAGE_NUMBER = re.compile(r"(?:page )?[-–]?\s*\d{1,4}\s*[-–]?(?: ?(?:of|/) ?\d{1,4})?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:…]['\"”’)\]]*$")
_TOOL_TITLE = re.compile(r"\.(?:docx?|indd|pdf|odt|rtf|qxd)$|^microsoft word|^untitled|^\W*$", re.IGNORECASE)


def read_pdf(
    raw: bytes,
    *,
    source: str,
    charset: str | None = None,
    url: str | None = None,
    retrieved: str | None = None,
) -> tuple[Item, ...]:
    """The document of a PDF; FormatError for a locked or damaged one, EmptyDocumentError for a scan."""
    try:
        pdf = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as exc:
        raise FormatError(_explain(str(exc), source), source=source) from exc
    try:
        pages = [_read_page(pdf, number) for number in range(min(len(pdf), MAX_PAGES))]
        title = (pdf.get_metadata_dict().get("Title") or "").strip()
    finally:
        pdf.close()
    text = join_lines(pages)
    if not text.strip():
        raise EmptyDocumentError(f"{source} holds pictures of pages and no text: it needs OCR", source=source)
    return (Item(text=text, title=None if _TOOL_TITLE.search(title) else title, url=url),)


def _explain(message: str, source: str) -> str:
    if "password" in message.lower():
        return f"{source} is a PDF locked with a password; save a copy without it"
    return f"{source} is a damaged PDF ({message}); fetch it again"


def _read_page(pdf: pypdfium2.PdfDocument, number: int) -> list[str]:
    page = pdf[number]
    words = page.get_textpage()
    try:
        text = _PARTED.sub("-\n", words.get_text_range())
        return [line.rstrip() for line in text.splitlines()]
    finally:
        words.close()
        page.close()


def join_lines(pages: Sequence[Sequence[str]]) -> str:
    """Paragraphs, a blank line between them, from the lines of the pages; running heads are left out.

    >>> join_lines([["Envoys met in the capi-", "tal on a wet Monday morning, they", "said.", "They left."]])
    'Envoys met in the capital on a wet Monday morning, they said.\\n\\nThey left.'
    """
    lines = _drop_running(pages)
    width = _usual_width(lines)
    paragraphs: list[str] = []
    open_line = ""  # the line before, while its paragraph goes on
    for line in lines:
        if open_line and line:
            paragraphs[-1] = _join(paragraphs[-1], line)
        elif line:
            paragraphs.append(line)
        open_line = "" if not line or _ends_paragraph(line, width) else line
    return "\n\n".join(paragraphs)


def _drop_running(pages: Sequence[Sequence[str]]) -> list[str]:
    counts = Counter(line for page in pages for line in {line.strip() for line in page} if line)
    return [
        words
        for page in pages
        for line in page
        if counts[words := line.strip()] < REPEATED_PAGES and not _PAGE_NUMBER.fullmatch(words)
    ]


def _usual_width(lines: Sequence[str]) -> float:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0


def _ends_paragraph(line: str, width: float) -> bool:
    if _SENTENCE_END.search(line):
        return len(line) < SHORT_LINE * width
    return len(line) < HEADING_LINE * width and not _HYPHEN.search(line) and not line.endswith(",")


def _join(before: str, line: str) -> str:
    """Two lines as one; a word parted at the line end is put together, a compound keeps its hyphen."""
    if not _HYPHEN.search(before):
        return f"{before} {line}"
    return before[:-1] + line if line[:1].islower() else before.rstrip("\u00ad") + line
