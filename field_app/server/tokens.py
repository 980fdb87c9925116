"""Tokens: opaque, hashed at rest, bound to one device, short, refused at once when revoked.

A token past its twelve hours earns a challenge; the device signs it with its own key and gets a
new token. A challenge is good once, for two minutes, on its own device.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, select, update

from field_app.domain.clock import Entropy, Instant, plus
from field_app.domain.errors import (
    BadSignature,
    DeviceRevoked,
    FieldAppError,
    Malformed,
    NotAuthenticated,
    TokenExpired,
)
from field_app.server import credentials
from field_app.server.tables import devices, workers
from field_app.sync.admission import Token, TokenRequest

TOKEN_HOURS = 12
CHALLENGE_MINUTES = 2

_OF_WORKER = (workers.c.organisation == devices.c.organisation) & (workers.c.id == devices.c.worker)
_BY_TOKEN = (
    select(
        devices.c.organisation,
        devices.c.id,
        devices.c.worker,
        devices.c.revoked_at,
        devices.c.token_expires_at,
        workers.c.active,
    )
    .join_from(devices, workers, _OF_WORKER)
    .where(devices.c.token_hash == bindparam("hash"))
)
_BY_ID = (
    select(devices, workers.c.active)
    .join_from(devices, workers, _OF_WORKER)
    .where(devices.c.id == bindparam("device_id"))
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The device behind a request, as its token says."""

    organisation: int
    device: str
    worker: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that says no but whose transaction must be kept: it holds a new challenge."""

    error: FieldAppError


def authenticate(connection: Connection, now: Instant, token: str) -> Caller:
    """The device that a token belongs to. One indexed look-up.

    Raises:
        NotAuthenticated: no device has this token.
        DeviceRevoked: the device was revoked, or its worker left.
        TokenExpired: past its time, without a challenge yet: `challenge` makes one.
    """
    row = connection.execute(_BY_TOKEN, {"hash": credentials.token_hash(token)}).one_or_none()
    if row is None:
        raise NotAuthenticated("unknown token")
    if row.revoked_at is not None or not row.active:
        raise DeviceRevoked("revoked")
    if row.token_expires_at <= now:
        raise TokenExpired("token", device=row.id)
    return Caller(row.organisation, row.id, row.worker)


def challenge(connection: Connection, entropy: Entropy, now: Instant, device: str) -> Refusal:
    """Make a challenge for a device; the refusal carries it.

    Raises:
        NotAuthenticated: no such device.
        DeviceRevoked: the device was revoked.
    """
    row = _device(connection, device)
    text = base64.urlsafe_b64encode(entropy.bytes(32)).decode().rstrip("=")
    connection.execute(
        update(devices)
        .where(devices.c.organisation == row.organisation, devices.c.id == device)
        .values(challenge=text, challenge_expires_at=plus(now, minutes=CHALLENGE_MINUTES))
    )
    return Refusal(TokenExpired("token", challenge=text))


def renew(
    connection: Connection, entropy: Entropy, now: Instant, request: TokenRequest
) -> Token | Refusal:
    """A new token for a signed challenge; a used or late challenge earns a new one.

    Raises:
        NotAuthenticated: no such device.
        DeviceRevoked: the device was revoked.
        BadSignature: the signature is not the device's.
        Malformed: the signature is not base64.
    """
    row = _device(connection, request.device)
    if not _is_current(row, request.challenge, now):
        return challenge(connection, entropy, now, request.device)
    try:
        signature = base64.b64decode(request.signature, validate=True)
    except ValueError:
        raise Malformed("signature") from None
    credentials.check_signature(
        row.public_key, signature, TokenRequest.signed_bytes(request.challenge)
    )
    token = credentials.new_token(entropy)
    changed = connection.execute(
        update(devices)
        .where(
            devices.c.organisation == row.organisation,
            devices.c.id == row.id,
            devices.c.challenge == request.challenge,
        )
        .values(
            token_hash=credentials.token_hash(token),
            token_expires_at=plus(now, hours=TOKEN_HOURS),
            challenge=None,
            challenge_expires_at=None,
        )
    )
    if changed.rowcount != 1:  # the same challenge was signed and sent twice at once
        raise BadSignature("challenge used")
    return Token(token=token)


def _is_current(row: Row[tuple[object, ...]], given: str, now: Instant) -> bool:
    if not given or row.challenge is None or row.challenge_expires_at <= now:
        return False
    return hmac.compare_digest(row.challenge, given)


def _device(connection: Connection, device: str) -> Row[tuple[object, ...]]:
    row = connection.execute(_BY_ID, {"device_id": device}).one_or_none()
    if row is None:
        raise NotAuthenticated("unknown device")
    if row.revoked_at is not None or not row.active:
        raise DeviceRevoked("revoked")
    return row
