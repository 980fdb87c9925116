"""Servers that lost something and devices that are copies: real stores, real server, real HTTP."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from field_app.domain.errors import DeviceRevoked
from field_app.store.case_store import CaseStore
from field_app.store.export import export_store
from field_app.sync.protocol import PullPage
from tests.server.backups import all_rows, put_back
from tests.server.served import Served
from tests.store.makers import PIN, SeededEntropy, StoreOnDisk
from tests.sync.test_with_a_real_server import Worker, enrolled, new_person


def export_of(worker: Worker) -> list[bytes]:
    return list(export_store(worker.device.store))


def settle(*workers: Worker) -> None:
    """Everybody syncs until nobody learns anything new."""
    for _ in range(3):
        for worker in workers:
            worker.sync()


def epochs(*workers: Worker) -> set[str]:
    return {worker.device.store.sync.place.epoch for worker in workers}


def test_a_server_restored_from_yesterday_gets_back_what_its_authors_still_have(
    served: Served, tmp_path: Path
) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna, niko)
    before = epochs(sanna, niko)
    backup = all_rows(served.office.core.database)
    sanna.device.change(person, phone="045 000 1111")
    sanna.sync()
    niko.sync()
    niko.device.change(person, phone="050 765 4321")
    settle(niko, sanna)
    truth = export_of(sanna)
    put_back(served.office.core.database, backup)

    settle(niko, sanna)  # Niko's save names one that the server does not know any more: held
    settle(niko, sanna)
    assert export_of(sanna) == export_of(niko) == truth
    assert niko.phones(person) == ["050 765 4321"]
    assert len(epochs(sanna, niko)) == 1
    assert epochs(sanna, niko) != before
    for worker in (sanna, niko):
        counts = worker.device.store.counts()
        assert (counts.unsynced, counts.waiting, counts.complete) == (0, 0, True)
    late = enrolled(served, "iiris", tmp_path)
    late.sync()
    assert late.phones(person) == ["050 765 4321"]


def test_what_only_a_lost_device_wrote_leaves_the_others_with_the_new_epoch(
    served: Served, tmp_path: Path
) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna, niko)
    backup = all_rows(served.office.core.database)
    sanna.device.change(person, phone="045 000 1111")
    settle(sanna, niko)
    put_back(served.office.core.database, backup)
    settle(niko)  # Sanna's phone is at the bottom of the sea
    assert niko.phones(person) == ["040 123 4567"]
    fresh = enrolled(served, "iiris", tmp_path)
    fresh.sync()
    assert export_of(fresh) == [line for line in export_of(niko) if b'"health"' not in line]


def test_new_work_on_a_restored_server_never_hides_that_it_forgot(
    served: Served, tmp_path: Path
) -> None:
    sanna, niko, iiris = (enrolled(served, name, tmp_path) for name in ("sanna", "niko", "iiris"))
    settle(sanna, niko, iiris)
    backup = all_rows(served.office.core.database)
    for _ in range(3):
        lost = new_person(sanna, served.office.teams["centre"])
    sanna.sync()
    put_back(served.office.core.database, backup)
    others = [new_person(iiris, served.office.teams["centre"]) for _ in range(5)]
    iiris.sync()  # the sequence is beyond Sanna's again, with other sets in it
    settle(sanna, niko, iiris)
    for worker in (sanna, niko, iiris):
        for person in (lost, *others):
            assert worker.phones(person) == ["040 123 4567"]
    assert len(epochs(sanna, niko, iiris)) == 1


def test_an_invented_witness_starts_no_epoch(served: Served, tmp_path: Path) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    sanna.sync()
    before = epochs(sanna)
    place = sanna.device.store.sync.place
    assert place.witness is not None
    invented = place.witness.model_copy(update={"sequence": 10_000})
    sanna.device.store.sync.place = place.moved(witness=invented)
    sanna.sync()
    assert epochs(sanna) == before


def test_a_device_enrolled_after_the_backup_is_known_by_its_certificate(
    served: Served, tmp_path: Path
) -> None:
    niko = enrolled(served, "niko", tmp_path)
    niko.sync()
    backup = all_rows(served.office.core.database)
    sanna = enrolled(served, "sanna", tmp_path)
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna, niko)
    put_back(served.office.core.database, backup)
    sanna.device.change(person, phone="045 000 1111")
    settle(sanna, niko)
    assert sanna.phones(person) == niko.phones(person) == ["045 000 1111"]
    assert sanna.device.store.counts().unsynced == 0


def test_a_device_revoked_after_the_backup_stays_revoked(served: Served, tmp_path: Path) -> None:
    leena = enrolled(served, "leena", tmp_path)
    backup = all_rows(served.office.core.database)
    sanna = enrolled(served, "sanna", tmp_path)
    sanna.sync()
    new_person(sanna, served.office.teams["centre"])
    device = sanna.device.store.require_identity().device
    leena.ask(lambda client: client.revoke_device(device))
    put_back(served.office.core.database, backup)
    with pytest.raises(DeviceRevoked):
        sanna.sync()
    assert sanna.device.store.counts().unsynced == 1  # it keeps its work and says so
    new_person(sanna, served.office.teams["centre"])
    assert sanna.device.store.counts().unsynced == 2


def clone(worker: Worker, served: Served, name: str) -> Worker:
    """A copy of a device's whole disk, with its own clock and dice."""
    device = worker.device
    copied = device._root.with_name(name)
    device.disk.database.close()
    shutil.copytree(device._root, copied)
    device.reopen()
    other = object.__new__(type(device))
    other.clock, other._root, other._entropy = device.clock, copied, SeededEntropy(name)
    other.disk = StoreOnDisk(copied, clock=device.clock, seed=name)
    keyring = other.disk.vault.unlock(pin=PIN)
    other.store = CaseStore(other.disk.database, keyring, other.clock, other._entropy)
    served.devices.append(other)
    return Worker(other)


