"""The policy as it comes out at the doors: every role × register × team, written and read."""

from __future__ import annotations

from itertools import product

import pytest

from field_app.domain.declaration import REGISTERS, RegisterName
from field_app.sync.changes import ScopedWrite, Write, team_scope
from tests.server.office import Office

WORKERS = ("sanna", "niko", "iiris", "sampo", "noora", "leena", "aatu")
OF_TEAM = {
    "centre": {"sanna": "cs", "iiris": "cs", "niko": "csh", "leena": "cs"},
    "harbour": {"sampo": "cs", "noora": "csh", "leena": "cs"},
}


def may(worker: str, register: RegisterName, team: str) -> bool:
    return register[0] in OF_TEAM[team].get(worker, "")


def marker(register: str, team: str) -> str:
    return f"marker-{register}-{team}"


def write_to(office: Office, register: RegisterName, team: str) -> ScopedWrite:
    values = {"text": marker(register, team)}
    write = Write(office.entropy.new_id(), "free_form", values)
    return ScopedWrite(team_scope(office.teams[team]), register, write)


@pytest.mark.parametrize("worker", WORKERS)
def test_a_worker_writes_exactly_where_they_may(office: Office, worker: str) -> None:
    phone = office.phone(worker)
    places = list(product(REGISTERS, OF_TEAM))
    sets = [phone.save(write_to(office, register, team)) for register, team in places]
    found = [status == "accepted" for status, _ in phone.statuses(*sets)]
    assert found == [may(worker, register, team) for register, team in places]


def test_a_worker_is_sent_exactly_what_they_may_read(office: Office) -> None:
    old = {worker: office.phone(worker) for worker in WORKERS}
    for phone in old.values():
        phone.pull()
        phone.pages.clear()
    for name in ("niko", "noora"):
        author = office.phone(name)
        team = "centre" if name == "niko" else "harbour"
        author.push(*[author.save(write_to(office, register, team)) for register in REGISTERS])
    for worker in WORKERS:
        fresh = office.phone(worker)
        for phone in (old[worker], fresh):
            phone.pull()
            sent = b"".join(phone.pages)
            for register, team in product(REGISTERS, OF_TEAM):
                is_there = marker(register, team).encode() in sent
                assert is_there == may(worker, register, team), (worker, register, team)
