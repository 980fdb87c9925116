"""How much each register's key has sealed, written in the transaction that writes what it sealed.

A key is refused far below the number of seals at which two random nonces could meet; see
`envelope.SEALS_PER_KEY_MAX`.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from field_app.store import metadata
from field_app.store.keyring import Keyring

_PREFIX = "seals/"


def so_far(connection: Connection, key_id: bytes) -> Callable[[str], int]:
    """The counts written under a data key, as `Keyring` asks for them."""
    counts = metadata.under(connection, f"{_PREFIX}{key_id.hex()}/")
    return lambda register: int(counts.get(register, b"0"))


def write(connection: Connection, keyring: Keyring) -> None:
    """Write the counts that have changed."""
    for register, seals in keyring.unwritten_counts():
        name = f"{_PREFIX}{keyring.key_id.hex()}/{register}"
        metadata.put(connection, name, str(seals).encode())


def drop_others(connection: Connection, key_id: bytes) -> None:
    """Drop the counts of every other data key."""
    for name in metadata.under(connection, _PREFIX):
        if not name.startswith(key_id.hex()):
            metadata.drop(connection, _PREFIX + name)
