"""Small values by name in the table `meta`: ids, counters, and keys wrapped by keys.

store_id              random, names this store
slot_mac/<key id>     MAC over the slot table under the data key of that id
previous_key          the data key before this one, sealed under it, while a rotation runs
seals/<key id>/<reg>  how many envelopes a register's key has sealed
attempts              wrong PINs in a row and when the last one was
cleanup               device secrets of retired slots still to be forgotten
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from field_app.store.tables import Meta


def get(connection: Connection, name: str) -> bytes | None:
    """The value, or None."""
    return connection.execute(
        select(col(Meta.value)).where(col(Meta.name) == name)
    ).scalar_one_or_none()


def put(connection: Connection, name: str, value: bytes) -> None:
    """Set the value, whether it was there or not."""
    row = insert(Meta).values(name=name, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def drop(connection: Connection, name: str) -> None:
    """Remove the value; removing what is not there is fine."""
    connection.execute(delete(Meta).where(col(Meta.name) == name))


def under(connection: Connection, prefix: str) -> dict[str, bytes]:
    """All values whose name begins with `prefix`, by the rest of the name."""
    rows = connection.execute(
        select(col(Meta.name), col(Meta.value)).where(
            func.substr(col(Meta.name), 1, len(prefix)) == prefix
        )
    )
    return {name[len(prefix) :]: value for name, value in rows}