def test_two_clones_both_go_on_and_nothing_is_lost_or_doubled(
    served: Served, tmp_path: Path
) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    settle(sanna, niko)
    shared = new_person(sanna, served.office.teams["centre"])  # in both outboxes
    twin = clone(sanna, served, "twin")
    ones = [new_person(sanna, served.office.teams["centre"]) for _ in range(2)]
    others = [new_person(twin, served.office.teams["centre"]) for _ in range(3)]
    settle(sanna, twin, niko)
    settle(sanna, twin, niko)
    devices = {one.device.store.require_identity().device for one in (sanna, twin)}
    assert len(devices) == 2
    for worker in (sanna, twin, niko):
        for person in (shared, *ones, *others):
            assert worker.phones(person) == ["040 123 4567"]
        counts = worker.device.store.counts()
        assert (counts.unsynced, counts.waiting) == (0, 0)
    assert export_of(sanna) == export_of(twin)
    stored = {table.name: rows for table, rows in all_rows(served.office.core.database)}
    assert len(stored["change_set"]) == 6


def test_a_device_restored_from_a_backup_finds_out_at_its_first_pull(
    served: Served, tmp_path: Path
) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    first = new_person(sanna, served.office.teams["centre"])
    settle(sanna, niko)
    restored = clone(sanna, served, "restored")
    later = new_person(sanna, served.office.teams["centre"])
    settle(sanna, niko)
    settle(restored)  # it never wrote anything; its past is on the server
    assert restored.phones(first) == restored.phones(later) == ["040 123 4567"]
    assert export_of(restored) == export_of(sanna)
    assert (
        restored.device.store.require_identity().device
        != sanna.device.store.require_identity().device
    )
    restored.device.change(later, phone="045 000 1111")
    settle(restored, niko, sanna)
    assert niko.phones(later) == sanna.phones(later) == ["045 000 1111"]


def test_another_instance_of_a_device_forks_before_its_chain_does(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    sanna.sync()
    identity = sanna.device.store.require_identity()
    sanna.device.store.enrol(replace(identity, instance="ab" * 16))  # the keystore was reset
    person = new_person(sanna, served.office.teams["centre"])
    sanna.sync()
    assert sanna.device.store.require_identity().device != identity.device
    assert sanna.phones(person) == ["040 123 4567"]
    assert sanna.device.store.counts().unsynced == 0


def test_after_a_fork_a_restored_server_still_gets_everything_back(
    served: Served, tmp_path: Path
) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    settle(sanna, niko)
    backup = all_rows(served.office.core.database)
    old = new_person(sanna, served.office.teams["centre"])
    settle(sanna, niko)
    identity = sanna.device.store.require_identity()
    sanna.device.store.enrol(replace(identity, instance="ab" * 16))
    new = new_person(sanna, served.office.teams["centre"])
    settle(sanna, niko)
    put_back(served.office.core.database, backup)
    settle(sanna, niko)
    settle(sanna, niko)
    for worker in (sanna, niko):
        assert worker.phones(old) == worker.phones(new) == ["040 123 4567"]
    assert export_of(sanna) == [line for line in export_of(niko) if b'"health"' not in line]


def test_what_a_restored_device_saves_while_its_first_page_is_on_the_way_is_not_lost(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    restored = clone(sanna, served, "restored")  # its first save will have a counter known there
    new_person(sanna, served.office.teams["centre"])
    sanna.sync()
    store = restored.device.store
    late: list[str] = []
    take = store.sync.take_page

    def save_first(page: PullPage) -> None:
        if not late:
            late.append(new_person(restored, served.office.teams["centre"]))
        take(page)

    store.sync.take_page = save_first  # type: ignore[method-assign]
    settle(restored, sanna)
    assert restored.phones(late[0]) == sanna.phones(late[0]) == ["040 123 4567"]
    assert store.counts().unsynced == 0
