"""`docs/store-format.md` says what the code does."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from field_app.store import attempts, device_sync, healing, identity, rotation
from field_app.store.envelope import SEALS_PER_KEY_MAX
from field_app.store.identity import Identity, SyncPlace
from field_app.store.pin import PIN_DIGITS_MAX, PIN_DIGITS_MIN
from field_app.store.schema_steps import APPLICATION_ID
from field_app.store.stretching import PRODUCTION_COST
from field_app.store.tables import StoreTable

FOLDER = Path(__file__).parent
DOCUMENT = (FOLDER.parents[1] / "docs" / "store-format.md").read_text("utf-8")
TEXT = " ".join(DOCUMENT.split())
ENVELOPE = json.loads((FOLDER / "golden" / "envelope-1.json").read_text("utf-8"))["opens"][0]
SLOTS = json.loads((FOLDER / "golden" / "slot-1.json").read_text("utf-8"))["opens"]


def example(label: str) -> str:
    found = re.search(rf"^    {label} +(.*)$", DOCUMENT, re.MULTILINE)
    assert found, label
    return found.group(1)


def test_the_example_is_the_golden_one() -> None:
    blob = bytes.fromhex(ENVELOPE["envelope"])
    assert example("data key") == ENVELOPE["data_key"]
    assert example("key id") == ENVELOPE["key_id"]
    assert example("register") == ENVELOPE["register"]
    assert example("record") == ENVELOPE["record_id"]
    assert example("scope") == ENVELOPE["scope"]
    assert example("payload") == ENVELOPE["payload"]
    assert example("nonce") == ENVELOPE["nonce"]
    digest = hashlib.sha256(blob).hexdigest()
    assert example("envelope") == f"{len(blob)} bytes, SHA-256 {digest}"


def test_the_example_slot_is_the_golden_one_at_production_cost() -> None:
    (slot,) = [slot for slot in SLOTS if slot["production"]]
    assert f"    {slot['clear_for_reading']}\n" in DOCUMENT


def test_the_numbers_are_those_of_the_code() -> None:
    new, floor, ceiling = PRODUCTION_COST.new, PRODUCTION_COST.floor, PRODUCTION_COST.ceiling
    waits = [attempts.wait_after(failures) for failures in range(1, 11)]
    assert waits == [0, 0, 0, 0, 30, 60, 300, 900, 3600, 3600]
    for said in (
        f"at most 2^{SEALS_PER_KEY_MAX.bit_length() - 1} times",
        f"New slots take {new.memory_kib // 1024} MiB, {new.passes} passes, {new.lanes} lane.",
        f"less than {floor.memory_kib // 1024} MiB or {floor.passes} passes",
        f"more than {ceiling.memory_kib // 1024} MiB, {ceiling.passes} passes or {ceiling.lanes}",
        f"A PIN is {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} ASCII digits",
        f"{rotation._BATCH_ROWS} rows a transaction",
        f"`application_id` 0x{APPLICATION_ID:X}",
        "after the 5th in a row 30 s, then 1, 5, 15 and 60 minutes",
    ):
        assert said in TEXT, said


def test_every_table_is_described_with_its_keys_and_clear_columns() -> None:
    for name, table in StoreTable.metadata.tables.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*$", DOCUMENT, re.MULTILINE)
        in_clear = set(table.columns.keys()) - {"blob", "value"}
        assert in_clear <= set(re.findall(r"`(\w+)`", row)), row


@pytest.mark.parametrize(("name", "kind"), [("identity", Identity), ("sync_place", SyncPlace)])
def test_every_member_of_a_setting_is_described(
    name: str, kind: type[Identity] | type[SyncPlace]
) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|.*$", DOCUMENT, re.MULTILINE)
    members = {member.name for member in fields(kind)}
    assert members <= set(re.findall(r"`(\w+)`", row)), members


def test_every_setting_of_the_code_is_named() -> None:
    for name in (identity.IDENTITY, device_sync.PLACE, healing._PLAN):
        assert re.search(rf"^\| `{name}` \|", DOCUMENT, re.MULTILINE), name
