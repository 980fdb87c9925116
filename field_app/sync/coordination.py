"""What coordinators (and nurses, for health) ask the server: cases that wait, and devices."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from field_app.domain.clock import Instant
from field_app.sync.admission import Message
from field_app.sync.protocol import Status


class Case(Message):
    """A held or refused change set, as the person who decides about it sees it."""

    set_id: str
    status: Status
    reason: str
    register_name: str = Field(alias="register")
    author: str
    device: str
    received_at: Instant
    size: int
    joined: tuple[str, ...] = ()
    """Sets that name this one's writes: accepted or set aside together."""


class CaseSet(Message):
    """One change set of a case, readable for the person who decides."""

    set_id: str
    author: str
    at: Instant
    device: str
    status: Status
    reason: str
    opens: dict[str, str] = Field(default_factory=dict)
    parts: tuple[dict[str, Any], ...] = Field(repr=False)
    """As in `changes`: scope, register, first, writes."""


class CaseContent(Message):
    """A case and everything in it, in the order it was received."""

    case: Case
    sets: tuple[CaseSet, ...]


class DeviceEntry(Message):
    """A device as a coordinator sees it: who has unsynced work, and since when."""

    device: str
    worker: str
    enrolled_at: Instant
    last_seen_at: Instant | None = None
    unsynced: int = 0
    oldest_at: Instant | None = None
    app: str = ""
    revoked: bool = False
