"""What comes back: records that left as JSON Lines, and lists of known people and engagements.

Each file is read line by line; a line that cannot be used is an error that names file and line, and the
rest goes on. What the store has already is left as it is, so a file may be imported again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dragoman.concord import Judgement
from dragoman.errors import AcquireError, DragomanError, RecordError
from dragoman.give.jsonl import Head, JudgementLine, Line, ReadingLine, parse_line
from dragoman.identify import identify_reading, rebuild

if TYPE_CHECKING:
    from dragoman.keep.store import Store

MOST_ERRORS = 20  # of one file; one that has more is no record, and nobody reads on


@dataclass(frozen=True)
class Received:
    """What became of one file: how many articles and judgements are new, how many articles were there."""

    source: str
    n_articles: int = 0
    n_known: int = 0
    n_judgements: int = 0
    errors: tuple[DragomanError, ...] = ()


def import_files(store: Store, paths: Iterable[str | Path]) -> Iterator[Received]:
    """Take files into a store, one after the other; what became of each, as it is done.

    A file that cannot be read, and a line that cannot be used, is an error in what comes back.
    """
    for path in paths:
        try:
            with Path(path).open("rb") as lines:
                yield _Import(store, str(path)).take(lines)
        except OSError as exc:
            error = AcquireError(f"cannot read {str(path)!r}: {exc.strerror or exc}", source=str(path))
            yield Received(str(path), errors=(error,))


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
        return Received(self.source, self.n_articles, self.n_known, n_judgements, tuple(self.errors))

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
    n_new = 0
    for row in judgements:
        if row.undoes is not None and row.undoes not in renumbered:
            continue  # undoes what is not here
        row = replace(row, undoes=row.undoes and renumbered[row.undoes])
        key = _strip(row)
        if key not in numbers:
            numbers[key] = store.judge(key)
            n_new += 1
        renumbered[row.id] = numbers[key]
    if n_new:
        rebuild(store)
    return n_new


def _strip(row: Judgement) -> Judgement:
    """A judgement without its number, which is another in every store."""
    return replace(row, id=0)
