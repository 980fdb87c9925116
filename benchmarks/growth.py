"""What must not grow with a caseload: a pull with nothing new, and the memory of a first sync."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contacts import read_contacts
from benchmarks.devices import BenchDevice
from benchmarks.filling import Filler
from benchmarks.processes import ServedOrganisation, served

FEW, SOME, MORE, MANY = 1_000, 10_000, 50_000, 100_000
ROUNDS = 300
"""Of nothing new; the middle one counts."""


@dataclass(frozen=True, slots=True)
class Growth:
    """One cost at a small and at a large number of records."""

    small: float
    large: float

    @property
    def ratio(self) -> float:
        """How many times the small one the large one is."""
        return self.large / self.small


@dataclass(frozen=True, slots=True)
class Growths:
    """Both costs."""

    nothing_new_ms: Growth
    """Milliseconds of a pull with nothing new, at 1,000 and at 100,000 records."""
    first_sync_mib: Growth
    """MiB a first sync takes at its peak beyond what the app took before it, at 10,000 and
    50,000 records; the search index, filled afterwards, is not in it."""


def measure(folder: Path) -> Growths:
    """Fill one server step by step, and measure on the way."""
    with ExitStack() as open_things:
        organisation = open_things.enter_context(served(folder / "server", ""))
        filler = Filler(organisation.code("Filler", organisation.port), read_contacts())
        open_things.callback(filler.close)
        filler.fill_up_to(FEW)
        code = organisation.code("Reader", organisation.port)
        reader = BenchDevice(folder / "Reader", code)
        open_things.callback(reader.close)
        at_few = _nothing_new(reader)
        filler.fill_up_to(SOME)
        some = _first_sync(folder, organisation, "Some")
        filler.fill_up_to(MORE)
        more = _first_sync(folder, organisation, "More")
        filler.fill_up_to(MANY)
        at_many = _nothing_new(reader)
        return Growths(Growth(at_few, at_many), Growth(some, more))


def _nothing_new(reader: BenchDevice) -> float:
    reader.sync()
    reader.caught_up()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        outcome = reader.sync()
        taken.append(time.perf_counter() - began)
        if outcome.pulled:
            raise AssertionError("there was something new")
    return statistics.median(taken) * 1000


def _first_sync(folder: Path, organisation: ServedOrganisation, name: str) -> float:
    """In a process of its own, so that nothing earlier is in the figure."""
    code = organisation.code(name, organisation.port)
    done = subprocess.run(  # our own module
        [sys.executable, "-m", "benchmarks.first_sync", str(folder / name), code],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])
