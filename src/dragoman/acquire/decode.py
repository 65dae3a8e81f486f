"""Bytes to text: which encoding they are in, and whether they are text at all.

UTF-8 and marked UTF-16/32 are certain; anything else is a judgement, and where none can be made
the answer is an error, never a text full of wrong letters.
"""

from __future__ import annotations

import codecs
import re

from dragoman.errors import FormatError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 1_000_000  # looked at to judge; an encoding does not change half-way
MAX_CONTROL_SHARE = 0.005  # of bytes; text has none, compressed data about 0.1
MAX_BROKEN_SHARE = 0.1  # of non-ASCII characters that may be broken in a text still called UTF-8
MAX_WESTERN_SHARE = 0.05  # of non-ASCII bytes up to which Windows-1252 is assumed: accents, quotes

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode_text(raw: bytes, *, source: str, declared: str | None = None) -> str:
    """The text of `raw`; raises FormatError where it is no text or its encoding cannot be told.

    `declared` is what a header or the page says; it counts only after UTF-8 failed, because
    servers often say latin-1 of pages in UTF-8.
    """
    for bom, encoding in BOMS:
        if raw.startswith(bom):
            return _decode(raw, encoding, source)
    if wide := _guess_wide(raw[:SAMPLE_BYTES]):
        return _decode(raw, wide, source)
    if is_binary(raw):
        raise FormatError(
            f"{source} is binary, not text; give an article as text, HTML, PDF, WARC, a feed or JSON Lines",
            source=source,
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(raw, source, declared)


def is_binary(raw: bytes) -> bool:
    """Whether the bytes hold more control characters than any text does."""
    sample = raw[:SAMPLE_BYTES]
    return b"\x00" in sample or len(_CONTROL.findall(sample)) > MAX_CONTROL_SHARE * len(sample)


def _decode(raw: bytes, encoding: str, source: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as exc:
        raise FormatError(
            f"{source} says it is {encoding.removesuffix('-sig')} but breaks off at byte {exc.start}; "
            "save it as UTF-8",
            source=source,
        ) from exc


def _guess_wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: in Latin text every second byte is nought."""
    if len(sample) < 8:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 and odd < 0.05 else None


def _decode_legacy(raw: bytes, source: str, declared: str | None) -> str:
    lenient = raw.decode("utf-8", "replace")
    beyond = sum(1 for char in lenient[:SAMPLE_BYTES] if char > "\x7f")
    if lenient.count("\ufffd", 0, SAMPLE_BYTES) <= MAX_BROKEN_SHARE * beyond:
        return lenient
    sample = raw[:SAMPLE_BYTES]
    western = sum(1 for byte in sample if byte > 0x7F) <= MAX_WESTERN_SHARE * len(sample)
    for encoding in (declared, "cp1252" if western else None):
        if encoding and (text := _try_decode(raw, encoding)) is not None:
            return text
    return _detect(raw, source)


def _try_decode(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _detect(raw: bytes, source: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:SAMPLE_BYTES]).best()
    text = _try_decode(raw, best.encoding) if best else None
    if text is None:
        raise FormatError(f"the encoding of {source} cannot be told; save it as UTF-8", source=source)
    return text
