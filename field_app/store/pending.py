"""The device's own saves that the stream has not shown yet, in memory while unlocked.

What is shown of a record is its confirmed state with these upon it.
"""

from __future__ import annotations

from collections.abc import Iterable

from field_app.domain.clock import Instant
from field_app.store.confirmed import ConfirmedPart, PartKey
from field_app.store.outbox import SHOWN, OwnWrite, Saved, SaveState
from field_app.sync.merge import EMPTY, State, laid_upon


class PendingSaves:
    """Saves by counter, and their writes by part and scope."""

    def __init__(self, saves: Iterable[Saved]) -> None:
        """Start from what the outbox holds."""
        self._saves: dict[int, Saved] = {}
        self._writes: dict[PartKey, dict[tuple[int, int], OwnWrite]] = {}
        self._scopes: dict[str, set[PartKey]] = {}
        self._unanswered: frozenset[str] | None = None
        """Of the saves in memory; None after a change, until somebody asks."""
        self._by_set: dict[str, Saved] = {}
        for saved in saves:
            self.put(saved)

    def clear(self) -> None:
        """Forget all, in memory only."""
        self._saves.clear()
        self._writes.clear()
        self._scopes.clear()
        self._unanswered = None
        self._by_set.clear()

    def put(self, saved: Saved) -> None:
        """Take in a save, or its new state."""
        before = self._saves.get(saved.counter)
        self._unanswered = None
        if before is not None and _differ_in_state(before, saved):
            self._saves[saved.counter] = saved
            self._by_set[saved.change_set.header.id] = saved
            return
        self.drop(saved.counter)
        self._saves[saved.counter] = saved
        self._by_set[saved.change_set.header.id] = saved
        if saved.state not in SHOWN:
            return
        for index, write in enumerate(saved.writes()):
            key: PartKey = (write.record, write.register)
            self._writes.setdefault(key, {})[(saved.counter, index)] = write
            self._scopes.setdefault(write.scope, set()).add(key)

    def drop(self, counter: int) -> Saved | None:
        """Let go of a save: the confirmed state has it now."""
        saved = self._saves.pop(counter, None)
        self._unanswered = None
        if saved is not None:
            self._by_set.pop(saved.change_set.header.id, None)
        if saved is None or saved.state not in SHOWN:
            return saved
        for index, write in enumerate(saved.writes()):
            key: PartKey = (write.record, write.register)
            of_part = self._writes.get(key, {})
            of_part.pop((counter, index), None)
            if not of_part:
                self._writes.pop(key, None)
            if all(other.scope != write.scope for other in of_part.values()):
                self._scopes.get(write.scope, set()).discard(key)
        return saved

    def upon(self, key: PartKey, confirmed: ConfirmedPart | None) -> State:
        """A part's shown state: the confirmed one with the own writes upon it."""
        if confirmed is None:
            return laid_upon(EMPTY, [write.stamped for write in self.writes_to(key)])
        own = sorted(self._writes.get(key, {}).items())
        new = [one.stamped for (by, _), one in own if not _is_in(confirmed, self._saves[by])]
        return laid_upon(confirmed.state, new)

    def writes_to(self, key: PartKey) -> list[OwnWrite]:
        """The own writes to a part, by counter."""
        return [write for _, write in sorted(self._writes.get(key, {}).items())]

    def parts_of(self, scope: str) -> frozenset[PartKey]:
        """The parts of a scope with own writes."""
        return frozenset(self._scopes.get(scope, ()))

    def scopes(self) -> frozenset[str]:
        """Every scope with own writes."""
        return frozenset(scope for scope, keys in self._scopes.items() if keys)

    def in_state(self, *states: SaveState) -> list[Saved]:
        """Saves in these states, oldest first."""
        return [saved for _, saved in sorted(self._saves.items()) if saved.state in states]

    def get(self, counter: int) -> Saved | None:
        """The save of a counter, unless the stream has shown it."""
        return self._saves.get(counter)

    def by_set_id(self, set_id: str) -> Saved | None:
        """The save of a change set's id."""
        return self._by_set.get(set_id)

    @property
    def unanswered_writes(self) -> frozenset[str]:
        """The ids of writes that are only on this phone."""
        if self._unanswered is None:
            waiting = (saved for saved in self._saves.values() if saved.state == "pending")
            self._unanswered = frozenset(
                write_id
                for saved in waiting
                for write_id, _, _ in saved.change_set.numbered_writes()
            )
        return self._unanswered

    @property
    def unanswered_scopes(self) -> frozenset[str]:
        """The scopes of saves that are only on this phone."""
        waiting = (saved for saved in self._saves.values() if saved.state == "pending")
        return frozenset(scope for saved in waiting for scope in saved.scopes)

    @property
    def unsynced(self) -> int:
        """How many saves are only on this phone."""
        return sum(1 for saved in self._saves.values() if saved.state == "pending")

    @property
    def oldest_unsynced_at(self) -> Instant | None:
        """When the oldest of them was saved."""
        return min((s.at for s in self._saves.values() if s.state == "pending"), default=None)


def _differ_in_state(one: Saved, other: Saved) -> bool:
    """Whether two are the same writes, both shown."""
    return one.change_set is other.change_set and one.state in SHOWN and other.state in SHOWN


def _is_in(confirmed: ConfirmedPart, saved: Saved) -> bool:
    """Whether a part was told as of a sequence that has an own save already.

    A start brings it without naming it, and is known to be whole only when its last page is here.
    """
    return saved.state == "accepted" and saved.seq is not None and saved.seq <= confirmed.seq
