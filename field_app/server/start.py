"""A compacted start: every record of a bucket as it stands, for a device that has none of it.

Pages go through the records in the order of an index, so that a page costs the same wherever it
begins: first those that one part speaks for, then the others. What changes meanwhile carries a
sequence beyond the start's mark and comes again in the stream. The token between two pages is the
server's own; the device carries it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from sqlalchemy import Connection, func, select, tuple_

from field_app.domain.errors import Malformed
from field_app.server import first_writes
from field_app.server.first_writes import ROWS_AT_ONCE
from field_app.server.page import PAGE_BYTES_MAX, PageWriter
from field_app.server.sealing import Place, Sealer
from field_app.server.tables import record_states
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.protocol import Start


@dataclass(frozen=True, slots=True)
class Position:
    """How far a start has come: which buckets it is about, and the last record delivered."""

    mark: int
    buckets: tuple[tuple[str, int], ...]
    """(bucket, grant epoch), in the order of delivery."""
    index: int = 0
    first: tuple[int, int] | None = (0, 0)
    """Where the first writes go on, by sequence and position; None: they are delivered."""
    scope: str = ""
    record: str = ""
    remaining: int = 0

    @property
    def is_done(self) -> bool:
        """Whether every bucket is delivered."""
        return self.index >= len(self.buckets)

    def token(self) -> Start:
        """What the device carries to the next page."""
        first = list(self.first or ())
        after = [self.buckets, self.index, first, self.scope, self.record, self.remaining]
        return Start(mark=self.mark, after=canonical_bytes(after).decode())

    @classmethod
    def read(cls, token: Start) -> Position:
        """Read what a device brought back.

        Raises:
            Malformed: not a token of this server.
        """
        try:
            buckets, index, begin, scope, record, remaining = parse(token.after.encode())
            pairs = tuple((bucket, epoch) for bucket, epoch in buckets)
            first = _pair(*begin) if begin else None
        except (TypeError, ValueError):
            raise Malformed("start") from None
        texts = (scope, record, *(bucket for bucket, _ in pairs))
        numbers = (index, remaining, *(first or ()), *(epoch for _, epoch in pairs))
        if not all(isinstance(text, str) for text in texts) or not all(
            type(number) is int and number >= 0 for number in numbers
        ):
            raise Malformed("start")
        return cls(token.mark, pairs, index, first, scope, record, remaining)

    def after(self, scope: str, record: str, delivered: int) -> Position:
        """So many records further; the last of them is named."""
        return replace(self._fewer(delivered), scope=scope, record=record)

    def after_first(self, begin: tuple[int, int] | None, delivered: int) -> Position:
        """So many first writes further; where the next begins, None when there is none."""
        return replace(self._fewer(delivered), first=begin)

    def _fewer(self, delivered: int) -> Position:
        return replace(self, remaining=max(0, self.remaining - delivered))


def begin(
    connection: Connection, organisation: int, buckets: Mapping[str, int], mark: int
) -> Position:
    """A start of these buckets ({bucket: grant epoch}) at a mark."""
    count = connection.execute(
        select(func.count())
        .select_from(record_states)
        .where(
            record_states.c.organisation == organisation,
            record_states.c.bucket.in_(sorted(buckets)),
        )
    ).scalar_one()
    count += first_writes.count(connection, organisation, buckets)
    return Position(mark, tuple(sorted(buckets.items())), remaining=count)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Fills one page with the records of one organisation."""

    connection: Connection
    organisation: int
    sealer: Sealer
    page: PageWriter
    limit: int
    """How many entries the page may hold."""

    def go_on(self, position: Position, allowed: Mapping[str, int]) -> Position:
        """Fill the page from a position on; buckets no longer granted are passed over."""
        while not position.is_done and not self._is_full:
            bucket, epoch = position.buckets[position.index]
            if allowed.get(bucket) == epoch:
                if position.first is not None:
                    position = self._first_writes(position, bucket, position.first)
                if position.first is not None:
                    return position
                position, more = self._states(position, bucket)
                if more:
                    return position
            position = replace(
                position, index=position.index + 1, first=(0, 0), scope="", record=""
            )
        return position

    @property
    def _wanted(self) -> int:
        return self.limit - self.page.entries

    @property
    def _is_full(self) -> bool:
        return self._wanted <= 0 or self.page.size > PAGE_BYTES_MAX

    def _first_writes(self, position: Position, bucket: str, begin: tuple[int, int]) -> Position:
        """First writes before states: one that gets a second write meanwhile is met among those."""
        before, page = self.page.entries, self.page
        where = (self.organisation, bucket, begin, self._wanted)
        told = first_writes.of_bucket(self.connection, self.sealer, *where)
        for seq, place, record, type_, scope, heads in told:
            page.compacted(seq, bucket, record, type_, scope, heads)
            begin = (seq, place + 1)
            if page.size > PAGE_BYTES_MAX:
                break
        return position.after_first(begin if self._is_full else None, page.entries - before)

    def _states(self, position: Position, bucket: str) -> tuple[Position, bool]:
        before, page, columns = self.page.entries, self.page, record_states.c
        rows = self.connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
            select(columns.record, columns.register, columns.type, columns.scope, columns.seq)
            .add_columns(columns.heads)
            .where(
                columns.organisation == self.organisation,
                columns.bucket == bucket,
                tuple_(columns.scope, columns.record) > (position.scope, position.record),
            )
            .order_by(columns.scope, columns.record)
            .limit(self._wanted)
        )
        scope, record = position.scope, position.record
        with rows:
            for record, register, type_, scope, seq, heads in chain.from_iterable(
                rows.partitions()
            ):
                raw = self.sealer.open(heads, Place(self.organisation, scope, register))
                page.compacted(seq, bucket, record, type_, scope, raw)
                if page.size > PAGE_BYTES_MAX:
                    break
        return position.after(scope, record, page.entries - before), self._is_full


def deliver_scope(
    connection: Connection,
    organisation: int,
    sealer: Sealer,
    buckets: Iterable[str],
    scope: str,
    page: PageWriter,
) -> None:
    """Add everything of one scope: what follows a person's coming into a team."""
    columns = record_states.c
    rows = connection.execute(
        select(columns.record, columns.register, columns.type, columns.bucket, columns.seq)
        .add_columns(columns.heads)
        .where(
            columns.organisation == organisation,
            columns.bucket.in_(sorted(buckets)),
            columns.scope == scope,
        )
        .order_by(columns.bucket, columns.record)
    )
    for record, register, type_, bucket, seq, heads in rows:
        raw = sealer.open(heads, Place(organisation, scope, register))
        page.compacted(seq, bucket, record, type_, scope, raw)


def _pair(seq: int, position: int) -> tuple[int, int]:
    return seq, position
