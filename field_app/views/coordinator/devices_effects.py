"""What the devices' screens ask of the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from field_app.store.case_store import CaseStore
from field_app.sync.client import SyncClient
from field_app.sync.coordination import DeviceEntry
from field_app.sync.protocol import Staff
from field_app.views.cases import watched
from field_app.views.coordinator.code_program import (
    CodeMade,
    CountDown,
    MakeCode,
    StaffRead,
    Tick,
    WatchStaff,
    seconds_between,
)
from field_app.views.coordinator.devices_program import (
    AskDevices,
    DevicesRead,
    NotRead,
    RevokeDevice,
)
from field_app.views.coordinator.office import OfficeRuntime, asked_while_shown
from field_app.views.program import Effects


def effects(runtime: OfficeRuntime, tick_s: float = 1.0) -> Effects:
    """The handlers of the devices' list and of a new device's code."""

    async def read(devices: list[DeviceEntry]) -> object:
        staff, own = await runtime.cases(_staff_and_device)
        return DevicesRead(tuple(devices), staff, runtime.now(), own)

    async def devices() -> object:
        return await read(await runtime.ask_server(lambda client: client.devices()))

    def ask(_: AskDevices) -> AsyncIterator[object]:
        return asked_while_shown(runtime, devices, NotRead)

    async def revoke(effect: RevokeDevice) -> object:
        def tell(client: SyncClient) -> list[DeviceEntry]:
            client.revoke_device(effect.device)
            return client.devices()

        return await read(await runtime.ask_server(tell))

    async def staff(_: WatchStaff) -> AsyncIterator[object]:
        async for known, _device in watched(runtime, _staff_and_device, bool):
            yield StaffRead(known)

    async def make(effect: MakeCode) -> object:
        made = await runtime.ask_server(lambda client: client.make_code(effect.worker))
        return CodeMade(made.code, made.expires_at, runtime.now())

    async def count_down(effect: CountDown) -> AsyncIterator[object]:
        while True:
            await asyncio.sleep(tick_s)
            now = runtime.now()
            yield Tick(now)
            if seconds_between(now, effect.until) == 0:
                return

    handlers = Effects().on(AskDevices, ask).on(RevokeDevice, revoke)
    return handlers.on(WatchStaff, staff).on(MakeCode, make).on(CountDown, count_down)


def _staff_and_device(store: CaseStore) -> tuple[Staff, str]:
    return store.staff, store.require_identity().device
