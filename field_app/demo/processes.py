"""The processes of the demo: started, listened to, and stopped without leaving any behind.

Each child is a program of the product, in a session of its own: ctrl-C reaches the launcher alone,
which stops them in order. What a child says first on stdout tells where it is; everything it
complains of goes to its log.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from field_app.domain.errors import ChildFailed

START_SECONDS = 60.0
"""How long a child may take until it says where it is."""
STOP_SECONDS = 3.0
"""How long a child may take to end by itself; then it is killed (its store survives that)."""


class Child:
    """One running process."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path, **variables: str) -> None:
        """Start `python -m …`; `variables` are added to its environment."""
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stdout=subprocess.PIPE,
                stderr=complaints,
                stdin=subprocess.DEVNULL,
                env=_environment(variables),
                start_new_session=True,
            )
        self._said: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True, name=f"{name} stdout").start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll()

    def first_line(self, seconds: float = START_SECONDS) -> str:
        """What it says first: where it is.

        Raises:
            ChildFailed: it ended before that, or said nothing.
        """
        try:
            said = self._said.get(timeout=seconds)
        except queue.Empty:
            said = None
        if said is None:
            raise self.failure()
        return said

    def failure(self) -> ChildFailed:
        """The error that says which process it is and where its log lies."""
        return ChildFailed(self.name, name=self.name, log=str(self.log))

    def ask_to_stop(self) -> None:
        """Ask it to end; returns at once."""
        if self.exit_code is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a dead battery would, and wait until it is gone."""
        self._process.kill()
        self._process.wait()

    def wait_stopped(self, until: float) -> None:
        """Wait for its end until a moment of the monotonic clock; then kill it."""
        try:
            self._process.wait(max(0.05, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            for line in stdout:
                self._said.put(line.decode(errors="replace").strip())
        self._said.put(None)


class Family:
    """All children of one run."""

    def __init__(self, logs: Path) -> None:
        """Keep their logs in this folder."""
        self.logs = logs
        self.children: list[Child] = []

    def start(self, name: str, arguments: Sequence[str], **variables: str) -> Child:
        """Start a child in place of a former one of that name, which is ended."""
        for former in [child for child in self.children if child.name == name]:
            former.kill()
            self.children.remove(former)
        child = Child(name, arguments, self.logs / f"{name}.log", **variables)
        self.children.append(child)
        return child

    def ended(self) -> Child | None:
        """A child that ended by itself, if there is one."""
        return next((child for child in self.children if child.exit_code is not None), None)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop all of them, at once; none is alive afterwards."""
        for child in self.children:
            child.ask_to_stop()
        until = time.monotonic() + seconds
        for child in self.children:
            child.wait_stopped(until)
        self.children.clear()


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The parent's, without settings that would lead a child elsewhere."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FIELD_APP_") and name != "DATABASE_URL"
    }
    return {**kept, **variables}
