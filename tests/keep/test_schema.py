from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dragoman.keep.migrate import MIGRATIONS
from dragoman.keep.schema import METADATA, SCHEMA_VERSION
from dragoman.keep.store import Store


def is_ours(item: object, name: str | None, kind: str, *_: object) -> bool:
    """Whether to compare it: the full-text tables are no part of the schema both databases share."""
    return not (kind == "table" and "_index" in (name or ""))


def test_migrations_make_the_schema(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store, store._reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, METADATA) == []


def test_schema_version_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == SCHEMA_VERSION


def test_importing_dragoman_leaves_the_database_out() -> None:
    code = "import sys, dragoman; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
