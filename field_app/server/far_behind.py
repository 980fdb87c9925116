"""A device months behind begins anew from compacted entries, where those are fewer.

What it has stays shown meanwhile and gives way part by part. Persons who left a team since are not
among what is told anew, so the start ends with their leaving.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from field_app.server import first_writes
from field_app.server.tables import parts, person_teams, record_states
from field_app.sync.changes import person_scope

FAR_BEHIND: Final = 2000
"""From so many sequences on it is looked into: two full pages."""


_SINCE = (
    select(func.count())
    .select_from(parts)
    .where(
        parts.c.organisation == bindparam("number"),
        parts.c.bucket == bindparam("of_bucket"),
        parts.c.seq > bindparam("low"),
    )
)
_RECORDS = (
    select(func.count())
    .select_from(record_states)
    .where(
        record_states.c.organisation == bindparam("number"),
        record_states.c.bucket == bindparam("of_bucket"),
    )
)
_LEFT = select(person_teams.c.person, person_teams.c.team).where(
    person_teams.c.organisation == bindparam("number"),
    person_teams.c.team.in_(bindparam("teams", expanding=True)),
    person_teams.c.until_seq > bindparam("low"),
)
_NOW = select(person_teams.c.person, person_teams.c.team).where(
    person_teams.c.organisation == bindparam("number"),
    person_teams.c.person.in_(bindparam("persons", expanding=True)),
    person_teams.c.until_seq.is_(None),
)


def far_behind(
    connection: Connection, organisation: int, cursors: Mapping[str, int], before: int
) -> set[str]:
    """The buckets with a cursor before a sequence that hold fewer records than came since."""
    far: set[str] = set()
    for bucket, seq in cursors.items():
        if seq < before:
            asked = {"number": organisation, "of_bucket": bucket, "low": seq}
            since: int = connection.execute(_SINCE, asked).scalar_one()
            del asked["low"]
            states: int = connection.execute(_RECORDS, asked).scalar_one()
            if since > states + first_writes.count(connection, organisation, [bucket]):
                far.add(bucket)
    return far


def gone_since(
    connection: Connection, organisation: int, teams: Collection[str], low: int
) -> set[tuple[str, str]]:
    """(scope, team) of persons who left one of these teams since, and did not come back."""
    asked = {"number": organisation, "teams": sorted(teams), "low": low}
    found = {(row.person, row.team) for row in connection.execute(_LEFT, asked)}
    if not found:
        return set()
    persons = sorted({person for person, _ in found})
    rows = connection.execute(_NOW, {"number": organisation, "persons": persons})
    now = {row.person: row.team for row in rows}
    return {(person_scope(person), team) for person, team in found if now.get(person) != team}
