"""The key and the instance id that a device redeems a code with, durable before it asks.

A code lets in one device. A phone that died over the answer, or never got it, asks again with the
same key and is let in as the device it already is; with another key its code would be lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from field_app.domain.clock import Entropy
from field_app.store.identity import SealedSettings

ENROLLING = "enrolling"
"""The setting that holds it, until the identity takes its place."""


@dataclass(frozen=True, slots=True)
class Enrolling:
    """What a device that is nobody's yet will be known by."""

    private_key: str = field(repr=False)
    """Ed25519, 32 raw bytes as hex."""
    instance: str

    @property
    def key(self) -> Ed25519PrivateKey:
        """The key itself."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.private_key))


def enrolling_with(
    connection: Connection, settings: SealedSettings, entropy: Entropy, secret: str
) -> Enrolling:
    """The key and instance id made for a code's secret; made now for one not tried before."""
    plan = settings.get(connection, ENROLLING)
    if plan is None or plan["secret"] != secret:
        plan = {
            "secret": secret,
            "private_key": entropy.bytes(32).hex(),
            "instance": entropy.new_id(),
        }
        settings.put(connection, ENROLLING, plan)
    return Enrolling(plan["private_key"], plan["instance"])
