"""What screens ask of the device's case records: the runtime's store, live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol, TypeVar

from field_app.domain.clock import Entropy, Instant
from field_app.store.case_store import CaseStore

Result = TypeVar("Result")
Loaded = TypeVar("Loaded")


class WorkerFacts(Protocol):
    """Whose device this is."""

    @property
    def worker(self) -> str:
        """The worker's id."""
        ...

    @property
    def name(self) -> str:
        """The worker's own name."""
        ...

    @property
    def role(self) -> str:
        """One of the vocabulary `role`."""
        ...

    @property
    def teams(self) -> tuple[str, ...]:
        """The ids of the worker's teams."""
        ...


class CaseRuntime(Protocol):
    """One data directory at work, as screens of records use it."""

    @property
    def account(self) -> WorkerFacts | None:
        """None before enrolment and while locked."""
        ...

    @property
    def entropy(self) -> Entropy:
        """The device's randomness, for ids."""
        ...

    def now(self) -> Instant:
        """The device's clock."""
        ...

    async def cases(self, work: Callable[[CaseStore], Result]) -> Result:
        """Do something with the unlocked store, on its own thread.

        Raises:
            StoreLocked: it is locked.
        """
        ...

    def changes(self) -> AsyncIterator[frozenset[str]]:
        """The scopes that changed, again and again; an empty set is the sync's state alone."""
        ...


async def watched(
    runtime: CaseRuntime,
    load: Callable[[CaseStore], Loaded],
    concerns: Callable[[frozenset[str]], bool],
) -> AsyncIterator[Loaded]:
    """What `load` reads, now and again after each change that concerns it.

    It listens before it reads: what changes in between is not missed.
    """
    stream = runtime.changes()
    coming = asyncio.ensure_future(anext(stream, None))
    try:
        yield await runtime.cases(load)
        while (scopes := await coming) is not None:
            coming = asyncio.ensure_future(anext(stream, None))
            if not scopes or concerns(scopes):
                yield await runtime.cases(load)
    finally:
        coming.cancel()
