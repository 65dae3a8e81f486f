"""Judgements about two ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the second id of a judgement; both can be looked up."""
    op.add_column("judgement", sa.Column("other", sa.Text))
    op.create_index("ix_judgement_other", "judgement", ["other"])
