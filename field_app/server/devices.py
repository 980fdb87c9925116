"""Devices as a coordinator sees them: who has unsynced work, and since when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from field_app.domain.clock import is_instant
from field_app.server import tables
from field_app.sync.changes import NUMBER_MAX
from field_app.sync.coordination import DeviceEntry
from field_app.sync.protocol import Report

APP_LETTERS_MAX = 40


def report_values(report: Report) -> dict[str, Any]:
    """What a device says of itself, as it is kept; words that no app would say are left out."""
    oldest_at = report.oldest_at if is_instant(report.oldest_at) else None
    app = "".join(letter for letter in report.app if letter.isprintable())
    unsynced = min(report.unsynced, NUMBER_MAX)
    return {"unsynced": unsynced, "oldest_at": oldest_at, "app": app[:APP_LETTERS_MAX]}


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
