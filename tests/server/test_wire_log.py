"""The demo's wire log: every body in clear, by device; without it, nothing is written."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from field_app.server.core import Core
from field_app.sync.protocol import PullPage, PushBatch
from tests.server.office import Office, Wire


@pytest.fixture
def core(core: Core, tmp_path: Path) -> Core:
    core.settings = core.settings.model_copy(update={"wire_log": tmp_path / "wire"})
    return core


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_every_body_is_kept_unpacked_by_device(
    office: Office, http: httpx.Client, tmp_path: Path
) -> None:
    wire = Wire(http, office.phone("sanna"))
    _, made = wire.phone.new_person("Punapipo")
    wire.push(made)
    wire.pull()
    wire.token = "wrong"
    wire.pull()
    folder = tmp_path / "wire" / wire.phone.id
    names = [path.name for path in sorted(folder.iterdir())]
    assert names == [
        "000001-push-request.ndjson",
        "000001-push-response.ndjson",
        "000002-pull-request.ndjson",
        "000002-pull-response.ndjson",
    ]
    assert PushBatch.decode((folder / names[0]).read_bytes()).sets == (made,)
    assert len(PullPage.decode((folder / names[3]).read_bytes()).entries) == 1
    assert len(list((tmp_path / "wire" / "unknown").iterdir())) == 2
