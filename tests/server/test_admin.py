"""The command line: a newcomer's first server, errors in one sentence, and the export."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from field_app.cli import run
from field_app.sync.enrolment_code import EnrolmentCode

Capture = pytest.CaptureFixture[str]


class Desk:
    """`field-app admin` on one data folder."""

    def __init__(self, data: Path, capture: Capture) -> None:
        self.data = data
        self._capture = capture

    def __call__(self, *arguments: str, exit_code: int = 0) -> str:
        self._capture.readouterr()
        code = run(["--language", "en", "admin", "--data", str(self.data), *arguments])
        said = self._capture.readouterr()
        assert code == exit_code, said.err
        return (said.err if exit_code else said.out).strip()


@pytest.fixture
def desk(tmp_path: Path, capsys: Capture) -> Desk:
    return Desk(tmp_path / "server", capsys)


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    desk("init", "Koe")
    desk("team", "add", "Keskusta")
    desk("worker", "add", "Sanna Sosiaalinen", "--role", "social_worker", "--team", "Keskusta")
    return desk


def test_a_first_server_step_by_step(staffed: Desk) -> None:
    text, *picture = staffed("code", "Sanna Sosiaalinen").splitlines()
    assert EnrolmentCode.decode(text).address == "127.0.0.1:8700"
    assert len(picture) > 10
    status = json.loads(staffed("status"))
    assert status["organisation"]["name"] == "Koe"
    assert [team["name"] for team in status["teams"]] == ["Keskusta"]
    assert status["changes"] == {}
    assert staffed("devices") == ""
    assert staffed("export") == ""


def test_the_code_alone_for_a_program(staffed: Desk) -> None:
    assert len(staffed("code", "Sanna Sosiaalinen", "--no-qr").splitlines()) == 1


def test_names_and_ids_both_find_somebody_and_nobody_is_told(staffed: Desk) -> None:
    worker = json.loads(staffed("status"))["workers"][0]["id"]
    assert staffed("code", worker, "--no-qr")
    assert "no such" in staffed("code", "Kukaan", exit_code=2).lower()
    staffed("worker", "leave", "Sanna Sosiaalinen")
    assert staffed("code", worker, exit_code=2)


def test_an_organisation_is_made_once(staffed: Desk) -> None:
    assert staffed("init", "Toinen", exit_code=2)


def test_without_an_organisation_commands_say_so(desk: Desk) -> None:
    assert desk("team", "add", "Keskusta", exit_code=2)
    assert desk("status", exit_code=2)


def test_help_tells_a_newcomer_the_steps(desk: Desk) -> None:
    told = desk("--help")
    for word in ("init", "team add", "worker add", "code", "serve"):
        assert word in told


def test_an_unreachable_database_is_one_sentence(tmp_path: Path, capsys: Capture) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    code = run(["admin", "--data", str(tmp_path), "--database-url", nowhere, "status"])
    said = capsys.readouterr().err.strip()
    assert (code, len(said.splitlines())) == (7, 1)


def test_a_newer_database_is_one_sentence(staffed: Desk) -> None:
    import sqlite3

    with sqlite3.connect(staffed.data / "server.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    assert len(staffed("status", exit_code=7).splitlines()) == 1


def test_the_server_starts_says_where_answers_and_ends(staffed: Desk) -> None:
    with _serve(staffed.data) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["ready"] is True
        assert httpx.get(f"{ready['url']}/v1/health").json()["status"] == "ok"
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def test_a_busy_port_is_one_sentence_and_an_exit_code(staffed: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with _serve(staffed.data, taken.getsockname()[1]) as process:
            assert process.wait(30) == 6
            assert process.stderr is not None
            assert len(process.stderr.read().strip().splitlines()) == 1


def _serve(data: Path, port: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "field_app", "serve", "--data", str(data), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"FIELD_APP_LANGUAGE": "en"},
    )
