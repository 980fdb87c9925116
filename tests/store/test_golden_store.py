"""A whole store that version 1 left is opened by every later app, and says the same, byte by byte.

It was made once, by `golden_store.py`, with the parameters of real use; it is never made again.
"""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.export import export_store
from tests.store.another_reader import AnotherReader
from tests.store.golden_store import ANSWERED, NOTE
from tests.store.makers import PASSPHRASE, PIN, SeededEntropy, SettableClock

GOLDEN = Path(__file__).parent / "golden" / "store-1"

MEETING = "eda7ca928bed4fb6ba9df2ddf38b179c"


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A copy of the store as it was left: opening one may take it a step further."""
    shutil.copytree(GOLDEN, tmp_path / "store")
    for path in (tmp_path / "store").iterdir():
        path.chmod(0o600)
    return tmp_path / "store"


@contextmanager
def opened(directory: Path, secret: str) -> Iterator[CaseStore]:
    device = DeviceStore.open(directory, SettableClock(), SeededEntropy("later"))
    try:
        device.call(lambda: device.unlock(secret))
        yield device.require_cases()
    finally:
        device.close()


@pytest.mark.parametrize("secret", [PIN, PASSPHRASE], ids=["PIN", "passphrase"])
def test_it_opens_and_exports_what_it_exported_then(left: Path, secret: str) -> None:
    with opened(left, secret) as cases:
        exported = b"".join(line + b"\n" for line in export_store(cases))
    assert exported == (GOLDEN / ANSWERED).read_bytes()


def test_the_work_that_is_only_there_goes_on(left: Path) -> None:
    with opened(left, PIN) as cases:
        assert cases.require_identity().worker_name == "Testi Työntekijä"
        assert cases.setting("language") == "sv"
        assert [draft.form for draft in cases.drafts()] == ["contact"]
        assert [one.state for one in cases.waiting()] == ["needs-human"]
        (listed,) = cases.people()
        person = cases.record(listed.summary.person_id)
        assert person is not None
        assert list(person.conflicts) == ["phone"]
        batch = cases.sync.next_batch()
        assert batch is not None
        assert [one.header.counter for one in batch.sets] == [2, 3]
        for scope in cases.scopes():
            cases.index(scope)
        assert [hit.record_id for hit in cases.find("huomenna")] == [MEETING]


@pytest.mark.parametrize(("kind", "secret"), [("pin", PIN), ("passphrase", PASSPHRASE)])
def test_a_reader_written_from_the_document_opens_it_too(kind: str, secret: str) -> None:
    payloads = AnotherReader(GOLDEN, kind, secret, GOLDEN).payloads()
    saves = {
        counter: lines
        for (table, _), payload in payloads.items()
        if table == "change_set"
        for lines in [payload.split(b"\n")]
        for counter in [json.loads(lines[1])["counter"]]
    }
    note = unicodedata.normalize("NFC", NOTE)
    assert note in [write["set"].get("note") for write in json.loads(saves[2][2])["writes"]]
    assert json.loads(payloads["sealed_setting", "fork"]) is None
    assert json.loads(payloads["sealed_setting", "sync_place"])["renewing"] is False
