"""Playing histories in tests."""

from __future__ import annotations

import gc

from field_app.simulation.command import Totals, run
from field_app.simulation.trace import Trace

HISTORIES_A_TEST = 50


def play_clean(seed: int) -> Totals:
    """Play histories from a seed on, none of which may break an invariant."""
    gc.collect()
    totals, history, found = run(HISTORIES_A_TEST, seed, Trace())
    assert found is None, f"seed {history.seed if history else '?'}: {found}"
    assert totals.histories == HISTORIES_A_TEST
    return totals
