"""Enrolment: a one-time code becomes a device with its own key.

A code is made for one worker, lives ten minutes, and lets in one device: of any number of
redemptions at the same moment exactly one succeeds, because the one statement that marks it used
says so. That device may ask again until it is heard of: the answer may have been lost, or the
phone died over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, insert, select, update

from field_app.domain.clock import Entropy, Instant, plus
from field_app.domain.errors import (
    CodeExpired,
    CodeRefused,
    CodeUsed,
    DeviceRevoked,
    Malformed,
    NotAuthenticated,
    NotFound,
    RateLimited,
)
from field_app.server import credentials
from field_app.server.credentials import OrganisationKey
from field_app.server.devices import report_values
from field_app.server.revoked import RevokedList
from field_app.server.tables import devices, enrolment_codes, organisations, workers
from field_app.server.tokens import TOKEN_HOURS, Caller
from field_app.sync.admission import Enrolled, EnrolRequest, ForkRequest
from field_app.sync.changes import NO_PREVIOUS, is_id
from field_app.sync.enrolment_code import SECRET_BYTES, EnrolmentCode
from field_app.sync.protocol import Report

CODE_MINUTES = 10
FORKS_A_DAY = 10
"""How many devices one device may become: a clone that is started again and again."""


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
    pin: str = "",
) -> NewCode:
    """Make a one-time code that enrols one device of a worker.

    It says where the server is, and by which authority alone the device shall trust it.

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
    return NewCode(EnrolmentCode(address, secret, pin), expires_at)


def redeem(
    connection: Connection,
    entropy: Entropy,
    now: Instant,
    key: OrganisationKey,
    request: EnrolRequest,
) -> Enrolled:
    """Make a device of a code's secret and the device's public key; asked again, it is the same.

    Raises:
        CodeRefused: the secret is wrong, used or expired (each its own class).
        BadSignature: it is signed, and not by the key it brings.
        Malformed: the key or the instance id is not one.
    """
    credentials.read_public_key(request.public_key)
    if not is_id(request.instance):
        raise Malformed("instance")
    if request.signature:
        signed = (request.secret, request.public_key, request.instance)
        credentials.check_text_signature(
            request.public_key, request.signature, EnrolRequest.signed_bytes(*signed)
        )
    code, is_new = _take(connection, now, request.secret)
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
    if is_new:
        device = entropy.new_id()
        _add_device(connection, now, organisation.number, device, worker.id, token, request)
    else:
        device = _unheard_of(connection, code, request)
        _let_in_again(connection, now, organisation.number, device, token, request)
    return _enrolled(now, key, device, token, organisation, worker, request)


def fork(
    connection: Connection,
    entropy: Entropy,
    now: Instant,
    key: OrganisationKey,
    caller: Caller,
    request: ForkRequest,
) -> Enrolled:
    """Make a device of its own of a restored or cloned one; asked again, it is the same device.

    Raises:
        BadSignature: not signed by the device it was.
        RateLimited: the device forked too often today.
        Malformed: the key or the instance id is not one.
    """
    credentials.read_public_key(request.public_key)
    if not is_id(request.instance) or request.device != caller.device:
        raise Malformed("fork")
    of_organisation = devices.c.organisation == caller.organisation
    old = connection.execute(
        select(devices).where(of_organisation, devices.c.id == caller.device).with_for_update()
    ).one()
    credentials.check_text_signature(
        old.public_key,
        request.signature,
        ForkRequest.signed_bytes(request.device, request.public_key, request.instance),
    )
    forks = connection.execute(
        select(devices).where(of_organisation, devices.c.forked_from == caller.device)
    ).all()
    token = credentials.new_token(entropy)
    known = next((one for one in forks if one.public_key == request.public_key), None)
    if known is None:
        if sum(one.enrolled_at > plus(now, hours=-24) for one in forks) >= FORKS_A_DAY:
            raise RateLimited("forks", seconds=3600)
        device = entropy.new_id()
        told = (connection, now, caller.organisation, device, caller.worker, token, request)
        _add_device(*told, forked_from=caller.device)
    else:  # the answer was lost
        device = known.id
        _let_in_again(connection, now, caller.organisation, device, token, request)
    organisation = connection.execute(
        select(organisations).where(organisations.c.number == caller.organisation)
    ).one()
    worker = connection.execute(
        select(workers).where(
            workers.c.organisation == caller.organisation, workers.c.id == caller.worker
        )
    ).one()
    return _enrolled(now, key, device, token, organisation, worker, request)


