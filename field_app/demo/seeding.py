"""Fills an empty server with the demo's past, through its own protocol.

The organisation is set up as `field-app admin` does it; then every worker enrols a device with a
one-time code, writes what they wrote in eighteen months, and pushes it signed. Nothing reaches
the database by another way than a phone's work does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app import __version__
from field_app.demo.caseload import Caseload, demo_caseload
from field_app.demo.history import Chain, PastSave, Scribe
from field_app.demo.organisation import NAME, DemoOrganisation, demo_organisation
from field_app.domain.clock import Clock, Entropy, Instant, local_day
from field_app.domain.errors import InvalidInput
from field_app.server.access import Commander
from field_app.server.core import Core, open_core
from field_app.server.enrolment import make_code
from field_app.server.organisation import create_organisation, only_organisation
from field_app.settings import ServerSettings
from field_app.sync.authorised import Authorised, read_message
from field_app.sync.canonical import canonical_bytes
from field_app.sync.changes import ChangeSet
from field_app.sync.client import Enrolment, enrol, pack_batch
from field_app.sync.protocol import (
    MEDIA_TYPE,
    PUSH_BYTES_MAX,
    PUSH_SETS_MAX,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    Report,
)
from field_app.sync.transport import Link, pack
from field_app.system_clock import SystemClock, SystemEntropy

_BATCH_BYTES = PUSH_BYTES_MAX * 3 // 4


class SeedRefused(Exception):
    """The server did not accept a piece of the demo's past; that is a fault of the demo."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What a demo begins from."""

    organisation: DemoOrganisation
    caseload: Caseload = field(repr=False)


def make_seed(number: int, injected: Sequence[str], clock: Clock) -> Seed:
    """The demo of a seed, as of today.

    Raises:
        InvalidInput: more injected texts than the caseload has notes.
    """
    organisation = demo_organisation(number)
    caseload = demo_caseload(organisation, number, local_day(clock.now()), injected)
    notes = sum(1 for save in caseload.saves for one in save.records if hasattr(one, "note"))
    if len(injected) > notes // 2:
        raise InvalidInput(f"more than {notes // 2} texts to inject")
    return Seed(organisation, caseload)


# -- the server's own side -------------------------------------------------------------------------


class GivenIds:
    """The operating system's randomness, but for the ids to come: those of the demo."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Give out these ids first."""
        self._ids = list(ids)
        self._system = SystemEntropy()

    def bytes(self, count: int) -> bytes:
        """Return bytes from the operating system."""
        return self._system.bytes(count)

    def new_id(self) -> str:
        """The next given id; then random ones."""
        return self._ids.pop(0) if self._ids else self._system.new_id()


class Office:
    """Sets a server up and makes codes, at its database, as `field-app admin` does."""

    def __init__(self, settings: ServerSettings) -> None:
        """Work on this server; `settings.address` is where devices find it."""
        self._settings = settings

    def found(self, organisation: DemoOrganisation) -> None:
        """Make the organisation with its teams and workers."""
        core = open_core(self._settings)
        try:
            with core.database.write() as connection:
                number = create_organisation(connection, core.entropy, NAME, core.clock.now())
                for team in organisation.teams:
                    by = Commander(
                        connection, number, core.clock.now(), GivenIds([team.id]), core.sealer
                    )
                    by.add_team(team.name)
                for worker in organisation.workers:
                    by = Commander(
                        connection, number, core.clock.now(), GivenIds([worker.id]), core.sealer
                    )
                    by.add_worker(worker.name, worker.role, worker.teams)
        finally:
            core.database.close()

    def codes(self, workers: Iterable[str], at: Instant | None = None) -> list[str]:
        """A one-time code for each of these workers, as text; made now, or at another time."""
        core = open_core(self._settings)
        try:
            return [self._code(core, worker, at or core.clock.now()) for worker in workers]
        finally:
            core.database.close()

    def revoke(self, devices: Iterable[str]) -> None:
        """Refuse these devices from now on."""
        core = open_core(self._settings)
        try:
            with core.database.write() as connection:
                number = only_organisation(connection)
                by = Commander(connection, number, core.clock.now(), core.entropy, core.sealer)
                for device in devices:
                    by.revoke_device(device)
        finally:
            core.database.close()

    def _code(self, core: Core, worker: str, at: Instant) -> str:
        with core.database.write() as connection:
            number = only_organisation(connection)
            address = core.settings.address
            made = make_code(connection, core.entropy, at, number, worker, address)
        return made.code.encode()


