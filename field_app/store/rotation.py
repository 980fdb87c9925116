"""A new data key: what is sealed is sealed anew, and a kill at any moment loses nothing.

    1  new slots wrap the new key; the old key is kept, sealed under the new ("previous_key")
    2  the new slots are opened from the file, as proof
    3  the old slots go: from here on only the new PIN and the passphrase open the store
    4  every envelope is sealed anew, a batch a transaction; its header says which key it has
    5  "previous_key" goes, and the log is emptied

Killed before 3, whoever unlocks decides: an old slot takes the new ones back, a new slot carries
on. Killed after 3, the next unlocking carries on; both keys open until 5.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, column, func, select, table, update

from field_app.domain.clock import Entropy
from field_app.domain.errors import EnvelopeDamaged
from field_app.store import metadata
from field_app.store.database import Database
from field_app.store.envelope import KEY_ID_BYTES, RegisterKey, read_header
from field_app.store.keyring import DataKey, Keyring, derive
from field_app.store.tables import SEALED_TABLES

_PREVIOUS = "previous_key"
_REGISTER = "@previous_key"
_SCOPE = "device"
_BATCH_ROWS = 200
_BEFORE_ALL_ROWS = -(2**63)


@dataclass(frozen=True, slots=True)
class Resealed:
    """What became of the envelopes."""

    sealed_anew: int = 0
    damaged: int = 0
    """Did not open under their old key either; left as they are."""


def keep_previous(
    connection: Connection, current: DataKey, previous: DataKey, entropy: Entropy
) -> None:
    """Keep the old data key, sealed under the new one."""
    blob = _key_for_previous(current, entropy).seal(previous.key_id.hex(), _SCOPE, previous.secret)
    metadata.put(connection, _PREVIOUS, blob)


def previous_of(connection: Connection, current: DataKey, entropy: Entropy) -> DataKey | None:
    """The data key before this one, when a rotation to this one is not finished.

    Raises:
        EnvelopeDamaged: what is kept does not open.
    """
    blob = metadata.get(connection, _PREVIOUS)
    if blob is None:
        return None
    header, _ = read_header(blob)
    if header.key_id != current.key_id:
        return None
    key_id = header.record_id
    secret = _key_for_previous(current, entropy).open(key_id, _SCOPE, blob)
    return DataKey(bytes.fromhex(key_id), secret)


def forget_previous(connection: Connection) -> None:
    """Let the old key go, or take a rotation back that did not get to step 3."""
    metadata.drop(connection, _PREVIOUS)


def reseal_everything(database: Database, keyring: Keyring) -> Resealed:
    """Step 4: seal every row anew that has another key's id; begun again it goes on."""
    done = damaged = 0
    for name in SEALED_TABLES:
        last = _BEFORE_ALL_ROWS
        while True:
            with database.write() as connection:
                batch = _reseal_batch(connection, keyring, name, last)
            if batch.rows == 0:
                break
            last, done, damaged = batch.last, done + batch.sealed, damaged + batch.damaged
    return Resealed(done, damaged)


@dataclass(frozen=True, slots=True)
class _Batch:
    rows: int
    last: int
    sealed: int
    damaged: int


def _reseal_batch(connection: Connection, keyring: Keyring, name: str, after: int) -> _Batch:
    rows_of = table(name, column("rowid"), column("blob"))
    other_key = func.substr(rows_of.c.blob, 3, KEY_ID_BYTES) != keyring.key_id
    rows = connection.execute(
        select(rows_of.c.rowid, rows_of.c.blob)
        .where(rows_of.c.rowid > after, other_key)
        .order_by(rows_of.c.rowid)
        .limit(_BATCH_ROWS)
    ).all()
    anew = []
    for rowid, blob in rows:
        try:
            anew.append({"row": rowid, "anew": keyring.reseal(blob)})
        except EnvelopeDamaged:
            continue
    if anew:
        statement = update(rows_of).where(rows_of.c.rowid == bindparam("row"))
        connection.execute(statement.values(blob=bindparam("anew")), anew)
    last = rows[-1].rowid if rows else after
    return _Batch(len(rows), last, len(anew), len(rows) - len(anew))


def _key_for_previous(current: DataKey, entropy: Entropy) -> RegisterKey:
    key = derive(current.secret, f"register/{_REGISTER}")
    return RegisterKey(key, current.key_id, _REGISTER, entropy)
