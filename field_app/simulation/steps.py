"""Histories: what happens step by step, drawn from a seed.

A step draws its own dice from its `salt`, so that a history from which other steps were dropped
still goes the same way as far as it can: that is what makes it shrink.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple

from field_app.simulation.line import LINK_FAULTS
from field_app.simulation.office import LAYOUTS

DISK_FAULTS = ("device_killed", "device_disk_full", "server_killed", "server_disk_full")


class Step(NamedTuple):
    """One step: what, on which device (by number), with which dice, and what goes wrong in it."""

    kind: str
    who: int
    salt: int
    fault: str = ""

    def __str__(self) -> str:
        """As a shrunk history shows it."""
        wrong = f"  !{self.fault}" if self.fault else ""
        return f"{self.kind:<10} device {self.who}  salt {self.salt}{wrong}"


@dataclass(frozen=True, slots=True)
class History:
    """A seed's organisation and steps."""

    seed: int
    layout: int
    steps: tuple[Step, ...]
    newer: frozenset[int]
    """Devices with a newer version of the app from the beginning."""


_WEIGHTS = {
    "save": 44,
    "look": 6,
    "sync": 23,
    "pull": 4,
    "access": 8,
    "case": 4,
    "time": 5,
    "clock": 1.5,
    "kill": 1.5,
    "forget": 1.5,
    "late": 2,
    "poison": 1.2,
    "reuse": 1,
    "upgrade": 0.5,
    "cross": 3,
    "unseen": 1,
    "away": 0.6,
    "enrol": 0.8,
    "restore": 0.8,
    "clone": 0.5,
    "failover": 0.6,
    "backup": 0.5,
    "gate": 0.5,
}
STEPS = 40


def history_of(seed: int) -> History:
    """The history of a seed."""
    dice = random.Random(f"history {seed}")
    layout = dice.randrange(len(LAYOUTS))
    devices = sum(seat.devices for seat in LAYOUTS[layout].seats)
    kinds, weights = list(_WEIGHTS), list(_WEIGHTS.values())
    steps: list[Step] = []
    # Somebody has to have begun: the first saves are with everyone before it gets hard.
    steps.extend(Step("save", who, dice.getrandbits(32)) for who in range(2))
    for kind in dice.choices(kinds, weights, k=STEPS + dice.randrange(-8, 9)):
        who = dice.randrange(devices)
        steps.append(Step(kind, who, dice.getrandbits(32), _fault(kind, dice)))
    at = dice.randrange(len(steps))
    steps.insert(at, Step("checkpoint", dice.randrange(devices), dice.getrandbits(32)))
    newer = frozenset(who for who in range(devices) if dice.random() < 0.15)
    return History(seed, layout, tuple(steps), newer)


def _fault(kind: str, dice: random.Random) -> str:
    if kind == "save":
        return dice.choice(DISK_FAULTS[:2]) if dice.random() < 0.08 else ""
    if kind in ("sync", "pull"):
        if dice.random() < 0.42:
            return dice.choice(LINK_FAULTS + DISK_FAULTS)
        return "left_midway" if dice.random() < 0.2 else ""
    if kind in ("access", "case"):
        return dice.choice(DISK_FAULTS[2:]) if dice.random() < 0.08 else ""
    return ""
