"""The short way to SQLite does what SQLAlchemy's whole engine does."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from field_app.simulation import disk, office, world
from field_app.simulation.play import play
from field_app.simulation.steps import history_of
from field_app.simulation.trace import Trace

SEEDS = (31, 32, 33)


@pytest.fixture
def fresh_disks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Disks made by this test alone."""
    monkeypatch.setattr(world, "_DISKS", [])
    office.office.cache_clear()
    yield
    office.office.cache_clear()


@pytest.mark.usefixtures("fresh_disks")
def test_histories_go_the_same_way_over_the_whole_of_sqlalchemy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    traces: dict[bool, list[str]] = {}
    for is_quick in (True, False):
        monkeypatch.setattr(disk, "QUICK", is_quick)
        world._DISKS.clear()
        office.office.cache_clear()
        for seed in SEEDS:
            file = io.StringIO()
            play(history_of(seed), Trace(file))
            traces.setdefault(is_quick, []).append(file.getvalue())
    assert traces[True] == traces[False]
