"""The client, the device's store and the server as they ship, over a real socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.errors import (
    AccessDenied,
    CodeRefused,
    CodeUsed,
    DeviceRevoked,
    NotFound,
    ServerUnreachable,
)
from field_app.domain.records.person import Person
from field_app.sync.client import Progress, SyncClient, enrol
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.sync.exchange import Outcome
from field_app.sync.transport import Link
from field_app.system_clock import SystemClock
from tests.server.served import Served
from tests.store.devices import DeviceOnDisk

Answer = TypeVar("Answer")
LINK = Link(clock=SystemClock(), app="test")


@dataclass
class Worker:
    """A worker's device on disk, enrolled over HTTP."""

    device: DeviceOnDisk
    told: list[Progress] = field(default_factory=list)

    @property
    def server_url(self) -> str:
        return self.device.store.require_identity().server

    @property
    def token(self) -> str:
        return self.device.store.require_identity().token

    def sign(self, message: bytes) -> bytes:
        secret = bytes.fromhex(self.device.store.require_identity().private_key)
        return Ed25519PrivateKey.from_private_bytes(secret).sign(message)

    def save_token(self, token: str) -> None:
        self.device.store.keep_token(token)

    def ask(self, question: Callable[[SyncClient], Answer]) -> Answer:
        with SyncClient(_Credentials(self), LINK) as client:
            return question(client)

    def sync(self) -> Outcome:
        return self.ask(lambda client: client.sync(self.device.store.sync, self.told.append))

    def phones(self, person: str) -> list[str | None]:
        """The person's numbers as shown, the one shown first in front."""
        return [head.value for head in self.device.shown(person).heads["phone"]]


