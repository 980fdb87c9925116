"""The facts the policy is asked with: a worker's role and teams, now and lately.

A `Standing` is read once in a request, under the same lock or snapshot as what it decides about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from field_app.domain.clock import Instant, plus
from field_app.domain.errors import DeviceRevoked
from field_app.server import policy
from field_app.server.policy import Purpose, Register, Relation, Role
from field_app.server.tables import memberships, teams, workers
from field_app.sync.changes import DIRECTORY_SCOPE

_WORKER = select(workers).where(
    workers.c.organisation == bindparam("number"), workers.c.id == bindparam("worker_id")
)
_PERIODS = select(memberships.c.team, memberships.c.until_at, memberships.c.grant_epoch).where(
    memberships.c.organisation == bindparam("number"),
    memberships.c.worker == bindparam("worker_id"),
)
_TEAMS = select(teams.c.id).where(teams.c.organisation == bindparam("number"))


class Period(NamedTuple):
    """Something that held until a moment; None: it still holds."""

    what: str
    until_at: Instant | None
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A worker's role and teams, and those that ended."""

    worker: str
    name: str
    role: Role
    role_epoch: int
    previous_role: Role | None
    role_changed_at: Instant | None
    teams: tuple[Period, ...]
    every_team: tuple[str, ...]
    """All teams of the organisation: a lead's buckets."""

    @property
    def own_teams(self) -> tuple[str, ...]:
        """The teams the worker is in now, sorted."""
        return tuple(sorted({team.what for team in self.teams if team.until_at is None}))

    def relation(self, scope_teams: Iterable[Period], at: Instant) -> Relation:
        """How the worker stood at `at` to a scope that was with these teams, each until when."""
        oldest = plus(at, hours=-policy.GRACE_HOURS)
        best = Relation.OTHER_TEAM
        for place in scope_teams:
            for own in self.teams:
                if own.what != place.what:
                    continue
                ends = [end for end in (own.until_at, place.until_at) if end is not None]
                if not ends:
                    return Relation.OWN_TEAM
                if min(ends) > oldest:
                    best = Relation.ENDED_LATELY
                elif best is Relation.OTHER_TEAM:
                    best = Relation.ENDED_BEFORE
        return best

    def may_write(self, register: Register, relation: Relation, at: Instant) -> bool:
        """Whether a write is in the worker's right, with the role of now or of lately."""
        if policy.allows(self.role, register, relation, Purpose.WRITE):
            return True
        if self.previous_role is None or self.role_changed_at is None:
            return False
        lately = self.role_changed_at > plus(at, hours=-policy.GRACE_HOURS)
        return lately and policy.allows(self.previous_role, register, relation, Purpose.WRITE)

    def grants(self) -> dict[str, int]:
        """{team: grant epoch} of every team whose buckets the worker may read."""
        own = {
            team.what: max(team.epoch, self.role_epoch)
            for team in self.teams
            if team.until_at is None
        }
        if not policy.readable(self.role, Relation.OTHER_TEAM):
            return own
        return dict.fromkeys(self.every_team, self.role_epoch)

    def buckets(self) -> dict[str, int]:
        """{bucket: grant epoch} of everything the worker's devices may hold."""
        own = set(self.own_teams)
        found = {DIRECTORY_SCOPE: 0}
        for team, epoch in self.grants().items():
            relation = Relation.OWN_TEAM if team in own else Relation.OTHER_TEAM
            for register in policy.readable(self.role, relation):
                found[f"team/{team}/{register.value}"] = epoch
        return found


def read_standing(
    connection: Connection, organisation: int, worker: str, *, also_inactive: bool = False
) -> Standing:
    """Read a worker's standing; `also_inactive` for work that was pushed before they left.

    Raises:
        DeviceRevoked: the worker is no longer active, and so neither are their devices.
    """
    who = {"number": organisation, "worker_id": worker}
    row = connection.execute(_WORKER, who).one_or_none()
    if row is None or not (row.active or also_inactive):
        raise DeviceRevoked("worker not active")
    found = connection.execute(_PERIODS, who)
    periods = tuple(Period(team, until_at, epoch) for team, until_at, epoch in found)
    every = connection.execute(_TEAMS, {"number": organisation})
    return Standing(
        worker=worker,
        name=row.name,
        role=Role(row.role),
        role_epoch=row.role_epoch,
        previous_role=Role(row.previous_role) if row.previous_role else None,
        role_changed_at=row.role_changed_at,
        teams=periods,
        every_team=tuple(sorted(every.scalars())),
    )
