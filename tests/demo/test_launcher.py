"""`field-app demo`: one command starts a server, three apps and a page, and takes them along."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
import pytest

from field_app.views.serve import take_port

STOP_SECONDS = 5.0


@dataclass
class Running:
    """A started demo."""

    process: subprocess.Popen[str]
    url: str = ""
    children: list[psutil.Process] = field(default_factory=list)

    def stop(self, how: signal.Signals) -> float:
        """Stop it; returns the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(30)
        took = time.monotonic() - began
        self.process.communicate()
        return took

    def nobody_left(self) -> bool:
        """Whether every process it started has ended."""
        return not any(child.is_running() for child in self.children)


def start(*arguments: str, temporary: Path, wait: bool = True) -> Running:
    environment = {**os.environ, "FIELD_APP_LANGUAGE": "en", "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-m", "field_app", "demo", "--headless", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    running = Running(process)
    assert process.stdout is not None
    for line in process.stdout if wait else ():
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            running.url = found.group()
            break
    running.children = psutil.Process(process.pid).children(recursive=True)
    return running


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder to keep the demo in, and one for what must not stay."""
    return tmp_path_factory.mktemp("demo") / "data", tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def demo(places: tuple[Path, Path]) -> Iterator[Running]:
    data, temporary = places
    running = start("--data", str(data), temporary=temporary)
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGTERM)


def test_a_page_comes_up_with_three_apps_that_answer(demo: Running) -> None:
    assert demo.url, demo.process.stderr and demo.process.stderr.read()
    page = httpx.get(demo.url).text
    links = set(re.findall(r'<iframe src="([^"]+)"', page))
    assert len(links) == 3
    for link in links:
        origin = link.partition("/?")[0]
        assert httpx.get(f"{origin}/health").json() == {"ok": True}
        assert httpx.get(origin).status_code == 403, "the app itself wants its launch link"
        entered = httpx.get(link)
        assert entered.status_code == 303
        assert entered.cookies


def test_four_processes_run_each_its_own(demo: Running) -> None:
    commands = [" ".join(child.cmdline()) for child in demo.children]
    assert sum(" field_app serve " in command for command in commands) == 1
    assert sum(" field_app app " in command for command in commands) == 3


def test_an_app_may_be_shown_in_the_demos_page_alone(demo: Running) -> None:
    link = re.findall(r'<iframe src="([^"]+)"', httpx.get(demo.url).text)[0]
    with httpx.Client(follow_redirects=True) as client:
        policy = client.get(link).headers["content-security-policy"]
    assert f"frame-ancestors {demo.url.rstrip('/')}" in policy


def test_the_switch_works_and_its_token_is_not_in_the_page(demo: Running) -> None:
    origin = demo.url.rstrip("/")
    asked = httpx.post(
        f"{demo.url}offline/nurse", json={"offline": True}, headers={"origin": origin}
    )
    assert asked.json() == {"offline": True}
    tokens = [child.environ()["FIELD_APP_CONTROL_TOKEN"] for child in apps(demo)]
    page = httpx.get(demo.url).text
    assert len(set(tokens)) == 3
    assert not any(token in page for token in tokens)
    asked = httpx.post(
        f"{demo.url}offline/nurse", json={"offline": False}, headers={"origin": origin}
    )
    assert asked.json() == {"offline": False}


def test_no_token_is_on_a_command_line(demo: Running) -> None:
    for child in apps(demo):
        line = " ".join(child.cmdline())
        assert child.environ()["FIELD_APP_LAUNCH_TOKEN"] not in line
        assert child.environ()["FIELD_APP_CONTROL_TOKEN"] not in line


def test_a_closed_terminal_stops_all_of_them_and_a_second_start_goes_on_from_there(
    demo: Running, places: tuple[Path, Path]
) -> None:
    data, temporary = places
    assert demo.stop(signal.SIGHUP) < STOP_SECONDS
    assert demo.process.returncode == 0
    assert demo.nobody_left()
    before = devices(data)
    began = time.monotonic()
    again = start("--data", str(data), temporary=temporary)
    try:
        assert again.url
        assert time.monotonic() - began < 60
        assert devices(data) == before, "nothing was seeded or enrolled again"
        assert httpx.get(again.url).status_code == 200
    finally:
        assert again.stop(signal.SIGINT) < STOP_SECONDS
    assert again.process.returncode == 0
    assert again.nobody_left()
    assert list(temporary.iterdir()) == []


def test_a_killed_app_comes_back_where_it_was_and_a_killed_server_is_named(
    demo: Running, places: tuple[Path, Path]
) -> None:
    assert demo.process.poll() is not None, "this test goes on with the folder of the one before"
    data, temporary = places
    running = start("--data", str(data), temporary=temporary)
    httpx.post(
        f"{running.url}offline/nurse",
        json={"offline": True},
        headers={"origin": running.url.rstrip("/")},
    ).raise_for_status()
    before = {child.pid for child in apps(running)}
    link = links(running)["nurse"]
    process_of(running, "devices/nurse").kill()
    assert "nurse stopped and was started again" in next(said(running))
    running.children = psutil.Process(running.process.pid).children(recursive=True)
    assert len({child.pid for child in apps(running)} - before) == 1
    assert httpx.get(link).status_code == 303, "the page's frame points there still"
    process_of(running, " field_app serve ").kill()
    _, complaint = running.process.communicate(timeout=30)
    assert running.process.returncode == 6
    assert complaint.strip() == (
        f"The demo's program server stopped. Its log: {data}/logs/server.log"
    )
    assert running.nobody_left()


@pytest.mark.parametrize("kept", [False, True], ids=["its own folder", "a folder that was given"])
def test_ctrl_c_in_the_middle_of_the_start_leaves_nothing(tmp_path: Path, kept: bool) -> None:
    data = tmp_path / "data"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    running = start(*(["--data", str(data)] if kept else []), temporary=temporary, wait=False)
    until = time.monotonic() + 30
    while not list(tmp_path.glob("**/server/server.db")):
        assert time.monotonic() < until
        time.sleep(0.1)
    running.children = psutil.Process(running.process.pid).children(recursive=True)
    running.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    assert running.stop(signal.SIGINT) < STOP_SECONDS, "an impatient second one breaks nothing off"
    assert running.nobody_left()
    assert list(temporary.iterdir()) == []
    assert not kept or list(data.iterdir()) == [], "a next start finds room"


def test_a_busy_port_is_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    with take_port(0) as held:
        port = held.getsockname()[1]
        assert isinstance(held, socket.socket)
        done = subprocess.run(
            [sys.executable, "-m", "field_app", "demo", "--headless", "--port", str(port)],
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
            env={**os.environ, "FIELD_APP_LANGUAGE": "en", "TMPDIR": str(tmp_path)},
        )
    assert done.returncode == 6
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "--port" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"mine")
    running = start("--data", str(tmp_path), temporary=tmp_path / "t", wait=False)
    _, complaint = running.process.communicate(timeout=60)
    assert running.process.returncode == 6
    assert complaint.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["photo.jpg"]


def said(running: Running) -> Iterator[str]:
    assert running.process.stdout is not None
    yield from running.process.stdout


def process_of(running: Running, part: str) -> psutil.Process:
    return next(child for child in running.children if part in " ".join(child.cmdline()))


def links(running: Running) -> dict[str, str]:
    """Each app's launch link, in the page's order."""
    names = ("social_instructor", "nurse", "coordinator")
    found = re.findall(r'<iframe src="([^"]+)"', httpx.get(running.url).text)
    return dict(zip(names, found, strict=True))


def apps(running: Running) -> list[psutil.Process]:
    return [child for child in running.children if " field_app app " in " ".join(child.cmdline())]


def devices(data: Path) -> dict[str, str]:
    """What tells the three stores apart from new ones."""
    secrets = (data / "devices").glob("*/pin-*.secret")
    state = json.loads((data / "demo.json").read_text())
    return {path.parent.name: path.name for path in secrets} | {"seed": str(state["seed"])}
