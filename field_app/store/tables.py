"""The tables of the phone's store, format version 1.

In clear stand only random ids, counters, cursors and states; whatever tells of people, times,
places or types is inside a sealed blob. `docs/store-format.md` says what each blob holds.

The queries are written with these classes; what a file really gets is said step by step in
`schema_steps`, and a test holds the two to each other.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class StoreTable(SQLModel, registry=registry()):
    """The root of the phone's tables; its own registry, so the server's never meet them."""


class Meta(StoreTable, table=True):
    """Named small facts that are needed before unlocking, e.g. the back-off on wrong PINs."""

    name: str = Field(primary_key=True)
    value: bytes = Field(sa_type=LargeBinary)


class Slot(StoreTable, table=True):
    """A key slot: the data key wrapped for one way of unlocking; the bytes: see `slots`."""

    name: str = Field(primary_key=True)
    blob: bytes = Field(sa_type=LargeBinary)


class SealedSetting(StoreTable, table=True):
    """Named facts for after unlocking: identity, token, where the sync stands."""

    __tablename__ = "sealed_setting"

    name: str = Field(primary_key=True)
    blob: bytes = Field(sa_type=LargeBinary)


class Envelope(StoreTable, table=True):
    """The confirmed state of one record's part."""

    record_id: str = Field(primary_key=True)
    register_name: str = Field(primary_key=True, sa_column_kwargs={"name": "register"})
    scope: str = Field(index=True)
    blob: bytes = Field(sa_type=LargeBinary)


class ChangeSetRow(StoreTable, table=True):
    """One save of this device: the outbox, and after it what a restored server may need again."""

    __tablename__ = "change_set"

    counter: int = Field(primary_key=True)
    set_id: str = Field(unique=True)
    blob: bytes = Field(sa_type=LargeBinary)


class AnswerRow(StoreTable, table=True):
    """What became of a save; none while it is pending.

    Apart from the save: five hundred answers to a push touch a few pages of the file then.
    """

    __tablename__ = "answer"

    counter: int = Field(
        sa_column=Column(
            ForeignKey("change_set.counter", onupdate="CASCADE", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        )
    )
    state: str
    """accepted, held, needs-human, set-aside, passed (seen in the stream); or pending again."""
    seq: int | None = Field(default=None)
    reason: str = Field(default="")


class DraftRow(StoreTable, table=True):
    """What somebody is writing; never synced."""

    __tablename__ = "draft"

    draft_id: str = Field(primary_key=True)
    blob: bytes = Field(sa_type=LargeBinary)


class SummaryPage(StoreTable, table=True):
    """A page of person summaries: the first screen without reading every record."""

    __tablename__ = "summary_page"

    page: int = Field(primary_key=True)
    blob: bytes = Field(sa_type=LargeBinary)


class StaleScope(StoreTable, table=True):
    """A scope whose summary is behind its records."""

    __tablename__ = "stale_scope"

    scope: str = Field(primary_key=True)


class BucketCursor(StoreTable, table=True):
    """How far a bucket has been pulled."""

    __tablename__ = "bucket_cursor"

    bucket: str = Field(primary_key=True)
    epoch: int
    seq: int


SEALED_TABLES: tuple[str, ...] = (
    "sealed_setting",
    "envelope",
    "change_set",
    "draft",
    "summary_page",
)
"""Tables whose `blob` is an envelope: every one is sealed anew under a new data key."""
