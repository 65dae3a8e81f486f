"""Engagements over all articles, their witnesses, and what they are met and looked up by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, and mark every article kept as one whose engagements are to be settled."""
    _create_engagements()
    _create_lookups()
    _create_marks()
    op.execute("INSERT INTO attested_stale (document) SELECT document FROM reading")


def _create_engagements() -> None:
    op.create_table(
        "attested",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("earliest", sa.Text),
        sa.Column("latest", sa.Text),
        sa.Column("edtf", sa.Text),
        sa.Column("place", BIG),
        sa.Column("topic", sa.Text),
        sa.Column("n_witnesses", sa.Integer, nullable=False),
        sa.Column("differing", sa.Text, nullable=False),
        sa.Column("whole", BIG, index=True),
        sa.Column("is_stale", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Index("attested_order", "day", "number"),
        sa.Index("attested_stale_number", "is_stale", "number"),
    )
    op.create_table(
        "attested_member",
        sa.Column("document", BIG, sa.ForeignKey("document.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("engagement", sa.Text, nullable=False, index=True),
        sa.Column("attested", BIG, sa.ForeignKey("attested.number"), nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
        sa.Index("attested_member_order", "attested", "document", "position"),
        sqlite_with_rowid=False,
    )


def _create_lookups() -> None:
    op.create_table(
        "attested_key",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("attested", BIG, sa.ForeignKey("attested.number"), primary_key=True),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Index("attested_key_attested", "attested"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attested_ref",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("attested", BIG, sa.ForeignKey("attested.number"), primary_key=True),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Index("attested_ref_attested", "attested"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attested_taker",
        sa.Column("attested", BIG, sa.ForeignKey("attested.number"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("behalf", sa.Text),
        sa.Column("states", sa.Text, nullable=False),
        sa.Column("office", sa.Text),
        sa.Column("office_of", sa.Text),
        sqlite_with_rowid=False,
    )


def _create_marks() -> None:
    op.create_table(
        "attested_stale",
        sa.Column("document", BIG, sa.ForeignKey("document.number", ondelete="CASCADE"), primary_key=True),
    )
    op.create_table(
        "fingerprint",
        sa.Column("document", BIG, sa.ForeignKey("document.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
