"""What the unlocked store tells in one piece: a person's records, and where the changes are."""

from __future__ import annotations

from dataclasses import dataclass, field

from field_app.domain.clock import Instant
from field_app.store.outbox import Saved
from field_app.store.record_view import RecordView


@dataclass(frozen=True, slots=True)
class SyncCounts:
    """How much is where: what the app always says."""

    unsynced: int
    """Saves that are only on this phone."""
    oldest_at: Instant | None
    waiting: int
    """Saves the server keeps for a person to decide, or until others arrive."""
    complete: bool
    """Whether everything the device may read has arrived once."""


@dataclass(frozen=True, slots=True)
class PersonRecords:
    """Everything this device holds of one person."""

    person_id: str
    records: tuple[RecordView, ...] = field(repr=False)
    teams: frozenset[str]
    waiting: tuple[Saved, ...] = field(repr=False)
    """Own saves about the person that wait for somebody's decision, or were set aside."""

    @property
    def person(self) -> RecordView | None:
        """The person record itself."""
        return next((view for view in self.records if view.id == self.person_id), None)

    def of_type(self, record_type: str) -> tuple[RecordView, ...]:
        """The records of one type."""
        return tuple(view for view in self.records if view.type == record_type)