class _Credentials:
    """What the client asks of a device's store, as it is at each moment."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.server_url = worker.server_url
        self.sign = worker.sign
        self.save_token = worker.save_token

    @property
    def device(self) -> str:
        return self._worker.device.store.require_identity().device

    @property
    def token(self) -> str:
        return self._worker.token

    @property
    def certificate(self) -> str:
        return self._worker.device.store.require_identity().certificate


def enrolled(served: Served, name: str, folder: Path) -> Worker:
    """A new device of a worker, with its own key."""
    device = DeviceOnDisk(folder, f"{name} {served.port}")
    served.devices.append(device)
    key = Ed25519PrivateKey.generate()
    instance = device.new_id()
    enrolment = enrol(
        served.code(name),
        public_key=key.public_key().public_bytes_raw(),
        instance=instance,
        link=LINK,
    )
    told = enrolment.enrolled
    device.store.enrol(
        replace(
            device.store.require_identity(),
            device=told.device,
            worker=told.worker,
            organisation=told.organisation,
            server=enrolment.server_url,
            private_key=key.private_bytes_raw().hex(),
            instance=instance,
            token=told.token,
            certificate=told.certificate,
        )
    )
    return Worker(device)


def new_person(worker: Worker, team: str) -> str:
    person = worker.device.new_id()
    worker.device.write(Person(id=person, phone="040 123 4567"), person, opens={person: team})
    return person


def test_two_phones_change_a_number_apart_and_all_come_to_the_same(
    served: Served, tmp_path: Path
) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    sanna.sync()
    niko.sync()
    person = new_person(sanna, served.office.teams["centre"])
    assert sanna.sync().pushed == 1
    assert niko.sync().pulled >= 1
    assert niko.phones(person) == ["040 123 4567"]

    sanna.device.change(person, phone="045 000 1111")
    niko.device.change(person, phone="050 765 4321")
    assert sanna.sync().complete
    assert niko.sync().complete
    assert sanna.sync().complete
    assert sanna.phones(person) == niko.phones(person)
    assert set(niko.phones(person)) == {"045 000 1111", "050 765 4321"}
    assert niko.device.shown(person).conflicts

    right = niko.phones(person)[1]  # the one shown second: which that is, ids decide
    niko.device.change(person, phone=right)
    niko.sync()
    sanna.sync()
    assert sanna.phones(person) == niko.phones(person) == [right]

    late = enrolled(served, "iiris", tmp_path)
    assert late.sync().complete
    assert late.device.shown(person).heads == sanna.device.shown(person).heads
    assert late.told[-1].remaining == 0


def test_a_token_past_its_time_is_renewed_with_the_devices_own_key(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    sanna.sync()
    before = sanna.token
    served.office.clock.forward(hours=13)
    person = new_person(sanna, served.office.teams["centre"])
    assert sanna.sync().complete
    assert sanna.token != before
    assert sanna.phones(person) == ["040 123 4567"]
    assert sanna.device.store.sync.report().unsynced == 0


def test_a_renewal_whose_answer_was_lost_does_not_lock_the_device_out(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    lost = sanna.token
    served.office.clock.forward(hours=13)
    sanna.sync()
    sanna.device.store.keep_token(lost)
    assert sanna.sync().complete
    assert sanna.token != lost


def test_a_code_lets_in_once_and_a_wrong_one_not_at_all(served: Served, tmp_path: Path) -> None:
    code = served.code("sanna")
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    enrol(code, public_key=key, instance="1" * 32, link=LINK)
    with pytest.raises(CodeUsed):
        enrol(code, public_key=key, instance="1" * 32, link=LINK)
    wrong = EnrolmentCode(f"127.0.0.1:{served.port}", bytes(16)).encode()
    with pytest.raises(CodeRefused):
        enrol(wrong, public_key=key, instance="1" * 32, link=LINK)


def test_a_coordinator_sees_whose_work_is_unsynced_and_nobody_else_does(
    served: Served, tmp_path: Path
) -> None:
    sanna, leena = (enrolled(served, name, tmp_path) for name in ("sanna", "leena"))
    sanna.sync()
    leena.sync()
    entries = {entry.device: entry for entry in leena.ask(lambda client: client.devices())}
    assert entries[sanna.device.store.require_identity().device].worker == sanna.device.worker
    assert {team.name for team in leena.ask(lambda client: client.staff()).teams} == {
        "centre",
        "harbour",
    }
    assert leena.ask(lambda client: client.cases()) == []
    made = leena.ask(lambda client: client.make_code(served.office.workers["niko"]))
    assert EnrolmentCode.decode(made.code)
    with pytest.raises(AccessDenied):
        sanna.ask(lambda client: client.devices())
    with pytest.raises(NotFound):
        leena.ask(lambda client: client.case("0" * 32))


def test_a_revoked_device_keeps_its_work_and_hears_why(served: Served, tmp_path: Path) -> None:
    sanna, leena = (enrolled(served, name, tmp_path) for name in ("sanna", "leena"))
    sanna.sync()
    new_person(sanna, served.office.teams["centre"])
    leena.ask(lambda client: client.revoke_device(sanna.device.store.require_identity().device))
    with pytest.raises(DeviceRevoked):
        sanna.sync()
    assert sanna.device.store.sync.report().unsynced == 1


def test_what_is_refused_reaches_the_coordinator_who_sets_it_aside_or_accepts(
    served: Served, tmp_path: Path
) -> None:
    sanna, leena = (enrolled(served, name, tmp_path) for name in ("sanna", "leena"))
    sanna.sync()
    person = new_person(sanna, served.office.teams["harbour"])
    sanna.sync()
    (case,) = leena.ask(lambda client: client.cases())
    assert case.status == "needs-human"
    content = leena.ask(lambda client: client.case(case.set_id))
    assert content.sets[0].opens == {person: served.office.teams["harbour"]}
    leena.ask(lambda client: client.set_aside_case(case.set_id, "the harbour knows her already"))
    assert leena.ask(lambda client: client.cases()) == []
    sanna.sync()
    assert sanna.device.store.sync.report().unsynced == 0


def test_when_the_server_is_gone_nothing_is_lost(served: Served, tmp_path: Path) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    sanna.sync()
    person = new_person(sanna, served.office.teams["centre"])
    identity = sanna.device.store.require_identity()
    sanna.device.store.enrol(replace(identity, server="http://127.0.0.1:9"))
    with pytest.raises(ServerUnreachable):
        sanna.sync()
    assert sanna.device.store.sync.report().unsynced == 1
    assert sanna.phones(person) == ["040 123 4567"]
    sanna.device.store.enrol(identity)
    assert sanna.sync().complete
    assert sanna.device.store.sync.report().unsynced == 0
