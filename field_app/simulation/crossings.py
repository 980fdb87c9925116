"""Steps in which two things cross: access and a pull, a bad save and the server's checks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from field_app.domain.declaration import RegisterName
from field_app.simulation.acts import Hands, Plan, edit
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.world import ROUND_REQUESTS_MAX, World
from field_app.store import editing
from field_app.store.editing import Edit
from field_app.store.record_view import RecordView
from field_app.store.saving import Saving
from field_app.sync.protocol import PullRequest

POISONS = ("value", "register", "scope", "opening")


def cross(world: World, device: SimulatedDevice, dice: random.Random) -> None:
    """An answer is in the device's hands, not applied yet, when its worker saves something.

    Most often it is a page, and takes away what the save is about.
    """
    if dice.random() < 0.3:
        _cross_push(world, device, dice)
        return
    if dice.random() < 0.7:
        _take_away(world, device, dice)
    cross_page(world, device, dice)


def _cross_push(world: World, device: SimulatedDevice, dice: random.Random) -> None:
    if world.save(device, Hands(device, world.known, dice).plan({})) is None:
        return
    device.forget_round()
    if world.fetch(device):
        world.save(device, Hands(device, world.known, dice).plan({}))
        world.requests(device, 1)


def cross_page(world: World, device: SimulatedDevice, dice: random.Random) -> None:
    """A page is in the device's hands, not applied yet, when its worker saves something."""
    device.forget_round()
    device.begin_round()
    while not isinstance(device.request, PullRequest):
        if world.requests(device, 1) or device.round is None:
            return
    if world.fetch(device):
        world.save(device, Hands(device, world.known, dice).plan({}))


def unseen(world: World, device: SimulatedDevice, dice: random.Random) -> None:
    """The server loses two saves, one upon the other, and the later comes back first.

    Somebody may accept it without the other, and more may be saved upon it meanwhile.
    """
    before = world.backup()
    other = dice.choice([one for one in world.devices if one is not device])
    view = Hands(device, world.known, dice).look()
    if view is None or not (_said(world, device, view, dice) and _synced(world, other)):
        return
    shown = other.cases.record(view.id)
    if shown is None or shown.record is None or not _said(world, other, shown, dice):
        return
    world.put_back_server("failover", before)
    _synced(world, other)
    shown = other.cases.record(view.id)
    if shown is not None and shown.record is not None and dice.random() < 0.5:
        _say(world, other, shown, dice)
    for worker in world.oracle.workers:
        world.decide(worker, dice)
    if dice.random() < 0.5:
        _synced(world, other)


def _said(world: World, device: SimulatedDevice, view: RecordView, dice: random.Random) -> bool:
    """Whether something about a person was saved and has come to the server."""
    return _say(world, device, view, dice) and _synced(world, device)


def _say(world: World, device: SimulatedDevice, view: RecordView, dice: random.Random) -> bool:
    values = {"phone": dice.choice(("yksi", "kaksi")), "strengths": dice.choice(("yksi", "kaksi"))}
    return world.save(device, Plan([edit(view, values)])) is not None


def _synced(world: World, device: SimulatedDevice) -> bool:
    return world.requests(device, ROUND_REQUESTS_MAX)


def _take_away(world: World, device: SimulatedDevice, dice: random.Random) -> None:
    known = world.oracle.workers[device.worker]
    people = [one for one in world.known.people if world.oracle.person_team(one) in known.teams]
    chosen = dice.random()
    if people and chosen < 0.5:
        person, team = dice.choice(people), dice.choice(world.office.teams)
        world.command("move", "move_person", person=person, team=team)
    elif known.teams and chosen < 0.8:
        team = dice.choice(sorted(known.teams))
        world.command("leave", "leave_team", worker=device.worker, team=team)
    else:
        role = dice.choice(("social_worker", "nurse"))
        world.command("role", "change_role", worker=device.worker, role=role)


def poison(world: World, device: SimulatedDevice, dice: random.Random) -> None:
    """An app with a fault saves what no server may accept."""
    kind = dice.choice(POISONS)
    plan = Hands(device, world.known, dice).plan({})
    with _unchecked(kind):
        _spoil(world, plan, kind, dice)
        if world.save(device, plan) is not None:
            world.faults[f"poison_{kind}"] += 1


def _spoil(world: World, plan: Plan, kind: str, dice: random.Random) -> None:
    first = plan.edits[0]
    if kind == "value":
        plan.edits[0] = replace(first, values={**first.values, "phone": ["no", "number"]})
    elif kind == "scope":
        stranger = dice.choice(world.known.people) if world.known.people else "ab" * 16
        plan.edits[0] = replace(first, record_id="ba" * 16, scope=f"person/{stranger}", base={})
    elif kind == "opening":
        plan.opens["cd" * 16] = "ef" * 16


def _nothing_to_say(*given: Any) -> None:
    """In the place of the app's checks."""


def _the_wrong_one(edit: Edit, key: str) -> RegisterName:
    return "common"


@contextmanager
def _unchecked(kind: str) -> Iterator[None]:
    """The app's own checks are gone, and perhaps it mistakes the register as well."""
    check, register = Saving._check, editing._register_of
    Saving._check = _nothing_to_say  # type: ignore[assignment]
    if kind == "register":
        editing._register_of = _the_wrong_one
    try:
        yield
    finally:
        Saving._check = check  # type: ignore[method-assign]
        editing._register_of = register
