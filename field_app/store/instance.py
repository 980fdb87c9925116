"""The device's id outside backups: tells a restored or cloned device from the one it was.

It lies in the device's keystore, which no backup of the store takes along (on a desk a file beside
the store, `instance.secret`, which backups must leave out). Where it is missing, a fresh one is
made: the store then finds out at its next push that it is a copy.
"""

from __future__ import annotations

from field_app.domain.clock import Entropy
from field_app.domain.errors import DeviceSecretMissing, KeystoreUnavailable
from field_app.store.keystore import SECRET_BYTES, DeviceKeystore

_NAME = "instance"


class Instance:
    """The id, in the keystore."""

    def __init__(self, keystore: DeviceKeystore, entropy: Entropy) -> None:
        """Keep it there; fresh ones come from `entropy`."""
        self._keystore = keystore
        self._entropy = entropy

    def load(self) -> str:
        """The id; a fresh one when it is missing, none ("") when the keystore does not answer."""
        try:
            return self._keystore.load(_NAME)[:16].hex()
        except DeviceSecretMissing:
            fresh = self._entropy.new_id()
        except KeystoreUnavailable:
            return ""
        self.keep(fresh)
        return fresh

    def keep(self, instance: str) -> None:
        """Keep the id that enrolment told the server.

        Raises:
            KeystoreUnavailable: it cannot be kept.
        """
        self._keystore.store(_NAME, bytes.fromhex(instance).ljust(SECRET_BYTES, b"\0"))
