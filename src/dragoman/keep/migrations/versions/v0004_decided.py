"""Readings as they were before people fixed them, and pairs somebody is to be asked about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables; pairs are found as articles are read, or for all of them by `dragoman resolve`."""
    op.create_table(
        "original",
        sa.Column("document", BIG, sa.ForeignKey("document.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "doubt",
        sa.Column(
            "document",
            BIG,
            sa.ForeignKey("document.number", ondelete="CASCADE"),
            primary_key=True,
            index=True,
        ),
        sa.Column("one", sa.Text, primary_key=True),
        sa.Column("other", sa.Text, nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Index("doubt_order", "kind", "score"),
    )
