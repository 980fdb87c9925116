"""What the server keeps. Every key begins with the organisation: the unit of sharding.

A change set's identity (`change_set`) stands apart from its place in a device's chain
(`chain_link`): a device that forks after a restore re-issues headers, and the set stays one.
Parts and states pass through `sealing` on their way in and out.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlmodel import Field, SQLModel


class ServerTable(SQLModel):
    """The base of the server's tables; the phone's store has its own."""

    metadata = MetaData()


def _key() -> str:
    field: str = Field(sa_type=Text, primary_key=True)
    return field


def _number_key() -> int:
    field: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    return field


def _text(default: str | None = None) -> str:
    field: str = Field(sa_type=Text) if default is None else Field(default=default, sa_type=Text)
    return field


def _maybe_text() -> str | None:
    field: str | None = Field(default=None, sa_type=Text)
    return field


def _number(default: int = 0) -> int:
    field: int = Field(default=default, sa_type=BigInteger)
    return field


def _maybe_number() -> int | None:
    field: int | None = Field(default=None, sa_type=BigInteger)
    return field


def _register(primary_key: bool) -> str:
    # The attribute cannot be called `register`: every class has a method of that name.
    name = {"name": "register"}
    field: str = Field(sa_type=Text, primary_key=primary_key, sa_column_kwargs=name)
    return field


def _bytes() -> bytes:
    field: bytes = Field(sa_type=LargeBinary, repr=False)
    return field


class Organisation(ServerTable, table=True):
    """One organisation; its row is the lock that orders its sequence."""

    __tablename__ = "organisation"

    number: int = _number_key()
    """Random 31 bits: short in every key, and free to move to another database."""
    id: str = _text()
    name: str = _text()
    sequence: int = _number()
    """The last sequence given out: change sets and access commands share one, without gaps."""
    epoch: str = _text()
    """Changes when the server was found to have lost something, e.g. restored from a backup."""
    digest: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    """Of everything that took a sequence so far, in order (`organisation.next_digest`)."""
    staff_version: int = _number()
    created_at: str = _text()


class Team(ServerTable, table=True):
    """A team of outreach workers."""

    __tablename__ = "team"

    organisation: int = _number_key()
    id: str = _key()
    name: str = _text()


class Worker(ServerTable, table=True):
    """A worker and their role. `role_epoch` is the sequence of the command that gave it."""

    __tablename__ = "worker"

    organisation: int = _number_key()
    id: str = _key()
    name: str = _text()
    role: str = _text()
    role_epoch: int = _number()
    previous_role: str | None = _maybe_text()
    """Still counts for work written before the change, for a while (`policy.GRACE_HOURS`)."""
    role_changed_at: str | None = _maybe_text()
    active: bool = True


class Membership(ServerTable, table=True):
    """A worker in a team, from the command at `grant_epoch` until `until_at`."""

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["organisation", "team"], ["team.organisation", "team.id"]),
        ForeignKeyConstraint(["organisation", "worker"], ["worker.organisation", "worker.id"]),
    )

    organisation: int = _number_key()
    worker: str = _key()
    team: str = _key()
    grant_epoch: int = _number_key()
    from_at: str = _text()
    until_at: str | None = _maybe_text()


class PersonTeam(ServerTable, table=True):
    """Which team a person belongs to, from sequence to sequence; the open row is now."""

    __tablename__ = "person_team"
    __table_args__ = (
        ForeignKeyConstraint(["organisation", "team"], ["team.organisation", "team.id"]),
        Index("person_team_now", "organisation", "team", "until_seq"),
    )

    organisation: int = _number_key()
    person: str = _key()
    from_seq: int = _number_key()
    team: str = _text()
    from_at: str = _text()
    until_seq: int | None = _maybe_number()
    until_at: str | None = _maybe_text()


class EnrolmentCode(ServerTable, table=True):
    """A one-time code, by its hash."""

    __tablename__ = "enrolment_code"
    __table_args__ = (
        ForeignKeyConstraint(["organisation", "worker"], ["worker.organisation", "worker.id"]),
        Index("enrolment_code_hash", "hash"),
    )

    organisation: int = _number_key()
    hash: str = _key()
    worker: str = _text()
    expires_at: str = _text()
    used_at: str | None = _maybe_text()


class Device(ServerTable, table=True):
    """An enrolled device: its key, its token by hash, its chain's head, and its last report."""

    __tablename__ = "device"
    __table_args__ = (
        ForeignKeyConstraint(["organisation", "worker"], ["worker.organisation", "worker.id"]),
        Index("device_token", "token_hash"),
        Index("device_id", "id"),
    )

    organisation: int = _number_key()
    id: str = _key()
    worker: str = _text()
    public_key: str = _text()
    instance: str = _text()
    token_hash: str = _text()
    token_expires_at: str = _text()
    challenge: str | None = _maybe_text()
    challenge_expires_at: str | None = _maybe_text()
    counter: int = _number()
    head_hash: str = _text()
    forked_from: str | None = _maybe_text()
    """The device this one was restored or cloned from."""
    enrolled_at: str = _text()
    revoked_at: str | None = _maybe_text()
    last_seen_at: str | None = _maybe_text()
    unsynced: int = _number()
    oldest_at: str | None = _maybe_text()
    app: str = _text("")


