"""Applying a pulled page: entries in order upon the confirmed state, all in one transaction.

Decided in memory first (`Intake`), then written; the caller adds the page's cursors. A page that
cannot be read changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
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


@lru_cache(maxsize=1000)
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

    def take(self, entry: Entry, part: Part | None, pending: PendingSaves) -> None:
        """Take in one entry; `part` is a streamed one's.

        Raises:
            OwnSetUnknown: an own save that is not in the outbox.
        """
        match entry:
            case Streamed() if part is not None:
                if (saved := _own(entry, pending)) is not None:
                    self.passed.append(saved)
                if not self._begun(entry, part):
                    for _, stamped in entry.stamps(part):
                        self._overlay(part, entry.bucket, entry.seq, stamped)
            case Compacted():
                self._compacted(entry)
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

    def _begun(self, entry: Streamed, part: Part) -> bool:
        """Take in a record's first write, if it is plainly that: most are."""
        write = part.writes[0]
        key: PartKey = (write.record, part.register)
        if part.written is None or entry.depths or self._standing(key) is not None:
            return False
        write_id = f"{entry.set_id}:{part.first}"
        written = written_alone(write_id, entry.author, entry.at, part.written)
        self.changed[key] = ConfirmedPart(
            *key, part.scope, write.type, entry.bucket, entry.seq, None, written
        )
        self.scopes.add(part.scope)
        return True

    def _overlay(self, part: Part, bucket: str, seq: int, stamped: Stamped) -> None:
        write = stamped.incoming.write
        key: PartKey = (write.record, part.register)
        standing = self._standing(key)
        if standing is not None and standing.seq > seq:
            return
        if standing is not None and standing.seq == seq and not self._same_set(standing, stamped):
            return
        told = standing is not None and standing.seq != OF_EARLIER_EPOCH
        if standing is not None and told:
            writes = compact(overlay(standing.state, stamped))
        else:
            writes = compact_alone(stamped)
        self.changed[key] = ConfirmedPart(
            write.record,
            part.register,
            part.scope,
            standing.type if standing else write.type,
            bucket or (standing.bucket if standing else ""),
            seq,
            writes,
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


def take_in(
    connection: Connection,
    parts: ConfirmedParts,
    pending: PendingSaves,
    entries: Sequence[Entry],
) -> Intake:
    """Apply a page's entries upon what is confirmed now: its parts are written, nothing else.

    Raises:
        Malformed: the page cannot be read; nothing was written.
        OwnSetUnknown: see there.
    """
    read = [
        (entry, Part.parse(entry.raw) if isinstance(entry, Streamed) else None) for entry in entries
    ]
    new = Intake({})
    if all(_begins(entry, part) for entry, part in read):
        # Most pages bring only what is new here: found out by writing it, nothing is looked up.
        new = decide({}, pending, read)
        if parts.put_new(connection, new.changed.values()):
            return new
    # What was new is here now, and a part that is told twice stays as it is.
    intake = decide(parts.of_keys(connection, _touched(read, pending)), pending, read)
    parts.put(connection, intake.changed.values())
    intake.scopes |= new.scopes
    return intake


def decide(
    known: dict[PartKey, ConfirmedPart],
    pending: PendingSaves,
    read: Iterable[tuple[Entry, Part | None]],
) -> Intake:
    """What a page does, upon those of its parts that are here. Nothing is written.

    Raises:
        Malformed: its entries are out of order.
        OwnSetUnknown: see there.
    """
    intake = Intake(known)
    last = 0
    for entry, part in read:
        if not isinstance(entry, Compacted):
            if entry.seq < last:
                raise Malformed("entries out of order")
            last = entry.seq
        intake.take(entry, part, pending)
    return intake


def _begins(entry: Entry, part: Part | None) -> bool:
    """Whether an entry may tell of a part for the first time."""
    if isinstance(entry, Streamed):
        return part is not None and part.written is not None and not entry.depths
    return isinstance(entry, Compacted)


def _touched(read: Iterable[tuple[Entry, Part | None]], pending: PendingSaves) -> set[PartKey]:
    """The parts that a page's entries are about."""
    touched: set[PartKey] = set()
    for entry, part in read:
        if part is not None:
            touched.update([(write.record, part.register) for write in part.writes])
        elif isinstance(entry, Compacted):
            touched.add((entry.record, register_of_bucket(entry.bucket)))
        elif isinstance(entry, OwnSet):
            saved = pending.by_set_id(entry.set_id)
            writes = saved.writes() if saved else ()
            touched.update((write.record, write.register) for write in writes)
    return touched
