"""Reading in the background: one job after the other, each with what became of every document.

Jobs live as long as the desk runs; what they read is in the record. One thread writes, so a job never
meets another at the door of the store.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dragoman.acquire.sources import Given, list_sources
from dragoman.errors import DragomanError
from dragoman.keep.store import Store
from dragoman.pipeline import READER, Outcome, count_documents, read_sources

MOST_LINES = 500  # outcomes a job keeps to show; failures beyond it are still counted
MOST_JOBS = 50


@dataclass(frozen=True)
class Line:
    """What became of one document: `document` is its id where it is in the record now."""

    source: str
    words: str
    document: str = ""
    is_failure: bool = False


@dataclass
class Job:
    """One request to read something."""

    number: int
    what: str
    started_at: str
    total: int | None = None
    state: str = "waiting"
    lines: list[Line] = field(default_factory=list)
    n_read: int = 0
    n_skipped: int = 0
    n_failed: int = 0

    @property
    def n_done(self) -> int:
        """Documents dealt with so far."""
        return self.n_read + self.n_skipped + self.n_failed

    @property
    def is_running(self) -> bool:
        """Whether there is more to come."""
        return self.state in ("waiting", "reading")


class Jobs:
    """The jobs of this run of the desk; a class because it holds the thread that works them off."""

    def __init__(self, store_path: Path, *, reader: str = READER, workers: int = 1) -> None:
        self._path, self._reader, self._workers = store_path, reader, workers
        self._jobs: list[Job] = []
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk-job")

    @property
    def n_running(self) -> int:
        """Jobs that are not finished."""
        return sum(job.is_running for job in self._jobs)

    def newest(self) -> list[Job]:
        """The jobs, the latest first."""
        return list(reversed(self._jobs))

    def find(self, number: int) -> Job | None:
        """The job of that number."""
        return next((job for job in self._jobs if job.number == number), None)

    def submit(self, what: str, sources: Sequence[str], given: Given, *, folder: Path | None = None) -> Job:
        """Have sources read; `folder` holds them and is removed afterwards."""
        with self._lock:
            number = self._jobs[-1].number + 1 if self._jobs else 1
            job = Job(number, what, datetime.now(UTC).isoformat(timespec="seconds"))
            self._jobs = [*self._jobs[-MOST_JOBS:], job]
        self._thread.submit(self._work, job, tuple(sources), given, folder)
        return job

    def wait(self) -> None:
        """Return when all jobs are finished; for tests."""
        self._thread.submit(lambda: None).result()

    def close(self) -> None:
        """Finish the document at hand, drop the rest."""
        for job in self._jobs:
            if job.is_running:
                job.state = "stopped"
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _work(self, job: Job, sources: Sequence[str], given: Given, folder: Path | None) -> None:
        try:
            if job.state == "waiting":
                job.state = "reading"
                self._read(job, sources, given, lambda words: _hide(words, folder))
        except DragomanError as exc:
            job.n_failed += 1
            job.lines.append(Line(job.what, _hide(str(exc), folder), is_failure=True))
        finally:
            job.state = "done" if job.state == "reading" else job.state
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _read(self, job: Job, sources: Sequence[str], given: Given, hide: Callable[[str], str]) -> None:
        listed = list_sources(sources)
        job.total = count_documents(listed)
        with closing(Store.open(self._path)) as store:
            outcomes = read_sources(listed, store=store, given=given, jobs=self._workers, reader=self._reader)
            with closing(outcomes):
                for outcome in outcomes:
                    _note(job, outcome, hide)
                    if job.state == "stopped":
                        return


def _note(job: Job, outcome: Outcome, hide: Callable[[str], str]) -> None:
    """Count an outcome and put it into words."""
    source = hide(outcome.source)
    if outcome.reading is not None:
        job.n_read += 1
        n = [
            len(x) for x in (outcome.reading.engagements, outcome.reading.quotations, outcome.reading.claims)
        ]
        words = f"{n[0]} engagements, {n[1]} quotations, {n[2]} claims"
        line = Line(source, words, document=outcome.reading.document.id)
    elif outcome.skipped is not None:
        job.n_skipped += 1
        line = Line(source, "in the record already", document=outcome.skipped)
    else:
        job.n_failed += 1
        line = Line(source, hide(str(outcome.error)), is_failure=True)
    if len(job.lines) < MOST_LINES:
        job.lines.append(line)


def _hide(words: str, folder: Path | None) -> str:
    """The words without the folder an upload was put into."""
    return words.replace(f"{folder}/", "") if folder else words
