"""What a device exports: everything it shows, the same lines as anybody else who holds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from field_app.domain.records import Encounter, HealthNote, Person
from field_app.store.case_store import CaseStore
from field_app.store.export import export_store
from field_app.sync.canonical import canonical_bytes
from field_app.sync.export_lines import Exported, export_lines
from tests.store.devices import DeviceOnDisk, two_devices
from tests.store.hand_server import TEAM, HandServer

Pair = tuple[DeviceOnDisk, DeviceOnDisk]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with two_devices(tmp_path) as devices:
        yield devices


def told(store: CaseStore) -> list[Any]:
    return [json.loads(line) for line in export_store(store)]


def new_person(device: DeviceOnDisk, **values: Any) -> Person:
    person = Person(id=device.new_id(), name="Majakkavahti", **values)
    device.write(person, person.id, opens={person.id: TEAM})
    return person


def test_an_enrolled_device_with_nothing_on_it_exports_nothing(pair: Pair) -> None:
    assert list(export_store(pair[0].store)) == []


def test_what_is_only_on_this_phone_is_in_its_export(pair: Pair) -> None:
    social, _ = pair
    person = new_person(social, aliases=frozenset({"Sumutorvi"}))
    (line,) = told(social.store)
    assert (line["record"], line["register"], line["type"]) == (person.id, "common", "person")
    assert line["scope"] == f"person/{person.id}"
    (head,) = line["heads"]["name"]
    assert head[1:4] == [1, "Majakkavahti", social.worker]
    assert line["heads"]["aliases/Sumutorvi"][0][2] is True


def test_a_record_has_a_line_for_each_register_it_uses(pair: Pair) -> None:
    _, nurse = pair
    person = new_person(nurse)
    meeting = Encounter(id=nurse.new_id(), outcome="reached", note="Juteltiin.")
    health = HealthNote(id=nurse.new_id(), encounter=meeting.id, note="Sidos vaihdettu.")
    nurse.write(meeting, person.id)
    nurse.write(health, person.id)
    places = {(line["record"], line["register"]) for line in told(nurse.store)}
    assert places == {
        (person.id, "common"),
        (meeting.id, "common"),
        (meeting.id, "social"),
        (health.id, "health"),
    }


def test_lines_are_canonical_and_in_the_order_of_record_and_register(pair: Pair) -> None:
    social, _ = pair
    for _ in range(5):
        person = new_person(social)
        social.write(Encounter(id=social.new_id(), outcome="reached", note="Näin."), person.id)
    lines = list(export_store(social.store))
    assert lines == [canonical_bytes(json.loads(line)) for line in lines]
    order = [(one["record"], one["register"]) for one in map(json.loads, lines)]
    assert order == sorted(order)


def test_two_devices_in_step_export_the_same_bytes(pair: Pair) -> None:
    social, nurse = pair
    server = HandServer()
    person = new_person(social)
    server.sync(social.store)
    server.sync(nurse.store)
    social.change(person.id, phone="0000 111")
    nurse.change(person.id, where_found="Satama")
    for device in (social, nurse, social):
        server.sync(device.store)
    assert list(export_store(social.store)) == list(export_store(nurse.store))
    assert list(export_store(social.store)) == server_lines(server)


def test_both_values_of_a_conflict_are_exported_the_one_shown_in_front(pair: Pair) -> None:
    social, nurse = pair
    server = HandServer()
    person = new_person(social)
    server.sync(social.store)
    server.sync(nurse.store)
    social.change(person.id, phone="0000 111")
    nurse.change(person.id, phone="0000 222")
    for device in (social, nurse, social):
        server.sync(device.store)
    for device in pair:
        (line,) = told(device.store)
        values = [head[2] for head in line["heads"]["phone"]]
        assert sorted(values) == ["0000 111", "0000 222"]
        assert values[0] == device.shown(person.id).values["phone"]


def test_an_own_save_is_exported_upon_what_is_confirmed(pair: Pair) -> None:
    social, _ = pair
    server = HandServer()
    person = new_person(social)
    server.sync(social.store)
    social.change(person.id, name="Majakan vartija")
    (line,) = told(social.store)
    assert [head[1:3] for head in line["heads"]["name"]] == [[2, "Majakan vartija"]]


def test_an_export_survives_a_kill_and_a_new_start(pair: Pair) -> None:
    social, _ = pair
    new_person(social)
    before = list(export_store(social.store))
    social.reopen()
    assert list(export_store(social.store)) == before


def server_lines(server: HandServer) -> list[bytes]:
    return list(
        export_lines(
            Exported(record, register, *server.described[record, register][:2], state)
            for (record, register), state in server.states.items()
        )
    )
