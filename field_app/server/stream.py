"""The stream: what was accepted after a device's cursors, up to the mark, in order.

A page holds whole change sets. First an index alone tells where the page ends, then the page's
rows are read; so a page costs by what is in it, and nothing new costs a few index probes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select

from field_app.server.far_behind import gone_since
from field_app.server.judging import NO_DEPTHS
from field_app.server.page import PAGE_BYTES_MAX, PageWriter
from field_app.server.sealing import Place, Sealer
from field_app.server.start import deliver_scope
from field_app.server.tables import access_events, change_sets, parts, person_teams
from field_app.sync.canonical import canonical_bytes, parse

ENTERS_MAX = 20
"""Persons coming into teams in one page: each brings all their records."""

AnyRow = Row[Any]

_SIZES = (
    select(parts.c.seq, parts.c.size)
    .where(
        parts.c.organisation == bindparam("number"),
        parts.c.bucket == bindparam("of_bucket"),
        parts.c.seq > bindparam("low"),
        parts.c.seq <= bindparam("high"),
    )
    .order_by(parts.c.seq)
    .limit(bindparam("most"))
)
_OF_TEAMS = (
    access_events.c.organisation == bindparam("number"),
    access_events.c.team.in_(bindparam("teams", expanding=True)),
    access_events.c.seq > bindparam("low"),
    access_events.c.seq <= bindparam("high"),
)
_ENTERS = (
    select(access_events.c.seq)
    .where(*_OF_TEAMS, access_events.c.kind == "enter")
    .order_by(access_events.c.seq)
    .limit(ENTERS_MAX + 1)
)
_EVENTS = (
    select(access_events).where(*_OF_TEAMS).order_by(access_events.c.seq, access_events.c.position)
)
_PARTS = (
    select(
        parts.c.seq,
        parts.c.bucket,
        parts.c.scope,
        parts.c.register,
        parts.c.depths,
        parts.c.raw,
        change_sets.c.id,
        change_sets.c.author,
        change_sets.c.at,
        change_sets.c.device,
        change_sets.c.part_count,
    )
    .join_from(
        parts,
        change_sets,
        (change_sets.c.organisation == parts.c.organisation)
        & (change_sets.c.key == parts.c.set_key),
    )
    .where(
        parts.c.organisation == bindparam("number"),
        parts.c.bucket.in_(bindparam("buckets", expanding=True)),
        parts.c.seq > bindparam("low"),
        parts.c.seq <= bindparam("high"),
    )
    .order_by(parts.c.seq, parts.c.position)
)


def joined(depths: Sequence[bytes]) -> bytes:
    """The depths of a set's parts as those of the set: its writes are counted through."""
    told = [one for one in depths if one != NO_DEPTHS]
    if len(told) < 2:
        return told[0] if told else NO_DEPTHS
    return canonical_bytes({index: keys for one in told for index, keys in parse(one).items()})


class Told(NamedTuple):
    """One part with what its set says: a row of `_PARTS`."""

    seq: int
    bucket: str
    scope: str
    register: str
    depths: bytes
    raw: bytes
    id: str
    author: str
    at: str
    device: str
    part_count: int

    def __repr__(self) -> str:
        """Without the content."""
        return f"Told({self.seq}, {self.bucket!r})"


_BY_SEQ = itemgetter(0)


