"""The 5,000 contacts that every side of the benchmark is fed, and how the app holds one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from field_app.domain.records.encounter import Encounter
from field_app.domain.records.person import Person
from field_app.store.editing import Edit, edit_towards
from field_app.sync.changes import person_scope

CONTACTS = Path(__file__).with_name("contacts.jsonl")


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of `contacts.jsonl`."""

    device: int
    id: str
    person: str
    alias: str
    at: str
    place: str
    topics: tuple[str, ...]
    methods: tuple[str, ...]
    note: str = field(repr=False)

    def edit(self) -> Edit:
        """The contact as an encounter with its person; what the peer keeps as one document."""
        encounter = Encounter(
            id=self.id,
            at=self.at.replace("Z", ".000Z"),
            place_text=self.place,
            topics=frozenset(self.topics),
            methods=frozenset(self.methods),
            note=self.note,
        )
        return edit_towards(encounter, person_scope(self.person), None)


def read_contacts() -> list[Contact]:
    """Every contact, in the file's order."""
    with CONTACTS.open(encoding="utf-8") as lines:
        return [_contact(json.loads(line)) for line in lines]


def _contact(row: dict[str, Any]) -> Contact:
    return Contact(**row | {name: tuple(row[name]) for name in ("topics", "methods")})


def people_of(contacts: Iterable[Contact]) -> dict[str, Edit]:
    """{person: the edit that opens them, with every alias the contacts tell}.

    The caseload is on the phones before the day: the peer's documents repeat an alias in each
    contact, the app has it once, with the person.
    """
    aliases: dict[str, set[str]] = {}
    for contact in contacts:
        aliases.setdefault(contact.person, set()).add(contact.alias)
    return {
        person: edit_towards(
            Person(id=person, name=min(names), aliases=frozenset(names)), person_scope(person), None
        )
        for person, names in sorted(aliases.items())
    }
