"""A device whose app also asks the server: a coordinator's desk, a nurse's inbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from field_app.domain.errors import FieldAppError, Offline
from field_app.sync.client import NewCode
from field_app.sync.coordination import Case, CaseContent, DeviceEntry
from tests.store.devices import DeviceOnDisk
from tests.views.phones import PairServer, Phone

Result = TypeVar("Result")
CODE = "127.0.0.1:8700 K7QD-2M4X-0JZ8-9TRN-5W3C-HF6Y-1B8E"


@dataclass
class Office:
    """The part of the server that only coordinators ask; it notes what it was told."""

    content: list[CaseContent] = field(default_factory=list)
    entries: list[DeviceEntry] = field(default_factory=list)
    decisions: list[tuple[str, str, str]] = field(default_factory=list)
    codes_for: list[str] = field(default_factory=list)
    refuses: FieldAppError | None = None
    is_away: bool = False

    def cases(self) -> list[Case]:
        return [one.case for one in self.content]

    def case(self, set_id: str) -> CaseContent:
        return next(one for one in self.content if one.case.set_id == set_id)

    def accept_case(self, set_id: str, reason: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self._decide("accept", set_id, reason)

    def set_aside_case(self, set_id: str, reason: str) -> None:
        self._decide("set aside", set_id, reason)

    def devices(self) -> list[DeviceEntry]:
        return list(self.entries)

    def revoke_device(self, device: str) -> None:
        self.entries = [
            one.model_copy(update={"revoked": True}) if one.device == device else one
            for one in self.entries
        ]

    def make_code(self, worker: str) -> NewCode:
        self.codes_for.append(worker)
        return NewCode(code=CODE, expires_at="2026-11-22T10:25:00.000Z")

    def _decide(self, what: str, set_id: str, reason: str) -> None:
        self.decisions.append((what, set_id, reason))
        self.content = [one for one in self.content if one.case.set_id != set_id]


@dataclass(eq=False)
class DeskPhone(Phone):
    """A phone that can ask the office as well."""

    office: Office = field(default_factory=Office)
    syncs_asked: int = 0

    async def ask_server(self, question: Callable[[Any], Result]) -> Result:
        if self.office.is_away:
            raise Offline("the switch says so")
        return question(self.office)

    async def sync_now(self) -> None:
        self.syncs_asked += 1
        await super().sync_now()


def desk(root: Path, worker: str, server: PairServer | None = None) -> DeskPhone:
    """A device that has synced once: it knows its teams and colleagues."""
    made = DeskPhone(DeviceOnDisk(root, worker[:4], worker), server or PairServer())
    made.sync()
    return made
