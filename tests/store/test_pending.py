"""Own saves upon the confirmed state, in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.store.editing import Edit
from field_app.store.saving import Saving
from field_app.sync.changes import person_scope
from tests.store.devices import DeviceOnDisk


def test_a_record_saved_under_two_scopes_by_a_faulty_app_can_be_refused_and_the_app_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = DeviceOnDisk(tmp_path, "sanna")
    record, scopes = device.new_id(), [person_scope(device.new_id()) for _ in range(2)]
    monkeypatch.setattr(Saving, "_check", lambda *_: None)  # the app's own checks are at fault
    for scope in scopes:
        device.store.save([Edit(record, "task", scope, {"title": "x"})])
    sync = device.store.sync
    for saved in sync._pending.in_state("pending"):
        sync._adopt([saved.answered("needs-human", None, "invalid")], saved.scopes)
    assert [device.store.scope(scope) for scope in scopes] == [(), ()]
    assert len(device.store.waiting()) == 2
