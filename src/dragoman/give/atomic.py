"""A file that is there whole or not at all: written beside its place, forced to the disk, then renamed.

Whoever is killed half-way, or runs out of disk, leaves the old file as it was. `-` is standard output.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dragoman.errors import DragomanError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space, then run again",
    errno.EDQUOT: "your quota of disk space is used up; free some space, then run again",
    errno.EFBIG: "the file would be larger than its disk allows; name a file on another disk",
    errno.EIO: "the disk does not take it (input/output error); check the disk",
}


@contextmanager
def open_target(path: str | Path) -> Iterator[BinaryIO]:
    """An open binary file that becomes `path` when the block ends well, and vanishes when it does not.

    What is no ordinary file (a pipe, `/dev/null`) is written straight, and so is `-`, standard output.
    Raises DragomanError with what to do where nothing can be written.
    """
    if str(path) == "-":
        with _explained("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    target = Path(path)
    with _explained(str(path)):
        mode = _find_mode(target)
        if mode is None:
            with target.open("wb") as out:
                yield out
            return
        with _replacing(target, mode) as out:
            yield out


def _find_mode(target: Path) -> int | None:
    """The permissions the file is to have; None for what is no ordinary file and cannot be renamed over."""
    try:
        found = target.stat()
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    return stat.S_IMODE(found.st_mode) if stat.S_ISREG(found.st_mode) else None


@contextmanager
def _replacing(target: Path, mode: int) -> Iterator[BinaryIO]:
    """A temporary file in the folder of the target; a link is followed, so that it stays one."""
    target = target.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Every error of the system as one line; somebody who stops listening to a pipe is no error of ours."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as exc:
        strange = exc.strerror or str(exc)
        reason = _REASONS.get(exc.errno or 0, f"{strange}; name another file with -o")
        raise DragomanError(f"cannot write {path!r}: {reason}") from exc
