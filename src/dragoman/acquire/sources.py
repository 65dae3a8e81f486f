"""From a source to its Documents: files, folders, globs, addresses and standard input.

Here a format is chosen, what the user states is put before what was found, and a text is turned
into a Document once and for all. One bad item never costs another: errors are yielded, not raised.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import TypeVar

import msgspec

from dragoman.acquire.blocks import find_blocks, find_dateline_day, title_of
from dragoman.acquire.dates import current_instant, parse_day, parse_past_day
from dragoman.acquire.item import Item, Limits, Link, Payload
from dragoman.acquire.language import find_language, name_language
from dragoman.acquire.sniff import HEAD, sniff_format
from dragoman.acquire.stream import Stream, open_stream
from dragoman.errors import AcquireError, EmptyDocumentError, FetchError, FormatError
from dragoman.record import DateSource, Document, Record, make_document_id
from dragoman.text import normalise_text

__all__ = ["Acquisition", "Fetch", "Given", "Limits", "acquire_source", "list_sources"]

TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")
PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".pdf")
MANY_SUFFIXES = (".warc", ".xml", ".rss", ".atom", ".jsonl", ".ndjson", ".json")
SUFFIXES = frozenset((*TEXT_SUFFIXES, *PAGE_SUFFIXES, *MANY_SUFFIXES))
Fetch = Callable[[str], Payload]
R = TypeVar("R", bound=Record)
Found = Item | Link | Payload | AcquireError

_SURROGATE = re.compile("[\ud800-\udfff]")


class Given(Record, frozen=True, kw_only=True):
    """What the user states of a source; it beats what is found there."""

    published: str | None = None
    publisher: str | None = None
    title: str | None = None


class Acquisition(Record, frozen=True, kw_only=True):
    """A Document with the bytes it was read from, and where they came from."""

    document: Document
    raw: bytes
    media_type: str
    source: str


class _Context(Record, frozen=True, kw_only=True):
    """What holds for everything a source contains."""

    source: str
    given: Given
    limits: Limits
    fetch: Fetch | None


class _Place(Record, frozen=True, kw_only=True):
    """Where some bytes stand: their name in messages, what is known of them, the link that led there."""

    name: str
    known: Payload
    follow: bool = False
    link: Link | None = None


def list_sources(patterns: Sequence[str]) -> tuple[str, ...]:
    """The sources the patterns name, each once: in the order given, a folder's or glob's by name.

    A folder gives the files below it whose suffix Dragoman reads, hidden ones left out. A pattern
    that names nothing stays, so that reading it says what is wrong.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        found.update(dict.fromkeys(_expand(pattern)))
    return tuple(found)


