"""A part may be the state of a record's register: nothing is written twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step; states that are there already stay as they are."""
    op.add_column("part", sa.Column("record", sa.Text(), nullable=True))
    op.add_column("part", sa.Column("type", sa.Text(), nullable=True))
    op.drop_index("part_stream", "part")
    op.create_index("part_stream", "part", ["organisation", "bucket", "seq", "size", "type"])
    is_first = sa.text("record IS NOT NULL")
    op.create_index(
        "part_first_write",
        "part",
        ["organisation", "record"],
        sqlite_where=is_first,
        postgresql_where=is_first,
    )
