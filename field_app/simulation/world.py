"""One history under way: devices, a server, a line to each, and those who watch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.errors import FieldAppError, ServerError
from field_app.simulation.acts import Known, Plan
from field_app.simulation.central import Central
from field_app.simulation.chance import WorldClock
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.disk import Disk, Killed
from field_app.simulation.office import Enrolled, Office, office
from field_app.simulation.oracle import Oracle, Person
from field_app.simulation.steps import History, Step
from field_app.simulation.trace import Trace
from field_app.simulation.violation import require
from field_app.simulation.watch import Watch
from field_app.store.outbox import Saved
from field_app.store.record_view import RecordView

ROUND_REQUESTS_MAX = 200
_DISKS: list[Disk] = []


def disk(number: int) -> Disk:
    """A disk to be written over; kept between histories, for what SQLAlchemy learned upon it."""
    while len(_DISKS) <= number:
        _DISKS.append(Disk())
    return _DISKS[number]


@dataclass(slots=True)
class Played:
    """What a history came to."""

    writes: int = 0
    acknowledged: int = 0
    conflicts_planted: int = 0
    conflicts_surfaced: int = 0
    saves: int = 0
    devices: int = 0
    faults: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A device's disk as it once was, to be fed from there to the end."""

    number: int
    image: bytes
    heard: int


