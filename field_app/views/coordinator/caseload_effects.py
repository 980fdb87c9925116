"""What the caseload asks of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator

from field_app.domain.clock import local_day
from field_app.store.case_store import CaseStore
from field_app.views.cases import watched
from field_app.views.coordinator.caseload_program import CaseloadRead, WatchCaseload
from field_app.views.coordinator.morning_effects import ground_of
from field_app.views.coordinator.office import OfficeRuntime
from field_app.views.program import Effects


def effects(runtime: OfficeRuntime) -> Effects:
    """The handlers of the caseload."""

    async def watch(_: WatchCaseload) -> AsyncIterator[object]:
        def load(store: CaseStore) -> CaseloadRead:
            ground = ground_of(store, runtime)
            return CaseloadRead(ground.people, ground.staff, local_day(ground.now))

        async for read in watched(runtime, load, bool):
            yield read

    return Effects().on(WatchCaseload, watch)
