"""A device of the check, seen from outside: its process, and what it answers."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx

from field_app.demo.device_process import TOKEN_VARIABLE
from field_app.demo.processes import Child, Family

Found = TypeVar("Found")

INTERVAL_SECONDS = 1.0
"""How often the check's devices ask by themselves; a phone does every few minutes."""
WAIT_SECONDS = 20.0
_ASK_SECONDS = 30.0


class CheckFailed(Exception):
    """The story did not go as it must; says what was expected."""


class Refused(Exception):
    """A device answered with an error of the product."""

    def __init__(self, code: str) -> None:
        """Keep the error's stable code."""
        super().__init__(code)
        self.code = code


class Device:
    """One worker's device: started, asked, killed and started again."""

    def __init__(self, family: Family, name: str, directory: Path) -> None:
        """Name a device and its data directory; nothing runs yet."""
        self.name = name
        self.directory = directory
        self.passphrase = ""
        self.worker = ""
        self.device_id = ""
        self._family = family
        self._child: Child | None = None
        self._client: httpx.Client | None = None

    def launch(self, *, offline: bool = False) -> None:
        """Start its process; `connect` waits until it answers."""
        arguments = ["field_app.demo.device_process", str(self.directory)]
        arguments += ["--interval", str(INTERVAL_SECONDS)]
        if offline:
            arguments.append("--offline")
        self._token = secrets.token_urlsafe(32)
        variables = {TOKEN_VARIABLE: self._token}
        self._child = self._family.start(self.name, arguments, **variables)

    def connect(self) -> None:
        """Wait until the process answers.

        Raises:
            ChildFailed: it does not.
        """
        assert self._child is not None
        url = json.loads(self._child.first_line())["url"]
        self.close()
        headers = {"Authorization": f"Bearer {self._token}"}
        self._client = httpx.Client(
            base_url=url, headers=headers, trust_env=False, timeout=_ASK_SECONDS
        )

    def do(self, command: str, **values: Any) -> Any:
        """Ask it to do something.

        Raises:
            Refused: an error of the product.
            CheckFailed: it does not answer as it should.
        """
        assert self._client is not None
        try:
            answer = self._client.post("/do", json={"do": command, **values})
        except httpx.HTTPError as error:
            raise CheckFailed(f"{self.name}: {command}: {type(error).__name__}") from error
        if answer.status_code == 409:
            raise Refused(answer.json()["error"])
        if answer.status_code != 200:
            raise CheckFailed(f"{self.name}: {command}: HTTP {answer.status_code}")
        return answer.json()["ok"]

    def save(self, *edits: dict[str, Any], **more: Any) -> None:
        """Save edits as one change."""
        self.do("save", edits=list(edits), **more)

    def sync(self) -> dict[str, Any]:
        """The present sync status."""
        status: dict[str, Any] | None = self.do("status")["sync"]
        if status is None:
            raise CheckFailed(f"{self.name} is locked")
        return status

    def is_away(self) -> bool:
        """Whether its last try to reach the server failed for want of a network."""
        return bool(self.sync()["phase"] == "offline")

    def record(self, record_id: str) -> dict[str, Any]:
        """A record as it is shown there.

        Raises:
            CheckFailed: it is not there.
        """
        found: dict[str, Any] | None = self.do("record", id=record_id)
        if found is None:
            raise CheckFailed(f"{self.name} has no record {record_id}")
        return found

    def holds(self, record_id: str) -> bool:
        """Whether it has anything of a record."""
        return self.do("record", id=record_id) is not None

    def wait_settled(self) -> None:
        """Wait until nothing is only there, and everything has arrived."""
        wait_until(
            lambda: (
                (now := self.sync())["unsynced"] == 0
                and now["phase"] == "idle"
                and now["error"] is None
                and not now["not_complete_yet"]
            ),
            f"{self.name} is in step with the server",
        )

    def close(self) -> None:
        """Let go of the connection; the process goes on."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def kill(self) -> None:
        """End its process at once, as a dead battery would."""
        assert self._child is not None
        self._child.kill()

    def stop(self) -> None:
        """End its process as its user would."""
        assert self._child is not None
        self._child.ask_to_stop()
        self._child.wait_stopped(time.monotonic() + 5)


def wait_until(
    condition: Callable[[], Found], expected: str, seconds: float = WAIT_SECONDS
) -> Found:
    """Wait until something holds, and return it.

    Raises:
        CheckFailed: it did not within that time.
    """
    until = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > until:
            raise CheckFailed(f"expected within {seconds:.0f} s: {expected}")
        time.sleep(0.1)


def expect(condition: object, expected: str) -> None:
    """Make sure of something.

    Raises:
        CheckFailed: it is not so.
    """
    if not condition:
        raise CheckFailed(f"expected: {expected}")
