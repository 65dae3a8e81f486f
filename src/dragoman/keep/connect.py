"""One SQLite connection under SQLAlchemy, and every database error as one clear line.

Python's driver delays BEGIN; here it is sent by us, as BEGIN IMMEDIATE where something will be
written, so that a second writer waits at the door instead of failing half-way. Only a writer makes
checkpoints and nobody maps the file into memory: SQLite before 3.51.3 can otherwise, very rarely,
damage a file in WAL mode.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import LRUCache

from dragoman.errors import StoreError

MOST_COMPILED = 500  # statements
# What went wrong and what to do, by SQLite's primary result code.
REASONS = {
    sqlite3.SQLITE_BUSY: "is locked by another program that writes; wait for it to finish, then run again",
    sqlite3.SQLITE_LOCKED: "is locked by another program that writes; wait for it to finish, then run again",
    sqlite3.SQLITE_READONLY: "is read-only; change its permissions or name another file",
    sqlite3.SQLITE_PERM: "may not be opened; change its permissions or name another file",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_NOTADB: "is not a store (not a database); name another file",
    sqlite3.SQLITE_CORRUPT: "is damaged; go back to a copy made with `Store.backup`",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full; free some space, run again (nothing kept is lost)",
    sqlite3.SQLITE_IOERR: "cannot be read or written (input/output error); check the disk",
}


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """The one line a user can act on, for any error of SQLite."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return StoreError(f"{path} {REASONS.get(code, f'failed: {error}; please report this')}")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of the database into StoreError; everything else passes."""
    try:
        yield
    except DBAPIError as exc:
        if not isinstance(exc.orig, sqlite3.Error):
            raise
        raise explain(exc.orig, path) from exc
    except sqlite3.Error as exc:
        raise explain(exc, path) from exc


def connect(path: Path, *, readonly: bool, wait: float) -> sqlite3.Connection:
    """An open connection; `wait` is how long, in seconds, it stands in line for another writer."""
    connection = sqlite3.connect(
        _make_uri(path, readonly=readonly), uri=True, timeout=wait, isolation_level=None
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if readonly:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        else:
            connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_uri(path: Path, *, readonly: bool) -> str:
    """The address of the file; a folder nobody may write needs `immutable`, as no WAL can be made."""
    uri = path.absolute().as_uri()
    if not readonly:
        return f"{uri}?mode=rwc"
    has_wal = path.with_name(path.name + "-wal").exists()
    if has_wal or os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return f"{uri}?mode=ro"
    return f"{uri}?mode=ro&immutable=1"


def make_engine(connection: sqlite3.Connection) -> Engine:
    """An engine over that one connection; `execution_options(writes=True)` begins as a writer.

    All engines share what SQLAlchemy made of a statement: a page of the desk opens its file anew, and would
    otherwise spend most of its time on the same statements as the page before.
    """
    dialect, compiled = _load_dialect()
    pool = StaticPool(lambda: cast(DBAPIConnection, connection), dialect=dialect)
    engine = Engine(pool, dialect, make_url("sqlite://"), execution_options={"compiled_cache": compiled})

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@cache
def _load_dialect() -> tuple[Dialect, LRUCache[Any, Any]]:
    """SQLite as SQLAlchemy speaks it, and the statements it has compiled so far."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    engine.connect().close()
    engine.dispose()
    return engine.dialect, LRUCache(MOST_COMPILED)
