"""Applying a pulled page: entries in order upon the confirmed state, all in one transaction.

Decided in memory first (`Intake`), then written with the page's cursors by the caller: a page
that cannot be read changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Connection

from field_app.domain.declaration import RegisterName
from field_app.domain.errors import Malformed, OwnSetUnknown
from field_app.store.confirmed import OF_EARLIER_EPOCH, ConfirmedPart, ConfirmedParts, PartKey
from field_app.store.outbox import Saved
from field_app.store.pending import PendingSaves
from field_app.sync.changes import Part
from field_app.sync.delivery import (
    AccessChange,
    Compacted,
    Entry,
    OwnSet,
    Streamed,
    compact,
    compact_alone,
    written_alone,
)
from field_app.sync.merge import Stamped, overlay

StreamWrite = tuple[Part, Stamped]


def register_of_bucket(bucket: str) -> RegisterName:
    """The register a bucket delivers: the last piece of `team/<id>/<register>`, else common."""
    last = bucket.rpartition("/")[2]
    return cast("RegisterName", last) if last in ("social", "health") else "common"


@dataclass(slots=True)
class Intake:
    """What a page does to the confirmed state, gathered before anything is written."""

    known: dict[PartKey, ConfirmedPart] = field(repr=False)
    """The confirmed parts the page may touch."""
    changed: dict[PartKey, ConfirmedPart] = field(default_factory=dict, repr=False)
    passed: list[Saved] = field(default_factory=list, repr=False)
    left: set[tuple[str, str]] = field(default_factory=set)
    """(scope, team) of persons that left a team's buckets and did not come back."""
    stated: set[PartKey] = field(default_factory=set)
    """Parts the server stated as readable, whether or not that changed them."""
    scopes: set[str] = field(default_factory=set)
    """Scopes whose summaries are behind now."""

    def take(self, entry: Entry, writes: Sequence[StreamWrite], pending: PendingSaves) -> None:
        """Take in one entry; `writes` are a streamed part's.

        Raises:
            OwnSetUnknown: an own save that is not in the outbox.
        """
        match entry:
            case Compacted():
                self._compacted(entry)
            case Streamed():
                if (saved := _own(entry, pending)) is not None:
                    self.passed.append(saved)
                for part, stamped in writes:
                    self._overlay(part, entry.bucket, entry.seq, stamped)
            case OwnSet():
                self._own(entry, pending)
            case AccessChange():
                self._access(entry)

    def _compacted(self, entry: Compacted) -> None:
        register = register_of_bucket(entry.bucket)
        key: PartKey = (entry.record, register)
        self.stated.add(key)
        standing = self._standing(key)
        if standing is not None and standing.seq >= entry.seq:
            if standing.bucket != entry.bucket:
                self.changed[key] = standing._replace(bucket=entry.bucket)
            return
        self.changed[key] = ConfirmedPart(
            entry.record,
            register,
            entry.scope,
            entry.type,
            entry.bucket,
            entry.seq,
            entry.writes,
            entry.written,
        )
        self.scopes.add(entry.scope)

    def _own(self, entry: OwnSet, pending: PendingSaves) -> None:
        saved = pending.by_set_id(entry.set_id)
        if saved is None:
            raise OwnSetUnknown("own save is not in the outbox")
        buckets = dict(
            zip(
                ((part.scope, part.register) for part in saved.change_set.parts),
                entry.buckets,
                strict=False,  # a bucket the device may not read any more is not named
            )
        )
        for part, stamped in saved.stamped(entry.depths):
            bucket = buckets.get((part.scope, part.register), "")
            self._overlay(part, bucket, entry.seq, stamped)
        self.passed.append(saved)

    def _access(self, entry: AccessChange) -> None:
        if entry.kind == "leave":
            self.left.add((entry.scope, entry.team))
        else:
            self.left.discard((entry.scope, entry.team))
        self.scopes.add(entry.scope)

    def _overlay(self, part: Part, bucket: str, seq: int, stamped: Stamped) -> None:
        write = stamped.incoming.write
        key: PartKey = (write.record, part.register)
        standing = self._standing(key)
        if standing is not None and standing.seq > seq:
            return
        if standing is not None and standing.seq == seq and not self._same_set(standing, stamped):
            return
        told = standing is not None and standing.seq != OF_EARLIER_EPOCH
        writes, written = None, None
        if standing is not None and told:
            writes = compact(overlay(standing.state, stamped))
        elif (written := written_alone(stamped, part)) is None:
            writes = compact_alone(stamped)
        self.changed[key] = ConfirmedPart(
            write.record,
            part.register,
            part.scope,
            standing.type if standing else write.type,
            bucket or (standing.bucket if standing else ""),
            seq,
            writes,
            written,
        )
        self.scopes.add(part.scope)

    def _same_set(self, standing: ConfirmedPart, stamped: Stamped) -> bool:
        """Whether the part got its `seq` from an earlier write of this very set in this page.

        One set may write to a part twice; a page applied again must not.
        """
        return self.changed.get((standing.record, standing.register)) is standing

    def _standing(self, key: PartKey) -> ConfirmedPart | None:
        return self.changed.get(key) or self.known.get(key)


def _own(entry: Streamed, pending: PendingSaves) -> Saved | None:
    """The own save that is told in full; another's that only has the same id is none."""
    saved = pending.by_set_id(entry.set_id)
    if saved is None or all(part.raw != entry.raw for part in saved.change_set.parts):
        return None
    return saved


def decide(
    connection: Connection,
    parts: ConfirmedParts,
    pending: PendingSaves,
    entries: Sequence[Entry],
) -> Intake:
    """What a page does, upon what is confirmed now. Nothing is written.

    Raises:
        Malformed: the page cannot be read; none of it may be applied.
        OwnSetUnknown: see there.
    """
    read = [(entry, _stream_writes(entry)) for entry in entries]
    touched = {key for entry, writes in read for key in _keys(entry, writes, pending)}
    intake = Intake(parts.of_keys(connection, touched))
    last = 0
    for entry, writes in read:
        if not isinstance(entry, Compacted):
            if entry.seq < last:
                raise Malformed("entries out of order")
            last = entry.seq
        intake.take(entry, writes, pending)
    return intake


def _stream_writes(entry: Entry) -> Sequence[StreamWrite]:
    return entry.stamped() if isinstance(entry, Streamed) else ()


def _keys(entry: Entry, writes: Sequence[StreamWrite], pending: PendingSaves) -> Iterable[PartKey]:
    """The parts an entry touches."""
    match entry:
        case Compacted():
            return [(entry.record, register_of_bucket(entry.bucket))]
        case OwnSet():
            saved = pending.by_set_id(entry.set_id)
            return [(write.record, write.register) for write in saved.writes()] if saved else []
        case _:
            return [(stamped.incoming.write.record, part.register) for part, stamped in writes]
