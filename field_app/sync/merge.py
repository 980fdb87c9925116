"""The merge: multi-value registers, the same on phone and server.

A key's *heads* are the writes that no other write replaces. Two heads with different values are
a conflict: both stay until a person's write names both. The head shown first is the greatest
(depth, write id), depth being 1 + the deepest write replaced; no clock takes part. A set element
(`topics/housing`, true or false) never conflicts: of a tick and an untick made apart the tick
stands.

`decide` says what a write does to a state as named actions; `act` carries them out. Nothing here
reads a clock, draws a random number or changes its arguments. Laws (tests/sync/test_merge_laws):
any order in which every write comes after those it replaces gives the same state; applying twice
is applying once; joining states is commutative, associative and idempotent; no head is lost;
what was replaced before it came does not stand when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from field_app.domain.clock import Instant
from field_app.sync.canonical import same_value
from field_app.sync.changes import Write


class Head(NamedTuple):
    """One standing write of a key: what it says, who wrote it, when by their device's clock."""

    write_id: str
    depth: int
    value: Any
    author: str
    at: Instant

    def __repr__(self) -> str:
        """Without the value: heads reach logs."""
        return f"Head({self.write_id!r}, depth={self.depth})"


UNSEEN: Final = 0
"""The depth of a write that was replaced before it came: it never is a head."""

Heads = tuple[Head, ...]
"""The heads of one key, the one shown first in front."""


def ordered(heads: Iterable[Head]) -> Heads:
    """Heads with the deterministic winner first: greatest (depth, write id)."""
    return tuple(sorted(heads, key=lambda head: (head.depth, head.write_id), reverse=True))


def shown(key: str, heads: Heads) -> Any:
    """The value shown for a key: the winner's, or for a set element whether any tick stands."""
    if _is_element(key, heads):
        return any(head.value for head in heads)
    return heads[0].value


def in_conflict(key: str, heads: Heads) -> bool:
    """Whether a key's heads disagree, so that a person has to settle it."""
    if len(heads) < 2 or _is_element(key, heads):
        return False
    return any(not same_value(heads[0].value, head.value) for head in heads[1:])


def _is_element(key: str, heads: Heads) -> bool:
    return "/" in key and all(isinstance(head.value, bool) for head in heads)


@dataclass(frozen=True, slots=True)
class State:
    """All that is known of one record's part: heads, and which writes were replaced, per key."""

    heads: Mapping[str, Heads] = field(default_factory=dict)
    replaced: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """{key: {write id: its depth, or `UNSEEN`}}; a compacted copy has none, and needs none."""

    def depth_of(self, key: str, write_id: str) -> int | None:
        """The depth of a known write of this key; None when it was never seen."""
        for head in self.heads.get(key, ()):
            if head.write_id == write_id:
                return head.depth
        return self.replaced.get(key, {}).get(write_id) or None

    def is_replaced_unseen(self, key: str, write_id: str) -> bool:
        """Whether a write that has not come yet is replaced already."""
        return self.replaced.get(key, {}).get(write_id) == UNSEEN

    def conflicts(self) -> tuple[str, ...]:
        """The keys in conflict, sorted."""
        return tuple(sorted(key for key, heads in self.heads.items() if in_conflict(key, heads)))

    def values(self) -> dict[str, Any]:
        """Every key's shown value."""
        return {key: shown(key, heads) for key, heads in self.heads.items()}


EMPTY = State()


class Incoming(NamedTuple):
    """A write with what its change set's header says of it."""

    write_id: str
    write: Write
    author: str
    at: Instant


@dataclass(frozen=True, slots=True)
class SetHead:
    """The write becomes a head of the key; `gone` are the heads it takes away."""

    key: str
    head: Head
    gone: tuple[str, ...]
    replaced: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TakeAway:
    """The write was replaced before it came: it takes heads away and becomes none itself."""

    key: str
    gone: tuple[str, ...]
    replaced: Mapping[str, int]
    """What it replaces, and itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """This key of this write was applied before: nothing to do."""

    key: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The write names writes never seen here; it must wait for them."""

    key: str
    missing: tuple[str, ...]


Action = SetHead | TakeAway | Known | Hold


def decide(state: State, incoming: Incoming) -> tuple[Action, ...]:
    """What a write does to a state. One `Hold` holds the whole write: a save is not split."""
    actions: list[Action] = []
    for key, value in incoming.write.set.items():
        if state.depth_of(key, incoming.write_id) is not None:
            actions.append(Known(key))
            continue
        replaced: dict[str, int] = {}
        missing: list[str] = []
        for write_id in incoming.write.replaces.get(key, ()):
            depth = state.depth_of(key, write_id)
            if depth is None:
                missing.append(write_id)
            else:
                replaced[write_id] = depth
        if missing:
            actions.append(Hold(key, tuple(missing)))
            continue
        depth = 1 + max(replaced.values(), default=0)
        gone = tuple(h.write_id for h in state.heads.get(key, ()) if h.write_id in replaced)
        if _stands_no_more(state, key, incoming.write_id, gone):
            actions.append(TakeAway(key, gone, {**replaced, incoming.write_id: depth}))
            continue
        head = Head(incoming.write_id, depth, value, incoming.author, incoming.at)
        actions.append(SetHead(key, head, gone, replaced))
    holds = tuple(action for action in actions if isinstance(action, Hold))
    return holds or tuple(actions)


def _stands_no_more(state: State, key: str, write_id: str, gone: Sequence[str]) -> bool:
    """Whether a write is replaced already; never where nothing else would be left."""
    return state.is_replaced_unseen(key, write_id) and len(state.heads.get(key, ())) > len(gone)


