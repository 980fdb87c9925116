"""Every deliberate bug of the server, and of the merge that both sides share, is found."""

from __future__ import annotations

import pytest

from tests.simulation.found_by import SERVER, find


@pytest.mark.parametrize("name", sorted(SERVER))
def test_a_bug_of_the_server_breaks_an_invariant(name: str) -> None:
    assert find(name, SERVER[name])
