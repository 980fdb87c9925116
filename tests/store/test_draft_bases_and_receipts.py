"""What a draft was shown first stays its base; an answer is for what was pushed alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.domain.records import Person
from field_app.sync.protocol import PushAnswer, ReceiptRun
from tests.store.devices import DeviceOnDisk, two_devices
from tests.store.hand_server import TEAM, HandServer


@pytest.fixture
def device(tmp_path: Path) -> Iterator[DeviceOnDisk]:
    with two_devices(tmp_path) as (device, _):
        yield device


def test_a_draft_shown_newer_heads_keeps_those_its_author_saw_first(device: DeviceOnDisk) -> None:
    person = device.new_id()
    device.write(Person(id=person, name="Kettu"), person, opens={person: TEAM})
    first = device.shown(person).base()
    draft = device.store.new_draft("person").shown(person, first)
    device.write(Person(id=person, name="Kettu", phone="040 1"), person)
    device.write(Person(id=person, name="Repo", phone="040 1"), person)
    later = device.shown(person).base()
    assert later["name"] != first["name"]
    kept = draft.shown(person, later).bases[person]
    assert kept["name"] == first["name"], "what it showed when the writing began"
    assert kept["phone"] == later["phone"], "a field shown for the first time now"


def test_an_answer_about_a_save_that_was_not_in_the_batch_makes_nothing_safe(
    device: DeviceOnDisk,
) -> None:
    person = device.new_id()
    device.write(Person(id=person, name="Kettu"), person, opens={person: TEAM})
    batch = device.store.sync.next_batch()
    assert batch is not None
    device.write(Person(id=person, name="Kettu", phone="040 1"), person)
    both = ReceiptRun(first_counter=1, count=2, status="accepted", first_seq=1)
    device.store.sync.take_answer(batch, PushAnswer(protocol=1, epoch="first", receipts=(both,)))
    assert device.store.counts().unsynced == 1, "the second was saved after the push had gone"
    HandServer().sync(device.store)
    assert device.store.counts().unsynced == 0
