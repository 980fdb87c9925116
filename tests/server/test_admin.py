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
    assert staffed("code", "Kukaan", exit_code=2).startswith("No team or worker has this name")
    refused = staffed("worker", "add", "A", "--role", "nurse", "--team", "Ei", exit_code=2)
    assert refused.startswith("No team or worker has this name")
    staffed("worker", "leave", "Sanna Sosiaalinen")
    assert staffed("code", worker, exit_code=2)


def test_an_organisation_is_made_once(staffed: Desk) -> None:
    assert staffed("init", "Toinen", exit_code=2).startswith("The server has its organisation")


def test_a_name_has_something_in_it(desk: Desk) -> None:
    assert desk("init", "  ", exit_code=2)
    desk("init", "Koe")
    assert desk("team", "add", "", exit_code=2)


def test_a_team_is_there_once(staffed: Desk) -> None:
    assert staffed("team", "add", " Keskusta ", exit_code=2).startswith("A team of this name")
    assert len(json.loads(staffed("status"))["teams"]) == 1


def test_without_an_organisation_commands_say_so(desk: Desk) -> None:
    for words in (("team", "add", "Keskusta"), ("status",), ("export",), ("code", "Sanna")):
        assert "field-app admin init" in desk(*words, exit_code=2)


def test_the_servers_folder_and_database_are_for_their_user_alone(staffed: Desk) -> None:
    assert staffed.data.stat().st_mode & 0o777 == 0o700
    for path in staffed.data.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("mine")
    assert run(["admin", "--data", str(tmp_path / "file" / "server"), "status"]) == 6
    assert len(capsys.readouterr().err.splitlines()) == 1


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
