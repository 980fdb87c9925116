"""One history under way: devices, a server, a line to each, and those who watch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.errors import FieldAppError, ServerError
from field_app.server.far_behind import FAR_BEHIND
from field_app.simulation.acts import Known, Plan
from field_app.simulation.central import Central
from field_app.simulation.chance import WorldClock
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.disk import Disk, Killed
from field_app.simulation.office import Enrolled, Office, office
from field_app.simulation.oracle import Oracle, Person, Remembered, What
from field_app.simulation.steps import History, Step
from field_app.simulation.trace import Trace
from field_app.simulation.violation import require
from field_app.simulation.watch import Watch
from field_app.store.outbox import Saved
from field_app.store.record_view import RecordView
from field_app.sync.exchange import Outcome

ROUND_REQUESTS_MAX = 300
SOON_BEHIND = 8
"""In every other history so few sequences make a device one that is far behind."""
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
    server_losses: int = 0
    """How often the server was put back to what it had been."""
    faults: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A device's disk as it once was, to be fed from there to the end."""

    number: int
    device: str
    """Its id at that time."""
    image: bytes


@dataclass(frozen=True, slots=True)
class Backup:
    """The server's disk as it once was, and what everybody knew then."""

    image: bytes
    known: Remembered
    sequence: int


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
        far_behind = SOON_BEHIND if history.seed % 2 else FAR_BEHIND
        self.central = Central(self.office, disk(0), self.clock, str(history.seed), far_behind)
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
        self.images: dict[int, list[bytes]] = {}
        """{number of a device: its disk after each sync}, for disks that forget."""
        self.backups: list[Backup] = []
        """The server's disk after each step, for a server that forgets."""
        self.checkpoint: Checkpoint | None = None
        kinds = {step.kind for step in history.steps}
        self._keeps_images = not kinds.isdisjoint(("forget", "restore", "clone"))
        self._keeps_backups = not kinds.isdisjoint(("failover", "backup"))
        self.trace.begin(history.seed, {one.id: one.worker for one in self.devices})

    def add_device(self, enrolled: Enrolled) -> SimulatedDevice:
        """Take an enrolled device into the world."""
        number = len(self.devices) + 1
        made = SimulatedDevice(
            enrolled,
            disk(number),
            self.central,
            self.clock,
            str(self.history.seed),
            self.faults,
            number,
        )
        self._know_key(made)
        self.devices.append(made)
        return made

    def _know_key(self, device: SimulatedDevice) -> None:
        secret = bytes.fromhex(device.cases.require_identity().private_key)
        self.watch.keys[device.id] = Ed25519PrivateKey.from_private_bytes(secret).public_key()

    def is_refused(self, device: SimulatedDevice) -> bool:
        """Whether the server no longer lets a device in."""
        revoked = device.id in self.oracle.revoked or device.id in self.central.enforced
        return revoked or not self.oracle.workers[device.worker].active

    # -- saving ----------------------------------------------------------------------------------

    def save(self, device: SimulatedDevice, plan: Plan) -> Saved | None:
        """Save a plan; None when the app refused or the device failed over it."""
        try:
            saved = device.save(plan.edits, plan.opens)
        except FieldAppError:
            return None  # a full disk, or a record signed meanwhile: the form says so
        except Killed:
            for durable in self.reopen(device):
                self._require_shown(plan, durable)
            return None
        self.hear(device, saved)
        self._require_shown(plan, saved)
        return saved

    def hear(self, device: SimulatedDevice, saved: Saved) -> None:
        """Tell those who watch of a durable save."""
        parts = [part.raw for part in saved.change_set.parts]
        heard = self.oracle.hear_save(saved.change_set.header.raw, parts)
        self.trace.save(heard)
        self.played.saves += 1
        self.played.writes += len(heard.writes)

    def _require_shown(self, plan: Plan, saved: Saved) -> None:
        """A save says what was entered, and replaces exactly what its author was shown."""
        shown = {one.record_id: one.base for one in plan.edits}
        wanted = {
            (one.record_id, key): value for one in plan.edits for key, value in one.values.items()
        }
        written: dict[tuple[str, str], Any] = {}
        for write in self.oracle.saves[saved.change_set.header.raw].writes:
            for key, value in write.values.items():
                written[write.record, key] = value
                pairs = shown[write.record].get(key, ())
                deepest = max((depth for _, depth in pairs), default=0)
                self.oracle.hear_screen(write.id, write.record, key, deepest)
                base = [write_id for write_id, _ in pairs]
                told = list(write.replaces.get(key, ()))
                require(told == base, "shown", f"{write.record[:6]} {key}: {told} for {base}")
        require(written == wanted, "shown", "a save says something else than was entered")

    # -- syncing ---------------------------------------------------------------------------------

    def requests(self, device: SimulatedDevice, most: int) -> bool:
        """So many requests of a round; whether it came to its end and all is done."""
        try:
            for _ in range(most):
                outcome = self.step(device)
                if outcome is not None:
                    self._remember(device)
                    return outcome.complete
        except Killed:
            self.reopen(device)
        except FieldAppError as error:
            self.require_expected(device, error)
        return False

    def step(self, device: SimulatedDevice) -> Outcome | None:
        """One request of a round, and what follows from its reply.

        Raises:
            Violation: the device takes for safe what the server never answered for.
            FieldAppError: what broke the round off.
        """
        try:
            outcome = device.step()
        except FieldAppError:
            self.notice(device)  # it may have become another before it failed
            raise
        self.notice(device)
        for saved in device.cases.sync._pending.in_state("accepted"):
            counted = (saved.change_set.header.device, saved.counter)
            told = counted in self.watch.told_safe
            require(
                told, "lost", f"{counted[0][:6]} {counted[1]} is taken for safe: nobody said so"
            )
        return outcome

    def notice(self, device: SimulatedDevice) -> list[Saved]:
        """Hear of a device that has become another, and of saves that got another header.

        Returns:
            As `hear_all`; nothing when it is the device it was.
        """
        now = (device.cases.require_identity().device, device.cases.sync.place.epoch)
        if now == device.noticed:
            return []
        if device.noticed[0] not in ("", now[0]):
            device.id = now[0]
            self.faults["forked"] += 1
            self._know_key(device)
        device.noticed = now
        return self.hear_all(device)

    def hear_all(self, device: SimulatedDevice) -> list[Saved]:
        """Hear of whatever the device holds that nobody has heard of under that header.

        Returns:
            Saves that nobody knew at all: killed just after the commit, durable and untold.
        """
        untold: list[Saved] = []
        known = {save.what for save in self.oracle.saves.values()}
        for saved in device.saves():
            header = saved.change_set.header
            parts = tuple(part.raw for part in saved.change_set.parts)
            if header.raw in self.oracle.saves:
                continue
            if (header.id, parts) in known:
                self.trace.reissued(self.oracle.hear_save(header.raw, parts))
            else:
                self.hear(device, saved)
                untold.append(saved)
        return untold

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
        if self._keeps_images:
            kept = self.images.setdefault(device.number, [])
            kept.append(device.disk.image())
            del kept[:-4]

    def back_up(self) -> None:
        """Keep the server's disk as it is, for one that will forget."""
        if self._keeps_backups:
            self.backups.append(self.backup())

    def backup(self) -> Backup:
        """The server's disk as it is."""
        sequence = self.watch.sequence
        return Backup(self.central.disk.image(), self.oracle.remember(), sequence)

    def go_back_to(self, kind: str, number: int) -> None:
        """The server is what it was at one of its backups; those after it are of no use."""
        del self.backups[number + 1 :]
        self.put_back_server(kind, self.backups[number])

    def put_back_server(self, kind: str, backup: Backup) -> None:
        """The server is what it was at a backup, with the epoch of that time."""
        self.faults[kind] += 1
        self.trace.server_back(kind, backup.sequence)
        self.oracle.forget_since(backup.known)
        self.watch.sequence = backup.sequence
        self.central.put_back(backup.image)
        self.watch.forget_answers()
        self.played.server_losses += 1

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

    def reopen(self, device: SimulatedDevice) -> list[Saved]:
        """A new process on a device whose old one is gone; the saves that it had told nobody."""
        device.open()
        self.looked.pop(device.id, None)
        return self.notice(device) + self.hear_all(device)

    def go_back(self, device: SimulatedDevice, image: bytes) -> None:
        """Put a device's disk back to what it once was."""
        before = {_what(saved) for saved in device.saves()}
        device.line.late.clear()
        device.disk.put_back(image)
        self.images.pop(device.number, None)
        device.open()
        device.id = device.cases.require_identity().device
        device.noticed = ("", "")
        self.reopen(device)
        still = {_what(saved) for one in self.devices for saved in one.saves()}
        self.oracle.lost_by_disk |= before - still
        self.trace.forgotten([set_id for set_id, _ in before - still])

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


def _what(saved: Saved) -> What:
    """A save apart from its header."""
    change_set = saved.change_set
    return change_set.header.id, tuple(part.raw for part in change_set.parts)
