"""A child process in which pages, PDFs and feeds are taken apart.

Those formats are hostile: one page in ten thousand makes an extractor run for minutes, eat the
memory or crash native code. The child has a time and a memory limit and can die without loss; it is
started at the first need and then kept. Only bytes and records cross, as MessagePack.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO

import msgspec

from dragoman import errors
from dragoman.acquire.item import Item, Limits, Link
from dragoman.record import Record

START = "from dragoman.acquire.child import serve; serve()"
LENGTH = struct.Struct(">Q")


class Task(Record, frozen=True, kw_only=True):
    """What the child is asked: which function reads the bytes, and what is known about them."""

    module: str
    function: str
    raw: bytes
    source: str
    charset: str | None
    url: str | None
    retrieved: str | None
    memory: int


class Answer(Record, frozen=True, kw_only=True):
    """What the child found, or the name and message of the error it met."""

    items: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    order: tuple[bool, ...] = ()  # True for an item, False for a link
    error: str = ""
    message: str = ""


class _Child:
    """One child process; used by one thread at a time."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        paths = os.pathsep.join(path for path in sys.path if path)
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
            [sys.executable, "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def ask(self, task: Task, seconds: float) -> Answer | None:
        """The child's answer, or None where it died or was killed after `seconds`."""
        timer = threading.Timer(seconds, self.process.kill)
        timer.start()
        try:
            assert self.process.stdin and self.process.stdout
            _send(self.process.stdin, msgspec.msgpack.encode(task))
            return msgspec.msgpack.decode(_receive(self.process.stdout), type=Answer)
        except (OSError, EOFError, msgspec.MsgspecError):
            return None
        finally:
            timer.cancel()

    def close(self) -> None:
        """End the process and its pipes; in a forked worker only the worker's ends of the pipes."""
        own = self.owner == os.getpid()
        if own:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        if own:
            self.process.wait()
        else:
            self.process.returncode = 0  # not this process's to wait for


_lock = threading.Lock()
_children: list[_Child] = []


def read_apart(
    reader: tuple[str, str],
    raw: bytes,
    *,
    source: str,
    limits: Limits,
    known: Sequence[str | None],
) -> tuple[Item | Link, ...]:
    """What `reader` (module and function) finds in `raw`, run in the child.

    `known` is the declared charset, the address and the retrieval. Raises the AcquireError the
    reader raised, or FormatError where the child took too long or died.
    """
    charset, url, retrieved = known
    task = Task(
        module=reader[0],
        function=reader[1],
        raw=raw,
        source=source,
        charset=charset,
        url=url,
        retrieved=retrieved,
        memory=limits.page_memory,
    )
    with _lock:
        answer = _current_child().ask(task, limits.page_seconds)
        if answer is None:
            _children.pop().close()
    if answer is None:
        raise errors.FormatError(
            f"{source} could not be taken apart within {limits.page_seconds:g} seconds and "
            f"{limits.page_memory // 1_000_000} MB; save its text as a .txt file, or raise the limit",
            source=source,
        )
    if answer.error:
        kind: type[errors.AcquireError] = getattr(errors, answer.error)
        raise kind(answer.message, source=source)
    items, links = iter(answer.items), iter(answer.links)
    return tuple(next(items) if is_item else next(links) for is_item in answer.order)


def _current_child() -> _Child:
    """The running child of this process; a forked worker never shares its parent's."""
    if _children and (_children[0].owner != os.getpid() or _children[0].process.poll() is not None):
        _children.pop().close()
    if not _children:
        _children.append(_Child())
    return _children[0]


@atexit.register
def close_child() -> None:
    """End the child of this process, if one runs."""
    while _children:
        _children.pop().close()


def serve() -> None:
    """Answer tasks from standard input until it ends: the child's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break the answers
    while True:
        try:
            request = _receive(sys.stdin.buffer)
        except EOFError:
            return
        _send(output, msgspec.msgpack.encode(answer_task(msgspec.msgpack.decode(request, type=Task))))


def answer_task(task: Task) -> Answer:
    """Run the task's reader; every error becomes an Answer, since nothing may kill a batch."""
    _limit_memory(task.memory)
    try:
        reader = getattr(importlib.import_module(task.module), task.function)
        found = reader(
            task.raw, source=task.source, charset=task.charset, url=task.url, retrieved=task.retrieved
        )
        return Answer(
            order=tuple(isinstance(entry, Item) for entry in found),
            items=tuple(item for item in found if isinstance(item, Item)),
            links=tuple(link for link in found if isinstance(link, Link)),
        )
    except errors.AcquireError as exc:
        return Answer(error=type(exc).__name__, message=str(exc))
    except Exception as exc:  # whatever a hostile page does to a library
        why = f"{task.source} is damaged and cannot be read ({type(exc).__name__}); save it again or as text"
        return Answer(error="FormatError", message=why)


def _limit_memory(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on every system

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    body = pipe.read(length)
    if len(body) < length:
        raise EOFError
    return body
