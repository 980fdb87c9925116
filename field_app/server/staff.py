"""Who is who: the staff snapshot, and who the server takes a caller to be."""

from __future__ import annotations

from sqlalchemy import Connection, select

from field_app.server.standing import Standing
from field_app.server.tables import memberships, teams, workers
from field_app.sync.protocol import Staff, TeamEntry, WorkerEntry, You


def read_staff(connection: Connection, organisation: int, version: int) -> Staff:
    """Every team and worker of the organisation."""
    found_teams = connection.execute(
        select(teams.c.id, teams.c.name)
        .where(teams.c.organisation == organisation)
        .order_by(teams.c.name, teams.c.id)
    )
    of_worker: dict[str, set[str]] = {}
    for worker, team in connection.execute(
        select(memberships.c.worker, memberships.c.team).where(
            memberships.c.organisation == organisation, memberships.c.until_at.is_(None)
        )
    ):
        of_worker.setdefault(worker, set()).add(team)
    found_workers = connection.execute(
        select(workers.c.id, workers.c.name, workers.c.role, workers.c.active)
        .where(workers.c.organisation == organisation)
        .order_by(workers.c.name, workers.c.id)
    )
    return Staff(
        version=version,
        teams=tuple(TeamEntry(id=id_, name=name) for id_, name in found_teams),
        workers=tuple(
            WorkerEntry(
                id=row.id,
                name=row.name,
                role=row.role,
                teams=tuple(sorted(of_worker.get(row.id, ()))),
                active=row.active,
            )
            for row in found_workers
        ),
    )


def you(standing: Standing) -> You:
    """The caller's own role, teams and grants."""
    return You(
        worker=standing.worker,
        role=standing.role.value,
        teams=standing.own_teams,
        grants=standing.grants(),
    )
