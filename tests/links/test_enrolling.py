"""A phone that dies, or hears nothing, while it is taken into use comes in with the same code."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from field_app.domain.errors import CodeUsed, SyncError
from field_app.simulation_real.proxy import Network
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.runtime import Gate
from tests.links.conftest import BRISK, Street, is_safe, until
from tests.store.makers import CHEAP, MemoryKeystore

PIN = "482915"


def test_a_code_whose_answer_was_lost_lets_the_same_phone_in_after_a_restart_and_no_other(
    street: Street, tmp_path: Path
) -> None:
    keystores = {"mine": MemoryKeystore(), "other": MemoryKeystore()}

    def phone(name: str) -> DeviceRuntime:
        return DeviceRuntime(
            tmp_path / name,
            SystemClock(),
            SystemEntropy(),
            keystore=keystores[name],
            pace=BRISK,
            cost=CHEAP,
        )

    async def scenario() -> None:
        code = street.code("sanna")
        street.proxy.network = Network({"answer_lost": 1.0})
        mine = phone("mine")
        await mine.open()
        await mine.create_keys(PIN, await mine.new_passphrase())
        with pytest.raises(SyncError):
            await mine.enrol(code)
        await mine.close()
        street.mend()
        other, mine = phone("other"), phone("mine")
        await other.open()
        await other.create_keys(PIN, await other.new_passphrase())
        with pytest.raises(CodeUsed):
            await other.enrol(code)
        await mine.open()
        await mine.unlock(PIN)
        assert mine.has_keys
        assert mine.gate is Gate.NEW
        await mine.enrol(code.lower())
        await until(lambda: is_safe(mine), mine)
        await other.enrol(street.code("sanna"))
        await until(lambda: is_safe(other), other)
        devices = await mine.cases(lambda cases: cases.require_identity().device)
        assert devices != await other.cases(lambda cases: cases.require_identity().device)
        await mine.close()
        await other.close()

    asyncio.run(scenario())
