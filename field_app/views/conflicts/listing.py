"""The list of conflicts as a program: every record with values that people wrote apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Conflicted:
    """One record that waits to be settled."""

    record_id: str
    record_type: str
    name: str = field(default="", repr=False)
    """What the person is called; empty for records of a team or the directory."""
    of_person: bool = True
    moment: str | None = field(default=None, repr=False)
    """When what the record tells happened: an instant or a day."""
    keys: tuple[tuple[str, int], ...] = ()
    """(wire key, number of values)."""
    is_health: bool = False
    """Whether all of it is in the health register: then its fields are not named in the list."""


@dataclass(frozen=True)
class ConflictList:
    """The list; None until it was read."""

    rows: tuple[Conflicted, ...] | None = field(default=None, repr=False)
    decides_health: bool = False
    """Whether held changes of the health register come to this reader."""


@dataclass(frozen=True)
class Listed:
    """The conflicts there are now."""

    rows: tuple[Conflicted, ...] = field(repr=False)
    decides_health: bool = False


@dataclass(frozen=True)
class WatchConflicts:
    """Read the list, again after each change."""


Step = tuple[ConflictList, tuple[WatchConflicts, ...]]


def init() -> Step:
    """Read the list."""
    return ConflictList(), (WatchConflicts(),)


def update(model: ConflictList, event: Listed) -> Step:
    """What an event changes."""
    rows = tuple(sorted(event.rows, key=_order))
    return replace(model, rows=rows, decides_health=event.decides_health), ()


def _order(row: Conflicted) -> tuple[bool, str, str, str]:
    return (not row.of_person, row.name.casefold(), row.record_type, row.record_id)
