"""Of its own saves a device believes the server: how deep they are, and whether it has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.domain.records import Person
from field_app.sync.admission import Enrolled
from field_app.sync.changes import person_scope
from field_app.sync.delivery import Compacted
from field_app.sync.protocol import PullPage
from tests.store.devices import DeviceOnDisk, two_devices
from tests.store.hand_server import TEAM, HandServer, bucket_of


@pytest.fixture
def device(tmp_path: Path) -> Iterator[DeviceOnDisk]:
    """A device on which somebody was met and changed once, all of it pushed and shown again."""
    with two_devices(tmp_path) as (mine, _):
        yield mine


def told_of_two_saves(device: DeviceOnDisk, server: HandServer) -> str:
    """Somebody is met, and their number changes."""
    person = device.new_id()
    device.write(Person(id=person, name="Kettu", phone="040 111"), person, opens={person: TEAM})
    server.sync(device.store)
    device.write(Person(id=person, name="Kettu", phone="050 222"), person)
    return person


def depths(device: DeviceOnDisk, person: str) -> list[int]:
    return [head.depth for head in device.shown(person).heads["phone"]]


def become_another(device: DeviceOnDisk, epoch: str) -> None:
    """It was a copy, and goes on as a device of its own."""
    was = device.store.require_identity()
    enrolled = Enrolled(
        device="fa" * 16,
        worker=was.worker,
        organisation=was.organisation,
        organisation_name=was.organisation_name,
        token="another",
        epoch=epoch,
        certificate="",
    )
    device.store.sync.take_fork(device.store.sync.fork_request(), enrolled)


def test_a_save_is_as_deep_as_the_server_counts_it(device: DeviceOnDisk) -> None:
    server = HandServer()
    person = told_of_two_saves(device, server)
    assert depths(device, person) == [2]
    batch = device.store.sync.next_batch()
    assert batch is not None
    server.push(batch)
    server.depths[batch.sets[0].header.id] = {}
    server.sync(device.store)
    assert depths(device, person) == [1]


def test_the_first_write_a_device_hears_of_is_as_deep_as_it_is_told(tmp_path: Path) -> None:
    server = HandServer()
    with two_devices(tmp_path) as (mine, other):
        server.sync(other.store)
        person = mine.new_id()
        made = mine.write(Person(id=person, phone="040 111"), person, opens={person: TEAM})
        server.sync(mine.store)
        server.depths[made.change_set.header.id] = {"0": {"phone": 3}}
        server.sync(other.store)
        assert depths(other, person) == [3]


def test_a_save_replaced_before_it_came_stands_no_more(device: DeviceOnDisk) -> None:
    server = HandServer()
    person = told_of_two_saves(device, server)
    batch = device.store.sync.next_batch()
    assert batch is not None
    server.push(batch)
    server.depths[batch.sets[0].header.id] = {"0": {"phone": 0}}
    server.sync(device.store)
    view = device.shown(person)
    assert "phone" not in view.values
    assert view.values["name"] == "Kettu"


@pytest.mark.parametrize("seq", [2, 3], ids=["before it came", "since"])
def test_a_start_under_way_does_not_bring_back_an_accepted_save_that_was_replaced(
    device: DeviceOnDisk, seq: int
) -> None:
    server = HandServer()
    person = told_of_two_saves(device, server)
    sync = device.store.sync
    batch = sync.next_batch()
    assert batch is not None
    sync.take_answer(batch, server.push(batch))
    page = server.pull(sync.pull_request(), "another device")
    by_another = ["fa" * 16 + ":0", "fb" * 16, batch.sets[0].header.at, {"phone": "045 333"}]
    bucket, scope = bucket_of("person", "common"), person_scope(person)
    stated = Compacted(seq, bucket, person, "person", scope, [[*by_another, {"phone": 3}]])
    head = page.head.model_copy(update={"mark": 9, "done": False})
    sync.take_page(PullPage(head, [stated]))
    assert [head.value for head in device.shown(person).heads["phone"]] == ["045 333"]


def test_a_copy_that_meets_a_new_epoch_pushes_all_it_has_again(device: DeviceOnDisk) -> None:
    server = HandServer()
    told_of_two_saves(device, server)
    server.sync(device.store)
    assert device.store.counts().unsynced == 0
    sync = device.store.sync
    server.epoch = "second"
    page = server.pull(sync.pull_request(), device.store.require_identity().device)
    sync.take_page(PullPage.decode(page.encode()))
    become_another(device, server.epoch)
    again = sync.next_batch()
    assert again is not None
    assert [one.header.id for one in again.sets] == [one.header.id for one in server.sets]
    assert [one.header.counter for one in again.sets] == [1, 2]


def test_what_a_copy_has_to_push_again_still_waits_after_a_restart(device: DeviceOnDisk) -> None:
    server = HandServer()
    told_of_two_saves(device, server)
    sync = device.store.sync
    batch = sync.next_batch()
    assert batch is not None
    sync.take_answer(batch, server.push(batch))
    assert device.store.counts().unsynced == 0
    become_another(device, server.epoch)
    assert device.store.counts().unsynced == 1
    device.reopen()
    assert device.store.counts().unsynced == 1
    again = device.store.sync.next_batch()
    assert again is not None
    assert [one.header.id for one in again.sets] == [one.header.id for one in batch.sets]
