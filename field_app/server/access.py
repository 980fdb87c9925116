"""Access commands: who is in which team, in which role, and which team a person is with.

Each command takes the organisation's lock and one sequence, so that every device learns of it in
the same place of the same order; staff changes bump the version of the staff snapshot. A command
is logged with ids, never with names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from field_app.domain.clock import Entropy, Instant
from field_app.domain.declaration import REGISTERS
from field_app.domain.errors import AlreadyThere, InvalidInput, NameTaken, NotFound
from field_app.server import first_writes
from field_app.server.organisation import Locked, lock
from field_app.server.policy import Role
from field_app.server.reading import OPERATOR
from field_app.server.sealing import Sealer
from field_app.server.tables import (
    access_commands,
    access_events,
    devices,
    memberships,
    person_teams,
    record_states,
    teams,
    workers,
)
from field_app.sync.canonical import canonical_bytes
from field_app.sync.changes import person_scope

NAME_LETTERS_MAX = 120


@dataclass(frozen=True, slots=True)
class Commander:
    """Carries out commands of one actor in one transaction."""

    connection: Connection
    organisation: int
    now: Instant
    entropy: Entropy
    sealer: Sealer
    actor: str = OPERATOR

    def add_team(self, name: str) -> str:
        """Add a team and return its id.

        Raises:
            InvalidInput: no name.
            NameTaken: a team has it already; which of two "Centre" a person meant, nobody knows.
        """
        team = self.entropy.new_id()
        locked = lock(self.connection, self.organisation)
        row = {"organisation": self.organisation, "id": team, "name": checked_name(name)}
        mine = teams.c.organisation == self.organisation
        same = select(teams.c.id).where(mine, teams.c.name == row["name"])
        if self.connection.execute(same).first() is not None:
            raise NameTaken("team")
        self.connection.execute(insert(teams).values(row))
        self._finish(locked, "add_team", {"team": team})
        return team

    def add_worker(self, name: str, role: str, in_teams: tuple[str, ...] = ()) -> str:
        """Add a worker with a role, in these teams, and return their id.

        Raises:
            InvalidInput: no name, or no such role.
            NotFound: no such team.
        """
        worker = self.entropy.new_id()
        locked = lock(self.connection, self.organisation)
        self.connection.execute(
            insert(workers).values(
                organisation=self.organisation,
                id=worker,
                name=checked_name(name),
                role=_checked_role(role).value,
                role_epoch=locked.sequence + 1,
                active=True,
            )
        )
        for team in in_teams:
            self._require_team(team)
            self._open_membership(locked, worker, team)
        self._finish(locked, "add_worker", {"worker": worker, "teams": list(in_teams)})
        return worker

    def join_team(self, worker: str, team: str) -> None:
        """Put a worker into a team.

        Raises:
            NotFound: no such worker or team.
            AlreadyThere: the worker is in the team.
        """
        locked = lock(self.connection, self.organisation)
        self._require_worker(worker)
        self._require_team(team)
        if self._is_member(worker, team):
            raise AlreadyThere("membership")
        self._open_membership(locked, worker, team)
        self._finish(locked, "join_team", {"worker": worker, "team": team})

    def leave_team(self, worker: str, team: str) -> None:
        """Take a worker out of a team; what they wrote before still arrives for 72 hours.

        Raises:
            NotFound: the worker is not in the team.
        """
        locked = lock(self.connection, self.organisation)
        if not self._is_member(worker, team):
            raise NotFound("membership")
        self.connection.execute(
            update(memberships)
            .where(
                memberships.c.organisation == self.organisation,
                memberships.c.worker == worker,
                memberships.c.team == team,
                memberships.c.until_at.is_(None),
            )
            .values(until_at=self.now)
        )
        self._finish(locked, "leave_team", {"worker": worker, "team": team})

    def change_role(self, worker: str, role: str) -> None:
        """Give a worker another role; every bucket they keep starts anew on their devices.

        Raises:
            InvalidInput: no such role.
            NotFound: no such worker.
        """
        locked = lock(self.connection, self.organisation)
        previous = self._require_worker(worker)
        self._set_worker(
            worker,
            role=_checked_role(role).value,
            role_epoch=locked.sequence + 1,
            previous_role=previous,
            role_changed_at=self.now,
        )
        self._finish(locked, "change_role", {"worker": worker, "role": role})

    def set_active(self, worker: str, active: bool) -> None:
        """Mark a worker as one who left (every device is refused at once), or as back.

        Raises:
            NotFound: no such worker.
        """
        locked = lock(self.connection, self.organisation)
        self._require_worker(worker)
        self._set_worker(worker, active=active)
        self._finish(locked, "set_active", {"worker": worker, "active": active})

    def revoke_device(self, device: str) -> None:
        """Refuse a device from now on; its unsynced work stays on it.

        Raises:
            NotFound: no such device, or revoked before.
        """
        locked = lock(self.connection, self.organisation)
        changed = self.connection.execute(
            update(devices)
            .where(
                devices.c.organisation == self.organisation,
                devices.c.id == device,
                devices.c.revoked_at.is_(None),
            )
            .values(revoked_at=self.now)
        )
        if changed.rowcount != 1:
            raise NotFound("device")
        self._finish(locked, "revoke_device", {"device": device}, staff=False)

    def move_person(self, person: str, team: str) -> None:
        """Move a person to another team: out of the old one's buckets, into the new one's.

        Raises:
            NotFound: no such person or team.
            AlreadyThere: the person is with that team.
        """
        locked = lock(self.connection, self.organisation)
        self._require_team(team)
        current = self.connection.execute(
            select(person_teams.c.team, person_teams.c.from_seq).where(
                person_teams.c.organisation == self.organisation,
                person_teams.c.person == person,
                person_teams.c.until_seq.is_(None),
            )
        ).one_or_none()
        if current is None:
            raise NotFound("person")
        if current.team == team:
            raise AlreadyThere("person in team")
        seq = locked.sequence + 1
        self._change_place(person, current.from_seq, seq, team)
        self._rebucket(person_scope(person), current.team, team)
        scope = person_scope(person)
        # The new team first: a device of both teams keeps the rows throughout.
        self._event(seq, 0, "enter", scope, team)
        self._event(seq, 1, "leave", scope, current.team)
        detail = {"person": person, "from": current.team, "to": team}
        self._finish(locked, "move_person", detail, staff=False)

    def _change_place(self, person: str, from_seq: int, seq: int, team: str) -> None:
        self.connection.execute(
            update(person_teams)
            .where(
                person_teams.c.organisation == self.organisation,
                person_teams.c.person == person,
                person_teams.c.from_seq == from_seq,
            )
            .values(until_seq=seq, until_at=self.now)
        )
        self.connection.execute(
            insert(person_teams).values(
                organisation=self.organisation,
                person=person,
                from_seq=seq,
                team=team,
                from_at=self.now,
            )
        )

    def _rebucket(self, scope: str, old: str, new: str) -> None:
        left = [f"team/{old}/{register}" for register in REGISTERS]
        first_writes.write_out(self.connection, self.organisation, self.sealer, scope, left)
        for register in REGISTERS:
            self.connection.execute(
                update(record_states)
                .where(
                    record_states.c.organisation == self.organisation,
                    record_states.c.bucket == f"team/{old}/{register}",
                    record_states.c.scope == scope,
                )
                .values(bucket=f"team/{new}/{register}")
            )

    def _event(self, seq: int, position: int, kind: str, scope: str, team: str) -> None:
        self.connection.execute(
            insert(access_events).values(
                organisation=self.organisation,
                seq=seq,
                position=position,
                kind=kind,
                scope=scope,
                team=team,
            )
        )

    def _open_membership(self, locked: Locked, worker: str, team: str) -> None:
        self.connection.execute(
            insert(memberships).values(
                organisation=self.organisation,
                worker=worker,
                team=team,
                grant_epoch=locked.sequence + 1,
                from_at=self.now,
            )
        )

    def _set_worker(self, worker: str, **values: object) -> None:
        self.connection.execute(
            update(workers)
            .where(workers.c.organisation == self.organisation, workers.c.id == worker)
            .values(**values)
        )

    def _is_member(self, worker: str, team: str) -> bool:
        return (
            self.connection.execute(
                select(memberships.c.team).where(
                    memberships.c.organisation == self.organisation,
                    memberships.c.worker == worker,
                    memberships.c.team == team,
                    memberships.c.until_at.is_(None),
                )
            ).first()
            is not None
        )

    def _require_worker(self, worker: str) -> str:
        role = self.connection.execute(
            select(workers.c.role).where(
                workers.c.organisation == self.organisation, workers.c.id == worker
            )
        ).scalar_one_or_none()
        if role is None:
            raise NotFound("worker")
        return str(role)

    def _require_team(self, team: str) -> None:
        found = self.connection.execute(
            select(teams.c.id).where(teams.c.organisation == self.organisation, teams.c.id == team)
        ).one_or_none()
        if found is None:
            raise NotFound("team")

    def _finish(
        self, locked: Locked, command: str, detail: Mapping[str, object], *, staff: bool = True
    ) -> None:
        told = canonical_bytes(detail).decode()
        seq = locked.next_sequence(f"{self.now} {command} {told}")
        if staff:
            locked.staff_version = seq
        self.connection.execute(
            insert(access_commands).values(
                organisation=self.organisation,
                seq=seq,
                at=self.now,
                actor=self.actor,
                command=command,
                detail=told,
            )
        )
        locked.store()


def checked_name(name: str) -> str:
    """A name of a team, a worker or an organisation, with single spaces.

    Raises:
        InvalidInput: none, too long, or something in it cannot be seen.
    """
    cleaned = " ".join(name.split())
    if not 0 < len(cleaned) <= NAME_LETTERS_MAX or not cleaned.isprintable():
        raise InvalidInput("name")
    return cleaned


def _checked_role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise InvalidInput("role") from None
