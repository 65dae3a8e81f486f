"""What comes back: records that left as JSON Lines, and lists of known people and visits.

A line that cannot be used is an error that names file and line, and the rest goes on. What the store has
already is left as it is, so a file may be imported again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from dragoman.attesting import catch_up
from dragoman.concord import Decision, Judgement
from dragoman.errors import AcquireError, DragomanError, RecordError
from dragoman.give.jsonl import Head, JudgementLine, Line, ReadingLine, parse_line
from dragoman.identify import find_document, identify_reading, keep_reading, rebuild
from dragoman.record import Reading

if TYPE_CHECKING:
    from dragoman.keep.store import Store

HEAD = 1 << 20  # bytes by which a list is told from a record
MOST_ERRORS = 20  # of one file; one that has more is no record, and nobody reads on


@dataclass(frozen=True)
class Received:
    """What became of one file: how many articles and judgements are new, how many articles were there.

    Of a list, which is one article, `n_named` are the people and bodies that brought an id with them,
    `n_visits` its visits.
    """

    source: str
    n_articles: int = 0
    n_known: int = 0
    n_judgements: int = 0
    n_named: int = 0
    n_visits: int = 0
    errors: tuple[DragomanError, ...] = ()


def import_files(store: Store, paths: Iterable[str | Path]) -> Iterator[Received]:
    """Take files into a store, one after the other; what became of each, as it is done.

    A file that cannot be read, and a line that cannot be used, is an error in what comes back.
    """
    for path in paths:
        try:
            with Path(path).open("rb") as file:
                received = _take(store, file, str(path))
        except OSError as exc:
            error = AcquireError(f"cannot read {str(path)!r}: {exc.strerror or exc}", source=str(path))
            received = Received(str(path), errors=(error,))
        else:
            catch_up(store)
        yield received


def _take(store: Store, file: BinaryIO, source: str) -> Received:
    from dragoman.acquire.lists import is_list

    head = file.read(HEAD)
    file.seek(0)
    return _take_list(store, file.read(), source) if is_list(head) else _Import(store, source).take(file)


def _take_list(store: Store, data: bytes, source: str) -> Received:
    """Keep a list of known people or visits; another edition of one that is there must be forgotten first."""
    from dragoman.acquire.lists import read_list

    try:
        reading, errors = read_list(data, source=source)
        if store.has(reading.document.id):
            return Received(source, n_known=1, errors=errors)
        check_new(store, reading, source)
        store.add(reading, source=source)
    except DragomanError as exc:
        return Received(source, errors=(exc,))
    identify_reading(store, reading)
    n_named = sum(":" in entity.id for entity in reading.entities)
    return Received(source, 1, n_named=n_named, n_visits=len(reading.engagements), errors=errors)


def check_new(store: Store, reading: Reading, source: str) -> None:
    """Raise RecordError where some id of the list is that of somebody in the record."""
    there = store.homes(entity.id for entity in reading.entities)
    for id_ in there:
        member = next(p for p in store.profiles(id_) if p.id == id_)
        raise RecordError(
            f"{source}: the record knows {id_!r} from another edition of the list; first: "
            f"dragoman forget {member.documents[0]}"
        )


class _Import:
    """One file on its way into a store."""

    def __init__(self, store: Store, source: str) -> None:
        self.store = store
        self.source = source
        self.n_articles = 0
        self.n_known = 0
        self.errors: list[DragomanError] = []
        self.judgements: list[Judgement] = []

    def take(self, lines: Iterable[bytes]) -> Received:
        """Keep what the lines hold; judgements last, when all that they are about is there."""
        for number, line in enumerate(lines, start=1):
            if line.strip():
                self._take_line(number, line)
            if len(self.errors) == MOST_ERRORS:
                more = f"{self.source}: {MOST_ERRORS} lines of it cannot be used; the rest is not read"
                self.errors.append(RecordError(more))
                break
        n_judgements = keep_judgements(self.store, self.judgements)
        return Received(self.source, self.n_articles, self.n_known, n_judgements, errors=tuple(self.errors))

    def _take_line(self, number: int, line: bytes) -> None:
        try:
            found = parse_line(line)
            if isinstance(found, Head) and number > 1:
                return  # two files put together
            self._keep(found)
        except RecordError as exc:
            self.errors.append(RecordError(" ".join(f"{self.source}:{number}: {exc}".split())))

    def _keep(self, found: Line) -> None:
        if isinstance(found, JudgementLine):
            self.judgements.append(found.judgement)
        if not isinstance(found, ReadingLine):
            return
        if self.store.add(found.reading, source=self.source):
            identify_reading(self.store, found.reading)
            self.n_articles += 1
        else:
            self.n_known += 1


def keep_judgements(store: Store, judgements: Iterable[Judgement]) -> int:
    """Add judgements of another store to those of this one; how many are new.

    They get numbers of this store, in the order they were given. Who is who is then settled anew.
    """
    numbers = {_strip(row): row.id for row in store.judgements()}
    renumbered: dict[int, int] = {}
    n_new, fixed = 0, set[str]()
    for row in judgements:
        if row.undoes is not None and row.undoes not in renumbered:
            continue  # undoes what is not here
        row = replace(row, undoes=row.undoes and renumbered[row.undoes])
        key = _strip(row)
        if key not in numbers:
            numbers[key] = store.judge(key)
            n_new += 1
            if row.action is Decision.FIXED:
                fixed.add(row.target)
        renumbered[row.id] = numbers[key]
    if n_new:
        for document in sorted({found for target in fixed if (found := find_document(store, target))}):
            keep_reading(store, store.original(document))
        rebuild(store)
    return n_new


def _strip(row: Judgement) -> Judgement:
    """A judgement without its number, which is another in every store."""
    return replace(row, id=0)
