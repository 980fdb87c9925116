"""The app as it ships, on a real store and a real server: from the code to a safe contact."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from field_app.domain.records import Person
from field_app.store.editing import edit_towards
from field_app.sync.changes import person_scope
from field_app.sync.pace import PaceSettings
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.app import AppParts
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.enrolment import screen as enrolment
from field_app.views.opening import page_opener
from field_app.views.runtime import Gate
from field_app.views.wiring import SECTIONS, effects_of
from tests.server.served import Served
from tests.store.makers import CHEAP, MemoryKeystore
from tests.views.flet_client import FletClient

Run = Callable[[Coroutine[Any, Any, None]], None]
PIN, OTHER_PIN = "482915", "59271386"
"""The other one is longer: the pad asks for as many digits as the PIN has."""
QUICK = PaceSettings(after_save=0.02, spacing=0.05)


@asynccontextmanager
async def started(directory: Path) -> AsyncIterator[tuple[DeviceRuntime, FletClient]]:
    """The app of a data directory, just started."""
    runtime = DeviceRuntime(
        directory,
        SystemClock(),
        SystemEntropy(),
        keystore=KEYSTORES.setdefault(directory, MemoryKeystore()),
        pace=QUICK,
        cost=CHEAP,
    )
    parts = AppParts(runtime, SECTIONS, enrolment.SCREEN, lambda _: effects_of(runtime))
    try:
        async with FletClient.open(page_opener(parts)) as client:
            await until(client, lambda: runtime.gate is not Gate.OPENING)
            yield runtime, client
    finally:
        await runtime.close()


KEYSTORES: dict[Path, MemoryKeystore] = {}


async def until(client: FletClient, condition: Callable[[], bool], seconds: float = 15) -> None:
    """Let the app work until something is so."""
    for _ in range(int(seconds / 0.02)):
        await client.settle()
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"did not happen; on screen: {client.texts()}")


async def sees(client: FletClient, text: str) -> None:
    """Wait for a text."""
    await until(client, lambda: client.shows(text))


async def enter_pin(client: FletClient, pin: str) -> None:
    """Tap a PIN."""
    for digit in pin:
        await client.tap(digit)


async def choose_pin(client: FletClient, pin: str) -> None:
    """Tap a new PIN, and the tick that ends it."""
    await enter_pin(client, pin)
    await client.tap("PIN-koodi valmis")


async def enrol(client: FletClient, code: str, then: str = "Tänään") -> str:
    """Go through every step of taking into use, and see what follows; returns the six words."""
    await client.type_into("Käyttöönottokoodi", code)
    await client.tap("Jatka")
    await choose_pin(client, PIN)
    await choose_pin(client, PIN)
    await sees(client, "6. ")
    words = " ".join(
        text.partition(". ")[2] for text in client.texts() if text[:1].isdigit() and ". " in text
    )
    await client.tap("Kirjoitin sanat paperille")
    await client.type_into("Kuusi sanaa paperilta", words)
    await client.tap("Ota käyttöön")
    await sees(client, then)
    return words


def test_a_device_is_taken_into_use_locked_and_opened_with_pin_and_with_words(
    run: Run, served: Served, tmp_path: Path
) -> None:
    async def scenario() -> None:
        code = served.code("sanna")
        async with started(tmp_path / "device") as (runtime, client):
            words = await enrol(client, code)
            await sees(client, "Kaikki tallessa palvelimella")
            await runtime.lock()
            await sees(client, "PIN-koodi")
            await enter_pin(client, PIN)
            await sees(client, "Kaikki tallessa palvelimella")
        async with started(tmp_path / "device") as (runtime, client):
            assert runtime.gate is Gate.LOCKED
            await runtime.unlock(words)
            await sees(client, "Kaikki tallessa palvelimella")

    run(scenario())


def test_a_used_code_is_refused_and_another_one_goes_on_where_it_stopped(
    run: Run, served: Served, tmp_path: Path
) -> None:
    async def scenario() -> None:
        used = served.code("sanna")
        async with started(tmp_path / "first") as (_, client):
            await enrol(client, used)
        async with started(tmp_path / "second") as (runtime, client):
            await enrol(client, used, then="Tarvitset vain uuden koodin")
            assert runtime.has_keys
            fresh = served.code("sanna")
            await client.type_into("Käyttöönottokoodi", fresh)
            await client.tap("Jatka")
            await sees(client, "Tänään")

    run(scenario())


def test_what_is_saved_offline_is_counted_and_goes_when_the_network_is_back(
    run: Run, served: Served, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with started(tmp_path / "device") as (runtime, client):
            await enrol(client, served.code("sanna"))
            await until(client, lambda: bool(runtime.account and runtime.account.teams))
            await runtime.set_offline(offline=True)
            person = runtime.entropy.new_id()
            account = runtime.account
            assert account is not None
            edit = edit_towards(Person(id=person, name="Kettu"), person_scope(person), None)
            await runtime.cases(lambda s: s.save([edit], opens={person: account.teams[0]}))
            await sees(client, "vain tässä puhelimessa")
            await client.go("/safety")
            await sees(client, "Verkko on kytketty pois")
            await runtime.set_offline(offline=False)
            await sees(client, "Kaikki kirjauksesi ovat tallessa palvelimella")

    run(scenario())


def test_the_pin_is_changed_and_the_language_follows_at_once(
    run: Run, served: Served, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with started(tmp_path / "device") as (runtime, client):
            await enrol(client, served.code("sanna"))
            await client.go("/safety/settings")
            await sees(client, "Kieli")
            await client.tap("Vaihda PIN-koodi")
            await enter_pin(client, PIN)
            await choose_pin(client, OTHER_PIN)
            await choose_pin(client, OTHER_PIN)
            await sees(client, "PIN-koodi on vaihdettu")
            await client.tap("Svenska")
            await sees(client, "Språk")
            await until(client, lambda: runtime.language == "sv")
            await runtime.lock()
            await sees(client, "PIN-kod")
            await enter_pin(client, OTHER_PIN)
            await until(client, lambda: runtime.gate is Gate.UNLOCKED)

    run(scenario())
