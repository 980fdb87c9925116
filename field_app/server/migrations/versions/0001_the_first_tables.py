"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "access_command",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "seq"),
    )
    op.create_table(
        "access_event",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "seq", "position"),
    )
    with op.batch_alter_table("access_event", schema=None) as batch_op:
        batch_op.create_index("access_event_team", ["organisation", "team", "seq"], unique=False)

    op.create_table(
        "chain_link",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("counter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("set_key", sa.Text(), nullable=False),
        sa.Column("header_hash", sa.Text(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "device", "counter"),
    )
    op.create_table(
        "change_set",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("part_count", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=True),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("organisation", "key"),
    )
    with op.batch_alter_table("change_set", schema=None) as batch_op:
        batch_op.create_index(
            "change_set_open",
            ["organisation", "status"],
            unique=False,
            sqlite_where=sa.text("status <> 'accepted'"),
            postgresql_where=sa.text("status <> 'accepted'"),
        )

    op.create_table(
        "organisation",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("staff_version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "part",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("set_key", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("depths", sa.LargeBinary(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "set_key", "position"),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(
            "part_stream", ["organisation", "bucket", "seq", "size"], unique=False
        )

    op.create_table(
        "record_state",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.LargeBinary(), nullable=False),
        sa.Column("replaced", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "record", "register"),
    )
    with op.batch_alter_table("record_state", schema=None) as batch_op:
        batch_op.create_index(
            "record_state_bucket", ["organisation", "bucket", "scope", "record"], unique=False
        )

    op.create_table(
        "team",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.create_table(
        "waiting",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("set_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "token", "set_key"),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index("waiting_set", ["organisation", "set_key"], unique=False)

    op.create_table(
        "worker",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_epoch", sa.BigInteger(), nullable=False),
        sa.Column("previous_role", sa.Text(), nullable=True),
        sa.Column("role_changed_at", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    op.create_table(
        "device",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("token_expires_at", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=True),
        sa.Column("challenge_expires_at", sa.Text(), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.Column("last_seen_at", sa.Text(), nullable=True),
        sa.Column("unsynced", sa.BigInteger(), nullable=False),
        sa.Column("oldest_at", sa.Text(), nullable=True),
        sa.Column("app", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "worker"],
            ["worker.organisation", "worker.id"],
        ),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index("device_id", ["id"], unique=False)
        batch_op.create_index("device_token", ["token_hash"], unique=False)

    op.create_table(
        "enrolment_code",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation", "worker"],
            ["worker.organisation", "worker.id"],
        ),
        sa.PrimaryKeyConstraint("organisation", "hash"),
    )
    with op.batch_alter_table("enrolment_code", schema=None) as batch_op:
        batch_op.create_index("enrolment_code_hash", ["hash"], unique=False)

    op.create_table(
        "membership",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("grant_epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_at", sa.Text(), nullable=False),
        sa.Column("until_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation", "team"],
            ["team.organisation", "team.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organisation", "worker"],
            ["worker.organisation", "worker.id"],
        ),
        sa.PrimaryKeyConstraint("organisation", "worker", "team", "grant_epoch"),
    )
    op.create_table(
        "person_team",
        sa.Column("organisation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("from_at", sa.Text(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=True),
        sa.Column("until_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation", "team"],
            ["team.organisation", "team.id"],
        ),
        sa.PrimaryKeyConstraint("organisation", "person", "from_seq"),
    )
    with op.batch_alter_table("person_team", schema=None) as batch_op:
        batch_op.create_index(
            "person_team_now", ["organisation", "team", "until_seq"], unique=False
        )
