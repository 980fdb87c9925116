"""`field-app simulate`: plays histories of faults against the real code, and judges each."""

from __future__ import annotations

import gc
import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import structlog

from field_app.simulation import bugs_of_device, bugs_of_server  # noqa: F401 - they register
from field_app.simulation.play import play
from field_app.simulation.sabotage import SABOTAGES, sabotaged
from field_app.simulation.shrink import shrink
from field_app.simulation.steps import History, history_of
from field_app.simulation.trace import Trace
from field_app.simulation.violation import Violation
from field_app.simulation.world import Played

COUNTED = ("lost", "duplicated", "diverged", "scope_violations", "stuck")
"""Violations with a count of their own in the last line; any other is named in `broken`."""
_COLLECT_EVERY = 25


@dataclass(slots=True)
class Totals:
    """What all histories came to."""

    histories: int = 0
    numbers: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, played: Played) -> None:
        """Add one history that held."""
        for name in ("writes", "acknowledged", "conflicts_planted", "conflicts_surfaced"):
            self.numbers[name] += getattr(played, name)
        self.numbers["devices"] += played.devices
        self.numbers["saves"] += played.saves
        self.faults += played.faults

    def line(self) -> dict[str, Any]:
        """The last line, as JSON."""
        return {
            "histories": self.histories,
            "writes": self.numbers["writes"],
            "acknowledged": self.numbers["acknowledged"],
            **{name: self.broken[name] for name in COUNTED},
            "conflicts_planted": self.numbers["conflicts_planted"],
            "conflicts_surfaced": self.numbers["conflicts_surfaced"],
            "faults": dict(sorted(self.faults.items())),
            "saves": self.numbers["saves"],
            "devices": self.numbers["devices"],
            "broken": dict(sorted(self.broken.items())),
            "seconds": round(self.seconds),
        }


def judge(history: History) -> Violation | None:
    """What breaks in a history, if anything."""
    try:
        play(history)
    except Violation as found:
        return found
    return None


def run(histories: int, seed: int, trace: Trace) -> tuple[Totals, History | None, Violation | None]:
    """Play histories until one breaks an invariant; which one, and which invariant."""
    totals = Totals()
    begun = time.perf_counter()
    for number in range(histories):
        if number % _COLLECT_EVERY == 0:
            gc.collect()
        history = history_of(seed + number)
        totals.histories += 1
        try:
            totals.add(play(history, trace))
        except Violation as found:
            totals.broken[found.kind] += 1
            totals.seconds = time.perf_counter() - begun
            return totals, history, found
    totals.seconds = time.perf_counter() - begun
    return totals, None, None


@contextmanager
def without_collector() -> Iterator[None]:
    """Garbage is collected between histories: within one it costs a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def quiet() -> Iterator[None]:
    """What the products log of a server that was put back is no line of ours."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(wrapper_class=before)


@click.command()
@click.option("--histories", type=click.IntRange(1), default=300, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the first history.")
@click.option("--json", "only_json", is_flag=True, help="Print the last line alone.")
@click.option(
    "--trace",
    "trace_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write every save, answer and final state there, as JSON lines.",
)
@click.option("--sabotage", type=click.Choice(sorted(SABOTAGES)), help="Break the product so.")
@click.option(
    "--shrink", "plays", type=click.IntRange(0), default=200, show_default=True,
    help="How many plays a failing history may take to become small.",
)  # fmt: skip
def simulate(
    histories: int,
    seed: int,
    only_json: bool,
    trace_file: Path | None,
    sabotage: str | None,
    plays: int,
) -> int:
    """Play histories of work, faults and access changes, and judge each against an oracle.

    Everything is drawn from the seed: the same seed is the same history everywhere. After the
    faults stop, every invariant must hold; the first that does not is told with its seed and the
    smallest history found that breaks it, and the command ends with 1.
    The last line is JSON.
    """
    broken_by = sabotaged(sabotage) if sabotage else nullcontext()
    with without_collector(), quiet(), broken_by:
        with trace_file.open("w") if trace_file else nullcontext() as file:
            totals, history, found = run(histories, seed, Trace(file))
        if history is not None and found is not None and not only_json:
            _tell(history, found, plays)
    if not only_json:
        _say_rate(totals)
    print(json.dumps(totals.line()))
    return 1 if found is not None else 0


def _tell(history: History, found: Violation, plays: int) -> None:
    print(f"seed {history.seed}: {found}")
    smallest = shrink(history, found.kind, judge, plays) if plays else history
    again = judge(smallest)
    print(f"{len(smallest.steps)} steps are enough (layout {smallest.layout}): {again}")
    for step in smallest.steps:
        print(f"  {step}")


def _say_rate(totals: Totals) -> None:
    minutes = max(totals.seconds, 0.001) / 60
    print(f"{totals.histories} histories, {totals.histories / minutes:.0f} a minute")