# -- the devices that pushed the past --------------------------------------------------------------


class SeedingDevice:
    """A device that only ever writes: it knows its place in its chain, and pushes."""

    def __init__(self, code: str, clock: Clock, entropy: Entropy) -> None:
        """Enrol with a one-time code, and learn the worker's grants.

        Raises:
            SyncError: the server cannot be reached, or refuses.
        """
        self._key = Ed25519PrivateKey.from_private_bytes(entropy.bytes(32))
        link = Link(clock, __version__)
        enrolled = enrol(
            code,
            public_key=self._key.public_key().public_bytes_raw(),
            instance=entropy.new_id(),
            link=link,
        )
        self._enrolment: Enrolment = enrolled
        self.token = enrolled.enrolled.token
        self.certificate = enrolled.enrolled.certificate
        self._requests = Authorised(self, link)
        self.queue: list[ChangeSet] = []
        self._sent_head = "0" * 64
        self.grants = self._learn_grants()

    @property
    def server_url(self) -> str:
        """The server's root."""
        return self._enrolment.server_url

    @property
    def device(self) -> str:
        """The device's id."""
        return self._enrolment.enrolled.device

    @property
    def worker(self) -> str:
        """Whose it is."""
        return self._enrolment.enrolled.worker

    def sign(self, message: bytes) -> bytes:
        """Sign with the device's key."""
        return self._key.sign(message)

    def save_token(self, token: str) -> None:
        """Keep a renewed token."""
        self.token = token

    def close(self) -> None:
        """Close the connection."""
        self._requests.close()

    def push_all(self) -> int:
        """Push everything queued; returns how many sets that were.

        Raises:
            SeedRefused: a set was not accepted.
        """
        left = len(self.queue)
        for sets in in_batches(self.queue):
            batch = PushBatch(
                device=self.device,
                prev=self._sent_head,
                signature=self.sign(PushBatch.signed_bytes(sets[-1].header.hash)),
                report=Report(unsynced=left - len(sets), app=__version__),
                sets=tuple(sets),
            )
            left -= len(sets)
            answer = read_message(
                PushAnswer,
                self._requests.call("POST", "/v1/push", pack_batch(batch), sends=MEDIA_TYPE),
            )
            for run in answer.receipts:
                if run.status != "accepted":
                    raise SeedRefused(f"{run.status}: {run.reason}")
            self._sent_head = sets[-1].header.hash
        return len(self.queue)

    def _learn_grants(self) -> Mapping[str, int]:
        request = PullRequest(
            epoch=self._enrolment.enrolled.epoch, cursors={}, limit=1, report=Report(unsynced=0)
        )
        body = canonical_bytes(request.model_dump(mode="json", exclude_none=True))
        answer = self._requests.call("POST", "/v1/pull", pack(body), expects=MEDIA_TYPE)
        return PullPage.decode(answer).head.you.grants


def in_batches(sets: Sequence[ChangeSet]) -> Iterator[list[ChangeSet]]:
    """Consecutive sets in batches the server takes."""
    batch: list[ChangeSet] = []
    size = 0
    for one in sets:
        if batch and (len(batch) == PUSH_SETS_MAX or size + one.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size
    if batch:
        yield batch


def push_history(
    seed: Seed, codes: Mapping[str, str], clock: Clock | None = None, entropy: Entropy | None = None
) -> dict[str, str]:
    """Enrol a device for each code ({worker: code}) and push the seed's past from them.

    Returns:
        {worker: device id}.

    Raises:
        SyncError: the server cannot be reached.
        SeedRefused: it did not accept something.
    """
    clock, entropy = clock or SystemClock(), entropy or SystemEntropy()
    devices = {worker: SeedingDevice(code, clock, entropy) for worker, code in codes.items()}
    try:
        _write(seed.caseload.saves, devices, entropy)
        # Whoever opens a person's matter comes before those who write about the person.
        order = sorted(seed.organisation.workers, key=lambda worker: worker.is_nurse)
        for worker in order:
            if worker.id in devices:
                devices[worker.id].push_all()
    finally:
        for device in devices.values():
            device.close()
    return {worker: device.device for worker, device in devices.items()}


def _write(
    saves: Iterable[PastSave], devices: Mapping[str, SeedingDevice], entropy: Entropy
) -> None:
    chains = {worker: Chain(device.device, device.grants) for worker, device in devices.items()}
    scribe = Scribe(entropy, chains)
    for save in saves:
        written = scribe.write(save)
        if written is not None:
            devices[save.author].queue.append(written)
