"""Everything the server holds, as the lines that devices export too."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from sqlalchemy import Connection, select

from field_app.server import first_writes
from field_app.server.first_writes import ROWS_AT_ONCE
from field_app.server.reading import Reader
from field_app.server.sealing import Place, Sealer
from field_app.server.tables import record_states
from field_app.sync.canonical import parse
from field_app.sync.delivery import expand
from field_app.sync.export_lines import Exported, export_line


def export_all(
    connection: Connection, organisation: int, sealer: Sealer, reader: Reader, reason: str
) -> Iterator[bytes]:
    """Every record's heads, one line each, in the order of record and register."""
    reader.operate(reason)
    held = heapq.merge(
        _states(connection, organisation, sealer),
        _first_writes(connection, organisation, sealer),
        key=lambda one: (one.record, one.register),
    )
    yield from map(export_line, held)


def _states(connection: Connection, organisation: int, sealer: Sealer) -> Iterator[Exported]:
    columns = record_states.c
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        select(columns.record, columns.register, columns.type, columns.scope, columns.heads)
        .where(columns.organisation == organisation)
        .order_by(columns.record, columns.register)
    )
    for record, register, type_, scope, heads in rows:
        raw = sealer.open(heads, Place(organisation, scope, register))
        yield Exported(record, register, type_, scope, expand(parse(raw)))


def _first_writes(connection: Connection, organisation: int, sealer: Sealer) -> Iterator[Exported]:
    for one in first_writes.every(connection, organisation):
        raw = one.heads(sealer, Place(organisation, one.scope, one.register))
        yield Exported(one.record, one.register, one.type, one.scope, expand(parse(raw)))
