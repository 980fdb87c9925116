"""The pair's day by real processes: what it reports, and what it leaves for a stranger to check."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from field_app.demo import story
from field_app.demo.story_device import CheckFailed
from tests.demo.conftest import INJECTED, KeptRun, field_app
from tests.store.canary import Canaries

ROLES = ("social_instructor", "nurse", "coordinator")


def test_the_day_ends_well_and_says_so_in_its_last_line(kept: KeptRun) -> None:
    assert kept.exit_code == 0, "\n".join([*kept.lines, kept.complaints])
    assert kept.report["ok"] is True
    assert all(step["ok"] for step in kept.report["steps"])


def test_every_step_is_told_with_its_time(kept: KeptRun) -> None:
    names = [step["name"] for step in kept.report["steps"]]
    assert names == [step.__name__ for step in story.STEPS]
    assert all(step["seconds"] >= 0 for step in kept.report["steps"])
    assert len(kept.lines) == len(names) + 1


def test_the_day_has_the_size_of_a_real_one(kept: KeptRun) -> None:
    seeded = kept.step("seed_server")
    assert (seeded["teams"], seeded["workers"], seeded["people"]) == (3, 9, 60)
    assert 1_800 <= seeded["records"] <= 2_400
    offline = kept.step("work_offline")
    assert (offline["only_on_social"], offline["only_on_nurse"]) == (11, 5)
    assert kept.step("see_conflicts")["conflicts"] == 3


def test_every_bad_code_was_refused(kept: KeptRun) -> None:
    refused = kept.step("enrol_devices")["refused"]
    assert refused == ["mistyped", "wrong", "expired", "used"]


def test_it_leaves_what_a_stranger_needs(kept: KeptRun) -> None:
    assert sorted(one.name for one in (kept.folder / "devices").iterdir()) == sorted(ROLES)
    left = {one.name for one in kept.folder.iterdir()}
    assert {"server", "logs", "wire", "secrets.json", "personal-strings.txt"} <= left
    assert "copies" not in left


def test_the_injected_notes_are_among_the_words(kept: KeptRun) -> None:
    assert set(INJECTED) <= set(kept.words())


def test_the_three_exports_agree_on_all_they_share(kept: KeptRun) -> None:
    server = by_place(kept.export_of_server())
    for role in ROLES:
        own = by_place(kept.export_of_device(role))
        assert own
        assert {place: server.get(place) for place in own} == own, role


def test_each_role_holds_its_registers_and_no_other(kept: KeptRun) -> None:
    held = {
        role: {register for _, register in by_place(kept.export_of_device(role))} for role in ROLES
    }
    assert held == {
        "social_instructor": {"common", "social"},
        "nurse": {"common", "social", "health"},
        "coordinator": {"common", "social"},
    }


def test_the_servers_export_holds_every_word_that_stands(kept: KeptRun) -> None:
    said = "\n".join(strings_in(json.loads(line) for line in kept.export_of_server()))
    standing = (kept.folder / "personal-strings.txt").read_text(encoding="utf-8").splitlines()
    assert [word for word in standing if word not in said] == []


def test_no_word_lies_in_clear_in_any_store(kept: KeptRun) -> None:
    assert (kept.folder / "devices/social_instructor/store.db-wal").stat().st_size > 0
    words = [word for word in kept.words() if len(word) >= 5]
    assert len(words) > 300
    assert Canaries(words).in_directory(kept.folder / "devices") == []


def test_no_word_lies_in_any_log(kept: KeptRun) -> None:
    words = [word for word in kept.words() if len(word) >= 5]
    assert Canaries(words).in_directory(kept.folder / "logs") == []


def test_no_health_word_went_over_the_wire_to_the_coordinator(kept: KeptRun) -> None:
    secret = health_words(kept)
    assert len(secret) > 5
    wire = kept.folder / "wire" / kept.device_id("coordinator")
    assert any(wire.iterdir())
    assert Canaries(secret).in_directory(wire) == []
    nurse = kept.folder / "wire" / kept.device_id("nurse")
    assert Canaries(secret).in_directory(nurse), "the search would find them where they are"


def test_a_step_that_fails_ends_the_day_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose_the_phone(_: Any) -> dict[str, Any]:
        raise CheckFailed("expected: the phone is there")

    said: list[str] = []
    monkeypatch.setattr(story, "STEPS", (lose_the_phone, story.STEPS[0]))
    assert story.check(1, say=said.append) is False
    report = json.loads(said[-1])
    assert report["ok"] is False
    (step,) = report["steps"]
    assert step["name"] == "lose_the_phone"
    assert step["failure"] == "CheckFailed: expected: the phone is there"


def test_a_folder_with_something_in_it_is_not_kept_in(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"mine")
    done = field_app("demo", "--check", "--keep", str(tmp_path))
    assert done.returncode == 6
    assert done.stderr.decode().count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["photo.jpg"]


def test_nothing_is_left_without_keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(story, "STEPS", ())
    assert story.check(1, say=lambda _: None)
    assert list(tmp_path.iterdir()) == []


# -- what a stranger does --------------------------------------------------------------------------


def by_place(lines: list[bytes]) -> dict[tuple[str, str], bytes]:
    told = ((json.loads(line), line) for line in lines)
    return {(one["record"], one["register"]): line for one, line in told}


def health_words(kept: KeptRun) -> list[str]:
    """What the nurse wrote into the health register and nobody elsewhere."""
    told = [json.loads(line) for line in kept.export_of_device("nurse")]
    own, others = (
        set(strings_in(one for one in told if (one["register"] == "health") is health))
        for health in (True, False)
    )
    keep: Callable[[str], bool] = lambda word: " " in word and len(word) > 12  # noqa: E731
    return sorted(filter(keep, own - others))


def strings_in(values: Any) -> list[str]:
    """Every text inside a JSON value, keys of sets included."""
    if isinstance(values, str):
        return [values]
    if isinstance(values, dict):
        keys = [key.partition("/")[2] for key in values]
        return [*keys, *strings_in(values.values())]
    if isinstance(values, int | None):
        return []
    return [text for one in values for text in strings_in(one)]