class World:
    """Everybody and everything of one history."""

    def __init__(self, history: History, trace: Trace) -> None:
        """Open the organisation of the history's layout."""
        self.history = history
        self.trace = trace
        self.played = Played()
        self.faults = self.played.faults
        self.clock = WorldClock()
        self.office: Office = office(history.layout)
        self.central = Central(self.office, disk(0), self.clock, str(history.seed))
        self.oracle = Oracle(
            self.office.teams,
            {one.id: Person(one.role, set(one.teams)) for one in self.office.workers},
        )
        self.watch = Watch(self.central, self.oracle, self.trace, self.office.sequence, {})
        self.central.ears = self.watch
        self.central.on_commit(self.watch.after_commit)
        self.devices: list[SimulatedDevice] = []
        for enrolled in self.office.devices:
            self.add_device(enrolled)
        for number in history.newer:
            self.devices[number].newer = True
        self.known = Known()
        self.looked: dict[str, dict[str, RecordView]] = {}
        """{device: {person: the page as it was opened}}."""
        self.images: dict[str, list[tuple[bytes, int]]] = {}
        """{device: (its disk, last counter) after each sync}, for disks that forget."""
        self.checkpoint: Checkpoint | None = None
        self.trace.begin(history.seed, {one.id: one.worker for one in self.devices})

    def add_device(self, enrolled: Enrolled) -> SimulatedDevice:
        """Take an enrolled device into the world."""
        number = len(self.devices) + 1
        made = SimulatedDevice(
            enrolled, disk(number), self.central, self.clock, str(self.history.seed), self.faults
        )
        secret = bytes.fromhex(enrolled.identity.private_key)
        self.watch.keys[made.id] = Ed25519PrivateKey.from_private_bytes(secret).public_key()
        self.devices.append(made)
        return made

    def is_refused(self, device: SimulatedDevice) -> bool:
        """Whether the server no longer lets a device in."""
        return device.id in self.oracle.revoked or not self.oracle.workers[device.worker].active

    # -- saving ----------------------------------------------------------------------------------

    def save(self, device: SimulatedDevice, plan: Plan) -> Saved | None:
        """Save a plan; None when the app refused or the device failed over it."""
        try:
            saved = device.save(plan.edits, plan.opens)
        except FieldAppError:
            return None  # a full disk, or a record signed meanwhile: the form says so
        except Killed:
            self.reopen(device)
            return None
        self.hear(device, saved)
        self._require_shown(plan, saved)
        return saved

    def hear(self, device: SimulatedDevice, saved: Saved) -> None:
        """Tell those who watch of a durable save."""
        parts = [part.raw for part in saved.change_set.parts]
        heard = self.oracle.hear_save(saved.change_set.header.raw, parts)
        self.trace.save(heard)
        device.heard = saved.counter
        self.played.saves += 1
        self.played.writes += len(heard.writes)

    def _require_shown(self, plan: Plan, saved: Saved) -> None:
        """A save says what was entered, and replaces exactly what its author was shown."""
        shown = {one.record_id: one.base for one in plan.edits}
        wanted = {
            (one.record_id, key): value for one in plan.edits for key, value in one.values.items()
        }
        written: dict[tuple[str, str], Any] = {}
        for write in self.oracle.saves[saved.change_set.header.device, saved.counter].writes:
            for key, value in write.values.items():
                written[write.record, key] = value
                pairs = shown[write.record].get(key, ())
                self.oracle.hear_screen(write.id, key, max((d for _, d in pairs), default=0))
                base = [write_id for write_id, _ in pairs]
                told = list(write.replaces.get(key, ()))
                require(told == base, "shown", f"{write.record[:6]} {key}: {told} for {base}")
        require(written == wanted, "shown", "a save says something else than was entered")

    # -- syncing ---------------------------------------------------------------------------------

    def requests(self, device: SimulatedDevice, most: int) -> bool:
        """So many requests of a round; whether it came to its end and all is done."""
        try:
            for _ in range(most):
                outcome = device.step()
                if outcome is not None:
                    self._remember(device)
                    return outcome.complete
        except Killed:
            self.reopen(device)
        except FieldAppError as error:
            self.require_expected(device, error)
        return False

    def fetch(self, device: SimulatedDevice) -> bool:
        """The next reply of a round arrives but waits to be applied; whether there is one."""
        try:
            device.fetch()
        except Killed:
            self.reopen(device)
            return False
        except StopIteration:
            return False
        except FieldAppError as error:
            self.require_expected(device, error)
            return False
        return True

    def require_expected(self, device: SimulatedDevice, error: FieldAppError) -> None:
        """Make sure that nobody is refused who may come in.

        Raises:
            Violation: somebody is.
        """
        if error.code == "device_revoked":
            require(self.is_refused(device), "stuck", "a good device is refused")

    def _remember(self, device: SimulatedDevice) -> None:
        """Keep the device's disk as it is, for one that will forget."""
        if any(step.kind in ("forget", "restore") for step in self.history.steps):
            kept = self.images.setdefault(device.id, [])
            kept.append((device.disk.image(), device.heard))
            del kept[:-4]

    # -- what goes wrong -------------------------------------------------------------------------

    def plant(self, step: Step, device: SimulatedDevice, dice: random.Random, most: int) -> None:
        """Plant a step's fault: on a disk, within so many statements, or on the line."""
        match step.fault:
            case "":
                return
            case "device_killed":
                device.disk.plant("kill", dice.randrange(most), self._count(step.fault))
            case "device_disk_full":
                device.disk.plant("full", dice.randrange(most), self._count(step.fault))
            case "server_killed":
                self.central.disk.plant("kill", dice.randrange(30), self._count(step.fault))
            case "server_disk_full":
                self.central.disk.plant("full", dice.randrange(30), self._count(step.fault))
            case fault:
                device.line.plan(fault, step.salt)

    def _count(self, fault: str) -> Callable[[], None]:
        def count() -> None:
            self.faults[fault] += 1

        return count

    def reopen(self, device: SimulatedDevice) -> None:
        """A new process on a device whose old one is gone."""
        device.open()
        self.looked.pop(device.id, None)
        for saved in device.unheard():
            self.hear(device, saved)

    def go_back(self, device: SimulatedDevice, image: bytes, counter: int) -> None:
        """Put a device's disk back to what it was when its last save had this counter."""
        self.oracle.hear_lost(device.id, counter)
        self.trace.forgotten(device.id, counter)
        device.heard = counter
        device.line.late.clear()
        device.disk.put_back(image)
        self.images.pop(device.id, None)
        self.reopen(device)

    # -- desks -----------------------------------------------------------------------------------

    def command(self, told: str, name: str, **given: Any) -> bool:
        """An access command; whether it was carried out."""
        self.watch.command = (told, given)
        try:
            self.central.command(name, *given.values())
        except FieldAppError:
            return False
        except Killed:
            self.central.restart()
            return False
        finally:
            self.watch.command = None
        return True

    def decide(self, worker: str, dice: random.Random) -> bool:
        """Somebody decides about a case of theirs; whether there was one."""
        if not self.oracle.workers[worker].active:
            return False
        try:
            cases = self.central.cases(worker)
            if not cases:
                return False
            case = dice.choice(cases).set_id
            try:
                self.central.decide(worker, case, accepts=dice.random() < 0.6)
            except ServerError:
                return False
            except FieldAppError:  # what nobody can accept is set aside
                self.central.decide(worker, case, accepts=False)
        except ServerError:
            return False
        except Killed:
            self.central.restart()
            return False
        return True
