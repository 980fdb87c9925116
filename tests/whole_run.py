"""A pytest plugin: how many tests ran on which ground, and no quiet gaps in a whole run.

`make test` sets FIELD_APP_TEST_WHOLE=1. Then a skipped, xfailed or deselected test fails the run,
and so does a ground on which nothing ran at all: "all passed" shall mean that all were asked.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

WHOLE_VARIABLE = "FIELD_APP_TEST_WHOLE"
GROUNDS = {
    "sqlite": "runs against a server on SQLite",
    "postgresql": "runs against a real PostgreSQL",
    "chromium": "drives a real browser",
}
_GROUND_OF_FIXTURE = {"chromium_path": "chromium", "postgresql_url": "postgresql"}


def pytest_configure(config: pytest.Config) -> None:
    """Register the grounds as markers, and this run's ledger."""
    for ground, meaning in GROUNDS.items():
        config.addinivalue_line("markers", f"{ground}: {meaning}")
    config.pluginmanager.register(WholeRun(bool(os.environ.get(WHOLE_VARIABLE))), "whole-run")


class WholeRun:
    """The ledger of one run."""

    def __init__(self, whole: bool) -> None:
        """`whole` makes gaps fail the run."""
        self.whole = whole
        self.ran: Counter[str] = Counter()
        self.gaps: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark tests by the fixtures they use, so that no ground is forgotten."""
        for item in items:
            for name in getattr(item, "fixturenames", ()):
                if name in _GROUND_OF_FIXTURE:
                    item.add_marker(_GROUND_OF_FIXTURE[name])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a passed test on its grounds; a skip or an expected failure is a gap."""
        if report.skipped or hasattr(report, "wasxfail"):
            self.gaps.append(
                f"{report.nodeid}: {'xfail' if hasattr(report, 'wasxfail') else 'skip'}"
            )
        elif report.when == "call" and report.passed:
            self.ran.update(ground for ground in GROUNDS if ground in report.keywords)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that skips itself is a gap as well."""
        if report.skipped:
            self.gaps.append(f"{report.nodeid}: skip")

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Tests left out by -k, -m or --deselect."""
        self.gaps.extend(f"{item.nodeid}: deselected" for item in items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """One of several processes is done: what it left out is left out of the run."""
        self.gaps.extend(getattr(node, "workeroutput", {}).get("gaps", ()))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a whole run that has gaps; a run that failed already keeps its own reason."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None:  # one of several processes: the run itself is judged by the first
            told["gaps"] = [gap for gap in self.gaps if gap.endswith(": deselected")]
        elif self.whole:
            self.gaps += [f"nothing ran on {ground}" for ground in GROUNDS if not self.ran[ground]]
            if self.gaps and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what ran where."""
        counts = " · ".join(f"{ground} {self.ran[ground]}" for ground in GROUNDS)
        terminalreporter.write_line(f"passed on: {counts}")
        if self.whole and self.gaps:
            terminalreporter.section("this run is not whole", red=True)
            for gap in self.gaps:
                terminalreporter.write_line(gap)
