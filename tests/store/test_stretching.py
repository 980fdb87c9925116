"""What a guess costs, and which stored costs are refused."""

from __future__ import annotations

import pytest

from field_app.domain.errors import StoreDamaged
from field_app.store.stretching import PRODUCTION_COST, Argon2Cost, stretch


def test_new_slots_cost_what_phones_can_pay_and_thieves_feel() -> None:
    new = PRODUCTION_COST.new
    assert new.memory_kib == 64 * 1024
    assert new.passes >= 3
    PRODUCTION_COST.check(new)


@pytest.mark.parametrize(
    "cost",
    [
        Argon2Cost(8, 1),
        Argon2Cost(19 * 1024, 8),
        Argon2Cost(64 * 1024, 1),
        Argon2Cost(64 * 1024, 8, lanes=0),
        Argon2Cost(512 * 1024, 3),
        Argon2Cost(64 * 1024, 1000),
        Argon2Cost(64 * 1024, 8, lanes=64),
        Argon2Cost(2**31, 2**31),
    ],
)
def test_a_stored_cost_too_weak_or_too_dear_is_refused(cost: Argon2Cost) -> None:
    with pytest.raises(StoreDamaged):
        PRODUCTION_COST.check(cost)


def test_every_input_changes_the_outcome() -> None:
    cost = Argon2Cost(8, 1)
    outcomes = {
        stretch("482915", bytes(16), cost),
        stretch("482916", bytes(16), cost),
        stretch("482915", b"\x01" + bytes(15), cost),
        stretch("482915", bytes(16), Argon2Cost(16, 1)),
        stretch("482915", bytes(16), Argon2Cost(8, 2)),
    }
    assert len(outcomes) == 5
    assert {len(outcome) for outcome in outcomes} == {32}


def test_what_the_library_refuses_is_told_as_damage() -> None:
    with pytest.raises(StoreDamaged):
        stretch("482915", b"short", Argon2Cost(8, 1))
