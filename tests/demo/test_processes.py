"""The demo's processes: each says where it is, and none outlives the demo."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.demo.processes import Child, Family
from field_app.domain.errors import ChildFailed

SERVER = ("http.server", "0", "--bind", "127.0.0.1")
STUBBORN = """\
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("here", flush=True)
time.sleep(60)
"""


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    started = Family(tmp_path / "logs")
    yield started
    started.stop(0.1)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose modules children can run."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def alive(child: Child) -> bool:
    try:
        os.kill(child.pid, 0)
    except ProcessLookupError:
        return False
    return child.exit_code is None


def test_a_child_says_where_it_is(family: Family) -> None:
    child = family.start("server", SERVER, PYTHONUNBUFFERED="1")
    assert child.first_line().startswith("Serving HTTP on 127.0.0.1 port")
    assert alive(child)
    assert family.ended() is None


def test_stopping_the_family_leaves_nobody(family: Family) -> None:
    children = [family.start(name, SERVER, PYTHONUNBUFFERED="1") for name in ("one", "two")]
    for child in children:
        child.first_line()
    began = time.monotonic()
    family.stop()
    assert time.monotonic() - began < 5
    assert not any(alive(child) for child in children)


def test_a_child_that_does_not_listen_is_killed_in_time(family: Family, program: Path) -> None:
    (program / "stubborn.py").write_text(STUBBORN)
    child = family.start("stubborn", ["stubborn"])
    assert child.first_line() == "here"
    began = time.monotonic()
    family.stop(0.5)
    assert time.monotonic() - began < 3
    assert not alive(child)


def test_a_child_that_does_not_start_is_named_with_its_log(family: Family, program: Path) -> None:
    (program / "broken.py").write_text("raise SystemExit('no room')")
    child = family.start("nurse", ["broken"])
    with pytest.raises(ChildFailed) as failed:
        child.first_line()
    assert failed.value.values["name"] == "nurse"
    log = Path(str(failed.value.values["log"]))
    assert "no room" in log.read_text()


def test_a_child_that_ends_by_itself_is_noticed(family: Family, program: Path) -> None:
    (program / "brief.py").write_text("print('here')")
    child = family.start("brief", ["brief"])
    child.first_line()
    until = time.monotonic() + 5
    while family.ended() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert family.ended() is child


def test_a_child_started_again_takes_the_place_of_the_former(family: Family, program: Path) -> None:
    (program / "brief.py").write_text("print('here')")
    family.start("nurse", ["brief"]).first_line()
    again = family.start("nurse", SERVER, PYTHONUNBUFFERED="1")
    again.first_line()
    assert family.children == [again]
    assert family.ended() is None


def test_a_childs_settings_are_its_own_and_not_those_around(
    family: Family, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELD_APP_DATA", "/elsewhere")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere")
    (program / "tells.py").write_text(
        "import os\nnames = ('FIELD_APP_DATA', 'DATABASE_URL', 'FIELD_APP_LAUNCH_TOKEN')\n"
        "print([os.environ.get(name) for name in names])"
    )
    child = family.start("tells", ["tells"], FIELD_APP_LAUNCH_TOKEN="given")
    assert child.first_line() == "[None, None, 'given']"
