"""What the directory asks of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator

from field_app.domain.clock import local_day
from field_app.store.case_store import CaseStore
from field_app.sync.changes import DIRECTORY_SCOPE
from field_app.views.cases import CaseRuntime, watched
from field_app.views.directory.program import DirectoryRead, WatchDirectory
from field_app.views.program import Effects


def effects(runtime: CaseRuntime) -> Effects:
    """The handlers of the directory's list."""

    async def watch(_: WatchDirectory) -> AsyncIterator[object]:
        def load(store: CaseStore) -> DirectoryRead:
            account = runtime.account
            return DirectoryRead(
                store.scope(DIRECTORY_SCOPE),
                store.staff,
                local_day(runtime.now()),
                account.worker if account else "",
            )

        async for read in watched(runtime, load, lambda scopes: DIRECTORY_SCOPE in scopes):
            yield read

    return Effects().on(WatchDirectory, watch)
