"""Witnesses of the sequence: a server that has lost something is told so by its devices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "sequence_witness",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "seq"),
    )
    op.add_column("organisation", sa.Column("digest", sa.Text(), nullable=False, server_default=""))
    op.add_column("device", sa.Column("forked_from", sa.Text(), nullable=True))