def _expand(pattern: str) -> list[str]:
    if pattern == "-" or is_address(pattern):
        return [pattern]
    path = Path(pattern)
    if _is_dir(path):
        return _list_folder(path) or [pattern]
    if has_magic(pattern) and not path.exists():
        matches = sorted(glob(pattern, recursive=True))  # noqa: PTH207 - absolute patterns too
        files = [
            file
            for match in matches
            for file in (_list_folder(Path(match)) if _is_dir(Path(match)) else [match])
        ]
        return files or [pattern]
    return [pattern]


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _list_folder(folder: Path) -> list[str]:
    return sorted(
        str(path)
        for path in folder.rglob("*")
        if is_readable_name(path.name)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def is_readable_name(name: str) -> bool:
    """Whether the suffix of a file name, perhaps with `.gz`, is one Dragoman reads."""
    return Path(name.lower().removesuffix(".gz")).suffix in SUFFIXES


def is_address(source: str) -> bool:
    """Whether the source is to be fetched from the web."""
    return source.lower().startswith(("http://", "https://"))


def acquire_source(
    source: str,
    *,
    given: Given = Given(),  # noqa: B008 - immutable
    limits: Limits = Limits(),  # noqa: B008 - immutable
    stdin: bytes | None = None,
    fetch: Fetch | None = None,
) -> Iterator[Acquisition | AcquireError]:
    """Every Document of a source, and an AcquireError for everything in it that gave none.

    Args:
        source: a file, an address, or "-" for standard input.
        given: what the user states; it beats what is found.
        limits: what the source may cost.
        stdin: the bytes of standard input, where the caller has them; else they are read here.
        fetch: address to Payload; the guarded fetcher where it is None.
    """
    if given.published is not None and parse_day(given.published) is None:
        yield AcquireError(f"{given.published!r} is no date; write it as YYYY-MM-DD", source=source)
        return
    context = _Context(source=source, given=given, limits=limits, fetch=fetch)
    n_documents = 0
    for result in _acquire(context, stdin):
        yield result
        n_documents += isinstance(result, Acquisition)
        if limits.max_records and n_documents >= limits.max_records:
            return


def _acquire(context: _Context, stdin: bytes | None) -> Iterator[Acquisition | AcquireError]:
    source = context.source
    if is_address(source):
        yield from _acquire_address(context, source)
        return
    try:
        stream = open_stream(_open_raw(source, stdin))
    except (OSError, ValueError) as exc:
        yield _explain_os_error(source, exc)
        return
    with stream:
        name = "standard input" if source == "-" else source
        known = Payload(raw=b"", retrieved=current_instant())
        place = _Place(name=name, known=known, follow=context.fetch is not None)
        yield from _read_stream(stream, place, context)


def _open_raw(source: str, stdin: bytes | None) -> io.RawIOBase | io.BytesIO:
    if source != "-":
        return Path(source).open("rb", buffering=0)
    if stdin is not None:
        return io.BytesIO(stdin)
    try:
        return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    except io.UnsupportedOperation:  # standard input was replaced by something in memory
        return io.BytesIO(sys.stdin.buffer.read())


def _explain_os_error(source: str, exc: OSError | ValueError) -> AcquireError:
    if isinstance(exc, FileNotFoundError):
        why = "is no file, folder or address; check the spelling"
    elif isinstance(exc, IsADirectoryError):
        why = "is a folder without a file Dragoman reads; name a folder of articles"
    elif isinstance(exc, PermissionError):
        why = "may not be read by you; change its permissions"
    else:
        why = f"cannot be read ({getattr(exc, 'strerror', None) or exc}); check the name and the disk"
    return AcquireError(f"{source!r} {why}", source=source)


def _acquire_address(
    context: _Context, url: str, *, link: Link | None = None
) -> Iterator[Acquisition | AcquireError]:
    """What an address gives; from a feed (`link`), what the feed states fills what the page lacks."""
    try:
        payload = _fetch(context, url)
    except AcquireError as exc:
        yield exc
        return
    known = _change(
        payload,
        raw=b"",
        url=payload.url or url,
        retrieved=payload.retrieved or current_instant(),
        part=url if link else "",
    )
    with open_stream(io.BytesIO(payload.raw)) as stream:
        place = _Place(name=url, known=known, follow=link is None, link=link)
        yield from _read_stream(stream, place, context)


def _fetch(context: _Context, url: str) -> Payload:
    if context.fetch is not None:
        return context.fetch(url)
    from dragoman.acquire.fetch import fetch_url

    return fetch_url(url, limits=context.limits)


def _read_stream(stream: Stream, place: _Place, context: _Context) -> Iterator[Acquisition | AcquireError]:
    """Every document in the bytes."""
    try:
        head = stream.peek(HEAD)[:HEAD]
        media_type = sniff_format(head, name=place.name, stated=place.known.media_type)
        if container := CONTAINERS.get(media_type):
            found = container(stream, place.name, context.limits)
        else:
            found = _read_whole(stream, media_type, place, context.limits)
        yield from _settle(found, media_type, place, context)
    except AcquireError as exc:
        yield exc
    except OSError as exc:  # the disk or pipe failed while it was read
        yield _explain_os_error(place.name, exc)


def _settle(
    found: Iterable[Found], media_type: str, place: _Place, context: _Context
) -> Iterator[Acquisition | AcquireError]:
    """Documents of what was found; bytes inside are read, links followed."""
    n_links = 0
    for entry in found:
        if isinstance(entry, AcquireError):
            yield entry
        elif isinstance(entry, Payload):
            yield from _read_payload(entry, context)
        elif isinstance(entry, Link):
            n_links += 1
            yield from _follow_link(entry, n_links, place, context)
        else:
            yield _finish(_fill(entry, place.link), media_type, place, context)


def _read_whole(stream: Stream, media_type: str, place: _Place, limits: Limits) -> Iterator[Found]:
    """What a format that is not a container finds in the whole of the stream."""
    name = place.name
    raw = stream.read(limits.max_bytes + 1)
    if len(raw) > limits.max_bytes:
        why = f"has over {limits.max_bytes} bytes; split it or raise the size limit"
        yield FormatError(f"{name} {why}", source=name)
    elif stream.broken:
        yield FormatError(f"{name} is truncated: {stream.broken}; fetch it again", source=name)
    elif not raw:
        yield EmptyDocumentError(f"{name} is empty; give a file with an article in it", source=name)
    else:
        for found in FORMATS[media_type](raw, place.known, name, limits):
            yield found if not isinstance(found, Item) or found.raw else _change(found, raw=raw)


def _read_payload(payload: Payload, context: _Context) -> Iterator[Acquisition | AcquireError]:
    name = f"{context.source}: {payload.part}" if payload.part else context.source
    with open_stream(io.BytesIO(payload.raw)) as stream:
        yield from _read_stream(stream, _Place(name=name, known=_change(payload, raw=b"")), context)


def _follow_link(
    link: Link, number: int, place: _Place, context: _Context
) -> Iterator[Acquisition | AcquireError]:
    entry = f"{place.name}: the entry {link.title or link.url!r}"
    if not place.follow:
        yield FetchError(f"{entry} holds only a link; read {link.url} instead", source=link.url)
    elif number <= context.limits.max_links:
        yield from _acquire_address(context, link.url, link=link)
    else:
        why = f"is beyond the limit of {context.limits.max_links} links; raise it or read {link.url}"
        yield FetchError(f"{entry} {why}", source=link.url)


def _fill(item: Item, link: Link | None) -> Item:
    """The item, with what the feed stated where the page is silent."""
    if link is None:
        return item
    item = _change(item, title=item.title or link.title, publisher=item.publisher or link.publisher)
    if item.published or not link.published:
        return item
    return _change(item, published=link.published, published_source=DateSource.FEED)


def _change(record: R, **changes: object) -> R:
    return msgspec.structs.replace(record, **changes)


def _finish(item: Item, media_type: str, place: _Place, context: _Context) -> Acquisition | AcquireError:
    """The Document of an Item, or why there is none."""
    part = item.part or place.known.part
    where = f"{place.name}:{item.part}" if item.part else place.name
    source = f"{context.source}:{part}" if part else context.source
    text = _SURROGATE.sub("\ufffd", normalise_text(item.text))
    if problem := _check_text(text, where, source, context.limits):
        return problem
    language = find_language(text)
    if language not in (None, "en") and not context.limits.force_language:
        return AcquireError(
            f"{where}: reads English only, this looks like {name_language(language or '')}; "
            "pass --force to read it anyway",
            source=source,
        )
    document = _build_document(text, item, place.known, context.given, language)
    return Acquisition(document=document, raw=item.raw, media_type=media_type, source=source)


def _check_text(text: str, where: str, source: str, limits: Limits) -> AcquireError | None:
    if not text.strip():
        return EmptyDocumentError(f"{where} holds no text, only white space; give an article", source=source)
    if len(text) > limits.max_characters:
        return FormatError(
            f"{where} has {len(text)} characters, over the limit of {limits.max_characters}; split it",
            source=source,
        )
    longest = max(map(len, text.split("\n")))
    if longest > limits.max_line:
        return FormatError(
            f"{where} has a line of {longest} characters, more than {limits.max_line}; break it up",
            source=source,
        )
    return None


def _build_document(text: str, item: Item, known: Payload, given: Given, language: str | None) -> Document:
    stated = " ".join(normalise_text(item.title or "").split()) or None
    blocks = find_blocks(text, title=stated, roles=item.roles)
    published, where = _choose_date(text, item, known, given)
    return Document(
        id=make_document_id(text),
        title=given.title or stated or title_of(text, blocks),
        published=published,
        published_source=where,
        publisher=given.publisher or item.publisher,
        url=item.url or known.url,
        language=language or "en",
        text=text,
        blocks=blocks,
    )


def _choose_date(text: str, item: Item, known: Payload, given: Given) -> tuple[str | None, DateSource | None]:
    """What the user states, then what the source states, then a dateline of the text."""
    if given.published:
        return parse_day(given.published), DateSource.GIVEN
    if item.published and (day := parse_day(item.published)):
        return day, item.published_source or DateSource.GIVEN
    day = find_dateline_day(text)
    day = parse_past_day(day, known.retrieved) if day else None
    return day, DateSource.DATELINE if day else None


def _read_plain(raw: bytes, known: Payload, name: str, limits: Limits) -> Iterable[Found]:
    from dragoman.acquire.plain import read_text

    return read_text(raw, source=name, charset=known.charset, url=known.url)


def _read_markdown(raw: bytes, known: Payload, name: str, limits: Limits) -> Iterable[Found]:
    from dragoman.acquire.plain import read_markdown

    return read_markdown(raw, source=name, charset=known.charset, url=known.url)


def _apart(module: str, function: str) -> Callable[[bytes, Payload, str, Limits], Iterable[Found]]:
    """A format taken apart in the child process."""

    def read(raw: bytes, known: Payload, name: str, limits: Limits) -> Iterable[Found]:
        from dragoman.acquire.child import read_apart

        facts = (known.charset, known.url, known.retrieved)
        return read_apart((module, function), raw, source=name, limits=limits, known=facts)

    return read


def _read_jsonl(stream: Stream, name: str, limits: Limits) -> Iterator[Found]:
    from dragoman.acquire.jsonl import read_jsonl

    return read_jsonl(stream, source=name, limits=limits)


def _read_warc(stream: Stream, name: str, limits: Limits) -> Iterator[Found]:
    from dragoman.acquire.warc import read_warc

    return read_warc(stream, source=name, limits=limits)


# Formats that are read whole, and containers that are read piece by piece.
FORMATS: dict[str, Callable[[bytes, Payload, str, Limits], Iterable[Found]]] = {
    "text/plain": _read_plain,
    "text/markdown": _read_markdown,
    "text/html": _apart("dragoman.acquire.html", "read_html"),
    "application/pdf": _apart("dragoman.acquire.pdf", "read_pdf"),
    "application/feed": _apart("dragoman.acquire.feed", "read_feed"),
}
CONTAINERS: dict[str, Callable[[Stream, str, Limits], Iterator[Found]]] = {
    "application/jsonl": _read_jsonl,
    "application/warc": _read_warc,
}