def act(state: State, actions: Sequence[Action]) -> State:
    """Carry out what `decide` said. A held write changes nothing."""
    heads = dict(state.heads)
    replaced = dict(state.replaced)
    for action in actions:
        if isinstance(action, SetHead | TakeAway):
            standing = [h for h in heads.get(action.key, ()) if h.write_id not in action.gone]
            if isinstance(action, SetHead):
                standing.append(action.head)
            heads[action.key] = ordered(standing)
            if action.replaced:
                replaced[action.key] = {**replaced.get(action.key, {}), **action.replaced}
    return State(heads, replaced)


def apply(state: State, incoming: Incoming) -> tuple[State, tuple[Hold, ...]]:
    """Decide and act in one: the new state, and what holds the write back (then unchanged)."""
    write = incoming.write
    if not write.replaces and not state.heads and not state.replaced:
        return _begun(incoming), ()  # most writes begin a record: every key's first head
    actions = decide(state, incoming)
    holds = tuple(action for action in actions if isinstance(action, Hold))
    return (state, holds) if holds else (act(state, actions), ())


def _begun(incoming: Incoming) -> State:
    write_id, author, at = incoming.write_id, incoming.author, incoming.at
    values = incoming.write.set.items()
    return State({key: (Head(write_id, 1, value, author, at),) for key, value in values})


def force(state: State, incoming: Incoming) -> State:
    """Apply a write that a person accepts although it names writes never seen here.

    Those are noted as replaced: what was replaced does not stand up again when it comes.
    """
    write, own = incoming.write, incoming.write_id.partition(":")[0]
    known: dict[str, list[str]] = {}
    replaced: dict[str, Mapping[str, int]] = {}
    for key, write_ids in write.replaces.items():
        known[key] = [one for one in write_ids if state.depth_of(key, one) is not None]
        unseen = [one for one in write_ids if one not in known[key]]
        others = (one for one in unseen if one.partition(":")[0] != own)
        replaced[key] = dict.fromkeys(others, UNSEEN)
    after, _ = apply(state, incoming._replace(write=write._replace(replaces=known)))
    noted = {key: {**after.replaced.get(key, {}), **ids} for key, ids in replaced.items() if ids}
    return State(after.heads, {**after.replaced, **noted}) if noted else after


def join(one: State, other: State) -> State:
    """Two states of the same record's part as one: every write either side knows."""
    replaced: dict[str, Mapping[str, int]] = {}
    for key in one.replaced.keys() | other.replaced.keys():
        ids = one.replaced.get(key, {}).keys() | other.replaced.get(key, {}).keys()
        replaced[key] = {i: one.depth_of(key, i) or other.depth_of(key, i) or UNSEEN for i in ids}
    heads: dict[str, Heads] = {}
    for key in one.heads.keys() | other.heads.keys():
        both = {h.write_id: h for h in (*one.heads.get(key, ()), *other.heads.get(key, ()))}
        gone = replaced.get(key, {})
        heads[key] = ordered(head for head in both.values() if head.write_id not in gone)
    return State(heads, replaced)


class Stamped(NamedTuple):
    """A write with each key's depth already known: the server's word, or what the author saw."""

    incoming: Incoming
    depths: Mapping[str, int]
    """{key: depth}; a key not named has depth 1, and one of `UNSEEN` becomes no head."""


def overlay(state: State, stamped: Stamped) -> State:
    """Apply a write whose depths are given, to a state that may be compacted.

    The device's two uses: the server's stream upon the confirmed state (causal order, so nothing
    can be missing), and by `laid_upon` the device's own pending saves upon that. What a write
    replaces and is no longer a head was replaced by somebody else meanwhile: there is nothing left
    to take away.
    """
    heads = dict(state.heads)
    incoming = stamped.incoming
    for key, value in incoming.write.set.items():
        gone = incoming.write.replaces.get(key, ())
        depth = stamped.depths.get(key, 1)
        head = Head(incoming.write_id, depth, value, incoming.author, incoming.at)
        current = heads.get(key)
        if not current:
            if depth != UNSEEN:
                heads[key] = (head,)
            continue
        standing = [h for h in current if h.write_id not in gone and h.write_id != head.write_id]
        if depth != UNSEEN:
            standing.append(head)
        heads[key] = ordered(standing)
    return State(heads, state.replaced)


def laid_upon(state: State, own: Sequence[Stamped]) -> State:
    """The confirmed state with the device's own saves upon it, in whatever order they are given.

    What one of them names another does not bring back: a device that forked and then hears of a
    new epoch numbers what the stream had shown behind what was saved upon it.
    """
    for one in own:
        state = overlay(state, one)
    if len(own) < 2:
        return state
    heads = dict(state.heads)
    for one in own:
        for key, gone in one.incoming.write.replaces.items():
            standing = tuple(h for h in heads.get(key, ()) if h.write_id not in gone)
            if standing:  # a faulty app's save may name itself: it is shown until it is refused
                heads[key] = standing
    return State(heads, state.replaced)


def depths_of(state: State, incoming: Incoming) -> dict[str, int]:
    """The depth each key of a write just applied got, where it is not 1: what a stream says."""
    if not state.replaced:
        return {}  # what replaces nothing has depth 1
    depths = {}
    for key in incoming.write.set:
        heads = state.heads.get(key, ())
        depth = next((h.depth for h in heads if h.write_id == incoming.write_id), UNSEEN)
        if depth != 1:
            depths[key] = depth
    return depths
