"""Reading records: the confirmed state with the device's own saves upon it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from field_app.domain.declaration import REGISTERS, RegisterName
from field_app.store.confirmed import ConfirmedPart, ConfirmedParts, PartKey
from field_app.store.outbox import Saved
from field_app.store.pending import PendingSaves
from field_app.store.record_view import RecordView, assemble
from field_app.sync.merge import State

SCOPES_KEPT = 64
"""How many scopes' records stay assembled in memory."""


class RecordReader:
    """Assembles records of an unlocked store, and keeps those of the latest scopes at hand."""

    def __init__(self, parts: ConfirmedParts, pending: PendingSaves) -> None:
        """Read these parts, with these own saves upon them."""
        self._parts = parts
        self._pending = pending
        self._kept: OrderedDict[str, dict[str, RecordView]] = OrderedDict()

    def record(self, connection: Connection, record_id: str) -> RecordView | None:
        """One record; None when this device holds nothing of it."""
        confirmed = self._parts.of_record(connection, record_id)
        own = [
            (record_id, register)
            for register in REGISTERS
            if self._pending.writes_to((record_id, register))
        ]
        return next(iter(self._assemble(confirmed, own)), None)

    def scope(self, connection: Connection, scope: str) -> list[RecordView]:
        """Every record of one person, team or the directory."""
        kept = self._kept.get(scope)
        if kept is None:
            confirmed = self._parts.of_scope(connection, scope)
            own = self._pending.parts_of(scope)
            kept = {view.id: view for view in self._assemble(confirmed, own)}
            self._kept[scope] = kept
            while len(self._kept) > SCOPES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(scope)
        return list(kept.values())

    def forget(self, scopes: Iterable[str]) -> None:
        """Let go of what is at hand of these scopes: their records changed beneath."""
        for scope in scopes:
            self._kept.pop(scope, None)

    def forget_all(self) -> None:
        """Let go of everything at hand."""
        self._kept.clear()

    def saved(self, connection: Connection, saved: Saved) -> list[RecordView]:
        """The records a save wrote to, as they are shown now; what is at hand is brought up."""
        touched = {write.record for write in saved.writes()}
        views = [self.record(connection, record_id) for record_id in sorted(touched)]
        found = [view for view in views if view is not None]
        for view in found:
            if view.scope in self._kept:
                self._kept[view.scope][view.id] = view
        return found

    def scopes(self, connection: Connection) -> list[str]:
        """Every scope this device holds anything of, sorted."""
        return sorted({*self._parts.scopes(connection), *self._pending.scopes()})

    def teams_of(self, connection: Connection, scope: str) -> frozenset[str]:
        """The teams whose buckets delivered a scope; none for what is only on this phone."""
        buckets = (part.bucket.split("/") for part in self._parts.of_scope(connection, scope))
        return frozenset(pieces[1] for pieces in buckets if pieces[0] == "team")

    def shown_parts(self, connection: Connection) -> Iterator[tuple[PartKey, str, str, State]]:
        """Every part as (key, scope, type, state shown), for the export."""
        seen: set[PartKey] = set()
        for part in self._parts.all(connection):
            seen.add(part.key)
            yield part.key, part.scope, part.type, self._pending.upon(part.key, part)
        for scope in sorted(self._pending.scopes()):
            for key in sorted(self._pending.parts_of(scope) - seen):
                write = self._pending.writes_to(key)[0]
                yield key, scope, write.type, self._pending.upon(key, None)

    def _assemble(
        self, confirmed: Iterable[ConfirmedPart], own: Iterable[PartKey]
    ) -> Iterator[RecordView]:
        states: dict[str, dict[RegisterName, State]] = defaultdict(dict)
        described: dict[str, tuple[str, str]] = {}
        for part in confirmed:
            described.setdefault(part.record, (part.type, part.scope))
            states[part.record][part.register] = self._pending.upon(part.key, part)
        for record_id, register in own:
            if register not in states[record_id]:
                write = self._pending.writes_to((record_id, register))[0]
                described.setdefault(record_id, (write.type, write.scope))
                states[record_id][register] = self._pending.upon((record_id, register), None)
        unanswered = self._pending.unanswered_writes
        for record_id in sorted(states):
            record_type, scope = described[record_id]
            yield assemble(record_id, record_type, scope, states[record_id], unanswered)
