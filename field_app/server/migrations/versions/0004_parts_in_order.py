"""The stream's index holds a part's whole place, so that a page is read without sorting."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.drop_index("part_stream", "part")
    columns = ["organisation", "bucket", "seq", "position", "size", "type"]
    op.create_index("part_stream", "part", columns)
