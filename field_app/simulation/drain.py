"""The end of a history: the faults stop, everybody syncs, and it has to come to rest."""

from __future__ import annotations

import random

from field_app.domain.errors import FieldAppError, SuddenlyEmpty
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.disk import Disk
from field_app.simulation.office import enrol
from field_app.simulation.violation import Violation
from field_app.simulation.world import ROUND_REQUESTS_MAX, Checkpoint, World
from field_app.sync.protocol import PullPage

PASSES_MAX = 8
"""How often everybody syncs at most until nothing changes any more."""


def drain(world: World) -> None:
    """Mend every line and sync until everything is at rest.

    Raises:
        Violation: it does not come to rest.
    """
    dice = random.Random(f"drain {world.history.seed}")
    world.central.disk.clear()
    world.central.require_app("")
    for device in world.devices:
        device.line.mend()
        device.line.deliver_late()
        device.disk.clear()
    for worker, known in world.oracle.workers.items():
        if not known.active and dice.random() < 0.5:
            world.watch.command = ("active", {"worker": worker, "active": True})
            world.central.command("set_active", worker, True)
    for device in world.devices:
        if world.is_refused(device):
            world.requests(device, 2)  # in vain: those who watch make sure of it
    decides = dice.random() < 0.7
    seen: dict[int, int] = {}
    for number in range(PASSES_MAX):
        behind = [
            one
            for one in world.devices
            if not world.is_refused(one) and seen.get(one.number) != world.watch.sequence
        ]
        if not behind:
            return
        for device in behind:
            world.clock.forward(20)
            _round(world, device)
            seen[device.number] = device.mark
        if decides and number == 0:
            _decide_all(world, dice)
            seen.clear()
    raise Violation("stuck", "it does not come to rest")


def _round(world: World, device: SimulatedDevice, *, asked: bool = False) -> None:
    """A whole round over a good line: nothing may break it off.

    Raises:
        Violation: something does, or it is not complete.
    """
    begun_among_faults = device.round is not None  # it may have used up its turns
    try:
        for _ in range(ROUND_REQUESTS_MAX):
            outcome = world.step(device)
            if outcome is not None:
                if outcome.complete:
                    return
                if begun_among_faults:
                    _round(world, device, asked=asked)
                    return
                raise Violation("stuck", "a round without a fault is not complete")
    except SuddenlyEmpty as stopped:
        if asked or not world.played.server_losses:
            told = f"device {device.id[:6]}: {stopped.code} {stopped}"
            raise Violation("stuck", told) from stopped
        _ask_a_person(world, device)
        _round(world, device, asked=True)
    except FieldAppError as error:
        raise Violation("stuck", f"device {device.id[:6]}: {error.code} {error}") from error
    else:
        raise Violation("stuck", f"device {device.id[:6]}: a round without an end")


def _ask_a_person(world: World, device: SimulatedDevice) -> None:
    """A server that was put back has forgotten the worker's teams: somebody adds one again."""
    world.faults["teams_forgotten"] += 1
    for bucket in sorted(device.cases.sync.pull_request().cursors):
        kind, _, rest = bucket.partition("/")
        if kind == "team":
            team = rest.partition("/")[0]
            world.command("join", "join_team", worker=device.worker, team=team)
            break


def _decide_all(world: World, dice: random.Random) -> None:
    for worker, known in world.oracle.workers.items():
        for _ in range(20 if known.role in ("nurse", "lead") else 0):
            if not world.decide(worker, dice):
                break


def newcomer(world: World, worker: str) -> SimulatedDevice:
    """A device of this worker that has never been there before, with all it may read."""
    central = world.central
    enrolled = enrol(central.core, central.number, worker, f"new {world.history.seed}")
    device = world.add_device(enrolled)
    _round(world, device)
    return device


def ghost(world: World, checkpoint: Checkpoint, disk: Disk) -> SimulatedDevice:
    """A device as it once was, fed to the end.

    It pulls and never pushes: the device itself has gone on since.
    """
    original = world.devices[checkpoint.number]
    device = SimulatedDevice(
        original.enrolled,
        disk,
        world.central,
        world.clock,
        f"ghost {world.history.seed}",
        world.faults,
        checkpoint.number,
    )
    device.disk.put_back(checkpoint.image)
    device.open()
    device.cases.keep_token(original.cases.require_identity().token)
    sync = device.cases.sync
    for _ in range(ROUND_REQUESTS_MAX):
        page = device.client.carry(sync.pull_request())
        assert isinstance(page, PullPage)
        sync.take_page(page)
        if page.head.done and page.head.mark == world.watch.sequence and not sync.place.with_own:
            return device
    raise Violation("stuck", "a device of a while ago never comes to the end")
