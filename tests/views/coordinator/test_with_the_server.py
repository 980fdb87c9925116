"""The coordinator's screens against the real server: devices, a code, a case decided."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.records import Person, Task
from field_app.store.editing import edit_towards
from field_app.sync.changes import person_scope
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.views.device_runtime import DeviceRuntime
from tests.server.served import Served
from tests.views.flet_client import FletClient
from tests.views.test_whole_app import enrol, sees, started, until

Run = Callable[[Coroutine[Any, Any, None]], None]


async def write(runtime: DeviceRuntime, record: Person | Task, person: str, **kept: Any) -> None:
    edit = edit_towards(record, person_scope(person), None)
    await runtime.cases(lambda store: store.save([edit], **kept))


def code_on_screen(desk: FletClient, served: Served) -> str:
    """The code as it is read aloud; its address, where the test's server really listens."""
    secret = str(desk.identified("code")["label"]).replace(" ", "-")
    shown = next(one for one in desk.texts() if one.startswith("Palvelin ")).split(" ")[1]
    known = EnrolmentCode.decode(f"{shown} {secret}")
    return EnrolmentCode(f"127.0.0.1:{served.port}", known.secret).encode()


async def sent(client: FletClient, runtime: DeviceRuntime) -> None:
    """Everything on the device has the server's answer."""
    await runtime.sync_now()
    await until(client, lambda: bool(runtime.sync_status and not runtime.sync_status.pending))


def test_a_code_made_on_the_desk_takes_a_phone_into_use_until_it_is_taken_out(
    run: Run, served: Served, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with started(tmp_path / "desk") as (_, desk):
            await enrol(desk, served.code("leena"), then="Aamu")
            await desk.go("/devices/code")
            await until(desk, lambda: desk.shows("Kenelle?"))
            await sees(desk, "Sanna")
            await desk.tap("Sanna")
            await desk.tap("Tee koodi")
            await until(desk, lambda: desk.count("Image") == 1)
            code = code_on_screen(desk, served)
            async with started(tmp_path / "phone") as (phone, client):
                await enrol(client, code)
                await sent(client, phone)
                await desk.go("/devices")
                await desk.tap("Päivitä näkymä")
                await sees(desk, "Poista käytöstä")
                assert desk.shows("sanna")
                await desk.tap("Poista käytöstä")
                await sees(desk, "Poistetaanko laite käytöstä: sanna?")
                await desk.tap("Poista käytöstä")
                await sees(desk, "Poistettu käytöstä")
                await phone.sync_now()
                await until(client, lambda: bool(phone.sync_status and phone.sync_status.problem))

    run(scenario())


def test_a_change_that_waits_is_read_and_set_aside_on_the_desk(
    run: Run, served: Served, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with (
            started(tmp_path / "desk") as (_, desk),
            started(tmp_path / "phone") as (phone, client),
        ):
            await enrol(desk, served.code("leena"), then="Aamu")
            await enrol(client, served.code("sanna"))
            nobody = phone.entropy.new_id()
            task = Task(id=phone.entropy.new_id(), title="Soita kirjastoon")
            await write(phone, task, nobody)
            await sent(client, phone)
            await desk.go("/inbox")
            await sees(desk, "Odottaa toisen laitteen kirjausta")
            await desk.tap_inside(
                next(text for text in desk.texts() if text.startswith("Odottaa toisen"))
            )
            await sees(desk, "Soita kirjastoon")
            await desk.type_into("Perustelu", "Kirjataan oikealle henkilölle.")
            await desk.tap("Jätä sivuun")
            await sees(desk, "Mikään ei odota")
            await phone.sync_now()
            for _ in range(200):
                waiting = await phone.cases(lambda store: store.waiting())
                if [one.state for one in waiting] == ["set-aside"]:
                    break
                await asyncio.sleep(0.02)
            assert [one.state for one in waiting] == ["set-aside"], "its author still reads it"

    run(scenario())
