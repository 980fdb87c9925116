"""The headless device's control: for this machine and its own launcher alone."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from field_app.demo.device_process import Commands, control_app, main
from field_app.demo.processes import Family
from field_app.demo.story_device import CheckFailed, Device, Refused, expect, wait_until
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime

TOKEN = "the launcher's own"


def ask(
    folder: Path, body: dict[str, Any], token: str = TOKEN, caller: str = "127.0.0.1"
) -> httpx.Response:
    async def asked() -> httpx.Response:
        runtime = DeviceRuntime(folder, SystemClock(), SystemEntropy())
        await runtime.open()
        app = control_app(Commands(runtime), TOKEN)
        transport = httpx.ASGITransport(app, client=(caller, 1))
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://device") as client:
                return await client.post("/do", json=body, headers=headers)
        finally:
            await runtime.close()

    return asyncio.run(asked())


def test_a_new_device_says_that_it_is_new(tmp_path: Path) -> None:
    said = ask(tmp_path / "device", {"do": "status"}).json()["ok"]
    assert said == {"gate": "NEW", "offline": False, "account": None, "sync": None}


def test_another_token_is_refused(tmp_path: Path) -> None:
    assert ask(tmp_path / "device", {"do": "status"}, token="guessed").status_code == 403


def test_another_machine_is_refused_even_with_the_token(tmp_path: Path) -> None:
    assert ask(tmp_path / "device", {"do": "status"}, caller="192.0.2.7").status_code == 403


def test_there_is_no_command_that_syncs_and_none_that_is_not_listed(tmp_path: Path) -> None:
    for command in ("sync", "sync_now", "__init__", ""):
        assert ask(tmp_path / "device", {"do": command}).status_code == 404


def test_an_error_of_the_product_comes_as_its_code(tmp_path: Path) -> None:
    answer = ask(tmp_path / "device", {"do": "people"})
    assert answer.status_code == 409
    assert answer.json()["error"] == "store_locked"


def test_it_does_not_start_without_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FIELD_APP_CONTROL_TOKEN", raising=False)
    with pytest.raises(SystemExit):
        main([str(tmp_path / "device")])
    assert "FIELD_APP_CONTROL_TOKEN" in capsys.readouterr().err
    assert not (tmp_path / "device").exists()


def test_it_takes_no_address_to_listen_on() -> None:
    command = [sys.executable, "-m", "field_app.demo.device_process", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "--host" not in said
    assert "--port" not in said


def test_a_real_one_answers_is_killed_and_starts_again(tmp_path: Path) -> None:
    family = Family(tmp_path / "logs")
    device = Device(family, "phone", tmp_path / "device")
    try:
        device.launch(offline=True)
        device.connect()
        assert device.do("status")["offline"] is True
        with pytest.raises(Refused) as refused:
            device.do("unlock", secret="246135")
        assert refused.value.code == "store_missing"
        device.kill()
        with pytest.raises(CheckFailed):
            device.do("status")
        device.launch()
        device.connect()
        assert device.do("status")["offline"] is False
    finally:
        device.close()
        family.stop()


def test_waiting_gives_what_it_waited_for_or_says_what_did_not_come() -> None:
    answers = iter([0, 0, 7])
    assert wait_until(lambda: next(answers), "a seven") == 7
    with pytest.raises(CheckFailed, match="rain"):
        wait_until(lambda: False, "rain", seconds=0.1)
    with pytest.raises(CheckFailed, match="order"):
        expect([], "order")
