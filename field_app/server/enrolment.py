"""Enrolment: a one-time code becomes a device with its own key.

A code is made for one worker, lives ten minutes, and lets in once: of any number of redemptions
at the same moment exactly one succeeds, because the one statement that marks it used says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update

from field_app.domain.clock import Entropy, Instant, plus
from field_app.domain.errors import (
    CodeExpired,
    CodeRefused,
    CodeUsed,
    DeviceRevoked,
    Malformed,
    NotFound,
)
from field_app.server import credentials
from field_app.server.credentials import OrganisationKey
from field_app.server.devices import report_values
from field_app.server.tables import devices, enrolment_codes, organisations, workers
from field_app.server.tokens import TOKEN_HOURS
from field_app.sync.changes import NO_PREVIOUS, is_id
from field_app.sync.enrolment_code import SECRET_BYTES, EnrolmentCode
from field_app.sync.protocol import Enrolled, EnrolRequest, Report

CODE_MINUTES = 10


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code just made: shown once, kept only as a hash."""

    code: EnrolmentCode
    expires_at: Instant


def make_code(
    connection: Connection,
    entropy: Entropy,
    now: Instant,
    organisation: int,
    worker: str,
    address: str,
) -> NewCode:
    """Make a one-time code that enrols one device of a worker.

    Raises:
        NotFound: no such worker, or one who left.
    """
    known = connection.execute(
        select(workers.c.id).where(
            workers.c.organisation == organisation, workers.c.id == worker, workers.c.active
        )
    ).one_or_none()
    if known is None:
        raise NotFound("worker")
    secret = entropy.bytes(SECRET_BYTES)
    expires_at = plus(now, minutes=CODE_MINUTES)
    connection.execute(
        insert(enrolment_codes).values(
            organisation=organisation,
            hash=credentials.code_hash(secret),
            worker=worker,
            expires_at=expires_at,
        )
    )
    return NewCode(EnrolmentCode(address, secret), expires_at)


def redeem(
    connection: Connection,
    entropy: Entropy,
    now: Instant,
    key: OrganisationKey,
    request: EnrolRequest,
) -> Enrolled:
    """Make a device of a code's secret and the device's public key.

    Raises:
        CodeRefused: the secret is wrong, used or expired (each its own class).
        Malformed: the key or the instance id is not one.
    """
    credentials.read_public_key(request.public_key)
    if not is_id(request.instance):
        raise Malformed("instance")
    code = _take(connection, now, request.secret)
    worker = connection.execute(
        select(workers).where(
            workers.c.organisation == code["organisation"], workers.c.id == code["worker"]
        )
    ).one()
    if not worker.active:
        raise DeviceRevoked("worker not active")
    organisation = connection.execute(
        select(organisations).where(organisations.c.number == code["organisation"])
    ).one()
    token = credentials.new_token(entropy)
    device = entropy.new_id()
    _add_device(connection, now, organisation.number, device, worker.id, token, request)
    statement = {
        "device": device,
        "instance": request.instance,
        "issued_at": now,
        "organisation": organisation.id,
        "public_key": request.public_key,
        "worker": worker.id,
    }
    return Enrolled(
        device=device,
        worker=worker.id,
        worker_name=worker.name,
        role=worker.role,
        organisation=organisation.id,
        organisation_name=organisation.name,
        token=token,
        epoch=organisation.epoch,
        certificate=key.certify(statement),
    )


def _add_device(
    connection: Connection,
    now: Instant,
    organisation: int,
    device: str,
    worker: str,
    token: str,
    request: EnrolRequest,
) -> None:
    told = report_values(Report(unsynced=0, app=request.app))
    connection.execute(
        insert(devices).values(
            organisation=organisation,
            id=device,
            worker=worker,
            public_key=request.public_key,
            instance=request.instance,
            token_hash=credentials.token_hash(token),
            token_expires_at=plus(now, hours=TOKEN_HOURS),
            counter=0,
            head_hash=NO_PREVIOUS,
            enrolled_at=now,
            **told,
        )
    )


def _take(connection: Connection, now: Instant, secret: str) -> RowMapping:
    """Mark a code used, in one statement; only one transaction can."""
    try:
        hashed = credentials.code_hash(bytes.fromhex(secret))
    except ValueError:
        raise CodeRefused("not a secret") from None
    taken = connection.execute(
        update(enrolment_codes)
        .where(
            enrolment_codes.c.hash == hashed,
            enrolment_codes.c.used_at.is_(None),
            enrolment_codes.c.expires_at > now,
        )
        .values(used_at=now)
    )
    found = (
        connection.execute(select(enrolment_codes).where(enrolment_codes.c.hash == hashed))
        .mappings()
        .one_or_none()
    )
    if found is None:
        raise CodeRefused("no such code")
    if taken.rowcount == 1:
        return found
    if found["used_at"] is not None:
        raise CodeUsed("used")
    raise CodeExpired("expired")
