"""Judgements about two ids; identities, their members and the keys under which they are met."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the second id of a judgement, and the tables of identities."""
    op.add_column("judgement", sa.Column("other", sa.Text))
    op.create_index("ix_judgement_other", "judgement", ["other"])
    op.create_table(
        "identity",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("profile", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "identity_member",
        sa.Column("document", BIG, sa.ForeignKey("document.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("entity", sa.Text, nullable=False, index=True),
        sa.Column("identity", BIG, sa.ForeignKey("identity.number"), nullable=False),
        sa.Column("profile", sa.LargeBinary, nullable=False),
        sa.Index("identity_member_order", "identity", "document", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identity_key",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("identity", BIG, sa.ForeignKey("identity.number"), primary_key=True),
        sa.Index("identity_key_identity", "identity"),
        sqlite_with_rowid=False,
    )
