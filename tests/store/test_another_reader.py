"""The format document is enough: a reader that knows nothing else opens a real device's store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.domain.records import Encounter, Person
from tests.store.another_reader import AnotherReader
from tests.store.devices import DeviceOnDisk, two_devices
from tests.store.hand_server import TEAM, HandServer
from tests.store.makers import PASSPHRASE, PIN, WRONG_PIN

NOTE = "Nähdään torstaina."


@pytest.fixture
def device(tmp_path: Path) -> Iterator[DeviceOnDisk]:
    """A device with a synced person, an unsynced encounter, a draft, a setting."""
    with two_devices(tmp_path) as (device, _):
        person = device.new_id()
        device.write(Person(id=person, name="Kettu"), person, opens={person: TEAM})
        HandServer().sync(device.store)
        device.write(Encounter(id=device.new_id(), note=NOTE), person)
        device.store.put_draft(device.store.new_draft("contact"))
        device.store.keep_setting("language", "sv")
        yield device


def another_reader(device: DeviceOnDisk, kind: str, secret: str) -> AnotherReader:
    root = device.disk.root
    return AnotherReader(root / "data", kind, secret, root / "keystore")


@pytest.mark.parametrize(("kind", "secret"), [("pin", PIN), ("passphrase", PASSPHRASE)])
def test_a_reader_written_from_the_document_opens_every_row(
    device: DeviceOnDisk, kind: str, secret: str
) -> None:
    payloads = another_reader(device, kind, secret).payloads()
    by_table: dict[str, list[bytes]] = {}
    for (table, _), payload in payloads.items():
        by_table.setdefault(table, []).append(payload)
    assert json.loads(payloads["sealed_setting", "app/language"]) == "sv"
    assert json.loads(payloads["sealed_setting", "identity"])["role"] == "nurse"
    assert {json.loads(draft)["form"] for draft in by_table["draft"]} == {"contact"}
    assert any("Kettu" in part.decode() for part in by_table["envelope"])
    headers = [json.loads(save.split(b"\n")[1]) for save in by_table["change_set"]]
    assert sorted(header["counter"] for header in headers) == [1, 2]
    assert any(NOTE in save.decode() for save in by_table["change_set"])
    assert any("Kettu" in page.decode() for page in by_table["summary_page"])


def test_it_opens_nothing_with_a_wrong_secret(device: DeviceOnDisk) -> None:
    with pytest.raises(ValueError, match="no slot opens"):
        another_reader(device, "pin", WRONG_PIN)
