"""Random causal graphs of writes: what several workers, often apart, do to one record's part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from field_app.domain.clock import Instant
from field_app.sync.canonical import canonical_bytes
from field_app.sync.changes import Write
from field_app.sync.merge import EMPTY, Hold, Incoming, State, apply, force, shown
from tests.sync.oracle import Oracle, Told, said

RECORD = "5" * 32
AUTHORS = ("a" * 32, "b" * 32, "c" * 32)
AT: Instant = "2026-11-22T10:15:00.000Z"

SCALAR_KEYS = ("phone", "name", "outcome")
GROUP_KEYS = ("blood_pressure",)
MAP_KEYS = ("worker_score/housing", "worker_score/money")
ELEMENT_KEYS = ("topics/housing", "topics/safety")
KEYS = SCALAR_KEYS + GROUP_KEYS + MAP_KEYS + ELEMENT_KEYS

# Few and confusable on purpose: equality of values is where Python and the wire disagree.
CONFUSABLE: tuple[Any, ...] = (True, 1, "1", False, 0, "0", "", None, [], {}, [True], [1], {"a": 1})

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
any_value = st.one_of(
    st.sampled_from(CONFUSABLE),
    texts,
    st.integers(-(2**53), 2**53),
    st.lists(texts, max_size=2),
    st.dictionaries(texts, st.one_of(texts, st.booleans(), st.none()), max_size=2),
)
pressures = st.fixed_dictionaries({"bp_systolic": st.sampled_from(["120", "162", None])})


def value_of(key: str) -> st.SearchStrategy[Any]:
    """Values fit for a key."""
    if key in ELEMENT_KEYS:
        return st.booleans()
    return pressures if key in GROUP_KEYS else any_value


@st.composite
def graphs(draw: st.DrawFn, writes_max: int = 9) -> list[Incoming]:
    """Writes in one causal order. Ids do not follow time; a write may name any earlier ones.

    Some writes name exactly the heads (a save upon what is shown), some an arbitrary part of the
    history (a phone long offline), some nothing (made apart from the start).
    """
    count = draw(st.integers(1, writes_max))
    numbers = draw(st.lists(st.integers(0, 2**20), min_size=count, max_size=count, unique=True))
    written: list[Incoming] = []
    for number in numbers:
        index = draw(st.sampled_from([0, 2, 10]))
        keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
        values = {key: draw(value_of(key)) for key in keys}
        replaces = {}
        for key in keys:
            earlier = [one.write_id for one in written if key in one.write.set]
            named = draw(_named(earlier, written, key))
            if named:
                replaces[key] = named
        write = Write(RECORD, "person", values, replaces)
        author = draw(st.sampled_from(AUTHORS))
        written.append(Incoming(f"{number:032x}:{index}", write, author, AT))
    return written


def _named(
    earlier: Sequence[str], written: Sequence[Incoming], key: str
) -> st.SearchStrategy[list[str]]:
    if not earlier:
        return st.just([])
    replaced = {one for other in written for one in other.write.replaces.get(key, ())}
    heads = [one for one in earlier if one not in replaced]
    part = st.lists(st.sampled_from(earlier), max_size=3, unique=True)
    return st.one_of(st.just(heads), part, st.just([]))


@st.composite
def shuffled(draw: st.DrawFn, written: Sequence[Incoming]) -> list[Incoming]:
    """The same writes in another order in which each still comes after those it names."""
    left = list(draw(st.permutations(written)))
    given: set[str] = set()
    order: list[Incoming] = []
    while left:
        following = next(
            one for one in left if all(id_ in given for ids in named(one) for id_ in ids)
        )
        left.remove(following)
        given.add(following.write_id)
        order.append(following)
    return order


def named(incoming: Incoming) -> list[Sequence[str]]:
    """The ids a write names, per key."""
    return list(incoming.write.replaces.values())


def told(incoming: Incoming) -> Told:
    """The write as the oracle hears it."""
    return Told(incoming.write_id, incoming.write.set, incoming.write.replaces)


def oracle_of(written: Sequence[Incoming]) -> Oracle:
    """An oracle that heard all of these."""
    oracle = Oracle()
    for incoming in written:
        oracle.tell(told(incoming))
    return oracle


def applied(written: Sequence[Incoming], state: State = EMPTY) -> State:
    """The state after these writes in this order, each of which must be ready."""
    for incoming in written:
        state, holds = apply(state, incoming)
        assert not holds, holds
    return state


def forced(written: Sequence[Incoming]) -> State:
    """The state after these writes in any order, each accepted whatever it waits for."""
    state = EMPTY
    for incoming in written:
        state = force(state, incoming)
    return state


def fed(written: Sequence[Incoming]) -> tuple[State, list[Incoming]]:
    """The state after these writes in any order, held ones tried again; and those still held."""
    state = EMPTY
    waiting: list[Incoming] = []
    for incoming in written:
        waiting.append(incoming)
        released = True
        while released:
            released = False
            for candidate in list(waiting):
                state, holds = apply(state, candidate)
                if not holds:
                    waiting.remove(candidate)
                    released = True
                else:
                    assert all(isinstance(hold, Hold) for hold in holds)
    return state, waiting


def picture(state: State) -> dict[str, list[tuple[str, int, str]]]:
    """A state as the oracle draws it."""
    return {
        key: [(head.write_id, head.depth, said(head.value)) for head in heads]
        for key, heads in state.heads.items()
    }


def shown_bytes(state: State) -> dict[str, str]:
    """Each key's shown value as the oracle spells it."""
    return {key: said(shown(key, heads)) for key, heads in state.heads.items()}


def full_bytes(state: State) -> bytes:
    """Everything a state knows, as bytes: two states are the same when these are."""
    heads = {key: [list(head) for head in heads] for key, heads in state.heads.items()}
    replaced = {key: dict(ids) for key, ids in state.replaced.items()}
    return canonical_bytes([heads, replaced])
