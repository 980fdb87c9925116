"""Signing: Valmis, or 24 hours; afterwards only what joins and corrects."""

from __future__ import annotations

import pytest
from hypothesis import given

from field_app.domain.clock import plus
from field_app.domain.declaration import Record, declaration_of
from field_app.domain.records import Assessment
from field_app.domain.signing import (
    frozen_keys,
    is_health_part_signed,
    is_signed,
    signs_itself_at,
)
from tests.domain.given import NURSE, an_id, health_note, meeting, noon, person
from tests.domain.strategies import instants, records

NOW = noon("2026-11-22")


def test_a_note_just_written_is_open() -> None:
    assert not is_signed(meeting("2026-11-22"), NOW)
    assert frozen_keys(meeting("2026-11-22"), NOW) == frozenset()


def test_valmis_signs_at_once() -> None:
    assert is_signed(meeting("2026-11-22", signed_at=NOW, signed_by=NURSE), NOW)


def test_a_day_signs_what_nobody_signed() -> None:
    encounter = meeting("2026-11-21")
    assert not is_signed(encounter, plus(NOW, seconds=-1))
    assert is_signed(encounter, NOW)
    assert signs_itself_at(encounter) == NOW


def test_a_contact_entered_a_day_late_has_its_own_day() -> None:
    assert not is_signed(meeting("2026-11-15"), NOW, begun_at=plus(NOW, hours=-1))


def test_a_contact_of_a_clock_that_is_ahead_is_open() -> None:
    assert not is_signed(meeting("2026-11-25"), NOW)


def test_after_signing_only_corrections_and_joins_stay_open() -> None:
    encounter = meeting("2026-11-01")
    keys = set(declaration_of(type(encounter)).by_key)
    assert keys - frozen_keys(encounter, NOW) == {"correction", "health_part_recorded", "matter"}
    note = health_note("2026-11-01")
    assert set(declaration_of(type(note)).by_key) - frozen_keys(note, NOW) == {"correction"}


def test_each_half_signs_its_own_part_of_a_mapping() -> None:
    mapping = Assessment(id=an_id("kartoitus"), made_at=NOW, health_signed_at=NOW)
    assert not is_signed(mapping, NOW)
    assert is_health_part_signed(mapping, NOW)
    frozen = frozen_keys(mapping, NOW)
    assert "health_worker_score" in frozen
    assert "worker_score" not in frozen


def test_who_a_person_is_never_freezes() -> None:
    assert frozen_keys(person(), plus(NOW, days=4000)) == frozenset()
    assert signs_itself_at(person()) is None
    assert not is_health_part_signed(person(), NOW)


def test_a_signed_note_has_no_day_on_which_it_signs_itself() -> None:
    assert signs_itself_at(meeting("2026-11-22", signed_at=NOW)) is None
    assert signs_itself_at(meeting("2026-11-22", at=None)) is None


@given(records(), instants)
def test_what_is_signed_stays_signed(record: Record, now: str) -> None:
    if is_signed(record, now):
        later = plus(now, hours=1)
        assert is_signed(record, later)
        assert frozen_keys(record, now) <= frozen_keys(record, later)


@pytest.mark.parametrize("hours", [0, 23, 24, 48])
def test_the_moment_of_signing_by_time_agrees_with_the_rule(hours: int) -> None:
    encounter = meeting("2026-11-22")
    now = plus(NOW, hours=hours)
    at = signs_itself_at(encounter)
    assert at is not None
    assert is_signed(encounter, now) is (at <= now)
