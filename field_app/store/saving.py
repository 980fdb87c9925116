"""Saving: edits become one durable change set, or a clear error and nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from field_app.domain.clock import Clock, Entropy, Instant
from field_app.domain.errors import InvalidInput, InvalidRecord, NothingToSave, SignedAlready
from field_app.domain.known_codes import require_known_codes
from field_app.domain.records import RECORD_TYPES
from field_app.domain.signing import frozen_keys
from field_app.store.editing import Edit, depths_after, writes_of
from field_app.store.identity import Identity
from field_app.store.outbox import Outbox, Saved
from field_app.store.record_reader import RecordReader
from field_app.store.record_view import RecordView
from field_app.sync.changes import ScopedWrite
from field_app.sync.composing import Authorship, compose


class Saving:
    """Turns edits into pending saves, inside the caller's transaction."""

    def __init__(
        self,
        clock: Clock,
        entropy: Entropy,
        identity: Callable[[], Identity],
        grants: Callable[[], Mapping[str, int]],
        outbox: Outbox,
        reader: RecordReader,
    ) -> None:
        """Save as this device's worker; `grants` are the worker's teams and their epochs."""
        self._clock = clock
        self._entropy = entropy
        self._identity = identity
        self._grants = grants
        self._outbox = outbox
        self._reader = reader

    def save(
        self,
        connection: Connection,
        edits: Sequence[Edit],
        opens: Mapping[str, str] | None = None,
        at: Instant | None = None,
    ) -> Saved:
        """Make the edits one change set at the end of this device's chain.

        Args:
            connection: The write transaction.
            edits: What changes, each with the heads its author was shown.
            opens: New persons and the author's team each is proposed for.
            at: When it happened, for imported history; now, when not given.

        Raises:
            NothingToSave: no edit changes anything.
            InvalidRecord: a value is outside its declaration.
            UnknownCode: a code its vocabulary does not have.
            SignedAlready: a signed record's words would change without a correction.
            TooLarge: over the size of a change set.
        """
        edits = [edit for edit in edits if edit.values]
        if not edits:
            raise NothingToSave("no changed field")
        now = self._clock.now()
        for edit in edits:
            self._check(edit, self._reader.record(connection, edit.record_id), now)
        identity = self._identity()
        counter, prev = self._outbox.end_of_chain(connection)
        by = Authorship(
            device=identity.device,
            author=identity.worker,
            at=at or now,
            counter=counter + 1,
            prev=prev,
            grants=self._grants(),
        )
        scoped = [(edit, write) for edit in edits for write in writes_of(edit)]
        change_set = compose(self._entropy, by, [write for _, write in scoped], opens)
        depths = _depths_by_index(scoped)
        return self._outbox.add(connection, change_set, depths)

    def _check(self, edit: Edit, standing: RecordView | None, now: Instant) -> None:
        record_type = RECORD_TYPES.get(edit.type)
        if record_type is None:
            raise InvalidRecord("a type this version does not know", field=edit.type)
        if standing is not None and standing.scope != edit.scope:
            raise InvalidInput("a record stays in its scope")
        before = standing.values if standing else {}
        require_known_codes(record_type.from_keys(edit.record_id, edit.values))
        if standing is None or standing.record is None:
            return
        frozen = frozen_keys(standing.record, now, begun_at=first_written(standing))
        touched = {
            key.partition("/")[0]
            for key in edit.values
            if key in before and key not in standing.conflicts
        }
        if frozen & touched:
            raise SignedAlready("signed", field=min(frozen & touched))


def first_written(view: RecordView) -> Instant | None:
    """The earliest instant any standing write claims: when the record was begun."""
    return min((head.at for heads in view.heads.values() for head in heads), default=None)


def _depths_by_index(scoped: Iterable[tuple[Edit, ScopedWrite]]) -> dict[str, dict[str, int]]:
    """Depths other than 1 by the write's index in the composed set (parts in first-seen order)."""
    order: dict[tuple[str, str], list[tuple[Edit, ScopedWrite]]] = {}
    for edit, write in scoped:
        order.setdefault((write.scope, write.register), []).append((edit, write))
    depths: dict[str, dict[str, int]] = {}
    in_order = (item for group in order.values() for item in group)
    for index, (edit, item) in enumerate(in_order):
        of_write = {k: d for k, d in depths_after(edit).items() if k in item.write.set and d != 1}
        if of_write:
            depths[str(index)] = of_write
    return depths


def signed(edit: Edit, worker: str, at: Instant) -> Edit:
    """The edit with the author's signature (*Valmis*) added."""
    signature = {"signed_at": at, "signed_by": worker}
    return replace(edit, values={**edit.values, "signature": signature})
