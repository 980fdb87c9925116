"""Whether there is something new for a device, without telling what.

Two questions. `look` is asked for one device, by the policy of this moment: would a pull bring
anything? `Marks` is asked for all waiting devices together, twice a second: did anything happen
that could concern them? It reads one row and, when that row moved, an index of what is new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from field_app.domain.errors import DeviceRevoked
from field_app.server import policy
from field_app.server.cases import CaseDesk
from field_app.server.policy import Purpose, Register, Relation
from field_app.server.reading import Reader
from field_app.server.receipts import read_receipts_of
from field_app.server.sealing import Sealer
from field_app.server.standing import Standing, read_standing
from field_app.server.tables import access_events, change_sets, devices, organisations, parts
from field_app.server.tokens import Caller
from field_app.sync.canonical import canonical_bytes
from field_app.sync.waiting import WaitAnswer, WaitRequest

_OPEN = ("held", "needs-human")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an organisation is, as far as waiting devices may care."""

    sequence: int
    staff_version: int
    epoch: str
    open_sets: tuple[tuple[str, int, str], ...]
    """(status, how many, the latest) of the sets that wait for a decision."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look for one device found, and what it looked at."""

    answer: WaitAnswer
    tells: bool
    """Whether the answer is worth ending the wait."""
    mark: Mark
    buckets: frozenset[str]
    decides: bool
    """Whether a change among the open sets may concern the device."""


def read_mark(connection: Connection, organisation: int) -> Mark:
    """The organisation's mark: one row, and the short index of open sets."""
    row = connection.execute(
        select(
            organisations.c.sequence, organisations.c.staff_version, organisations.c.epoch
        ).where(organisations.c.number == organisation)
    ).one()
    waiting = connection.execute(
        select(change_sets.c.status, func.count(), func.max(change_sets.c.received_at))
        .where(
            change_sets.c.organisation == organisation,
            change_sets.c.status.in_(_OPEN),
            change_sets.c.status != "accepted",  # says that the partial index will do
        )
        .group_by(change_sets.c.status)
        .order_by(change_sets.c.status)
    )
    open_sets = tuple((status, count, latest) for status, count, latest in waiting)
    return Mark(row.sequence, row.staff_version, row.epoch, open_sets)


def moved_buckets(
    connection: Connection, organisation: int, buckets: Iterable[str], after: int
) -> dict[str, int]:
    """{bucket: its last sequence} of those of these buckets in which something came after."""
    wanted = sorted(set(buckets))
    last_part = select(parts.c.bucket, func.max(parts.c.seq).label("seq")).where(
        parts.c.organisation == organisation, parts.c.bucket.in_(wanted), parts.c.seq > after
    )
    found = connection.execute(last_part.group_by(parts.c.bucket))
    moved: dict[str, int] = {row.bucket: row.seq for row in found}
    by_team: dict[str, list[str]] = {}
    for bucket in wanted:
        kind, _, rest = bucket.partition("/")
        if kind == "team":
            by_team.setdefault(rest.partition("/")[0], []).append(bucket)
    last_event = select(access_events.c.team, func.max(access_events.c.seq)).where(
        access_events.c.organisation == organisation,
        access_events.c.team.in_(sorted(by_team)),
        access_events.c.seq > after,
    )
    for team, seq in connection.execute(last_event.group_by(access_events.c.team)):
        for bucket in by_team[team]:
            moved[bucket] = max(seq, moved.get(bucket, 0))
    return moved


def look(connection: Connection, sealer: Sealer, caller: Caller, request: WaitRequest) -> Look:
    """Whether a pull of this device would bring something, by the policy as it is now.

    Raises:
        DeviceRevoked: the device was revoked, or its worker left.
    """
    revoked_at = connection.execute(
        select(devices.c.revoked_at).where(
            devices.c.organisation == caller.organisation, devices.c.id == caller.device
        )
    ).scalar_one()
    if revoked_at is not None:
        raise DeviceRevoked("revoked")
    standing = read_standing(connection, caller.organisation, caller.worker)
    allowed = standing.buckets()
    mark = read_mark(connection, caller.organisation)
    cases = _cases_mark(connection, sealer, caller, standing)
    news = (
        request.epoch != mark.epoch
        or request.staff_version != mark.staff_version
        or {bucket: grant for bucket, (grant, _) in request.cursors.items()} != allowed
        or _has_moved(connection, caller.organisation, request)
        or _is_decided(connection, sealer, caller, request)
    )
    tells = news or cases != request.cases
    decides = bool(request.receipts_of) or _decides(standing)
    return Look(WaitAnswer(news=news, cases=cases), tells, mark, frozenset(allowed), decides)


def _has_moved(connection: Connection, organisation: int, request: WaitRequest) -> bool:
    seqs = {bucket: seq for bucket, (_, seq) in request.cursors.items()}
    lowest = min(seqs.values(), default=0)
    moved = moved_buckets(connection, organisation, seqs, lowest)
    return any(seq > seqs[bucket] for bucket, seq in moved.items())


def _is_decided(
    connection: Connection, sealer: Sealer, caller: Caller, request: WaitRequest
) -> bool:
    """Whether one of the device's waiting sets no longer waits."""
    if not request.receipts_of:
        return False
    answers = read_receipts_of(
        connection, caller.organisation, sealer, caller.device, request.receipts_of
    )
    return any(answer.status not in _OPEN for answer in answers)


def _decides(standing: Standing) -> bool:
    return any(
        policy.allows(standing.role, register, relation, Purpose.DECIDE)
        for register in (Register.COMMON, Register.SOCIAL, Register.HEALTH)
        for relation in (Relation.OWN_TEAM, Relation.OTHER_TEAM)
    )


def _cases_mark(connection: Connection, sealer: Sealer, caller: Caller, standing: Standing) -> str:
    """A digest of the open cases this worker decides about: what the inbox would list."""
    if not _decides(standing):
        return ""
    # Nothing of their content is read: Reader takes no note of a list.
    cases = CaseDesk(connection, caller.organisation, standing, sealer, Reader()).cases()
    if not cases:
        return ""
    listed = [[case.set_id, case.status, case.size, list(case.joined)] for case in cases]
    return hashlib.sha256(canonical_bytes(listed)).hexdigest()[:32]
