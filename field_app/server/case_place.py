"""Whose case it is: the registers it touches and the teams it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from field_app.server.policy import Register, Relation, Role
from field_app.server.standing import Standing
from field_app.server.tables import memberships, parts, person_teams, workers
from field_app.sync.changes import DIRECTORY_SCOPE

_STRICTEST_FIRST = (Register.HEALTH, Register.SOCIAL, Register.COMMON, Register.DIRECTORY)


@dataclass(frozen=True, slots=True)
class CasePlace:
    """What a case touches."""

    registers: frozenset[Register]
    teams: frozenset[str]
    has_nurse: bool
    """Whether one of the teams has an active nurse; if not, any nurse stands in."""
    size: int

    @property
    def register(self) -> Register:
        """The strictest register of the case: who decides is asked with it."""
        return next(one for one in _STRICTEST_FIRST if one in self.registers)

    def relation(self, standing: Standing) -> Relation:
        """How a worker stands to the case."""
        if self.register is Register.DIRECTORY:
            return Relation.ORGANISATION
        if self.teams & set(standing.own_teams):
            return Relation.OWN_TEAM
        stands_in = self.register is Register.HEALTH and not self.has_nurse
        return Relation.OWN_TEAM if stands_in else Relation.OTHER_TEAM

    def also(self, registers: Iterable[str]) -> CasePlace:
        """The same, touching these registers as well."""
        return replace(self, registers=self.registers | {Register(name) for name in registers})


def read_places(
    connection: Connection, organisation: int, members: Sequence[Row[Any]]
) -> CasePlace:
    """What the sets of one case touch."""
    rows = connection.execute(
        select(parts.c.scope, parts.c.register, parts.c.size).where(
            parts.c.organisation == organisation,
            parts.c.set_key.in_([row.key for row in members]),
        )
    ).all()
    registers: set[Register] = set()
    found: set[str] = set()
    persons: set[str] = set()
    for scope, register, _ in rows:
        kind, _, name = scope.partition("/")
        is_directory = scope == DIRECTORY_SCOPE and register == "common"
        registers.add(Register.DIRECTORY if is_directory else Register(register))
        if kind == "team":
            found.add(name)
        elif kind == "person":
            persons.add(name)
    found |= _teams_of_persons(connection, organisation, persons)
    if not found:
        found = _teams_of_authors(connection, organisation, {row.author for row in members})
    size = sum(row.size for row in rows)
    has_nurse = _has_nurse(connection, organisation, found)
    return CasePlace(frozenset(registers), frozenset(found), has_nurse, size)


def _teams_of_persons(connection: Connection, organisation: int, persons: set[str]) -> set[str]:
    return set(
        connection.execute(
            select(person_teams.c.team).where(
                person_teams.c.organisation == organisation,
                person_teams.c.person.in_(sorted(persons)),
                person_teams.c.until_seq.is_(None),
            )
        ).scalars()
    )


def _teams_of_authors(connection: Connection, organisation: int, authors: set[str]) -> set[str]:
    return set(
        connection.execute(
            select(memberships.c.team).where(
                memberships.c.organisation == organisation,
                memberships.c.worker.in_(sorted(authors)),
                memberships.c.until_at.is_(None),
            )
        ).scalars()
    )


def _has_nurse(connection: Connection, organisation: int, found: set[str]) -> bool:
    return (
        connection.execute(
            select(workers.c.id)
            .join_from(
                workers,
                memberships,
                (memberships.c.organisation == workers.c.organisation)
                & (memberships.c.worker == workers.c.id),
            )
            .where(
                workers.c.organisation == organisation,
                workers.c.role == Role.NURSE.value,
                workers.c.active,
                memberships.c.team.in_(sorted(found)),
                memberships.c.until_at.is_(None),
            )
            .limit(1)
        ).first()
        is not None
    )
