"""What must not grow with a caseload: a pull with nothing new, and the memory of a first sync."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contacts import read_contacts
from benchmarks.devices import BenchDevice
from benchmarks.filling import Filler
from benchmarks.processes import ServedOrganisation, found_organisation, served
from field_app.collector import collect_seldom

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


def measure(folder: Path, say: Callable[[str], None]) -> Growths:
    """Fill a server step by step, and measure on the way; a small one stays beside it."""
    with ExitStack() as open_things:
        small = _Place(folder / "small", open_things)
        small.filler.fill_up_to(FEW)
        large = _Place(folder / "large", open_things)
        large.filler.fill_up_to(SOME)
        some = _first_sync(folder, large.organisation, "Some")
        large.filler.fill_up_to(MORE)
        more = _first_sync(folder, large.organisation, "More")
        say(f"first sync: {some:.1f} MiB at {SOME:,} records, {more:.1f} MiB at {MORE:,}")
        large.filler.fill_up_to(MANY)
        readers = [place.reader(open_things) for place in (small, large)]
        return Growths(_nothing_new(*readers), Growth(some, more))


class _Place:
    """A server with an author who fills it."""

    def __init__(self, folder: Path, open_things: ExitStack) -> None:
        self._folder = folder
        found_organisation(folder / "server", "")
        self.organisation = open_things.enter_context(served(folder / "server", ""))
        self.filler = Filler(self.organisation.code("Filler"), read_contacts())
        open_things.callback(self.filler.close)

    def reader(self, open_things: ExitStack) -> BenchDevice:
        """A device that has everything, its lists up to date."""
        device = BenchDevice.enrolled(self._folder / "Reader", self.organisation.code("Reader"))
        open_things.callback(device.close)
        device.sync()
        device.caught_up()
        return device


def _nothing_new(at_few: BenchDevice, at_many: BenchDevice) -> Growth:
    """The two in turns: minutes apart they would meet two machines of different speed.

    Each is the first of its turn as often as the second.
    """
    collect_seldom()  # as the app does when it starts
    few: list[float] = []
    many: list[float] = []
    for _ in range(ROUNDS // 2):
        few.append(_pull(at_few))
        many.extend((_pull(at_many), _pull(at_many)))
        few.append(_pull(at_few))
    return Growth(statistics.median(few) * 1000, statistics.median(many) * 1000)


def _pull(reader: BenchDevice) -> float:
    began = time.perf_counter()
    outcome = reader.sync()
    seconds = time.perf_counter() - began
    if outcome.pulled:
        raise AssertionError("there was something new")
    return seconds


def _first_sync(folder: Path, organisation: ServedOrganisation, name: str) -> float:
    """In a process of its own, so that nothing earlier is in the figure."""
    code = organisation.code(name)
    done = subprocess.run(  # our own module
        [sys.executable, "-m", "benchmarks.first_sync", str(folder / name), code],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])
