"""All heads that a device, or the server, holds: canonical JSON lines, the same on both.

    {"heads": {key: [[write id, depth, value, author, at], …]}, "record": …, "register": …,
     "scope": …, "type": …}

One line a (record, register), in the order of the two; heads with the one shown first in front.
Two exports that hold the same heads are the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from field_app.sync.canonical import canonical_bytes
from field_app.sync.merge import State


class Exported(NamedTuple):
    """One record's register as it stands."""

    record: str
    register: str
    type: str
    scope: str
    state: State


def export_line(item: Exported) -> bytes:
    """One line, without its newline."""
    heads = {
        key: [[head.write_id, head.depth, head.value, head.author, head.at] for head in standing]
        for key, standing in item.state.heads.items()
    }
    return canonical_bytes(
        {
            "record": item.record,
            "type": item.type,
            "register": item.register,
            "scope": item.scope,
            "heads": heads,
        }
    )


def export_lines(items: Iterable[Exported]) -> Iterator[bytes]:
    """Every line, sorted by record and register; all items are gathered first."""
    return (export_line(item) for item in sorted(items, key=lambda one: (one.record, one.register)))
