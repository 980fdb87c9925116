"""The ids of revoked devices, in a file beside the organisation's key.

Outside the database like the key, so that a backup restored from before a revocation does not let
the device in again. One id a line; lines are only ever added.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, update

from field_app.domain.clock import Instant
from field_app.domain.errors import ServerError
from field_app.server.tables import devices


@dataclass(frozen=True, slots=True)
class RevokedList:
    """The file."""

    path: Path

    def add(self, device: str) -> None:
        """Add a device, durably.

        Raises:
            ServerError: the file cannot be written.
        """
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(device.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ServerError(f"revoked devices: {type(error).__name__}") from None

    def ids(self) -> frozenset[str]:
        """Every revoked device's id."""
        try:
            return frozenset(self.path.read_text(encoding="utf-8").split())
        except FileNotFoundError:
            return frozenset()

    def holds(self, device: str) -> bool:
        """Whether a device was revoked."""
        return device in self.ids()

    def enforce(self, connection: Connection, now: Instant) -> None:
        """Revoke in the database whoever was revoked after the backup it was restored from."""
        for device in sorted(self.ids()):
            connection.execute(
                update(devices)
                .where(devices.c.id == device, devices.c.revoked_at.is_(None))
                .values(revoked_at=now)
            )
