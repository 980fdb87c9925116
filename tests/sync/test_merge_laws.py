"""The laws of the merge, against an oracle that shares no code with it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from field_app.sync.merge import EMPTY, Hold, Incoming, apply, decide, force, in_conflict, join
from tests.sync.causal_graphs import (
    any_value,
    applied,
    fed,
    forced,
    full_bytes,
    graphs,
    oracle_of,
    picture,
    shown_bytes,
    shuffled,
)
from tests.sync.makers import heads_saying
from tests.sync.oracle import said

law = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@law
@given(graphs())
def test_heads_depths_winners_and_conflicts_are_what_the_sentences_say(
    written: list[Incoming],
) -> None:
    oracle, state = oracle_of(written), applied(written)
    assert picture(state) == oracle.picture()
    assert set(state.conflicts()) == oracle.conflicts()
    assert shown_bytes(state) == oracle.shown()


@law
@given(st.data())
def test_any_causal_order_gives_the_same_state(data: st.DataObject) -> None:
    written = data.draw(graphs())
    other = data.draw(shuffled(written))
    assert full_bytes(applied(written)) == full_bytes(applied(other))


@law
@given(st.data())
def test_in_any_order_at_all_the_missing_are_held_and_released_when_they_come(
    data: st.DataObject,
) -> None:
    written = data.draw(graphs())
    order = data.draw(st.permutations(written))
    told = order[: data.draw(st.integers(0, len(order)))]
    state, waiting = fed(told)
    oracle = oracle_of(told)
    assert picture(state) == oracle.picture()
    assert {one.write_id for one in waiting} == oracle.waiting()
    state, waiting = fed(order)
    assert not waiting
    assert full_bytes(state) == full_bytes(applied(written))


@law
@given(st.data())
def test_hearing_a_write_again_changes_nothing(data: st.DataObject) -> None:
    written = data.draw(graphs())
    state = applied(written)
    again = data.draw(st.permutations(written))
    assert full_bytes(applied(again, state)) == full_bytes(state)


@law
@given(graphs())
def test_no_write_leaves_the_heads_unless_another_names_it(written: list[Incoming]) -> None:
    state = applied(written)
    for incoming in written:
        for key in incoming.write.set:
            named = any(incoming.write_id in other.write.replaces.get(key, ()) for other in written)
            standing = any(head.write_id == incoming.write_id for head in state.heads[key])
            assert standing != named


@law
@given(st.data())
def test_joining_two_histories_is_applying_both(data: st.DataObject) -> None:
    written = data.draw(graphs())
    one = _a_past_of(written, data)
    other = _a_past_of(written, data)
    both = [write for write in written if write in one or write in other]
    joined = join(applied(one), applied(other))
    assert full_bytes(joined) == full_bytes(applied(both))


@law
@given(st.data())
def test_joining_is_commutative_associative_and_idempotent(data: st.DataObject) -> None:
    written = data.draw(graphs())
    a, b, c = (applied(_a_past_of(written, data)) for _ in range(3))
    assert full_bytes(join(a, b)) == full_bytes(join(b, a))
    assert full_bytes(join(join(a, b), c)) == full_bytes(join(a, join(b, c)))
    assert full_bytes(join(a, a)) == full_bytes(a)
    assert full_bytes(join(a, EMPTY)) == full_bytes(a)


@law
@given(st.data())
def test_a_held_write_changes_nothing_and_names_what_it_waits_for(data: st.DataObject) -> None:
    written = data.draw(graphs())
    incoming = written[-1]
    missing = {one for ids in incoming.write.replaces.values() for one in ids}
    known = [one for one in written[:-1] if not (missing & {one.write_id})]
    state, _ = fed(known)
    actions = decide(state, incoming)
    after, holds = apply(state, incoming)
    if missing:
        assert all(isinstance(action, Hold) for action in actions)
        assert {one for hold in holds for one in hold.missing} == missing
        assert after is state
    else:
        assert not holds


@law
@given(st.lists(any_value, min_size=2, max_size=4))
def test_a_scalars_heads_conflict_exactly_when_their_bytes_differ(values: list[Any]) -> None:
    assert in_conflict("phone", heads_saying(*values)) == (len({said(v) for v in values}) > 1)


@law
@given(st.data())
def test_what_a_person_replaced_unseen_never_stands_up_in_whatever_order_it_comes(
    data: st.DataObject,
) -> None:
    written = data.draw(graphs())
    state = forced(data.draw(st.permutations(written)))
    for key, heads in state.heads.items():
        named = {i for one in written for i in one.write.replaces.get(key, ())}
        told = {one.write_id for one in written if key in one.write.set}
        assert {head.write_id for head in heads} == told - named


@law
@given(st.data())
def test_hearing_again_after_a_person_replaced_something_unseen_changes_nothing(
    data: st.DataObject,
) -> None:
    written = data.draw(graphs())
    state = forced(data.draw(st.permutations(written)))
    assert full_bytes(applied(written, state)) == full_bytes(state)
    assert full_bytes(join(state, state)) == full_bytes(join(state, EMPTY)) == full_bytes(state)


@law
@given(st.data())
def test_what_is_saved_upon_something_replaced_unseen_waits_until_that_comes(
    data: st.DataObject,
) -> None:
    written = data.draw(graphs())
    state = EMPTY
    came: set[str] = set()
    for incoming in data.draw(st.permutations(written)):
        named = {i for ids in incoming.write.replaces.values() for i in ids}
        after, holds = apply(state, incoming)
        assert bool(holds) == bool(named - came)
        state = force(state, incoming) if holds else after
        came.add(incoming.write_id)


def _a_past_of(written: list[Incoming], data: st.DataObject) -> list[Incoming]:
    """A part of the history that is closed: with a write come all those it names."""
    wanted = data.draw(st.sets(st.sampled_from([one.write_id for one in written])))
    for incoming in reversed(written):
        if incoming.write_id in wanted:
            wanted = wanted | {one for ids in incoming.write.replaces.values() for one in ids}
    return [incoming for incoming in written if incoming.write_id in wanted]
