"""Deliberate bugs of the device's store and its side of the sync."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import delete

from field_app.domain.declaration import declaration_of
from field_app.domain.records import RECORD_TYPES
from field_app.simulation.sabotage import Bench, bug
from field_app.store import outbox
from field_app.store.case_store import CaseStore
from field_app.store.confirmed import ConfirmedPart, ConfirmedParts
from field_app.store.device_sync import DeviceSync
from field_app.store.editing import Edit
from field_app.store.healing import Healing
from field_app.store.intake import Intake
from field_app.store.saving import Saving
from field_app.sync import exchange
from field_app.sync.delivery import compact
from field_app.sync.merge import State


@bug
def cursor_before_apply(bench: Bench) -> None:
    """The cursors of a page are durable before what is on it."""
    original = DeviceSync._take_page

    def taking(self: DeviceSync, page: Any) -> None:
        with self._database.write() as connection:
            self._put_cursors(connection, page.head.cursors)
        original(self, page)

    bench.replace(DeviceSync, "_take_page", taking)


@bug
def acknowledge_newer_edits(bench: Bench) -> None:
    """An answer counts for everything that waits, also for what was saved since."""
    original = DeviceSync.take_answer

    def taking(self: DeviceSync, batch: Any, answer: Any) -> None:
        original(self, batch, answer)
        with self._database.write() as connection:
            newer = [
                saved.answered("accepted", None, "") for saved in self._pending.in_state("pending")
            ]
            self._outbox.note_answers(connection, newer)
        self._adopt(newer, frozenset())

    bench.replace(DeviceSync, "take_answer", taking)


@bug
def answers_by_counter_alone(bench: Bench) -> None:
    """A page counts for whatever has a counter now, not for what had it when it was asked for."""
    original = DeviceSync.pull_request

    def asking(self: DeviceSync) -> Any:
        request = original(self)
        self._made = None
        return request

    bench.replace(DeviceSync, "pull_request", asking)


@bug
def count_depths_oneself(bench: Bench) -> None:
    """Of its own saves a device takes its own count of depths for the server's."""
    original = Intake._own

    def owning(self: Intake, entry: Any, pending: Any) -> None:
        saved = pending.by_set_id(entry.set_id)
        original(self, entry if saved is None else replace(entry, depths=saved.depths), pending)

    bench.replace(Intake, "_own", owning)


@bug
def purge_before_outbox_is_safe(bench: Bench) -> None:
    """With the rows of a lost bucket goes what was written there and waits."""
    original = DeviceSync._purge

    def purging(self: DeviceSync, connection: Any, *more: Any) -> Any:
        before = {part.scope for part in self._parts.all(connection)}
        told = original(self, connection, *more)
        after = {part.scope for part in self._parts.all(connection)}
        for saved in self._pending.in_state("pending", "held", "needs-human"):
            if saved.scopes & (before - after):
                rows = outbox._ROWS
                connection.execute(delete(rows).where(rows.c.counter == saved.counter))
                self._pending.drop(saved.counter)
        return told

    bench.replace(DeviceSync, "_purge", purging)


@bug
def resurrect_a_purged_row(bench: Bench) -> None:
    """What was taken off the device comes back with the next page."""
    purge, take = DeviceSync._purge, DeviceSync._take_page
    gone: WeakKeyDictionary[DeviceSync, list[ConfirmedPart]] = WeakKeyDictionary()

    def purging(self: DeviceSync, connection: Any, *more: Any) -> Any:
        before = list(self._parts.all(connection))
        told = purge(self, connection, *more)
        kept = {part.key for part in self._parts.all(connection)}
        gone.setdefault(self, []).extend(part for part in before if part.key not in kept)
        return told

    def taking(self: DeviceSync, page: Any) -> None:
        back = gone.pop(self, [])
        take(self, page)
        with self._database.write() as connection:
            self._parts.put(connection, back)

    bench.replace(DeviceSync, "_purge", purging)
    bench.replace(DeviceSync, "_take_page", taking)


@bug
def drop_an_unknown_field(bench: Bench) -> None:
    """What a newer app wrote is left out when a record is put away."""
    original = ConfirmedParts.put

    def putting(self: ConfirmedParts, connection: Any, parts: Iterable[ConfirmedPart]) -> None:
        original(self, connection, [_known_alone(part) for part in parts])

    bench.replace(ConfirmedParts, "put", putting)


def _known_alone(part: ConfirmedPart) -> ConfirmedPart:
    if part.type not in RECORD_TYPES:
        return part
    declared = declaration_of(RECORD_TYPES[part.type])
    heads = {key: found for key, found in part.state.heads.items() if declared.members(key)}
    return part._replace(writes=compact(State(heads)), written=None)


@bug
def drop_an_unknown_type(bench: Bench) -> None:
    """Records of a type that only a newer app has are not put away."""
    original = ConfirmedParts.put

    def putting(self: ConfirmedParts, connection: Any, parts: Iterable[ConfirmedPart]) -> None:
        original(self, connection, [part for part in parts if part.type in RECORD_TYPES])

    bench.replace(ConfirmedParts, "put", putting)


@bug
def replace_unshown_heads(bench: Bench) -> None:
    """A save replaces what stands now, not what its author was shown."""
    original = Saving.save

    def saving(self: Saving, connection: Any, edits: Any, *more: Any, **how: Any) -> Any:
        return original(
            self, connection, [_upon_now(self, connection, one) for one in edits], *more, **how
        )

    bench.replace(Saving, "save", saving)


def _upon_now(saving: Saving, connection: Any, edit: Edit) -> Edit:
    view = saving._reader.record(connection, edit.record_id)
    return replace(edit, base=view.base(*edit.values)) if view is not None else edit


@bug
def keep_what_was_not_saved(bench: Bench) -> None:
    """A save that failed stays in memory as if it were durable."""
    bench.replace(CaseStore, "_forget", lambda self, saved: None)


@bug
def stop_before_own_sets(bench: Bench) -> None:
    """A round ends although the device still lacks own sets that were named."""
    bench.replace(exchange, "_wants_own", lambda device, page: False)


@bug
def keep_what_was_told(bench: Bench) -> None:
    """In a new epoch of the server the device does not push again what is gone there."""
    bench.replace(Healing, "not_there", lambda self, connection, counter: [])