class ChainLink(ServerTable, table=True):
    """One header of a device's chain, as exact bytes, and the change set it stands for."""

    __tablename__ = "chain_link"

    organisation: int = _number_key()
    device: str = _key()
    counter: int = _number_key()
    set_key: str = _text()
    header_hash: str = _text()
    header: bytes = _bytes()


_IS_OPEN = text("status <> 'accepted'")
_IS_FIRST = text("record IS NOT NULL")


class ChangeSetRow(ServerTable, table=True):
    """A change set and its answer. Its key is its id; a re-used id is kept by its header's hash."""

    __tablename__ = "change_set"
    __table_args__ = (
        Index(
            "change_set_open",
            "organisation",
            "status",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    organisation: int = _number_key()
    key: str = _key()
    id: str = _text()
    device: str = _text()
    counter: int = _number()
    author: str = _text()
    at: str = _text()
    identity: str = _text()
    """A digest of its parts' hashes: the same id with another identity is somebody's fault."""
    part_count: int = _number()
    seq: int | None = _maybe_number()
    status: str = _text()
    """accepted, held, needs-human or set-aside."""
    reason: str = _text("")
    case_key: str | None = _maybe_text()
    """The set at the root of the case this one belongs to."""
    forced: bool = False
    """Accepted by a person: what it replaced may be unknown, so its author gets it in full."""
    received_at: str = _text()
    decided_by: str | None = _maybe_text()
    decided_at: str | None = _maybe_text()
    decision: bytes | None = Field(default=None, sa_type=LargeBinary, repr=False)
    """Sealed: the reason in the words of the person who decided."""


class PartRow(ServerTable, table=True):
    """One part, sealed; bucket, sequence and depths are known once its set is accepted."""

    __tablename__ = "part"
    __table_args__ = (
        Index("part_stream", "organisation", "bucket", "seq", "position", "size", "type"),
        Index(
            "part_first_write",
            "organisation",
            "record",
            sqlite_where=_IS_FIRST,
            postgresql_where=_IS_FIRST,
        ),
    )

    organisation: int = _number_key()
    set_key: str = _key()
    position: int = _number_key()
    scope: str = _text()
    register_name: str = _register(primary_key=False)
    size: int = _number()
    bucket: str | None = _maybe_text()
    seq: int | None = _maybe_number()
    depths: bytes = _bytes()
    """Sealed canonical JSON {write index: {key: depth}}, depths of 1 left out."""
    raw: bytes = _bytes()
    record: str | None = _maybe_text()
    """The record whose register holds the one write of this part and no other: it has no
    `RecordState` (`first_writes`)."""
    type: str | None = _maybe_text()
    """That record's type."""


class RecordState(ServerTable, table=True):
    """All heads of one record's register (compacted writes), and the writes replaced so far.

    A register that holds its first write alone has no row here: the part says it all.
    """

    __tablename__ = "record_state"
    __table_args__ = (Index("record_state_bucket", "organisation", "bucket", "scope", "record"),)

    organisation: int = _number_key()
    record: str = _key()
    register_name: str = _register(primary_key=True)
    type: str = _text()
    scope: str = _text()
    bucket: str = _text()
    seq: int = _number()
    heads: bytes = _bytes()
    replaced: bytes = _bytes()


class Waiting(ServerTable, table=True):
    """A held change set waits for a set or a person the server has never seen."""

    __tablename__ = "waiting"
    __table_args__ = (Index("waiting_set", "organisation", "set_key"),)

    organisation: int = _number_key()
    token: str = _key()
    """The id of a change set or of a person."""
    set_key: str = _key()


class SequenceWitness(ServerTable, table=True):
    """The digest at the end of each transaction that took sequences: what devices bring back."""

    __tablename__ = "sequence_witness"

    organisation: int = _number_key()
    seq: int = _number_key()
    digest: str = _text()


class AccessEvent(ServerTable, table=True):
    """A person came into a team's buckets, or left them, at a sequence."""

    __tablename__ = "access_event"
    __table_args__ = (Index("access_event_team", "organisation", "team", "seq"),)

    organisation: int = _number_key()
    seq: int = _number_key()
    position: int = _number_key()
    kind: str = _text()
    scope: str = _text()
    team: str = _text()


class AccessCommand(ServerTable, table=True):
    """Every access command that was carried out, by whom, at which sequence."""

    __tablename__ = "access_command"

    organisation: int = _number_key()
    seq: int = _number_key()
    at: str = _text()
    actor: str = _text()
    """A worker's id, or `operator` for the command line."""
    command: str = _text()
    detail: str = _text()
    """Canonical JSON of ids, never of names."""


def table_of(model: type[ServerTable]) -> Table:
    """The SQLAlchemy table of a model, for statements on bulk paths."""
    return model.metadata.tables[str(model.__tablename__)]


organisations = table_of(Organisation)
teams = table_of(Team)
workers = table_of(Worker)
memberships = table_of(Membership)
person_teams = table_of(PersonTeam)
enrolment_codes = table_of(EnrolmentCode)
devices = table_of(Device)
chain_links = table_of(ChainLink)
change_sets = table_of(ChangeSetRow)
parts = table_of(PartRow)
record_states = table_of(RecordState)
waiting = table_of(Waiting)
sequence_witnesses = table_of(SequenceWitness)
access_events = table_of(AccessEvent)
access_commands = table_of(AccessCommand)
