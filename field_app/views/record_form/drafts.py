"""Drafts on their way to the disk: at once, the newest always last, and none behind a save."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from field_app.store.case_store import CaseStore
from field_app.store.drafts import Draft
from field_app.views.cases import CaseRuntime

_TURNS = 3
"""Turns of the event loop from a keystroke to the store's line: the effect, its write, asking."""


async def keystrokes_in_line() -> None:
    """Return once everything typed until now stands in the store's line: a lock may follow."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


class DraftWriter:
    """Writes drafts of one data directory; a screen that goes away stops no write.

    Each keystroke asks the store's thread at once, and each asking writes whatever is the newest
    then. So nothing waits here while an older content is written: what was typed stands in the
    store's own line, before a lock or a save that was asked for later.
    """

    def __init__(self, runtime: CaseRuntime) -> None:
        """Write to this runtime's store."""
        self._runtime = runtime
        self._newest: dict[str, Draft] = {}

    async def put(self, draft: Draft) -> None:
        """Make this content durable, or a newer one of the same draft; returns when it is.

        Raises:
            StoreLocked: the lock was asked for earlier.
            StoreError: it could not be written; the next keystroke tries again.
        """
        self._newest[draft.id] = replace(draft, changed_at=self._runtime.now())
        written = self._runtime.cases(lambda store: self._write(store, draft.id))
        # Shielded: leaving the screen cancels effects, and the last keystroke still goes to disk.
        await asyncio.shield(asyncio.ensure_future(written))

    def forget(self, draft_id: str) -> None:
        """What is not on disk yet needs no write any more: a save or a discard comes next."""
        self._newest.pop(draft_id, None)

    def _write(self, store: CaseStore, draft_id: str) -> None:
        """On the store's thread: an earlier asking may have written this already."""
        draft = self._newest.pop(draft_id, None)
        if draft is None:
            return
        try:
            store.put_draft(draft)
        except BaseException:
            self._newest.setdefault(draft_id, draft)
            raise
