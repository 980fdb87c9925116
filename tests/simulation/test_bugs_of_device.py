"""Every deliberate bug of the device is found."""

from __future__ import annotations

import pytest

from field_app.simulation.sabotage import SABOTAGES
from tests.simulation.found_by import DEVICE, SERVER, find


@pytest.mark.parametrize("name", sorted(DEVICE))
def test_a_bug_of_the_device_breaks_an_invariant(name: str) -> None:
    assert find(name, DEVICE[name])


def test_every_deliberate_bug_is_walked_and_there_are_enough_of_them() -> None:
    assert DEVICE.keys() | SERVER.keys() == SABOTAGES.keys()
    assert len(SABOTAGES) >= 15
    assert max((DEVICE | SERVER).values()) <= 500
