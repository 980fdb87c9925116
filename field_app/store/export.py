"""Everything a device holds, as the lines that the server exports too.

What the device shows is what is exported: the confirmed state with its own saves upon it. Two
devices and the server that agree on a record give the same line for it, byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator

from field_app.store.case_store import CaseStore
from field_app.sync.export_lines import Exported, export_lines


def export_store(cases: CaseStore) -> Iterator[bytes]:
    """One canonical JSON line for each record's register, in the order of the two.

    Lines come without their newline; everything is read before the first.
    """
    return export_lines(
        Exported(record, register, record_type, scope, state)
        for (record, register), scope, record_type, state in cases.shown_parts()
        if state.heads
    )
