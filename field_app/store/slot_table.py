"""The slot table in the database: every change keeps its MAC true, in the same transaction.

A change of a slot takes several transactions and something in the keystore; what a kill in the
middle would leave behind is noted first, under "cleanup", and tidied up at the next unlocking:
names of device secrets that are to be forgotten unless a slot in the table uses them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from field_app.domain.errors import KeystoreUnavailable, StoreDamaged
from field_app.store import metadata
from field_app.store.database import Database
from field_app.store.keyring import DataKey
from field_app.store.keystore import DeviceKeystore
from field_app.store.slots import (
    SlotTerms,
    StoredSlot,
    check_table,
    device_secret_name,
    read_terms,
    table_mac,
)
from field_app.store.tables import Slot

_MAC = "slot_mac/"
_CLEANUP = "cleanup"


def all_slots(connection: Connection) -> list[StoredSlot]:
    """Every slot, of whatever kind.

    Raises:
        StoreDamaged: a row holds something other than bytes.
    """
    rows = connection.execute(select(col(Slot.name), col(Slot.blob)).order_by(col(Slot.name)))
    slots = [StoredSlot(name, blob) for name, blob in rows]
    if not all(type(slot.blob) is bytes for slot in slots):
        raise StoreDamaged("a slot that is not bytes")
    return slots


def own_slots(slots: Iterable[StoredSlot]) -> list[tuple[StoredSlot, SlotTerms]]:
    """The slots this app can open, newest first.

    Raises:
        StoreDamaged: one of them is not as we write it.
    """
    found = [(slot, terms) for slot in slots if (terms := read_terms(slot)) is not None]
    return sorted(found, key=lambda each: each[1].generation, reverse=True)


def next_generation(slots: Iterable[StoredSlot]) -> int:
    """A number higher than any slot's."""
    return max((terms.generation for _, terms in own_slots(slots)), default=0) + 1


def check(connection: Connection, data_key: DataKey) -> None:
    """Compare the whole table with its MAC.

    Raises:
        StoreDamaged: someone without the data key changed it.
    """
    stored = metadata.get(connection, _MAC + data_key.key_id.hex())
    check_table(data_key, all_slots(connection), stored)


def change(
    connection: Connection,
    data_keys: Sequence[DataKey],
    *,
    add: Iterable[StoredSlot] = (),
    remove: Iterable[StoredSlot] = (),
) -> None:
    """Add and remove slots and write the MAC of the result under each of the data keys.

    MACs under other keys go: whoever opens with those finds the table altered.
    """
    for slot in add:
        connection.execute(insert(Slot).values(name=slot.slot_id, blob=slot.blob))
    gone = list(remove)
    for slot in gone:
        connection.execute(delete(Slot).where(col(Slot.name) == slot.slot_id))
    if gone:
        note_cleanup(connection, [device_secret_name(slot.slot_id) for slot in gone])
    slots = all_slots(connection)
    for key_id in metadata.under(connection, _MAC):
        metadata.drop(connection, _MAC + key_id)
    for data_key in data_keys:
        metadata.put(connection, _MAC + data_key.key_id.hex(), table_mac(data_key, slots))


def note_cleanup(connection: Connection, names: Iterable[str]) -> None:
    """Note device secrets that are to be forgotten unless a slot in the table uses them."""
    noted = sorted({*_noted(connection), *names})
    metadata.put(connection, _CLEANUP, json.dumps(noted).encode())


def tidy_up(database: Database, keystore: DeviceKeystore) -> bool:
    """Do what is noted: forget retired device secrets, cut retired slots out of the log.

    Returns:
        Whether everything is done; what is not is done at the next unlocking.
    """
    with database.read() as connection:
        if metadata.get(connection, _CLEANUP) is None:
            return True
        in_use = {device_secret_name(slot.slot_id) for slot in all_slots(connection)}
        unused = [name for name in _noted(connection) if name not in in_use]
    try:
        for name in unused:
            keystore.delete(name)
    except KeystoreUnavailable:
        return False
    if not database.empty_log():
        return False
    with database.write() as connection:
        metadata.drop(connection, _CLEANUP)
    return True


def _noted(connection: Connection) -> list[str]:
    return list(json.loads(metadata.get(connection, _CLEANUP) or b"[]"))
