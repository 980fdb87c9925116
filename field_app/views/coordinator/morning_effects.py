"""What the morning asks of the store and the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from field_app.domain.morning import Morning, morning_list
from field_app.store.case_store import CaseStore
from field_app.sync.client import SyncClient
from field_app.views.cases import watched
from field_app.views.coordinator.morning_program import (
    AskOffice,
    Build,
    Built,
    Ground,
    GroundRead,
    NewsRead,
    OfficeNews,
    Unreachable,
    WatchGround,
)
from field_app.views.coordinator.office import OfficeRuntime, asked_while_shown
from field_app.views.program import Effects
from field_app.views.rights import readable_summary


def effects(runtime: OfficeRuntime) -> Effects:
    """The handlers of the morning."""

    async def watch(_: WatchGround) -> AsyncIterator[object]:
        def load(store: CaseStore) -> Ground:
            return ground_of(store, runtime)

        async for ground in watched(runtime, load, bool):
            yield GroundRead(ground)

    async def news() -> object:
        return NewsRead(await runtime.ask_server(news_of))

    def ask(_: AskOffice) -> AsyncIterator[object]:
        return asked_while_shown(runtime, news, Unreachable)

    async def build(effect: Build) -> object:
        # Looking for duplicates among thousands takes a while: not on the loop.
        return Built(await asyncio.to_thread(_morning, effect))

    return Effects().on(WatchGround, watch).on(AskOffice, ask).on(Build, build)


def ground_of(store: CaseStore, runtime: OfficeRuntime) -> Ground:
    """The people of all teams, as the reader may read them."""
    role = runtime.account.role if runtime.account else ""
    people = tuple(
        replace(one, summary=readable_summary(one.summary, role)) for one in store.people()
    )
    return Ground(people, store.staff, runtime.now())


def news_of(client: SyncClient) -> OfficeNews:
    """What waits for a decision, and which devices hold unsynced work."""
    return OfficeNews(tuple(client.cases()), tuple(client.devices()))


def _morning(effect: Build) -> Morning:
    ground, news = effect.ground, effect.news
    return morning_list(
        [one.summary for one in ground.people],
        ground.now,
        absent=ground.absent,
        waiting_changes=len(news.cases) if news else 0,
        unsynced=news.unsynced if news else (),
    )
