"""One history played: devices, a server, a line to each, and what goes wrong between them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.errors import FieldAppError, ServerError
from field_app.simulation.acts import Hands, Known, Plan
from field_app.simulation.central import Central
from field_app.simulation.chance import WorldClock
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.disk import Disk, Killed
from field_app.simulation.office import Enrolled, Office, office
from field_app.simulation.oracle import Oracle, Person
from field_app.simulation.steps import History, Step
from field_app.simulation.trace import Trace
from field_app.simulation.violation import Violation, require
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
    """A history under way."""

    def __init__(self, history: History, trace: Trace | None = None) -> None:
        """Open the organisation of the history's layout."""
        self.history = history
        self.trace = trace or Trace()
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

    def play(self) -> None:
        """Every step of the history.

        Raises:
            Violation: something happened that never may.
        """
        steps: Mapping[str, Callable[[Step, SimulatedDevice, random.Random], None]] = {
            "save": self._save,
            "look": self._look,
            "sync": self._sync,
            "pull": self._sync,
            "access": self._access,
            "case": self._case,
            "time": self._time,
            "clock": self._clock,
            "kill": self._kill,
            "forget": self._forget,
            "late": self._late,
            "poison": self._poison,
            "reuse": self._reuse,
            "upgrade": self._upgrade,
        }
        dice = random.Random(f"checkpoint {self.history.seed}")
        noted = dice.randrange(max(1, len(self.history.steps)))
        for number, step in enumerate(self.history.steps):
            if number == noted:
                self._note_checkpoint(dice.randrange(len(self.devices)))
            self.clock.forward(90)
            device = self.devices[step.who]
            steps[step.kind](step, device, random.Random(step.salt))
            device.disk.clear()
            self.central.disk.clear()

    def _note_checkpoint(self, number: int) -> None:
        device = self.devices[number]
        self.checkpoint = Checkpoint(number, device.disk.image(), device.heard)

    # -- saving ----------------------------------------------------------------------------------

    def _save(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        looked = self.looked.get(device.id, {})
        plan = Hands(device, self.known, dice).plan(looked)
        for one in plan.edits:
            looked.pop(one.record_id, None)
        self._plant(step, device, dice, most=12)
        self.save(device, plan)

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
        """A save replaces exactly what its author was shown."""
        shown = {one.record_id: one.base for one in plan.edits}
        wanted = {one.record_id: one.values for one in plan.edits}
        written: dict[tuple[str, str], Any] = {}
        for write in self.oracle.saves[saved.change_set.header.device, saved.counter].writes:
            for key, value in write.values.items():
                written[write.record, key] = value
                pairs = shown[write.record].get(key, ())
                self.oracle.hear_screen(write.id, key, max((d for _, d in pairs), default=0))
                base = [write_id for write_id, _ in pairs]
                told = list(write.replaces.get(key, ()))
                require(told == base, "shown", f"{write.record[:6]} {key}: {told} for {base}")
        asked = {(r, key): value for r, values in wanted.items() for key, value in values.items()}
        require(written == asked, "shown", "a save says something else than was entered")

    def _look(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        view = Hands(device, self.known, dice).look()
        if view is not None:
            self.looked.setdefault(device.id, {})[view.id] = view

    # -- syncing ---------------------------------------------------------------------------------

    def _sync(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        if step.kind == "pull":
            device.forget_round()
        requests = ROUND_REQUESTS_MAX
        if step.fault == "left_midway":
            requests = dice.randrange(1, 3)
        elif step.fault:
            if dice.random() < 0.5:  # not always the first request of a round
                self.requests(device, 1)
            self._plant(step, device, dice, most=25)
        self.requests(device, requests)
        if step.fault == "left_midway" and dice.random() < 0.5:
            self._in_hand(device)

    def requests(self, device: SimulatedDevice, most: int) -> bool:
        """So many requests of a round; whether it came to its end and all is done."""
        try:
            for _ in range(most):
                outcome = device.step()
                if outcome is not None:
                    self.remember(device)
                    return outcome.complete
        except Killed:
            self.reopen(device)
        except FieldAppError as error:
            self._require_expected(device, error)
        return False

    def _in_hand(self, device: SimulatedDevice) -> None:
        """The reply has arrived but waits to be applied: others go on meanwhile."""
        try:
            device.fetch()
        except Killed:
            self.reopen(device)
        except StopIteration:
            return
        except FieldAppError as error:
            self._require_expected(device, error)

    def _require_expected(self, device: SimulatedDevice, error: FieldAppError) -> None:
        if error.code == "device_revoked":
            active = self.oracle.workers[device.worker].active
            require(device.revoked or not active, "stuck", "a good device is refused")

    def remember(self, device: SimulatedDevice) -> None:
        """Keep the device's disk as it is, for one that will forget."""
        if any(step.kind == "forget" for step in self.history.steps):
            kept = self.images.setdefault(device.id, [])
            kept.append((device.disk.image(), device.heard))
            del kept[:-4]

    # -- what goes wrong -------------------------------------------------------------------------

    def _plant(self, step: Step, device: SimulatedDevice, dice: random.Random, most: int) -> None:
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

    def _kill(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        self.faults["device_killed"] += 1
        self.reopen(device)

    def _forget(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        """A disk that promised to have written had not: an earlier image is what is there."""
        row = self.central.rows("SELECT counter FROM device WHERE id = ?", device.id)
        kept = [one for one in self.images.get(device.id, ()) if one[1] >= row[0][0]]
        if not kept:
            return
        image, counter = dice.choice(kept)
        self.faults["fsync_lost"] += 1
        self.go_back(device, image, counter)

    def go_back(self, device: SimulatedDevice, image: bytes, counter: int) -> None:
        """Put a device's disk back."""
        self.oracle.hear_lost(device.id, counter)
        self.trace.forgotten(device.id, counter)
        device.heard = counter
        device.disk.put_back(image)
        self.images.pop(device.id, None)
        self.reopen(device)

    def _late(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        for one in self.devices:
            one.line.deliver_late()

    def _time(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        self.clock.forward(dice.choice((3600, 6 * 3600, 30 * 3600, 80 * 3600)))

    def _clock(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        self.faults["clock_off"] += 1
        device.clock.off_by = dice.choice((-1, 1)) * dice.uniform(60, 6 * 86400)

    def _upgrade(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        self.faults["upgraded"] += not device.newer
        device.newer = True
        self.reopen(device)

    def _poison(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        """See `poison`; kept apart because it takes the app's own checks away."""

    def _reuse(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        """A broken generator gives an id that another device gave a save before."""
        others = [save for save in self.oracle.saves.values() if save.device != device.id]
        if not others:
            return
        plan = Hands(device, self.known, dice).plan({})
        device.entropy.repeated = dice.choice(others).set_id
        if self.save(device, plan) is not None:
            self.faults["id_reused"] += 1
        device.entropy.repeated = None

    # -- desks -----------------------------------------------------------------------------------

    def _access(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        worker = dice.choice(self.office.workers).id
        team = dice.choice(self.office.teams)
        known = self.oracle.workers[worker]
        chosen = dice.random()
        if chosen < 0.45 and self.known.people:
            person = dice.choice(self.known.people)
            self.command(step, dice, "move", "move_person", person=person, team=team)
        elif chosen < 0.75:
            if team in known.teams:
                self.command(step, dice, "leave", "leave_team", worker=worker, team=team)
            else:
                self.command(step, dice, "join", "join_team", worker=worker, team=team)
        elif chosen < 0.9:
            role = dice.choice(("social_worker", "nurse", "lead", "social_instructor"))
            self.command(step, dice, "role", "change_role", worker=worker, role=role)
        else:
            self.command(step, dice, "active", "set_active", worker=worker, active=not known.active)

    def command(self, step: Step, dice: random.Random, told: str, name: str, **given: Any) -> bool:
        """An access command; whether it was carried out."""
        self._plant(step, self.devices[0], dice, most=30)
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

    def _case(self, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
        self._plant(step, device, dice, most=30)
        self.decide(device.worker, dice)

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


def crash(error: Exception) -> Violation:
    """An error nobody expected, as the violation it is."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "?"
    return Violation("crash", f"{type(error).__name__} in {where}: {error}")
