"""The first history from seed 1 on that finds each deliberate bug, of at most 500.

Drawn anew when the generator of histories changes: `field-app simulate --sabotage NAME` says it.
"""

from __future__ import annotations

from field_app.simulation.command import run
from field_app.simulation.sabotage import sabotaged
from field_app.simulation.trace import Trace

NEAR = 100
"""Histories from the drawn one on: a change of the product may shift which one finds a bug."""
DEVICE: dict[str, int] = {
    "acknowledge_newer_edits": 2,
    "answers_by_counter_alone": 29,
    "count_depths_oneself": 5,
    "cursor_before_apply": 1,
    "drop_an_unknown_field": 2,
    "drop_an_unknown_type": 2,
    "keep_what_was_not_saved": 34,
    "keep_what_was_told": 3,
    "purge_before_outbox_is_safe": 5,
    "replace_unshown_heads": 3,
    "resurrect_a_purged_row": 1,
    "stop_before_own_sets": 56,
}
SERVER: dict[str, int] = {
    "answer_before_commit": 3,
    "collapse_equal_heads": 5,
    "compact_to_the_winner": 2,
    "deliver_after_leaving": 1,
    "drop_a_head": 2,
    "drop_what_is_refused": 1,
    "forget_the_tail": 9,
    "forget_what_was_replaced_unseen": 130,
    "forget_who_left": 101,
    "forget_who_was_enrolled": 24,
    "forget_who_was_revoked": 24,
    "health_to_wrong_bucket": 1,
    "lose_an_answer": 1,
    "never_judge_again": 6,
    "never_notice_a_loss": 5,
    "reuse_an_id": 5,
    "skip_the_lock": 1,
    "skip_the_signature": 15,
    "winner_by_device_clock": 3,
}


def find(name: str, seed: int) -> str:
    """What a history from a seed on breaks with this bug in the product, and not without it."""
    with sabotaged(name):
        _, history, found = run(NEAR, seed, Trace())
    assert history is not None, f"{name}: {NEAR} histories from seed {seed} on find nothing"
    assert found is not None
    _, _, without = run(1, history.seed, Trace())
    assert without is None, f"seed {history.seed} breaks without any bug: {without}"
    return found.kind
