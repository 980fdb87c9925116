"""Sealed rows of the store's own kinds: drafts, settings, saves, summaries.

One seal for each kind ("@draft", "@setting", …), bound to the row's name as an envelope is bound
to its record.
"""

from __future__ import annotations

from typing import Any

from field_app.store.keyring import Keyring
from field_app.sync.canonical import canonical_bytes, parse

OWN_SCOPE = "device"
"""The scope in the clear header of rows that belong to no person or team."""


class SealedKind:
    """Seals and opens the rows of one kind."""

    def __init__(self, keyring: Keyring, kind: str) -> None:
        """Take the keyring of the unlocked store; `kind` never collides with a register."""
        self._keyring = keyring
        self._register = f"@{kind}"

    def seal(self, name: str, payload: bytes) -> bytes:
        """Seal bytes for the row of this name."""
        return self._keyring.seal(self._register, name, OWN_SCOPE, payload)

    def open(self, name: str, blob: bytes) -> bytes:
        """Open the row's bytes.

        Raises:
            EnvelopeDamaged: altered, or another row's.
        """
        return self._keyring.open(self._register, name, OWN_SCOPE, blob)

    def seal_json(self, name: str, value: Any) -> bytes:
        """Seal a JSON value."""
        return self.seal(name, canonical_bytes(value))

    def open_json(self, name: str, blob: bytes) -> Any:
        """Open a JSON value."""
        return parse(self.open(name, blob))
