"""Who may what: the one decision behind push, pull, cases, report and export.

`allows` is asked with a role, a register, how the worker stands to the scope (`Relation`), and
what for (`Purpose`). What no rule names is refused. It reads nothing; `standing` finds out the
facts, and whoever asks has no other rule of its own.

Registers are the records' three, and two more: `directory` (the organisation's list of services)
and `access` (teams, workers, roles, devices, codes).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

GRACE_HOURS: Final = 72
"""Work written before a right ended still arrives for this long; afterwards a person decides."""


class Role(StrEnum):
    """A worker's role, by its vocabulary code."""

    SOCIAL_INSTRUCTOR = "social_instructor"
    SOCIAL_WORKER = "social_worker"
    NURSE = "nurse"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"


class Register(StrEnum):
    """What kind of content it is."""

    COMMON = "common"
    SOCIAL = "social"
    HEALTH = "health"
    DIRECTORY = "directory"
    ACCESS = "access"


class Relation(StrEnum):
    """How a worker stands to the team the content belongs to."""

    OWN_TEAM = "own_team"
    ENDED_LATELY = "ended_lately"
    """Was of the team, or the person was, up to `GRACE_HOURS` ago."""
    ENDED_BEFORE = "ended_before"
    OTHER_TEAM = "other_team"
    ORGANISATION = "organisation"
    """Content of the whole organisation: directory and access facts."""


class Purpose(StrEnum):
    """What for."""

    READ = "read"
    """Delivered to a device (pull), or looked at in the course of work."""
    WRITE = "write"
    """Written by its author (push)."""
    DECIDE = "decide"
    """Read and settled as a case: a held or refused change."""
    REPORT = "report"
    """Counted, never shown by the person."""
    EXPORT = "export"
    """Taken out of the system."""
    ADMINISTER = "administer"
    """Changed by an access command."""


_PAIR = frozenset({Register.COMMON, Register.SOCIAL})
_CASE = frozenset({Register.COMMON, Register.SOCIAL, Register.HEALTH})
_OF_OWN_TEAM: Final[Mapping[Role, frozenset[Register]]] = {
    Role.SOCIAL_INSTRUCTOR: _PAIR,
    Role.SOCIAL_WORKER: _PAIR,
    Role.NURSE: _CASE,
    Role.LEAD: _PAIR,
    Role.ADMINISTRATOR: frozenset(),
}
_OF_EVERY_TEAM: Final[Mapping[Role, frozenset[Register]]] = {Role.LEAD: _PAIR}
_DECIDES: Final[Mapping[Role, frozenset[Register]]] = {
    Role.LEAD: _PAIR | {Register.DIRECTORY},
    Role.NURSE: frozenset({Register.HEALTH}),
}


def allows(role: Role, register: Register, relation: Relation, purpose: Purpose) -> bool:
    """Whether the policy allows it; anything not said here is refused."""
    if register is Register.ACCESS:
        return relation is Relation.ORGANISATION and _on_access(role, purpose)
    if purpose is Purpose.ADMINISTER:
        return False
    if purpose is Purpose.DECIDE and register not in _DECIDES.get(role, frozenset()):
        return False
    if register is Register.DIRECTORY:
        return relation is Relation.ORGANISATION and _on_directory(role, purpose)
    if relation is Relation.OWN_TEAM:
        return register in _OF_OWN_TEAM[role] and _beyond_work(role, purpose)
    if relation is Relation.OTHER_TEAM or relation is Relation.ENDED_BEFORE:
        return register in _OF_EVERY_TEAM.get(role, frozenset())
    if relation is Relation.ENDED_LATELY:
        late_work = purpose is Purpose.WRITE and register in _OF_OWN_TEAM[role]
        return late_work or register in _OF_EVERY_TEAM.get(role, frozenset())
    return False


def _beyond_work(role: Role, purpose: Purpose) -> bool:
    """Reports and exports are a lead's; reading, writing and deciding are each one's work."""
    return role is Role.LEAD or purpose not in (Purpose.REPORT, Purpose.EXPORT)


def _on_directory(role: Role, purpose: Purpose) -> bool:
    if purpose is Purpose.READ:
        return True
    if purpose is Purpose.WRITE:
        return role is not Role.ADMINISTRATOR
    return role is Role.LEAD


def _on_access(role: Role, purpose: Purpose) -> bool:
    if purpose is Purpose.READ:
        return True
    return purpose is Purpose.ADMINISTER and role in (Role.LEAD, Role.ADMINISTRATOR)


def readable(role: Role, relation: Relation) -> tuple[Register, ...]:
    """The registers a role may be sent of a team it stands to in that relation."""
    return tuple(
        register
        for register in (Register.COMMON, Register.SOCIAL, Register.HEALTH)
        if allows(role, register, relation, Purpose.READ)
    )
