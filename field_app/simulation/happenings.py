"""What each kind of step does."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from field_app.simulation.acts import Hands
from field_app.simulation.crossings import cross, cross_page, poison, unseen
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.line import NEWER_APP
from field_app.simulation.office import enrol
from field_app.simulation.steps import Step
from field_app.simulation.world import ROUND_REQUESTS_MAX, Checkpoint, World

AWAY_REQUESTS = 30
"""More than a device sends in most of a history."""

Happening = Callable[[World, Step, SimulatedDevice, random.Random], None]


def _save(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    looked = world.looked.get(device.id, {})
    plan = Hands(device, world.known, dice).plan(looked)
    for one in plan.edits:
        looked.pop(one.record_id, None)
    world.plant(step, device, dice, most=12)
    world.save(device, plan)


def _look(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """Somebody's page is opened, and saved as it was then: perhaps days later."""
    view = Hands(device, world.known, dice).look()
    if view is not None:
        world.looked.setdefault(device.id, {})[view.id] = view


def _sync(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    requests = ROUND_REQUESTS_MAX
    if step.fault == "left_midway":
        requests = dice.randrange(1, 3)
    elif step.fault:
        if dice.random() < 0.5:  # not always the first request of a round
            world.requests(device, 1)
        world.plant(step, device, dice, most=25)
    world.requests(device, requests)
    if step.fault == "left_midway" and dice.random() < 0.5:
        world.fetch(device)


def _afresh(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A round begins; what was under way was given up."""
    device.forget_round()
    _sync(world, step, device, dice)


def _access(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.plant(step, device, dice, most=30)
    worker = dice.choice(world.office.workers).id
    team = dice.choice(world.office.teams)
    known = world.oracle.workers[worker]
    chosen = dice.random()
    if chosen < 0.45 and world.known.people:
        person = dice.choice(world.known.people)
        world.command("move", "move_person", person=person, team=team)
    elif chosen < 0.75:
        told, name = ("leave", "leave_team") if team in known.teams else ("join", "join_team")
        world.command(told, name, worker=worker, team=team)
    elif chosen < 0.9:
        role = dice.choice(("social_worker", "nurse", "lead", "social_instructor"))
        world.command("role", "change_role", worker=worker, role=role)
    elif chosen < 0.95:
        world.command("revoke", "revoke_device", device=device.id)
    else:
        world.command("active", "set_active", worker=worker, active=not known.active)


def _case(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.plant(step, device, dice, most=30)
    world.decide(device.worker, dice)


def _time(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.clock.forward(dice.choice((3600, 6 * 3600, 30 * 3600, 80 * 3600)))


def _away(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """Months go by, and one device has no network for the rest of them."""
    world.faults["away_for_months"] += 1
    world.clock.forward(dice.randrange(30, 120) * 86400)
    device.line.gone_for = AWAY_REQUESTS


def _clock(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.faults["clock_off"] += 1
    device.clock.off_by = dice.choice((-1, 1)) * dice.uniform(60, 6 * 86400)


def _kill(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.faults["device_killed"] += 1
    world.reopen(device)


def _forget(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A disk that promised to have written had not: an earlier image is what is there."""
    kept = world.images.get(device.number, ())
    if kept:
        world.faults["fsync_lost"] += 1
        world.go_back(device, dice.choice(kept[-3:-1] or kept))
        if dice.random() < 0.7:
            cross_page(world, device, dice)


def _restore(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A device is put back from a backup of it; mostly on a new phone with an empty keystore."""
    kept = world.images.get(device.number, ())
    if kept:
        world.faults["device_restored"] += 1
        if dice.random() < 0.6:
            device.keystore.become({})
        world.go_back(device, dice.choice(kept[:-1] or kept))
        if dice.random() < 0.7:
            cross_page(world, device, dice)


def _clone(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A device's backup is put on a second one, and both go on; perhaps as a whole machine."""
    kept = world.images.get(device.number, ())
    if not kept or len(world.devices) > len(world.office.devices) + 1:
        return
    world.faults["device_cloned"] += 1
    twin = world.add_device(device.enrolled)
    twin.keystore.become(device.keystore.copy() if dice.random() < 0.4 else {})
    twin.disk.put_back(dice.choice(kept))
    twin.open()
    twin.id = twin.cases.require_identity().device
    world.notice(twin)


def _failover(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """Another server takes over, and the last commits had not reached it."""
    last = len(world.backups) - 1
    if last >= 0:
        world.go_back_to("failover", max(0, last - dice.randrange(1, 4)))


def _backup(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """The server is restored from a backup of any time before."""
    if world.backups:
        world.go_back_to("server_restored", dice.randrange(len(world.backups)))


def _gate(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """The server tells older apps nothing any more, or does again."""
    if not world.central.minimum_app:
        world.faults["version_gate"] += 1
    world.central.require_app("" if world.central.minimum_app else NEWER_APP)


def _late(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    for one in world.devices:
        one.line.deliver_late()


def _reuse(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A broken generator gives an id that another device gave a save before."""
    plan = Hands(device, world.known, dice).plan({})
    # Of another record: what names a write by such an id must not mean two writes of one key.
    about = {one.record_id for one in plan.edits}
    saves = world.oracle.saves.values()
    own = {save.set_id for save in saves if save.author == device.worker}
    own |= {one.set_id for one in saves if not about.isdisjoint(w.record for w in one.writes)}
    others = [save.set_id for save in saves if save.set_id not in own]
    if not others:
        return
    device.entropy.repeated = dice.choice(others)
    if world.save(device, plan) is not None:
        world.faults["id_reused"] += 1
    device.entropy.repeated = None


def _upgrade(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.faults["upgraded"] += not device.newer
    device.newer = True
    world.reopen(device)


def _enrol(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A worker gets one more device; what it is sent first comes over a narrow line."""
    known = world.oracle.workers[device.worker]
    if not known.active or len(world.devices) > len(world.office.devices):
        return
    core, seed = world.central.core, f"more {world.history.seed}"
    made = world.add_device(enrol(core, world.central.number, device.worker, seed))
    made.line.narrow = 8
    world.requests(made, dice.randrange(1, 4))


def _checkpoint(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    number = world.devices.index(device)
    world.checkpoint = Checkpoint(number, device.id, device.disk.image())


def _cross(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    cross(world, device, dice)


def _poison(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    poison(world, device, dice)


def _unseen(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    unseen(world, device, dice)


HAPPENINGS: Mapping[str, Happening] = {
    "save": _save,
    "look": _look,
    "sync": _sync,
    "pull": _afresh,
    "access": _access,
    "case": _case,
    "time": _time,
    "away": _away,
    "clock": _clock,
    "kill": _kill,
    "forget": _forget,
    "restore": _restore,
    "clone": _clone,
    "failover": _failover,
    "backup": _backup,
    "gate": _gate,
    "late": _late,
    "reuse": _reuse,
    "poison": _poison,
    "upgrade": _upgrade,
    "enrol": _enrol,
    "cross": _cross,
    "unseen": _unseen,
    "checkpoint": _checkpoint,
}


def happen(world: World) -> None:
    """Every step of a world's history.

    Raises:
        Violation: something happened that never may.
    """
    for step in world.history.steps:
        world.clock.forward(90)
        device = world.devices[step.who % len(world.devices)]
        HAPPENINGS[step.kind](world, step, device, random.Random(step.salt))
        device.disk.clear()
        world.central.disk.clear()
        world.back_up()
