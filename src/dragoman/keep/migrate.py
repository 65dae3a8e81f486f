"""A store with today's tables: made when the file is new, brought forward when it is older."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from dragoman.errors import StoreError
from dragoman.keep.schema import APPLICATION_ID, METADATA, SCHEMA_VERSION

MIGRATIONS = Path(__file__).parent / "migrations"


def find_version(connection: Connection, path: Path) -> str:
    """The schema version of the store, empty for a new file; StoreError for somebody else's."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return ""
    if connection.execute(text("PRAGMA application_id")).scalar() != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program, not a store; name another file")
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def check_version(version: str, path: Path) -> None:
    """Raise StoreError where a newer Dragoman wrote the store."""
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} was written by a newer Dragoman (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); update with `pip install --upgrade dragoman`"
        )


def upgrade(connection: Connection) -> None:
    """Bring the tables to `SCHEMA_VERSION`, inside the transaction the connection is in.

    Alembic is imported here because nobody with a current store needs to wait for it.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory(str(MIGRATIONS))
    with EnvironmentContext(
        config, script, fn=lambda revision, _: script._upgrade_revs("head", revision)
    ) as environment:
        environment.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
        environment.run_migrations()
