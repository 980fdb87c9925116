"""The story's beginning: a server with a past, three devices with a code each."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from field_app.demo.organisation import PIN
from field_app.demo.seeding import push_history
from field_app.demo.story_device import CheckFailed, Device, Refused, expect, wait_until
from field_app.demo.story_world import World
from field_app.domain.clock import plus
from field_app.settings import ServerSettings
from field_app.sync.enrolment_code import EnrolmentCode

Facts = dict[str, Any]


def start_server(world: World) -> Facts:
    """A real server process on an empty folder; the devices' processes start beside it."""
    arguments = ["field_app", "serve", "--data", str(world.folder / "server"), "--port", "0"]
    arguments += ["--wire-log", str(world.folder / "wire")]
    child = world.family.start("server", arguments)
    for device in world.devices.values():
        device.launch()
    url = json.loads(child.first_line())["url"]
    port = int(url.rpartition(":")[2])
    world.server_settings = ServerSettings(data=world.folder / "server", port=port)
    return {}


def seed_server(world: World) -> Facts:
    """Organisation, workers, and eighteen months of work, pushed from the workers' devices."""
    world.office.found(world.organisation)
    workers = [worker.id for worker in world.organisation.workers]
    codes = dict(zip(workers, world.office.codes(workers), strict=True))
    devices = push_history(world.seed, codes)
    gone = [worker.id for worker in (*world.organisation.pair, world.organisation.lead)]
    world.office.revoke(devices[worker] for worker in gone)
    saves = world.seed.caseload.saves
    records = {record.id for save in saves for record in save.records}
    return {
        "teams": len(world.organisation.teams),
        "workers": len(workers),
        "people": len(world.seed.caseload.people),
        "records": len(records),
        "changes": len(saves),
    }


def enrol_devices(world: World) -> Facts:
    """Three devices: keys of their own, a real one-time code each, a first sync by itself."""
    social, nurse = world.organisation.pair
    workers = (social, nurse, world.organisation.lead)
    codes = world.office.codes(worker.id for worker in workers)
    expired = world.office.codes([social.id], at=plus(world.now, minutes=-11))[0]
    with ThreadPoolExecutor() as together:  # keys are slow to make, on purpose
        list(together.map(_make_keys, world.devices.values()))
    _refuses(world.social, _mistyped(codes[0]), "code_mistyped")
    _refuses(world.social, _unknown(world), "code_wrong")
    _refuses(world.social, expired, "code_expired")
    for device, worker, code in zip(world.devices.values(), workers, codes, strict=True):
        if device is world.nurse:
            _refuses(device, codes[0], "code_used")
        device.device_id = device.do("enrol", code=code)
        device.worker = worker.name
    for device in world.devices.values():
        device.wait_settled()
    coordinator = world.devices["coordinator"]
    wait_until(
        lambda: len(coordinator.do("people")) == len(world.opened), "the lists have caught up"
    )
    people = {role: len(one.do("people")) for role, one in world.devices.items()}
    of_team = sum(1 for team in world.opened.values() if team == world.team)
    expect(people["coordinator"] == len(world.opened), "the coordinator sees everyone")
    expect(people["nurse"] == people["social_instructor"] == of_team, "the pair sees its team")
    return {"devices": 3, "refused": ["mistyped", "wrong", "expired", "used"], "people": people}


def _make_keys(device: Device) -> None:
    device.connect()
    device.passphrase = device.do("create_keys", pin=PIN)


def _refuses(device: Device, code: str, expected: str) -> None:
    try:
        device.do("enrol", code=code)
    except Refused as refused:
        expect(refused.code == expected, f"{expected}, not {refused.code}")
        return
    raise CheckFailed(f"a code was taken: {expected} was expected")


def _mistyped(code: str) -> str:
    """The code with its last character wrong."""
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def _unknown(world: World) -> str:
    """A well-formed code that nobody made."""
    address = world.server_settings.address
    return EnrolmentCode(address, world.entropy.bytes(16)).encode()
