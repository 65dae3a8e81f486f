"""Work done in processes that may hang or die without harm to the rest.

A worker is a Python of its own, outside the terminal's process group, so that Ctrl-C reaches only the
parent. It holds one task at a time: the answer it owes is known, queues cannot fill, memory stays flat.
The time limit is the kernel's alarm in the worker itself, which ends even code that never returns to
Python, and ends it when the parent is gone. What the tasks are is `pipeline`'s business.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from dragoman.errors import DragomanError

START = "from dragoman.pool import serve; serve({fd}, {setup!r})"
Key = TypeVar("Key")


class Task(NamedTuple):
    """What a worker is given, and the seconds it may take."""

    payload: Any
    seconds: float


class Died(NamedTuple):
    """The answer of a worker that was lost; `reason` reads on from "the reader"."""

    reason: str


class _Worker:
    """One process and the pipe to it; `key` is whose task it holds."""

    def __init__(self, setup: str) -> None:
        self.pipe: Connection[Any, Any]
        self.pipe, theirs = Pipe()
        self.key: object = None
        paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
            [sys.executable, "-P", "-c", START.format(fd=theirs.fileno(), setup=setup)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
        )
        theirs.close()

    def receive(self) -> Any:
        """The next answer, or Died."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            return Died(_explain_death(self.process.wait()))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.pipe.close()


class Pool:
    """Worker processes that answer tasks; close it, or use it in a `with` block.

    `setup` is `module:function`; each worker calls it once and gives every payload to what it returns.
    Workers start at the first task, which raises the DragomanError of a setup that fails.
    """

    def __init__(self, setup: str, *, jobs: int) -> None:
        self._setup = setup
        self._jobs = jobs
        self._busy: dict[Any, _Worker] = {}
        self._all: list[_Worker] = []
        self._idle: list[_Worker] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End every worker, busy or not."""
        for worker in self._all:
            worker.close()
        self._all, self._idle, self._busy = [], [], {}

    def run(self, items: Iterable[tuple[Key, Task | None]]) -> Iterator[tuple[Key, Any]]:
        """Each key with the answer to its task, in the order of completion.

        An item without a task passes straight through with the answer None. The next item is taken
        from `items` while the workers work, never more than one ahead.
        """
        for key, task in items:
            yield from self._collect(0)
            if task is None:
                yield key, None
                continue
            if not self._all:
                self._start()
            while not self._idle:
                yield from self._collect(None)
            worker = self._idle.pop()
            worker.key = key
            self._busy[worker.pipe] = worker
            with suppress(OSError):  # a worker that died idle says so when its answer is read
                worker.pipe.send(task)
        while self._busy:
            yield from self._collect(None)

    def _collect(self, timeout: float | None) -> Iterator[tuple[Any, Any]]:
        """The answers that are there, waiting at most `timeout` seconds for the first."""
        for pipe in wait(list(self._busy), timeout):
            worker = self._busy.pop(pipe)
            answer = worker.receive()
            self._idle.append(self._replace(worker) if isinstance(answer, Died) else worker)
            yield worker.key, answer

    def _start(self) -> None:
        self._all = [_Worker(self._setup) for _ in range(self._jobs)]
        for worker in self._all:
            self._check_started(worker)
        self._idle = list(self._all)

    def _replace(self, dead: _Worker) -> _Worker:
        dead.close()
        self._all.remove(dead)
        worker = _Worker(self._setup)
        self._all.append(worker)
        self._check_started(worker)
        return worker

    def _check_started(self, worker: _Worker) -> None:
        started = worker.receive()
        if started is None:
            return
        self.close()
        if isinstance(started, DragomanError):
            raise started
        raise DragomanError(f"a worker process did not start: it {started.reason}; try --jobs 1")


def serve(fd: int, setup: str) -> None:
    """Answer tasks from the pipe until the parent closes it: a worker's whole life."""
    pipe: Connection[Any, Any] = Connection(fd)
    try:
        handle = load_setup(setup)
    except DragomanError as exc:
        pipe.send(exc)
        return
    with suppress(EOFError, OSError):  # the parent is gone
        pipe.send(None)
        while True:
            task = pipe.recv()
            signal.setitimer(signal.ITIMER_REAL, task.seconds)
            answer = handle(task.payload)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send(answer)


def load_setup(setup: str) -> Callable[[Any], Any]:
    """What `module:function` returns: the function that answers payloads."""
    module, _, function = setup.partition(":")
    handle: Callable[[Any], Any] = getattr(importlib.import_module(module), function)()
    return handle


def _explain_death(code: int) -> str:
    """How a process ended, from its exit status."""
    if code == -signal.SIGALRM:
        return "took longer than its time limit"
    if code == -signal.SIGKILL:
        return "was killed from outside, most likely for lack of memory"
    if code < 0:
        return f"crashed ({signal.Signals(-code).name})"
    return f"ended with status {code}"