@dataclass(slots=True)
class Streamer:
    """Fills pages of the stream for one device."""

    connection: Connection
    organisation: int
    sealer: Sealer
    cursors: Mapping[str, int]
    """{bucket: sequence}, of every bucket the device may read and has begun."""
    device: str
    """Its own sets are only named…"""
    with_own: bool
    """…unless it asks for them in full."""
    _teams: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the teams behind the buckets."""
        for bucket, seq in self.cursors.items():
            kind, _, rest = bucket.partition("/")
            if kind == "team":
                team = rest.partition("/")[0]
                self._teams[team] = min(seq, self._teams.get(team, seq))

    def fill(self, page: PageWriter, mark: int, limit: int) -> int:
        """Fill a page and return the sequence it is complete up to."""
        low = min(self.cursors.values(), default=mark)
        if low >= mark:
            return mark
        cut = self._cut(low, mark, limit)
        events: dict[int, list[AnyRow]] = {}
        for row in self._events(low, cut):
            events.setdefault(row.seq, []).append(row)
        sets = {seq: list(group) for seq, group in groupby(self._parts(low, cut), _BY_SEQ)}
        gone = gone_since(self.connection, self.organisation, self._teams, low)
        for seq in sorted(events.keys() | sets.keys()):
            if seq in sets:
                self._add_set(page, sets[seq], gone)
            else:
                self._add_events(page, events[seq])
        return cut

    def _cut(self, low: int, mark: int, limit: int) -> int:
        """Where the page ends: a sequence up to which at most about `limit` entries lie."""
        found: list[tuple[int, int]] = []
        for bucket, seq in self.cursors.items():
            asked = {"of_bucket": bucket, "low": seq, "high": mark, "most": limit}
            rows = self.connection.execute(_SIZES, asked | {"number": self.organisation})
            found.extend(map(tuple, rows.all()))  # rows themselves are slow to sort
        enters = self.connection.execute(_ENTERS, self._of_teams(low, mark)).scalars()
        ends = [seq - 1 for seq in list(enters)[ENTERS_MAX:]]
        size = 0
        for count, (seq, one_size) in enumerate(sorted(found), 1):
            size += one_size
            if count >= limit or size > PAGE_BYTES_MAX:
                ends.append(seq)
                break
        return min(ends, default=mark)

    def _of_teams(self, low: int, high: int) -> dict[str, Any]:
        teams = sorted(self._teams)
        return {"number": self.organisation, "teams": teams, "low": low, "high": high}

    def _events(self, low: int, cut: int) -> list[AnyRow]:
        rows = self.connection.execute(_EVENTS, self._of_teams(low, cut))
        return [row for row in rows if row.seq > self._teams[row.team]]

    def _parts(self, low: int, cut: int) -> list[Told]:
        asked = {"buckets": sorted(self.cursors), "low": low, "high": cut}
        rows = self.connection.execute(_PARTS, asked | {"number": self.organisation}).all()
        cursors = self.cursors
        return [Told(*row) for row in rows if row[0] > cursors[row[1]]]

    def _add_set(self, page: PageWriter, rows: list[Told], gone: set[tuple[str, str]]) -> None:
        kept = rows
        if gone:
            kept = [row for row in rows if (row.scope, row.bucket.split("/")[1]) not in gone]
        if not kept:
            return
        first = kept[0]
        is_own = first.device == self.device and not self.with_own
        if is_own and len(kept) == first.part_count:
            depths = joined([self._opened(row, row.depths) for row in kept])
            page.own(first.seq, first.id, (row.bucket for row in kept), depths)
            return
        for row in kept:
            source = (row.id, row.author, row.at)
            depths, raw = self._opened(row, row.depths), self._opened(row, row.raw)
            page.streamed(row.seq, row.bucket, source, depths, raw)

    def _opened(self, row: Told, sealed: bytes) -> bytes:
        return self.sealer.open(sealed, Place(self.organisation, row.scope, row.register))

    def _add_events(self, page: PageWriter, rows: list[AnyRow]) -> None:
        for row in rows:
            if row.kind == "leave":
                page.access(row.seq, row.kind, row.scope, row.team)
            elif self._is_there(row.scope, row.team):
                page.access(row.seq, row.kind, row.scope, row.team)
                prefix = f"team/{row.team}/"
                buckets = [bucket for bucket in self.cursors if bucket.startswith(prefix)]
                deliver_scope(
                    self.connection, self.organisation, self.sealer, buckets, row.scope, page
                )

    def _is_there(self, scope: str, team: str) -> bool:
        now = self.connection.execute(
            select(person_teams.c.team).where(
                person_teams.c.organisation == self.organisation,
                person_teams.c.person == scope.partition("/")[2],
                person_teams.c.until_seq.is_(None),
            )
        ).scalar_one_or_none()
        return now == team
