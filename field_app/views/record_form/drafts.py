"""Drafts on their way to the disk: in order, the newest always last, and none behind a save."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from field_app.store.case_store import CaseStore
from field_app.store.drafts import Draft
from field_app.views.cases import CaseRuntime


class DraftWriter:
    """Writes drafts of one data directory; a screen that goes away stops no write."""

    def __init__(self, runtime: CaseRuntime) -> None:
        """Write to this runtime's store."""
        self._runtime = runtime
        self._newest: dict[str, Draft] = {}
        self._writing: dict[str, asyncio.Task[None]] = {}

    async def put(self, draft: Draft) -> None:
        """Make this content durable, or a newer one of the same draft; returns when it is."""
        self._newest[draft.id] = replace(draft, changed_at=self._runtime.now())
        writing = self._writing.get(draft.id)
        if writing is None or writing.done():
            writing = asyncio.get_running_loop().create_task(self._write(draft.id))
            self._writing[draft.id] = writing
        await asyncio.shield(writing)

    async def settle(self, draft_id: str) -> None:
        """Forget what is not on its way yet, and wait for what is: a save comes next."""
        self._newest.pop(draft_id, None)
        writing = self._writing.pop(draft_id, None)
        if writing is not None:
            await asyncio.wait([writing])

    async def _write(self, draft_id: str) -> None:
        while (draft := self._newest.pop(draft_id, None)) is not None:
            await self._runtime.cases(partial(_put, draft))


def _put(draft: Draft, store: CaseStore) -> None:
    store.put_draft(draft)
