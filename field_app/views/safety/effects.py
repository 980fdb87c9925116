"""What sync and safety asks of the device."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from field_app.store.case_store import CaseStore
from field_app.store.outbox import Saved
from field_app.sync.status import SyncStatus
from field_app.views.cases import CaseRuntime, watched
from field_app.views.program import Effects
from field_app.views.safety.program import LockNow, SyncNow, Told, WaitingSave, Watch


class SyncingRuntime(CaseRuntime, Protocol):
    """A device that syncs and locks."""

    @property
    def sync_status(self) -> SyncStatus | None:
        """None while locked."""
        ...

    @property
    def offline(self) -> bool:
        """Whether the demo's switch says so."""
        ...

    async def sync_now(self) -> None:
        """Ask for a sync."""
        ...

    async def lock(self) -> None:
        """Drop the keys."""
        ...


def effects(runtime: SyncingRuntime) -> Effects:
    """The handlers."""

    async def watch(_: Watch) -> AsyncIterator[Told]:
        async for waiting in watched(runtime, _waiting, lambda _: True):
            status = runtime.sync_status
            if status is not None:
                yield Told(status, runtime.offline, waiting, runtime.now())

    async def sync_now(_: SyncNow) -> Told | None:
        await runtime.sync_now()
        return None

    async def lock_now(_: LockNow) -> None:
        await runtime.lock()

    return Effects().on(Watch, watch).on(SyncNow, sync_now).on(LockNow, lock_now)


def _waiting(cases: CaseStore) -> tuple[WaitingSave, ...]:
    return tuple(_readable(saved) for saved in cases.waiting())


def _readable(saved: Saved) -> WaitingSave:
    """A waiting save with every text its author wrote in it."""
    texts: list[str] = []
    person: str | None = None
    for write in saved.writes():
        kind, _, name = write.scope.partition("/")
        person = name if kind == "person" else person
        texts.extend(_texts(write.stamped.incoming.write.set.values()))
    header = saved.change_set.header
    return WaitingSave(
        header.id, saved.state, saved.reason, saved.at, person, tuple(texts), saved.decision
    )


def _texts(values: object) -> list[str]:
    """The free texts among values: those with a space, so that codes and ids stay away."""
    found: list[str] = []
    if isinstance(values, str):
        return [values] if " " in values else []
    if isinstance(values, dict):
        values = values.values()
    if hasattr(values, "__iter__"):
        for value in values:
            found.extend(_texts(value))
    return found
