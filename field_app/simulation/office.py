"""The organisations that histories take place in: staffed and enrolled once, copied ever after.

Everything in them is drawn from fixed seeds: a history of a seed is the same in every process.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from field_app.server import enrolment
from field_app.server.access import Commander
from field_app.server.core import Core
from field_app.server.credentials import OrganisationKey
from field_app.server.organisation import create_organisation
from field_app.server.schema import migrate
from field_app.server.tokens import Caller
from field_app.settings import ServerSettings
from field_app.simulation.chance import SeededEntropy, WorldClock
from field_app.simulation.disk import Disk, ServerDisk, store_database, take_store_steps
from field_app.store.case_store import CaseStore
from field_app.store.identity import Identity
from field_app.store.keyring import DataKey, Keyring
from field_app.sync.admission import EnrolRequest
from field_app.sync.protocol import PullPage

ADDRESS = "127.0.0.1:8700"


@dataclass(frozen=True, slots=True)
class Seat:
    """A worker to be: role, teams by number, and how many devices."""

    role: str
    teams: tuple[int, ...]
    devices: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """How many teams, and who is in them."""

    teams: int
    seats: tuple[Seat, ...]


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        2,
        (
            Seat("social_worker", (0,)),
            Seat("nurse", (0,)),
            Seat("social_worker", (1,)),
            Seat("lead", ()),
        ),
    ),
    Layout(
        2,
        (
            Seat("social_instructor", (0,)),
            Seat("nurse", (0, 1)),
            Seat("social_worker", (1,)),
            Seat("nurse", (1,)),
        ),
    ),
    Layout(
        3,
        (
            Seat("nurse", (0,), devices=2),
            Seat("social_worker", (0, 1)),
            Seat("social_worker", (1,)),
            Seat("lead", (2,)),
        ),
    ),
    Layout(
        2,
        (
            Seat("social_worker", (0,)),
            Seat("social_instructor", (0,)),
            Seat("nurse", (0,)),
            Seat("administrator", ()),
            Seat("nurse", (1,)),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the organisation."""

    id: str
    role: str
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolled device as it left the office: who it is, its key, and its disk."""

    identity: Identity
    worker: str
    image: bytes


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation at the beginning of a history."""

    number: int
    teams: tuple[str, ...]
    workers: tuple[Worker, ...]
    devices: tuple[Enrolled, ...]
    image: bytes
    """The server's disk."""
    sequence: int


def keyring(entropy: SeededEntropy) -> Keyring:
    """The keys of an unlocked store; how a PIN becomes them is not what is simulated."""
    return Keyring(DataKey(b"simulate", b"\x5a" * 32), entropy)


def organisation_key() -> OrganisationKey:
    """The key that signs certificates."""
    return OrganisationKey(Ed25519PrivateKey.from_private_bytes(b"\x0f" * 32))


def open_core(disk: Disk, clock: WorldClock, entropy: SeededEntropy) -> Core:
    """A server process upon a disk."""
    settings = ServerSettings(data=Path())
    return Core(settings, ServerDisk(disk), organisation_key(), clock, entropy)


@cache
def migrated() -> bytes:
    """The disk of a server that holds no organisation yet."""
    disk = Disk(quick=False)  # Alembic asks for more
    migrate(ServerDisk(disk))
    return disk.image()


@cache
def empty_store() -> bytes:
    """The disk of a store in which there is nothing."""
    disk = Disk()
    take_store_steps(disk)
    return disk.image()


@cache
def office(number: int) -> Office:
    """The organisation of a layout, staffed, its devices enrolled; made once a process."""
    layout = LAYOUTS[number]
    clock, entropy = WorldClock(), SeededEntropy(f"office {number}")
    disk = Disk()
    disk.put_back(migrated())
    core = open_core(disk, clock, entropy)
    with core.database.write() as connection:
        organisation = create_organisation(connection, entropy, "Koe", clock.now())
        by = Commander(connection, organisation, clock.now(), entropy, core.sealer)
        teams = tuple(by.add_team(f"Tiimi {index}") for index in range(layout.teams))
        workers: list[Worker] = []
        for index, seat in enumerate(layout.seats):
            own = tuple(teams[team] for team in seat.teams)
            worker = by.add_worker(f"Testi {index}", seat.role, own)
            workers.append(Worker(worker, seat.role, own))
    seats = zip(workers, layout.seats, strict=True)
    devices = [
        enrol(core, organisation, worker.id, f"{number} {worker.id} {index}")
        for worker, seat in seats
        for index in range(seat.devices)
    ]
    devices = [first_pull(core, organisation, device) for device in devices]
    sequence = disk.connection.execute("SELECT sequence FROM organisation").fetchone()[0]
    return Office(organisation, teams, tuple(workers), tuple(devices), disk.image(), int(sequence))


def enrol(core: Core, organisation: int, worker: str, seed: str) -> Enrolled:
    """Enrol a new device of a worker, with a store in which there is nothing else yet."""
    entropy = SeededEntropy(f"device {seed}")
    secret = entropy.bytes(32)
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    with core.database.write() as connection:
        now = core.clock.now()
        made = enrolment.make_code(connection, core.entropy, now, organisation, worker, ADDRESS)
        request = EnrolRequest(
            secret=made.code.secret.hex(),
            public_key=base64.b64encode(raw).decode(),
            instance=entropy.new_id(),
            app="simulation",
            schema=1,
        )
        given = enrolment.redeem(connection, core.entropy, now, core.key, request)
    identity = Identity(
        device=given.device,
        worker=given.worker,
        worker_name=given.worker_name,
        role=given.role,
        organisation=given.organisation,
        organisation_name=given.organisation_name,
        server=f"http://{ADDRESS}",
        instance=request.instance,
        private_key=secret.hex(),
        token=given.token,
        certificate=given.certificate,
    )
    disk = Disk()
    disk.put_back(empty_store())
    cases = CaseStore(store_database(disk), keyring(entropy), core.clock, entropy)
    cases.enrol(identity)
    return Enrolled(identity, worker, disk.image())


def first_pull(core: Core, organisation: int, device: Enrolled) -> Enrolled:
    """The same device after it has learned who is who."""
    disk = Disk()
    disk.put_back(device.image)
    entropy = SeededEntropy(f"first pull {device.identity.device}")
    cases = CaseStore(store_database(disk), keyring(entropy), core.clock, entropy)
    caller = Caller(organisation, device.identity.device, device.worker)
    page = core.puller.pull(caller, cases.sync.pull_request(), core.clock.now())
    cases.sync.take_page(PullPage.decode(page))
    return replace(device, image=disk.image())
