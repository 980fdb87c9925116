"""How a device comes in: enrolment, tokens, and a copy that becomes a device of its own.

Part of the wire protocol (`protocol`): every message here is one JSON object.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

TOKEN_PURPOSE = b"rinnalla token v1\x00"
"""Put before the challenge that a device signs for a new token."""
CERTIFICATE_PURPOSE = b"rinnalla certificate v1\x00"
"""Put before the statement that the organisation's key signs at enrolment."""
ENROL_PURPOSE = b"rinnalla enrol v1\x00"
"""Put before what a new device signs with its own key when it redeems a code."""
FORK_PURPOSE = b"rinnalla fork v1\x00"
"""Put before what a restored or cloned device signs to become one of its own."""


class Message(BaseModel):
    """A small message: unknown members from a newer side are ignored, never an error."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class EnrolRequest(Message):
    """A one-time code redeemed with the device's own new key."""

    secret: str
    public_key: str
    """Ed25519, base64."""
    instance: str
    """An id that lives outside backups: tells a restored or cloned device."""
    app: str
    schema_version: int = Field(alias="schema")
    signature: str = ""
    """By that key over `signed_bytes`, base64; only with it may the same be asked again."""

    @staticmethod
    def signed_bytes(secret: str, public_key: str, instance: str) -> bytes:
        """What is signed."""
        return ENROL_PURPOSE + f"{secret} {public_key} {instance}".encode()


class Enrolled(Message):
    """What a newly enrolled device needs to know for good."""

    device: str
    worker: str
    worker_name: str = ""
    role: str = ""
    """The worker's role now; every pulled page says it anew."""
    organisation: str
    organisation_name: str
    token: str
    epoch: str
    certificate: str
    """Base64 of two lines: canonical JSON {device, instance, issued_at, organisation, public_key,
    worker}, and the base64 Ed25519 signature of `CERTIFICATE_PURPOSE` + that line, by a key that
    is outside the database: the device is known even to a server restored from before it."""


class ForkRequest(Message):
    """A restored or cloned device asks to be a device of its own; the answer is `Enrolled`."""

    device: str
    """The one it was."""
    public_key: str
    """Of its own new key: Ed25519, base64."""
    instance: str
    app: str
    schema_version: int = Field(alias="schema")
    signature: str
    """By the old device's key over `signed_bytes`, base64."""

    @staticmethod
    def signed_bytes(device: str, public_key: str, instance: str) -> bytes:
        """What is signed."""
        return FORK_PURPOSE + f"{device} {public_key} {instance}".encode()


class TokenRequest(Message):
    """A new token for an old: the challenge of the 401, signed by the device's key."""

    device: str
    challenge: str
    """Empty: the device asks for one; it comes with the 401."""
    signature: str
    """Ed25519 over `signed_bytes(challenge)`, base64."""
    certificate: str = ""
    """Of enrolment, shown to a server that does not know the device: it was restored."""

    @staticmethod
    def signed_bytes(challenge: str) -> bytes:
        """What is signed."""
        return TOKEN_PURPOSE + challenge.encode()


class Token(Message):
    """A short-lived, device-bound token."""

    token: str
