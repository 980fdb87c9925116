"""Compaction is for delivery: a device fed compacted heads ends where one fed everything ends."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import Write
from field_app.sync.delivery import compact, compact_alone, expand
from field_app.sync.merge import (
    EMPTY,
    Heads,
    Incoming,
    Stamped,
    State,
    apply,
    depths_of,
    force,
    laid_upon,
    ordered,
    overlay,
)
from tests.sync.causal_graphs import AT, RECORD, applied, graphs, oracle_of, picture, shown_bytes

law = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class Server:
    """A server reduced to its order: the state after each accepted write, and their depths."""

    states: list[State]
    stream: list[Stamped]

    @classmethod
    def of(cls, written: list[Incoming]) -> Server:
        """Accept these, in this order."""
        server = cls([EMPTY], [])
        for incoming in written:
            server.accept(incoming)
        return server

    def accept(self, incoming: Incoming, *, forced: bool = False) -> None:
        """Give a write the next sequence number and its depths."""
        if forced:
            state = force(self.states[-1], incoming)
        else:
            state, holds = apply(self.states[-1], incoming)
            assert not holds
        self.states.append(state)
        self.stream.append(Stamped(incoming, depths_of(state, incoming)))

    def compacted_at(self, seq: int) -> State:
        """What a device has after a compacted entry went over the wire."""
        return expand(parse(canonical_bytes(compact(self.states[seq]))))


@law
@given(st.data())
def test_from_any_checkpoint_the_stream_leads_to_the_same_heads(data: st.DataObject) -> None:
    written = data.draw(graphs())
    server = Server.of(written)
    checkpoint = data.draw(st.integers(0, len(written)))
    device = server.compacted_at(checkpoint)
    for stamped in server.stream[checkpoint:]:
        device = overlay(device, stamped)
    assert device.heads == server.states[-1].heads
    assert picture(device) == oracle_of(written).picture()
    assert shown_bytes(device) == oracle_of(written).shown()


@law
@given(st.data())
def test_compacted_entries_may_take_the_place_of_the_stream_at_any_time(
    data: st.DataObject,
) -> None:
    written = data.draw(graphs())
    server = Server.of(written)
    device, seq = EMPTY, 0
    while seq < len(written):
        if data.draw(st.booleans()):
            seq = data.draw(st.integers(seq, len(written)))
            device = server.compacted_at(seq)
        else:
            device = overlay(device, server.stream[seq])
            seq += 1
        assert device.heads == server.states[seq].heads


@law
@given(st.data())
def test_the_same_when_a_person_accepts_what_names_writes_never_seen(data: st.DataObject) -> None:
    written = data.draw(graphs())
    server = Server([EMPTY], [])
    for incoming in data.draw(st.permutations(written)):
        server.accept(incoming, forced=True)
    checkpoint = data.draw(st.integers(0, len(written)))
    device = server.compacted_at(checkpoint)
    for stamped in server.stream[checkpoint:]:
        device = overlay(device, stamped)
        assert overlay(device, stamped).heads == device.heads
        alone, merged = compact_alone(stamped), compact(overlay(EMPTY, stamped))
        assert canonical_bytes(alone) == canonical_bytes(merged)
    assert device.heads == server.states[-1].heads


@law
@given(graphs())
def test_a_part_with_one_write_is_compacted_as_if_it_had_been_merged(
    written: list[Incoming],
) -> None:
    for stamped in Server.of(written).stream:
        merged = compact(overlay(EMPTY, stamped))
        assert canonical_bytes(compact_alone(stamped)) == canonical_bytes(merged)


@law
@given(st.data())
def test_a_write_streamed_twice_in_a_row_stands_once(data: st.DataObject) -> None:
    written = data.draw(graphs())
    server = Server.of(written)
    device = EMPTY
    for stamped in server.stream:
        device = overlay(device, stamped)
        assert overlay(device, stamped).heads == device.heads


@law
@given(graphs())
def test_compacting_what_was_compacted_is_the_same_bytes(written: list[Incoming]) -> None:
    state = applied(written)
    once = canonical_bytes(compact(state))
    assert canonical_bytes(compact(expand(parse(once)))) == once


@law
@given(st.data())
def test_own_saves_show_at_once_and_their_confirmation_changes_nothing(
    data: st.DataObject,
) -> None:
    others = data.draw(graphs(writes_max=6))
    server = Server.of(others)
    seen = data.draw(st.integers(0, len(others)))
    confirmed = server.compacted_at(seen)
    pending = data.draw(_saves_upon(confirmed))
    for stamped in server.stream[seen:]:
        confirmed = overlay(confirmed, stamped)
    seen = len(others)

    told = [*others, *(one.incoming for one in pending)]
    before = _displayed(confirmed, pending)
    assert picture(before) == oracle_of(told).picture()

    while pending:
        server.accept(pending[0].incoming)
        confirmed = overlay(confirmed, server.stream[-1])
        pending = pending[1:]
        assert _displayed(confirmed, pending).heads == before.heads
    assert confirmed.heads == server.states[-1].heads


@law
@given(st.data())
def test_a_compacted_entry_replaces_the_confirmed_and_own_saves_are_laid_upon_it_again(
    data: st.DataObject,
) -> None:
    others = data.draw(graphs(writes_max=6))
    server = Server.of(others)
    seen = data.draw(st.integers(0, len(others)))
    pending = data.draw(_saves_upon(server.compacted_at(seen)))
    told = [*others, *(one.incoming for one in pending)]
    displayed = _displayed(server.compacted_at(len(others)), pending)
    assert picture(displayed) == oracle_of(told).picture()


@law
@given(st.data())
def test_own_saves_show_the_same_in_whatever_order_a_fork_has_numbered_them(
    data: st.DataObject,
) -> None:
    others = data.draw(graphs(writes_max=4))
    confirmed = Server.of(others).compacted_at(len(others))
    pending = data.draw(_saves_upon(confirmed))
    displayed = _displayed(confirmed, data.draw(st.permutations(pending)))
    assert displayed.heads == _displayed(confirmed, pending).heads
    told = [*others, *(one.incoming for one in pending)]
    assert picture(displayed) == oracle_of(told).picture()


def test_a_save_of_a_faulty_app_that_names_itself_is_shown_until_it_is_refused() -> None:
    own = [f"{number}" * 32 + ":0" for number in range(2)]
    names_itself = Write(RECORD, "person", {"phone": "1"}, {"phone": [own[1]]})
    writes = (Write(RECORD, "person", {"name": "Kettu"}), names_itself)
    saves = [
        Stamped(Incoming(o, write, "d" * 32, AT), {}) for o, write in zip(own, writes, strict=True)
    ]
    assert laid_upon(EMPTY, saves).values() == {"name": "Kettu", "phone": "1"}


def _displayed(confirmed: State, pending: list[Stamped]) -> State:
    return laid_upon(confirmed, pending)


@st.composite
def _saves_upon(draw: st.DrawFn, confirmed: State) -> list[Stamped]:
    """Saves of one device, each replacing what its author was shown: confirmed, then own."""
    saves: list[Stamped] = []
    shown = confirmed
    for number in range(draw(st.integers(1, 3))):
        values: dict[str, str] = {}
        replaces: dict[str, list[str]] = {}
        depths: dict[str, int] = {}
        for key in draw(st.lists(st.sampled_from(["phone", "name"]), min_size=1, unique=True)):
            heads: Heads = shown.heads.get(key, ())
            values[key] = draw(st.sampled_from(["one", "two"]))
            settles = draw(st.booleans())
            if settles and heads:
                replaces[key] = [head.write_id for head in heads]
                depths[key] = 1 + ordered(heads)[0].depth
        write = Write(RECORD, "person", values, replaces)
        own = f"{number:x}".rjust(32, "d") + ":0"
        save = Stamped(Incoming(own, write, "d" * 32, AT), depths)
        saves.append(save)
        shown = overlay(shown, save)
    return saves
