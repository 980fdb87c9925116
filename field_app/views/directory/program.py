"""The directory's list as a program."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from field_app.domain.clock import Day, days_between
from field_app.domain.records import DirectoryEntry
from field_app.store.record_view import RecordView
from field_app.store.search import fold
from field_app.sync.protocol import Staff

STALE_DAYS = 180
"""After this many days a verification is flagged as old."""


@dataclass(frozen=True)
class Directory:
    """The list."""

    today: Day = ""
    entries: tuple[RecordView, ...] | None = field(default=None, repr=False)
    """None until they were read."""
    staff: Staff = field(default_factory=lambda: Staff(version=0))
    you: str = ""
    typed: str = field(default="", repr=False)


@dataclass(frozen=True)
class DirectoryRead:
    """The entries as the device holds them now."""

    entries: tuple[RecordView, ...] = field(repr=False)
    staff: Staff
    today: Day
    you: str


@dataclass(frozen=True)
class DirectoryTyped:
    """The search field holds these words."""

    text: str = field(repr=False)


Event = DirectoryRead | DirectoryTyped


@dataclass(frozen=True)
class WatchDirectory:
    """Read the entries, again after each change."""


Effect = WatchDirectory
Step = tuple[Directory, tuple[Effect, ...]]


def init() -> Step:
    """Read the entries."""
    return Directory(), (WatchDirectory(),)


def update(model: Directory, event: Event) -> Step:
    """What an event changes."""
    match event:
        case DirectoryRead(entries, staff, today, you):
            return replace(model, entries=entries, staff=staff, today=today, you=you), ()
        case DirectoryTyped(text):
            return replace(model, typed=text), ()


def verification(entry: DirectoryEntry, today: Day) -> str:
    """A code of `verification`: verified, stale, or unverified."""
    if entry.verified_on is None:
        return "unverified"
    return "stale" if days_between(entry.verified_on, today) > STALE_DAYS else "verified"


def shown_entries(
    model: Directory, labels: dict[str, str]
) -> list[tuple[RecordView, DirectoryEntry]]:
    """Living entries in which every typed word is found, by name; `labels` name the services."""
    found = []
    for view in model.entries or ():
        entry = view.record
        if isinstance(entry, DirectoryEntry) and not entry.archived:
            texts = [entry.name, entry.municipality, entry.address, entry.notes]
            texts += [labels.get(code, "") for code in sorted(entry.services)]
            held = fold(" ".join(text for text in texts if text))
            if all(word in held for word in fold(model.typed).split()):
                found.append((view, entry))
    return sorted(found, key=lambda one: fold(one[1].name or ""))
