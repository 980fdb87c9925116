"""The past of the demo as change sets: what each worker saved, in order, chained by their device.

Bookkeeping only: which write last set each key, so that a later save replaces exactly that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from field_app.domain.clock import Entropy, Instant
from field_app.domain.declaration import Record, RegisterName, declaration_of
from field_app.sync.canonical import same_value
from field_app.sync.changes import NO_PREVIOUS, ChangeSet, ScopedWrite, Write
from field_app.sync.composing import Authorship, compose


@dataclass(frozen=True, slots=True)
class PastSave:
    """One save of the past: records as they should read from then on."""

    author: str
    at: Instant
    scope: str
    records: tuple[Record, ...] = field(repr=False)
    opens: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Chain:
    """One author's device: where its chain of headers has come to."""

    device: str
    grants: Mapping[str, int]
    counter: int = 0
    prev: str = NO_PREVIOUS


class Scribe:
    """Writes past saves as change sets."""

    def __init__(self, entropy: Entropy, chains: Mapping[str, Chain]) -> None:
        """Write for these authors; `entropy` gives ids and salts."""
        self._entropy = entropy
        self._chains = chains
        self._records: dict[str, Record] = {}
        self._heads: dict[tuple[str, str], str] = {}

    def write(self, save: PastSave) -> ChangeSet | None:
        """The save as its author's next change set; None when it changes nothing."""
        writes = [write for record in save.records for write in self._writes(save.scope, record)]
        if not writes:
            return None
        chain = self._chains[save.author]
        chain.counter += 1
        by = Authorship(chain.device, save.author, save.at, chain.counter, chain.prev, chain.grants)
        change_set = compose(self._entropy, by, writes, save.opens)
        chain.prev = change_set.header.hash
        for write_id, _, write in change_set.numbered_writes():
            self._heads.update({(write.record, key): write_id for key in write.set})
        self._records.update({record.id: record for record in save.records})
        return change_set

    def _writes(self, scope: str, record: Record) -> list[ScopedWrite]:
        by_register: dict[RegisterName, dict[str, object]] = {}
        for key, (register, value) in self._changes(record).items():
            by_register.setdefault(register, {})[key] = value
        return [
            ScopedWrite(
                scope,
                register,
                Write(record.id, record.record_type, values, self._replaced(record.id, values)),
            )
            for register, values in by_register.items()
        ]

    def _changes(self, record: Record) -> dict[str, tuple[RegisterName, object]]:
        declared = declaration_of(type(record))
        known = self._records.get(record.id)
        before = known.to_keys() if known else {}
        after = record.to_keys()
        changes: dict[str, tuple[RegisterName, object]] = {}
        for key in sorted({*before, *after}):
            value = after.get(key, False if before.get(key) is True else None)
            register = declared.register_of(key)
            if register and not (key in before and same_value(before[key], value)):
                changes[key] = (register, value)
        return changes

    def _replaced(self, record_id: str, values: Mapping[str, object]) -> dict[str, list[str]]:
        return {
            key: [self._heads[record_id, key]] for key in values if (record_id, key) in self._heads
        }
