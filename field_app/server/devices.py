"""Devices as a coordinator sees them: who has unsynced work, and since when."""

from __future__ import annotations

from sqlalchemy import Connection, select

from field_app.server import tables
from field_app.sync.coordination import DeviceEntry


def list_devices(connection: Connection, organisation: int) -> list[DeviceEntry]:
    """Every device, the one with the oldest unsynced work first."""
    rows = connection.execute(
        select(tables.devices).where(tables.devices.c.organisation == organisation)
    )
    entries = [
        DeviceEntry(
            device=row.id,
            worker=row.worker,
            enrolled_at=row.enrolled_at,
            last_seen_at=row.last_seen_at,
            unsynced=row.unsynced,
            oldest_at=row.oldest_at,
            app=row.app,
            revoked=row.revoked_at is not None,
        )
        for row in rows
    ]
    return sorted(entries, key=lambda entry: (entry.oldest_at or "~", entry.device))