def readmit(
    connection: Connection, now: Instant, key: OrganisationKey, revoked: RevokedList, text: str
) -> str:
    """Know a device again that was enrolled after the backup this server was restored from.

    Its certificate says who it is; that it has the key, the challenge will show. Returns its id.

    Raises:
        NotAuthenticated: no certificate of this organisation, or nobody's of its workers.
        DeviceRevoked: it was revoked, or its worker left.
    """
    statement = key.read_certificate(text)
    device = statement["device"]
    if revoked.holds(device):
        raise DeviceRevoked("revoked")
    worker = connection.execute(
        select(organisations.c.number, workers.c.active)
        .join_from(organisations, workers, workers.c.organisation == organisations.c.number)
        .where(organisations.c.id == statement["organisation"], workers.c.id == statement["worker"])
    ).one_or_none()
    if worker is None:
        raise NotAuthenticated("unknown worker")
    if not worker.active:
        raise DeviceRevoked("worker not active")
    known = connection.execute(
        select(devices.c.id).where(devices.c.organisation == worker.number, devices.c.id == device)
    ).one_or_none()
    if known is None:
        request = EnrolRequest(
            secret="",
            public_key=statement["public_key"],
            instance=statement["instance"],
            app="",
            schema=1,
        )
        _add_device(connection, now, worker.number, device, statement["worker"], "", request)
    return device


def _enrolled(
    now: Instant,
    key: OrganisationKey,
    device: str,
    token: str,
    organisation: Row[Any],
    worker: Row[Any],
    request: EnrolRequest | ForkRequest,
) -> Enrolled:
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
    request: EnrolRequest | ForkRequest,
    forked_from: str | None = None,
) -> None:
    told = report_values(Report(unsynced=0, app=request.app))
    connection.execute(
        insert(devices).values(
            organisation=organisation,
            id=device,
            worker=worker,
            public_key=request.public_key,
            instance=request.instance,
            token_hash=credentials.token_hash(token) if token else "",
            token_expires_at=plus(now, hours=TOKEN_HOURS),
            forked_from=forked_from,
            counter=0,
            head_hash=NO_PREVIOUS,
            enrolled_at=now,
            **told,
        )
    )


def _let_in_again(
    connection: Connection,
    now: Instant,
    organisation: int,
    device: str,
    token: str,
    request: EnrolRequest | ForkRequest,
) -> None:
    """A new token for a device that did not hear its first; the former is void."""
    connection.execute(
        update(devices)
        .where(devices.c.organisation == organisation, devices.c.id == device)
        .values(
            instance=request.instance,
            token_hash=credentials.token_hash(token),
            token_expires_at=plus(now, hours=TOKEN_HOURS),
        )
    )


def _unheard_of(connection: Connection, code: RowMapping, request: EnrolRequest) -> str:
    """The device that a used code let in, if it asks again and was never heard of since.

    Raises:
        CodeUsed: it is another's request, or that device has come in.
    """
    device = connection.execute(
        select(devices.c.id).where(
            devices.c.organisation == code["organisation"],
            devices.c.worker == code["worker"],
            devices.c.public_key == request.public_key,
            devices.c.enrolled_at == code["used_at"],
            devices.c.last_seen_at.is_(None),
            devices.c.revoked_at.is_(None),
        )
    ).scalar_one_or_none()
    if device is None or not request.signature:
        raise CodeUsed("used")
    return str(device)


def _take(connection: Connection, now: Instant, secret: str) -> tuple[RowMapping, bool]:
    """Mark a code used, in one statement; only one transaction can. Whether it was this one."""
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
        return found, True
    if found["used_at"] is not None:
        return found, False
    raise CodeExpired("expired")
