"""A pytest plugin: in what order the parts of a run are handed to its processes.

A run ends when its last process does. What takes long begins first, and all flows that need the
running demo stay in one process: they share one demo and mostly wait for a browser, while the other
processes use the cores.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

WITH_THE_DEMO = "tests/e2e/"
BY_ITSELF = "tests/e2e/test_kit_gallery.py"
LONGEST_FIRST = (
    WITH_THE_DEMO,
    "tests/demo/test_check.py",
    "tests/simulation/test_histories",
    "tests/demo/test_launcher.py",
    "tests/simulation/",
    "tests/sync/test_merge_laws.py",
    "tests/views/coordinator/",
    "tests/sync/test_live.py",
    "tests/views/test_serve.py",
    "tests/server/test_waiting.py",
)
"""The beginnings of test ids, the longest run first; all others follow as they were collected."""


class OneDemo(LoadScopeScheduling):  # type: ignore[misc]  # xdist is untyped
    """A module a time to each process; the flows in the demo count as one module."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(WITH_THE_DEMO) and not nodeid.startswith(BY_ITSELF):
            return WITH_THE_DEMO
        return str(super()._split_scope(nodeid))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests; those of one module stay together and in their order."""
    items.sort(key=_turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    """Hand the tests out in the order they were sorted into."""
    if config.option.dist != "loadscope":
        return None
    config.option.loadscopereorder = False
    return OneDemo(config, log)


def _turn(item: pytest.Item) -> int:
    for turn, beginning in enumerate(LONGEST_FIRST):
        if item.nodeid.startswith(beginning):
            return turn
    return len(LONGEST_FIRST)
