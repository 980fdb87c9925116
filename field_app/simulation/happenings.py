"""What each kind of step does."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from field_app.simulation.acts import Hands
from field_app.simulation.crossings import cross, poison
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.office import enrol
from field_app.simulation.steps import Step
from field_app.simulation.world import ROUND_REQUESTS_MAX, Checkpoint, World

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
    elif chosen < 0.93:
        world.command("revoke", "revoke_device", device=device.id)
    else:
        world.command("active", "set_active", worker=worker, active=not known.active)


def _case(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.plant(step, device, dice, most=30)
    world.decide(device.worker, dice)


def _time(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.clock.forward(dice.choice((3600, 6 * 3600, 30 * 3600, 80 * 3600)))


def _clock(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.faults["clock_off"] += 1
    device.clock.off_by = dice.choice((-1, 1)) * dice.uniform(60, 6 * 86400)


def _kill(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    world.faults["device_killed"] += 1
    world.reopen(device)


def _forget(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A disk that promised to have written had not: an earlier image is what is there.

    Only back to where the server has seen nothing of the saves that are lost: a device whose
    saves the server knows and it does not has to fork (`_restore`).
    """
    pushed = world.central.rows("SELECT counter FROM device WHERE id = ?", device.id)[0][0]
    kept = [one for one in world.images.get(device.id, ()) if one[1] >= pushed]
    if kept:
        world.faults["fsync_lost"] += 1
        world.go_back(device, *dice.choice(kept))


def _restore(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A device is put back from a copy, whatever the server has seen since."""
    kept = world.images.get(device.id, ())
    if kept:
        world.faults["device_restored"] += 1
        world.go_back(device, *kept[0])


def _late(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    for one in world.devices:
        one.line.deliver_late()


def _reuse(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    """A broken generator gives an id that another device gave a save before."""
    others = [save for save in world.oracle.saves.values() if save.device != device.id]
    if not others:
        return
    plan = Hands(device, world.known, dice).plan({})
    device.entropy.repeated = dice.choice(others).set_id
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
    made.line.narrow = True
    world.requests(made, dice.randrange(1, 4))


def _checkpoint(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    number = world.devices.index(device)
    world.checkpoint = Checkpoint(number, device.disk.image(), device.heard)


def _cross(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    cross(world, device, dice)


def _poison(world: World, step: Step, device: SimulatedDevice, dice: random.Random) -> None:
    poison(world, device, dice)


HAPPENINGS: Mapping[str, Happening] = {
    "save": _save,
    "look": _look,
    "sync": _sync,
    "pull": _afresh,
    "access": _access,
    "case": _case,
    "time": _time,
    "clock": _clock,
    "kill": _kill,
    "forget": _forget,
    "restore": _restore,
    "late": _late,
    "reuse": _reuse,
    "poison": _poison,
    "upgrade": _upgrade,
    "enrol": _enrol,
    "cross": _cross,
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
