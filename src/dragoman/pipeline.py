"""The order of the stages: a source is acquired, read and kept.

Documents are acquired and kept by this process, its only writer, and read by workers that may hang or
die (`pool`). The one broad `except` of the project is here: whatever a document does to the reader, the
batch goes on and the error says which source it was.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from dragoman.attesting import catch_up
from dragoman.errors import AcquireError, ConfigError, DragomanError, NotFoundError, RecordError
from dragoman.identify import identify_reading, keep_reading
from dragoman.pool import Died, Pool, Task, load_setup
from dragoman.record import DateSource, Document, Reading, check_reading

if TYPE_CHECKING:
    from dragoman.acquire.sources import Acquisition, Given, Limits
    from dragoman.keep.store import Store

Answer = Reading | DragomanError
READER = "dragoman.pipeline:load_reader"
BASE_SECONDS = 60.0  # every document may take this long, loading included
CHARACTERS_A_SECOND = 2_000  # then a second more for so many; the slowest laptop reads ten times as many
ENTRIES = {  # what every document in a file of that suffix has once
    ".jsonl": b'"text":',
    ".ndjson": b'"text":',
    ".xml": b"</item>",
    ".rss": b"</item>",
    ".atom": b"</entry>",
}


@dataclass(frozen=True)
class Outcome:
    """What became of one document, or of a source that gave none.

    Exactly one is set: `reading`; `error`; or `skipped`, the id under which the store has the document.
    """

    source: str
    reading: Reading | None = None
    error: DragomanError | None = None
    skipped: str | None = None


@cache
def load_reader() -> Callable[[Document], Answer]:
    """The trained reader, ready: a function from a document to its reading or what stopped it.

    Raises ConfigError where a library, the weights or the gazetteer cannot be loaded.
    """
    try:
        return partial(read_safely, _load_parts())
    except DragomanError:
        raise
    except Exception as exc:
        raise ConfigError(
            f"the reader cannot be loaded ({type(exc).__name__}: {exc}); install Dragoman again"
        ) from exc


def _load_parts() -> Callable[[Document], Reading]:
    """`read_document` with its encoder and gazetteer."""
    from dragoman.encode import load_encoder
    from dragoman.gazetteer import load_gazetteer
    from dragoman.read.reading import read_document

    return partial(read_document, encoder=load_encoder(), gazetteer=load_gazetteer())


def read_safely(read: Callable[[Document], Reading], document: Document) -> Answer:
    """The checked reading of a document, or an error in place of whatever went wrong."""
    try:
        reading = read(document)
        check_reading(reading)
    except DragomanError as exc:
        return exc
    except Exception as exc:
        return DragomanError(f"the reader failed ({type(exc).__name__}: {exc}); please report it")
    return reading


def read_text(
    text: str,
    *,
    title: str | None = None,
    published: date | str | None = None,
    publisher: str | None = None,
    url: str | None = None,
) -> Reading:
    """What a text says, as a Reading; the reader is loaded at the first call and then kept.

    A page of HTML is taken apart first, as `dragoman read -` does it. Raises EmptyDocumentError for a
    text without words and another AcquireError for one that is not English.
    """
    from dragoman.acquire.sources import Given, acquire_source

    day = str(published) if published else None
    given = Given(title=title, published=day, publisher=publisher)
    found = next(acquire_source("-", given=given, stdin=text.encode("utf-8", "replace")))
    if isinstance(found, AcquireError):
        raise found
    document = replace(found.document, url=url) if url else found.document
    answer = load_reader()(document)
    if isinstance(answer, DragomanError):
        raise answer
    return answer


def read_sources(
    sources: Iterable[str],
    *,
    store: Store | None = None,
    given: Given | None = None,
    limits: Limits | None = None,
    jobs: int = 1,
    limit: int | None = None,
    reader: str = READER,
) -> Generator[Outcome, None, None]:
    """Read sources one after the other; what becomes of each document, in the order of completion.

    What the store has already is skipped; what is read is kept before it is yielded, so a run that is
    stopped loses nothing and goes on when it is started again.

    Args:
        sources: what `list_sources` gives; `-` is standard input.
        store: where to keep documents and readings; None keeps nothing.
        given: date, publisher and title that hold for every document.
        limits: what one source may cost.
        jobs: worker processes; 0 reads in this process, without a time limit.
        limit: stop after so many documents were read.
        reader: `module:function` that loads the reader, for tests and for other readers.
    """
    work = _find_work(sources, store, partial(_acquire, given=given, limits=limits))
    n_read = 0
    with closing(_read_work(work, jobs, reader)) as answers:
        for found, answer in answers:
            outcome = found if isinstance(found, Outcome) else _keep(found, answer, store)
            yield outcome
            n_read += outcome.reading is not None
            if n_read == limit:
                return


def count_documents(sources: Iterable[str]) -> int | None:
    """How many documents the sources hold, for a bar to measure itself by; None where nobody knows yet."""
    counts = [_count_in(source) for source in sources]
    return None if None in counts else sum(filter(None, counts))


def _count_in(source: str) -> int | None:
    """The documents of one source: lines of JSON, entries of a feed, else one; None for an archive.

    An address or standard input counts as one, unless the name says otherwise.
    """
    name = source.lower()
    mark = next((mark for suffix, mark in ENTRIES.items() if name.endswith(suffix)), None)
    if name.endswith((".warc", ".gz")) or (mark and "://" in name):
        return None
    if mark is None:
        return 1
    try:
        with Path(source).open("rb") as lines:
            return sum(line.count(mark) for line in lines)
    except OSError:
        return 1


def find_article(store: Store, ref: str) -> str:
    """The id of the article meant by number, id, address or title, or by the file it was read from.

    Raises NotFoundError where there is none, or where a file holds several.
    """
    from dragoman.acquire.sources import Acquisition

    if not Path(ref).is_file():
        return store.resolve_article(ref)
    found = [item for item in _acquire(ref, given=None, limits=None) if isinstance(item, Acquisition)]
    if len(found) != 1:
        raise NotFoundError(f"{ref!r} holds {len(found)} articles; name one by its number or title")
    if not store.has(found[0].document.id):
        raise NotFoundError(f"{ref!r} is not in the record as it is now; first: dragoman read {ref}")
    return found[0].document.id


def redate_article(store: Store, ref: str, published: date) -> Reading:
    """Give an article its publication date; every relative time is resolved without reading again."""
    from dragoman.read.redate import redate_reading

    original = store.original(find_article(store, ref))
    _check_date_free(store, original.document.id)
    return keep_reading(store, redate_reading(original, published, source=DateSource.GIVEN))


def _check_date_free(store: Store, document_id: str) -> None:
    """Raise where somebody gave the day by a judgement, which would come back at the next reading."""
    from dragoman.read.fixes import list_fixes

    for number, given in list_fixes(store.fixing_judgements()):
        if given.target == document_id:
            raise DragomanError(
                f"judgement {number} gives this article the day {given.fix.value}; "
                f"first: dragoman undo {number}"
            )


def forget_article(store: Store, ref: str) -> str:
    """Remove an article; what it witnessed is told by the other witnesses alone. The id it had."""
    article_id = find_article(store, ref)
    store.forget(article_id)
    catch_up(store)
    return article_id


def reread(store: Store, *, jobs: int = 1, reader: str = READER) -> Generator[Outcome, None, None]:
    """Read every document of the store again, for instance with a better reader; lists stay as they are."""
    from dragoman.acquire.lists import READER as LIST

    documents = (reading.document for reading in store.readings() if reading.reader != LIST)
    work = ((document.id, _task(document)) for document in documents)
    with closing(_read_work(work, jobs, reader)) as answers:
        for id_, answer in answers:
            if isinstance(answer, Reading):
                answer = keep_reading(store, answer)
            yield _outcome(id_, answer)


def _find_work(
    sources: Iterable[str],
    store: Store | None,
    acquire: Callable[[str], Iterator[Acquisition | AcquireError]],
) -> Iterator[tuple[Acquisition | Outcome, Task | None]]:
    """Every document that must be read, with its task; every other outcome, with none."""
    for source in sources:
        for found in acquire(source):
            if isinstance(found, AcquireError):
                yield Outcome(source, error=found), None
            elif store is not None and store.has(found.document.id):
                yield Outcome(found.source, skipped=found.document.id), None
            else:
                yield found, _task(found.document)


def _acquire(
    source: str, *, given: Given | None, limits: Limits | None
) -> Iterator[Acquisition | AcquireError]:
    from dragoman.acquire.sources import Given, Limits, acquire_source

    yield from acquire_source(source, given=given or Given(), limits=limits or Limits())


def _task(document: Document) -> Task:
    return Task(document, BASE_SECONDS + len(document.text) / CHARACTERS_A_SECOND)


def _read_work(
    work: Iterable[tuple[Any, Task | None]], jobs: int, reader: str
) -> Generator[tuple[Any, Any], None, None]:
    """Each item of work with the answer to its task, from `jobs` workers or from this process."""
    if jobs:
        with Pool(reader, jobs=jobs) as pool:
            yield from pool.run(work)
        return
    handle = None
    for key, task in work:
        handle = handle or (load_setup(reader) if task else None)
        yield key, handle(task.payload) if handle and task else None


def _keep(found: Acquisition, answer: Answer | Died, store: Store | None) -> Outcome:
    """Keep a reading with the bytes it came from; a reading that breaks the rules is an error."""
    outcome = _outcome(found.source, answer)
    if outcome.reading is None or store is None:
        return outcome
    try:
        is_new = store.add(outcome.reading, raw=found.raw, media_type=found.media_type, source=found.source)
        if is_new:
            identify_reading(store, outcome.reading)
    except RecordError as exc:
        return _outcome(found.source, exc)
    return outcome if is_new else Outcome(found.source, skipped=found.document.id)


def _outcome(source: str, answer: Answer | Died) -> Outcome:
    """The outcome of one answer; an error names the source."""
    if isinstance(answer, Reading):
        return Outcome(source, reading=answer)
    reason = f"the reader {answer.reason}; the document is left out" if isinstance(answer, Died) else answer
    return Outcome(source, error=DragomanError(" ".join(f"{source}: {reason}".split())))
