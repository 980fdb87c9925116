"""Everything the server holds, as the lines that devices export too."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from field_app.server.reading import Reader
from field_app.server.sealing import Place, Sealer
from field_app.server.start import ROWS_AT_ONCE
from field_app.server.tables import record_states
from field_app.sync.canonical import parse
from field_app.sync.delivery import expand
from field_app.sync.export_lines import Exported, export_line


def export_all(
    connection: Connection, organisation: int, sealer: Sealer, reader: Reader, reason: str
) -> Iterator[bytes]:
    """Every record's heads, one line each, in the order of record and register."""
    reader.operate(reason)
    columns = record_states.c
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        select(columns.record, columns.register, columns.type, columns.scope, columns.heads)
        .where(columns.organisation == organisation)
        .order_by(columns.record, columns.register)
    )
    for record, register, type_, scope, heads in rows:
        raw = sealer.open(heads, Place(organisation, scope, register))
        yield export_line(Exported(record, register, type_, scope, expand(parse(raw))))
