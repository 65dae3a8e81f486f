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

SUFFIXES = frozenset(
    [
        ".txt",
        ".text",
        ".md",
        ".markdown",
        ".html",
        ".htm",
        ".xhtml",
        ".pdf",
        ".warc",
        ".xml",
        ".rss",
        ".atom",
        ".jsonl",
        ".ndjson",
        ".json",
    ]
)
Fetch = Callable[[str], Payload]
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
    """What every step of one source needs to know."""

    source: str
    given: Given
    limits: Limits
    fetch: Fetch | None


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
        yield from _acquire_address(context, source, follow=True)
        return
    try:
        stream = open_stream(_open_raw(source, stdin, context.limits))
    except (OSError, ValueError) as exc:
        yield _explain_os_error(source, exc)
        return
    with stream:
        name = "standard input" if source == "-" else source
        known = Payload(raw=b"", part="", retrieved=current_instant())
        yield from _read_stream(stream, known, name, context, follow=context.fetch is not None)


def _open_raw(source: str, stdin: bytes | None, limits: Limits) -> io.RawIOBase | io.BytesIO:
    if source == "-":
        return io.BytesIO(sys.stdin.buffer.read(limits.max_bytes + 1) if stdin is None else stdin)
    return Path(source).open("rb", buffering=0)


def _explain_os_error(source: str, exc: OSError | ValueError) -> AcquireError:
    if isinstance(exc, FileNotFoundError):
        why = "is no file, folder or address; check the spelling"
    elif isinstance(exc, IsADirectoryError):
        why = "is a folder without a file Dragoman reads; name a folder of articles"
    elif isinstance(exc, PermissionError):
        why = "may not be read by you; change its permissions"
    else:
        why = f"cannot be opened ({getattr(exc, 'strerror', None) or exc}); check the name"
    return AcquireError(f"{source!r} {why}", source=source)


def _acquire_address(
    context: _Context, url: str, *, follow: bool, link: Link | None = None
) -> Iterator[Acquisition | AcquireError]:
    """What an address gives; from a feed (`link`), what the feed states fills what the page lacks."""
    try:
        payload = _fetch(context, url)
    except AcquireError as exc:
        yield exc
        return
    payload = Payload(
        raw=payload.raw,
        media_type=payload.media_type,
        charset=payload.charset,
        url=payload.url or url,
        retrieved=payload.retrieved or current_instant(),
        part=url if link else "",
    )
    with open_stream(io.BytesIO(payload.raw)) as stream:
        yield from _read_stream(stream, payload, url, context, follow=follow, link=link)


def _fetch(context: _Context, url: str) -> Payload:
    if context.fetch is not None:
        return context.fetch(url)
    from dragoman.acquire.fetch import fetch_url

    return fetch_url(url, limits=context.limits)


def _read_stream(
    stream: Stream, known: Payload, name: str, context: _Context, *, follow: bool, link: Link | None = None
) -> Iterator[Acquisition | AcquireError]:
    """Every document in the bytes; `known` says what is known of them besides."""
    try:
        media_type = sniff_format(stream.peek(HEAD)[:HEAD], name=name, stated=known.media_type)
        container = CONTAINERS.get(media_type)
        found = (
            container(stream, name, context.limits)
            if container
            else _read_one(stream, media_type, known, name, context)
        )
        yield from _settle(found, media_type, known, name, context, follow, link)
    except AcquireError as exc:
        yield exc
    except OSError as exc:  # the disk or pipe failed while it was read
        yield _explain_os_error(name, exc)


def _settle(
    found: Iterable[Found],
    media_type: str,
    known: Payload,
    name: str,
    context: _Context,
    follow: bool,
    link: Link | None,
) -> Iterator[Acquisition | AcquireError]:
    n_links = 0
    for entry in found:
        if isinstance(entry, AcquireError):
            yield entry
        elif isinstance(entry, Payload):
            yield from _read_payload(entry, context)
        elif isinstance(entry, Link):
            n_links += 1
            yield from _follow_link(entry, n_links, name, context, follow)
        else:
            yield _finish(_fill(entry, link), media_type, known, name, context)


def _read_one(
    stream: Stream, media_type: str, known: Payload, name: str, context: _Context
) -> Iterator[Found]:
    """What a format of one document finds in the whole of the stream."""
    limits = context.limits
    raw = stream.read(limits.max_bytes + 1)
    if len(raw) > limits.max_bytes:
        yield FormatError(
            f"{name} has over {limits.max_bytes} bytes; split it or raise the size limit", source=name
        )
        return
    if stream.broken:
        yield FormatError(f"{name} is truncated: {stream.broken}; fetch it again", source=name)
        return
    if not raw:
        yield EmptyDocumentError(f"{name} is empty; give a file with an article in it", source=name)
        return
    for found in FORMATS[media_type](raw, known, name, limits):
        yield found if not isinstance(found, Item) or found.raw else _replace(found, raw=raw)


def _read_payload(payload: Payload, context: _Context) -> Iterator[Acquisition | AcquireError]:
    name = f"{context.source}: {payload.part}" if payload.part else context.source
    with open_stream(io.BytesIO(payload.raw)) as stream:
        yield from _read_stream(stream, payload, name, context, follow=False)


def _follow_link(
    link: Link, number: int, name: str, context: _Context, follow: bool
) -> Iterator[Acquisition | AcquireError]:
    if not follow:
        yield FetchError(
            f"{name}: the entry {link.title or link.url!r} holds only a link; read {link.url} instead",
            source=link.url,
        )
    elif number <= context.limits.max_links:
        yield from _acquire_address(context, link.url, follow=False, link=link)
    else:
        yield FetchError(
            f"{name}: {link.url} is link {number}, beyond the limit of {context.limits.max_links}; "
            "raise the limit or read it by itself",
            source=link.url,
        )


def _fill(item: Item, link: Link | None) -> Item:
    if link is None:
        return item
    dated = item.published or not link.published
    return _replace(
        item,
        title=item.title or link.title,
        publisher=item.publisher or link.publisher,
        published=item.published if dated else link.published,
        published_source=item.published_source if dated else DateSource.FEED,
    )


def _replace(item: Item, **changes: object) -> Item:
    import msgspec

    return msgspec.structs.replace(item, **changes)


def _finish(
    item: Item, media_type: str, known: Payload, name: str, context: _Context
) -> Acquisition | AcquireError:
    """The Document of an Item, or why there is none."""
    part = item.part or known.part
    where = f"{name} {part}" if item.part else name
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
    document = _build_document(text, item, known, context.given, language)
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
    title = given.title or item.title
    blocks = find_blocks(text, title=title, roles=item.roles)
    published, where = _choose_date(text, item, known, given)
    return Document(
        id=make_document_id(text),
        title=" ".join(normalise_text(title or title_of(text, blocks) or "").split()) or None,
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
