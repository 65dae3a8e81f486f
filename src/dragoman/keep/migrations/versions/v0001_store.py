"""The first store: documents, readings and their projections, judgements, full text."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _article(**options: Any) -> sa.Column[Any]:
    return sa.Column("document", BIG, sa.ForeignKey("document.number", ondelete="CASCADE"), **options)


def _engagement_key() -> sa.Column[Any]:
    return sa.Column(
        "engagement", BIG, sa.ForeignKey("engagement.number", ondelete="CASCADE"), primary_key=True
    )


def _required(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _optional(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def upgrade() -> None:
    """Create every table of the first version."""
    _create_record()
    _create_entities()
    _create_engagements()
    _create_facts()
    if op.get_bind().dialect.name == "sqlite":
        _create_fulltext("content", "document", ("title", "text", "folded"))
        _create_fulltext("name", "number", ("folded",))
        _create_fulltext("engagement", "number", ("folded",))
        _protect_judgements()
        op.execute("PRAGMA application_id = 0x44524147")


def _create_record() -> None:
    op.create_table(
        "document",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        *_optional("title", "published", "published_source", "publisher", "url", "language"),
        *_required("added_at"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_document_title", "document", ["title"])
    op.create_index("ix_document_url", "document", ["url"])
    op.create_table("content", _article(primary_key=True), *_required("title", "text", "folded"))
    op.create_table(
        "raw",
        _article(primary_key=True),
        *_required("source", "media_type"),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "reading",
        _article(primary_key=True),
        *_required("reader"),
        *_numbers("n_entities", "n_engagements", "n_quotations", "n_claims"),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_reading_reader", "reading", ["reader"])
    op.create_table(
        "judgement",
        sa.Column("id", BIG, primary_key=True),
        *_required("at", "by", "via", "target", "action"),
        *_optional("before", "after"),
        *_required("reason", "batch"),
        sa.Column("undoes", BIG, sa.ForeignKey("judgement.id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_judgement_target", "judgement", ["target"])


def _create_entities() -> None:
    op.create_table(
        "name",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("folded", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "entity",
        _article(primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *_required("kind", "name", "aliases"),
        *_optional("country"),
        sa.Column("geonames", BIG),
        sa.Column("lat", sa.Float),
        sa.Column("lon", sa.Float),
        *_numbers("n_mentions"),
        *_required("quote"),
        *_numbers("start", "end"),
    )
    op.create_table(
        "entity_name",
        sa.Column("name", BIG, sa.ForeignKey("name.number"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("main", BIG, primary_key=True),
        _article(primary_key=True),
        sa.Column("entity", sa.Text, primary_key=True),
        *_numbers("n_mentions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_entity_name_document", "entity_name", ["document"])


def _create_engagements() -> None:
    op.create_table(
        "engagement",
        sa.Column("number", BIG, primary_key=True),
        _article(nullable=False),
        *_required("id", "kind", "status", "day"),
        *_optional("earliest", "latest", "edtf", "time_text", "place", "place_name", "at", "topic", "via"),
        sa.Column("confidence", sa.Float, nullable=False),
        *_required("quote"),
        *_numbers("start", "end"),
        *_required("folded"),
        sa.UniqueConstraint("document", "id"),
    )
    op.create_index("engagement_day", "engagement", ["day", "number"])
    op.create_table(
        "participation",
        _engagement_key(),
        sa.Column("position", sa.Integer, primary_key=True),
        *_required("entity", "kind", "name", "part"),
        *_optional("on_behalf_of", "behalf_name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "engagement_name",
        sa.Column("name", BIG, sa.ForeignKey("name.number"), primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        _engagement_key(),
        sqlite_with_rowid=False,
    )
    op.create_index("engagement_name_engagement", "engagement_name", ["engagement"])


def _create_facts() -> None:
    columns: dict[str, list[sa.Column[Any]]] = {
        "role": [*_required("person", "title"), *_optional("of", "to"), *_required("flags")],
        "quotation": [*_required("speakers", "mode", "text"), *_optional("to", "occasion")],
        "claim": [
            *_required("kind", "by", "about", "text"),
            sa.Column("value", sa.Float),
            *_optional("unit", "verdict"),
        ],
    }
    for table, own in columns.items():
        op.create_table(table, _article(primary_key=True), sa.Column("id", sa.Text, primary_key=True), *own)
    op.create_table(
        "time",
        _article(primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        *_required("text"),
        *_numbers("start", "end"),
        *_required("edtf"),
        *_optional("earliest", "latest"),
    )


def _create_fulltext(table: str, key: str, columns: tuple[str, ...]) -> None:
    """Make `<table>_index` over `columns`, kept in step by triggers: FTS5 must be told old values."""
    index, names = f"{table}_index", ", ".join(columns)
    old, new = (", ".join(f"{side}.{column}" for column in columns) for side in ("old", "new"))
    take = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.{key}, {old});"  # noqa: S608
    put = f"INSERT INTO {index}(rowid, {names}) VALUES (new.{key}, {new});"  # noqa: S608
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{table}', content_rowid='{key}', "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {take} END")
    op.execute(f"CREATE TRIGGER {index}_update AFTER UPDATE ON {table} BEGIN {take} {put} END")


def _protect_judgements() -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER judgement_no_{event.lower()} BEFORE {event} ON judgement "
            "BEGIN SELECT RAISE(ABORT, 'judgements are never changed; add one that undoes it'); END"
        )
