"""The demo's organisation: a wellbeing services county that never was, its teams and workers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

NAME = "Kuvitelman hyvinvointialue"
PIN = "246135"
"""Every demo device opens with it; real workers choose their own."""

_TEAMS = ("Keskustan jalkautuvat", "Itäinen tiimi", "Rannan tiimi")
_WORKERS = (
    ("Aino Esimerkki", "social_instructor", (0,)),
    ("Veikko Harjoitus", "nurse", (0,)),
    ("Sanna Satumaa", "social_worker", (0,)),
    ("Mikael Mallinen", "social_instructor", (1,)),
    ("Ritva Keksitty", "nurse", (1,)),
    ("Oskar Exempel", "social_instructor", (1,)),
    ("Leena Tarinainen", "social_instructor", (2,)),
    ("Petra Påhitt", "nurse", (2,)),
    ("Johanna Kuvitelma", "lead", (0, 1, 2)),
)


def new_id(random: Random) -> str:
    """A UUIDv4 of a seeded generator: the same in every run of a seed."""
    raw = bytearray(random.randbytes(16))
    raw[6] = (raw[6] & 0x0F) | 0x40
    raw[8] = (raw[8] & 0x3F) | 0x80
    return raw.hex()


@dataclass(frozen=True, slots=True)
class DemoTeam:
    """A team of the demo."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoWorker:
    """A worker of the demo."""

    id: str
    name: str
    role: str
    teams: tuple[str, ...]

    @property
    def is_nurse(self) -> bool:
        """Whether they write to the health register."""
        return self.role == "nurse"


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """Three teams and nine workers."""

    teams: tuple[DemoTeam, ...]
    workers: tuple[DemoWorker, ...]

    def of_team(self, team: str, *roles: str) -> tuple[DemoWorker, ...]:
        """A team's field workers, of certain roles when named."""
        return tuple(
            worker
            for worker in self.workers
            if team in worker.teams
            and worker.role != "lead"
            and (not roles or worker.role in roles)
        )

    @property
    def lead(self) -> DemoWorker:
        """The coordinator."""
        return next(worker for worker in self.workers if worker.role == "lead")

    @property
    def pair(self) -> tuple[DemoWorker, DemoWorker]:
        """The pair of the demo's two phones: social instructor and nurse of the first team."""
        return self.workers[0], self.workers[1]


def demo_organisation(seed: int) -> DemoOrganisation:
    """The organisation of a seed: names are always the same, ids follow the seed."""
    random = Random(f"organisation {seed}")
    teams = tuple(DemoTeam(new_id(random), name) for name in _TEAMS)
    workers = tuple(
        DemoWorker(new_id(random), name, role, tuple(teams[index].id for index in of_teams))
        for name, role, of_teams in _WORKERS
    )
    return DemoOrganisation(teams, workers)
