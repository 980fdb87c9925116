"""A used device holds no trace of anything anyone wrote: every byte of every file is looked at."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from field_app.domain.errors import WrongPin
from field_app.store.drafts import Draft
from field_app.store.editing import edit_towards
from field_app.sync.changes import DIRECTORY_SCOPE, person_scope, team_scope
from tests.store.canary import Canaries
from tests.store.devices import DeviceOnDisk, two_devices
from tests.store.full_records import Texts, full_record, record_kinds
from tests.store.hand_server import TEAM, HandServer
from tests.store.makers import OTHER_PIN, PASSPHRASE, PIN, WRONG_PIN

KINDS = {"anonymous_contact", "health_note", "housing_period", "navigation_step", "encounter"}
"""What kind of record it is stays inside too (others are words that table names use)."""


def scope_for(kind: str, person: str) -> str:
    return {
        "person": person_scope(person),
        "team": team_scope(TEAM),
        "directory": DIRECTORY_SCOPE,
    }[kind]


def work_a_day(device: DeviceOnDisk, texts: Texts) -> str:
    """One record of every type about one person, each first a draft; returns the person's id."""
    person = device.new_id()
    for kind in record_kinds():
        record_id = person if kind.record_type == "person" else device.new_id()
        record = full_record(kind, record_id, texts)
        draft = device.store.new_draft(kind.record_type)
        content = {"typed": texts.sentence()}
        device.store.put_draft(
            Draft(draft.id, draft.form, None, draft.started_at, draft.changed_at, content)
        )
        scope = scope_for(kind.scope_kind, person)
        device.store.save(
            [edit_towards(record, scope, None)],
            draft_id=draft.id,
            opens={person: TEAM} if record_id == person else None,
        )
    return person


@dataclass(frozen=True)
class Used:
    """Two data directories and every text that must not be in them."""

    root: Path
    texts: list[str]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    """Two devices after a day: saves, drafts, syncs, a conflict, searches, kills, new keys."""
    root, texts, server = tmp_path_factory.mktemp("used"), Texts(), HandServer()
    with two_devices(root) as (one, other):
        person = work_a_day(one, texts)
        server.sync(one.store)
        server.sync(other.store)
        for device in (one, other):
            device.change(person, name=texts.sentence())
        other.store.keep_setting("seen", texts.sentence())
        kept = other.store.new_draft("contact", person_scope(person))
        content = {"note": texts.sentence()}
        other.store.put_draft(
            Draft(kept.id, kept.form, kept.scope, kept.started_at, kept.changed_at, content)
        )
        for _ in range(2):
            server.sync(one.store)
            server.sync(other.store)
        other.store.find(texts.given[0])
        other.reopen()
        with pytest.raises(WrongPin):
            other.disk.vault.unlock(pin=WRONG_PIN)
        other.disk.vault.rotate_data_key(PASSPHRASE, OTHER_PIN)
        assert other.store.draft(kept.id) is not None
        yield Used(root, [*texts.given, *KINDS, PIN, OTHER_PIN, WRONG_PIN, *PASSPHRASE.split()])


def test_no_byte_of_any_file_tells_what_was_written(used: Used) -> None:
    assert len(used.texts) > 60
    assert any(file.stat().st_size > 50_000 for file in used.root.rglob("*") if file.is_file())
    assert Canaries(used.texts).in_directory(used.root) == []


def test_the_same_search_finds_one_text_planted_beside_the_store(
    used: Used, tmp_path: Path
) -> None:
    texts = used.texts
    for number, text in enumerate((texts[0], texts[-1])):
        (tmp_path / f"cache-{number}").write_bytes(bytes(99) + gzip.compress(text.encode()))
    found = {sighting.canary for sighting in Canaries(texts).in_directory(tmp_path)}
    assert found == {texts[0], texts[-1]}
