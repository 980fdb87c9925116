"""The lock closes behind the last letter: what was typed before it is on disk, really."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from field_app.domain.errors import StoreLocked
from field_app.store.drafts import Draft
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.failures import Failure
from field_app.views.program import Effects, Program, Running
from field_app.views.record_form.drafts import DraftWriter
from tests.store.makers import CHEAP, MemoryKeystore

Run = Callable[[Coroutine[Any, Any, None]], None]
PIN = "482915"
NOW = "2026-11-22T10:15:00.000Z"
EMPTY = Draft("d" * 32, "task", "person/p", NOW, NOW, {"text": ""})


@dataclass(frozen=True)
class Write:
    """Keep a draft."""

    draft: Draft


def typed_into(draft: Draft, letter: str) -> tuple[Draft, tuple[Write, ...]]:
    """A form of one field: each letter goes to disk."""
    longer = replace(draft, content={"text": draft.content["text"] + letter})
    return longer, (Write(longer),)


@asynccontextmanager
async def unlocked(directory: Path) -> AsyncIterator[DeviceRuntime]:
    """A device with keys."""
    runtime = DeviceRuntime(
        directory, SystemClock(), SystemEntropy(), keystore=MemoryKeystore(), cost=CHEAP
    )
    await runtime.open()
    try:
        await runtime.create_keys(PIN, await runtime.new_passphrase())
        yield runtime
    finally:
        await runtime.close()


def form_on(runtime: DeviceRuntime, failures: list[Failure]) -> Running[Draft, str]:
    """A form at work."""
    writer = DraftWriter(runtime)

    async def write(effect: Write) -> None:
        await writer.put(effect.draft)

    program: Program[Draft, str] = Program("form", lambda: (EMPTY, ()), typed_into, lambda *_: None)
    form = Running(program, (), Effects().on(Write, write), failures.append)
    form.begin()
    return form


@pytest.mark.parametrize("pause", [None, 0, 0.002])
def test_letters_typed_until_the_lock_closes_are_there_when_it_opens_again(
    tmp_path: Path, run: Run, pause: float | None
) -> None:
    async def scenario() -> None:
        failures: list[Failure] = []
        async with unlocked(tmp_path) as runtime:
            form = form_on(runtime, failures)
            for letter in "Soita asumisneuvojalle":
                form.dispatch(letter)
                if pause is not None:
                    await asyncio.sleep(pause)
            await runtime.lock()  # not one turn of the loop after the last letter
            form.close()
            with pytest.raises(StoreLocked):
                await runtime.cases(lambda store: store.drafts())
            await runtime.unlock(PIN)
            (kept,) = await runtime.cases(lambda store: store.drafts())
            assert kept.content == {"text": "Soita asumisneuvojalle"}
            assert not failures

    run(scenario())


def test_an_app_that_is_closed_while_typing_keeps_the_last_letter(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        keystore = MemoryKeystore()

        def device() -> DeviceRuntime:
            return DeviceRuntime(
                tmp_path, SystemClock(), SystemEntropy(), keystore=keystore, cost=CHEAP
            )

        first = device()
        await first.open()
        await first.create_keys(PIN, await first.new_passphrase())
        form = form_on(first, [])
        for letter in "Kahvi kelpasi":
            form.dispatch(letter)
        await first.close()
        second = device()
        await second.open()
        await second.unlock(PIN)
        (kept,) = await second.cases(lambda store: store.drafts())
        assert kept.content == {"text": "Kahvi kelpasi"}
        await second.close()

    run(scenario())
