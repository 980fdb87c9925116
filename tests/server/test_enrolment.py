"""A one-time code lets one device in, once, for ten minutes."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from field_app.domain.errors import (
    BadSignature,
    CodeExpired,
    CodeRefused,
    CodeUsed,
    DeviceRevoked,
    FieldAppError,
    Malformed,
    NotAuthenticated,
    NotFound,
    ServerError,
)
from field_app.server import enrolment, tables
from field_app.server.credentials import OrganisationKey
from field_app.server.tokens import authenticate
from field_app.sync.admission import CERTIFICATE_PURPOSE, Enrolled, EnrolRequest
from tests.server.office import Office, Phone


def redeem(office: Office, phone: Phone, secret: str, **changes: str) -> Enrolled:
    return send(office, phone.enrol_request(secret).model_copy(update=changes))


def send(office: Office, request: EnrolRequest) -> Enrolled:
    with office.core.database.write() as connection:
        return enrolment.redeem(
            connection, office.core.entropy, office.clock.now(), office.core.key, request
        )


def secret_of(office: Office, worker: str = "sanna") -> str:
    return office.code(worker).code.secret.hex()


def test_a_code_enrols_a_device_of_its_worker(office: Office) -> None:
    enrolled = redeem(office, Phone(office, "sanna"), secret_of(office))
    assert (enrolled.worker, enrolled.worker_name) == (office.workers["sanna"], "sanna")
    assert (enrolled.role, enrolled.organisation_name) == ("social_worker", "Koe")


def test_a_wrong_a_used_and_a_late_code_are_told_apart(office: Office) -> None:
    phone = Phone(office, "sanna")
    for wrong in ("00" * 16, "", "not hex"):
        with pytest.raises(CodeRefused) as refused:
            redeem(office, phone, wrong)
        assert refused.value.code == "code_wrong"
    used = secret_of(office)
    redeem(office, phone, used)
    with pytest.raises(CodeUsed):
        redeem(office, phone, used)
    late = secret_of(office)
    office.clock.forward(minutes=10)
    with pytest.raises(CodeExpired):
        redeem(office, phone, late)
    with pytest.raises(CodeUsed):
        redeem(office, phone, used)


def test_of_a_hundred_redemptions_at_once_one_succeeds(office: Office) -> None:
    secret = secret_of(office)

    def attempt(_: int) -> str:
        try:
            return redeem(office, Phone(office, "sanna"), secret).device
        except CodeUsed:
            return ""

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(attempt, range(100)))
    assert len([device for device in outcomes if device]) == 1
    with office.core.database.read() as connection:
        assert len(connection.execute(select(tables.devices)).all()) == 1


def test_a_refused_request_does_not_use_the_code_up(office: Office) -> None:
    phone, secret = Phone(office, "sanna"), secret_of(office)
    for changes in ({"public_key": "short"}, {"public_key": "é"}, {"instance": "here"}):
        with pytest.raises(Malformed):
            redeem(office, phone, secret, **changes)
    assert redeem(office, phone, secret).device


def test_a_phone_that_never_got_the_answer_is_let_in_again_as_the_device_it_is(
    office: Office,
) -> None:
    phone, secret = Phone(office, "sanna"), secret_of(office)
    request = phone.signed_enrol_request(secret)
    lost = send(office, request)
    office.clock.forward(minutes=30)
    request = phone.signed_enrol_request(secret)
    phone.enrolled = send(office, request)
    assert phone.enrolled.device == lost.device
    with office.core.database.read() as connection:
        (device,) = connection.execute(select(tables.devices)).all()
        now = office.clock.now()
        assert authenticate(connection, now, phone.enrolled.token) == phone.caller
        with pytest.raises(NotAuthenticated):
            authenticate(connection, now, lost.token)
    assert device.instance == request.instance
    phone.pull()
    with pytest.raises(CodeUsed):
        send(office, request)


def test_nobody_else_is_let_in_by_a_code_that_let_somebody_in(office: Office) -> None:
    phone, thief, secret = Phone(office, "sanna"), Phone(office, "sanna"), secret_of(office)
    request = phone.signed_enrol_request(secret)
    enrolled = send(office, request)
    foreign = thief.signed_enrol_request(secret)
    for refused, error in (
        (foreign, CodeUsed),
        (request.model_copy(update={"signature": ""}), CodeUsed),
        (request.model_copy(update={"signature": foreign.signature}), BadSignature),
        (request.model_copy(update={"instance": "0" * 32}), BadSignature),
    ):
        with pytest.raises(error):
            send(office, refused)
    office.command("revoke_device", enrolled.device)
    with pytest.raises(CodeUsed):
        send(office, request)


def test_each_code_lets_its_own_device_in_again_although_both_have_the_same_key(
    office: Office,
) -> None:
    phone = Phone(office, "sanna")
    requests, devices = [], []
    for _ in range(2):
        requests.append(phone.signed_enrol_request(secret_of(office)))
        devices.append(send(office, requests[-1]).device)
        office.clock.forward(minutes=1)
    assert devices[0] != devices[1]
    assert [send(office, request).device for request in requests] == devices


def test_no_code_for_one_who_left_and_none_made_before_works(office: Office) -> None:
    secret = secret_of(office)
    office.command("set_active", office.workers["sanna"], False)
    with pytest.raises(DeviceRevoked):
        redeem(office, Phone(office, "sanna"), secret)
    with pytest.raises(NotFound):
        secret_of(office)


def test_neither_codes_nor_tokens_lie_in_the_database(office: Office) -> None:
    made = office.code("sanna")
    phone = office.phone("niko")
    with office.core.database.read() as connection:
        stored = str(connection.execute(select(tables.enrolment_codes)).all())
        stored += str(connection.execute(select(tables.devices)).all())
    assert made.code.secret.hex() not in stored
    assert phone.enrolled.token not in stored


def test_the_certificate_is_signed_by_the_key_outside_the_database(office: Office) -> None:
    phone = office.phone("sanna")
    line, _, signature = base64.b64decode(phone.enrolled.certificate).partition(b"\n")
    office.core.key.public.verify(base64.b64decode(signature), CERTIFICATE_PURPOSE + line)
    statement = json.loads(line)
    assert statement["device"] == phone.id
    assert statement["worker"] == office.workers["sanna"]
    assert statement["public_key"] == phone.public_key
    assert statement["issued_at"] == office.clock.now()


def test_the_key_file_is_its_owners_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "organisation.key"
    first = OrganisationKey.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = OrganisationKey.load_or_create(path)
    assert first.public.public_bytes_raw() == second.public.public_bytes_raw()


@pytest.mark.parametrize("content", [b"", b"words", b"-----BEGIN PRIVATE KEY-----\nx\n"])
def test_a_broken_key_file_is_one_clear_error_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "organisation.key"
    path.write_bytes(content)
    with pytest.raises(ServerError) as told:
        OrganisationKey.load_or_create(path)
    assert isinstance(told.value, FieldAppError)
    assert path.read_bytes() == content
