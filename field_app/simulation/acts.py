"""What people do on their devices: which records they save, and what they were shown before."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from field_app.domain.declaration import RegisterName
from field_app.simulation.device import SimulatedDevice
from field_app.store.editing import Edit
from field_app.store.record_view import RecordView
from field_app.sync.changes import DIRECTORY_SCOPE, person_scope, team_scope

NEWER_TYPE = "animal"
"""A type of record that only the newer app has."""
_REGISTERS: Mapping[str, RegisterName] = {
    "species": "common", "habits": "social", "allergy": "health"
}  # fmt: skip
"""The fields of that type, and the register of each."""
_VALUES = ("yksi", "kaksi", "kolme", "neljä")
"""Few, so that two people often say the same, and often not."""


@dataclass(slots=True)
class Known:
    """The records that somebody has made, for others to find."""

    people: list[str] = field(default_factory=list)
    tasks: list[tuple[str, str]] = field(default_factory=list)
    """(record, person)."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    animals: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """A save to be: its edits, and the persons it opens."""

    edits: list[Edit] = field(default_factory=list)
    opens: dict[str, str] = field(default_factory=dict)


class Hands:
    """One person's hands on one device, for one save."""

    def __init__(self, device: SimulatedDevice, known: Known, dice: random.Random) -> None:
        """Take the device as it is now."""
        self._device = device
        self._known = known
        self._dice = dice
        you = device.cases.you
        identity = device.cases.require_identity()
        self._role = you.role if you else identity.role
        self._teams = you.teams if you else ()
        self._reach = tuple(you.grants) if you else ()

    def plan(self, looked: Mapping[str, RecordView]) -> Plan:
        """What is saved; a record looked at earlier is saved as it was shown then."""
        plan = self._plan(looked)
        if self._device.newer and self._dice.random() < 0.5:
            self._animal(plan)
        return plan

    def _plan(self, looked: Mapping[str, RecordView]) -> Plan:
        plan = Plan()
        if self._role == "administrator" or (not self._reach and not self._teams):
            self._entry(plan)
            return plan
        chosen = self._dice.random()
        view = self._somebody(looked)
        if view is None or (chosen < 0.14 and len(self._known.people) < 3):
            self._new_person(plan)
        elif chosen < 0.62:
            self._visit(plan, view)
        elif chosen < 0.86:
            self._change(plan, view)
        elif chosen < 0.93:
            self._entry(plan)
        else:
            self._anonymous(plan)
        return plan

    def look(self) -> RecordView | None:
        """Open somebody's page and leave it open."""
        return self._somebody({})

    # -- kinds of saves --------------------------------------------------------------------------

    def _new_person(self, plan: Plan) -> None:
        team = self._dice.choice(self._teams or self._reach)
        person = self._device.entropy.new_id()
        values = {"name": "Koe", "phone": self._word(), "strengths": self._word()}
        plan.edits.append(Edit(person, "person", person_scope(person), values))
        plan.opens[person] = team
        self._known.people.append(person)
        self._new_task(plan, person)
        self._health(plan, person)

    def _visit(self, plan: Plan, view: RecordView) -> None:
        person = view.id
        self._change(plan, view)
        tasks = [record for record, whose in self._known.tasks if whose == person]
        if tasks and self._dice.random() < 0.6:
            task = self._device.cases.record(self._dice.choice(tasks))
            if task is not None:
                values = {"status": self._dice.choice(("open", "done")), "note": self._word()}
                plan.edits.append(edit(task, values))
        else:
            self._new_task(plan, person)
        self._health(plan, person)

    def _change(self, plan: Plan, view: RecordView) -> None:
        """Change a key or two of a person, or settle what is in conflict."""
        common = self._dice.choice(
            (
                {"phone": self._word()},
                {"phone": self._word(), "where_found": self._word()},
                self._tick(),
                self._housing(),
                self._same_as(view.id),
            )
        )
        social = {"strengths": self._word()}
        values: dict[str, Any] = {**common, **(social if self._dice.random() < 0.8 else {})}
        if view.conflicts and self._dice.random() < 0.3:
            values[self._dice.choice(view.conflicts)] = self._word()
        made = edit(view, values)
        if self._device.newer:
            made = with_unknown(made, view, {"pronoun": self._word()})
        plan.edits.append(made)

    def _new_task(self, plan: Plan, person: str) -> None:
        task = self._device.entropy.new_id()
        values = {"title": self._word(), "note": self._word()}
        plan.edits.append(Edit(task, "task", person_scope(person), values))
        self._known.tasks.append((task, person))

    def _health(self, plan: Plan, person: str) -> None:
        if self._role != "nurse":
            return
        notes = [record for record, whose in self._known.notes if whose == person]
        view = self._device.cases.record(self._dice.choice(notes)) if notes else None
        pressure = {"bp_systolic": self._dice.randrange(110, 113), "bp_diastolic": 70}
        values = {"blood_pressure": pressure, "note": self._word()}
        if view is not None and self._dice.random() < 0.7:
            plan.edits.append(edit(view, values))
            return
        note = self._device.entropy.new_id()
        plan.edits.append(Edit(note, "health_note", person_scope(person), values))
        self._known.notes.append((note, person))

    def _entry(self, plan: Plan) -> None:
        known = self._known.entries
        view = self._device.cases.record(self._dice.choice(known)) if known else None
        if view is not None:
            plan.edits.append(edit(view, {"phone": self._word()}))
            return
        entry = self._device.entropy.new_id()
        values = {"name": "Päiväpaikka", "phone": self._word()}
        plan.edits.append(Edit(entry, "directory_entry", DIRECTORY_SCOPE, values))
        known.append(entry)

    def _anonymous(self, plan: Plan) -> None:
        team = self._dice.choice(self._teams or self._reach)
        contact = self._device.entropy.new_id()
        values = {"people_count": 3, "note": self._word()}
        plan.edits.append(Edit(contact, "anonymous_contact", team_scope(team), values))

    def _animal(self, plan: Plan) -> None:
        """The newer app has a record of its own about whoever the save is about."""
        scope = plan.edits[0].scope
        if scope == DIRECTORY_SCOPE:
            return
        allowed = [key for key in _REGISTERS if key != "allergy" or self._role == "nurse"]
        values = {key: self._word() for key in allowed if self._dice.random() < 0.7}
        known = [record for record, where in self._known.animals if where == scope]
        view = self._device.cases.record(self._dice.choice(known)) if known else None
        if view is not None:
            made = edit(view, values)
        else:
            made = Edit(self._device.entropy.new_id(), NEWER_TYPE, scope, values)
            self._known.animals.append((made.record_id, scope))
        plan.edits.append(replace(made, registers=_REGISTERS))

    # -- values ----------------------------------------------------------------------------------

    def _somebody(self, looked: Mapping[str, RecordView]) -> RecordView | None:
        people = list(self._known.people)
        self._dice.shuffle(people)
        for person in people[:3]:
            if person in looked and self._dice.random() < 0.7:
                return looked[person]
            view = self._device.cases.record(person)
            if view is not None and view.record is not None:
                return view
        return None

    def _word(self) -> str:
        return self._dice.choice(_VALUES)

    def _tick(self) -> dict[str, Any]:
        return {f"languages/{self._dice.choice(('fi', 'sv'))}": self._dice.random() < 0.5}

    def _same_as(self, person: str) -> dict[str, Any]:
        """Somebody is another on the list as well, or is not after all; circles come by chance."""
        others = [one for one in self._known.people if one != person]
        if not others or self._dice.random() < 0.3:
            return {"same_as": None}
        return {"same_as": self._dice.choice(others)}

    def _housing(self) -> dict[str, Any]:
        since = f"2026-11-0{self._dice.randrange(1, 4)}"
        return {"housing": {"housing_situation": "own_home", "housing_since": since}}


def edit(view: RecordView, values: Mapping[str, Any]) -> Edit:
    """An edit of a record that somebody was shown."""
    return Edit(view.id, view.type, view.scope, dict(values), view.base(*values))


def with_unknown(made: Edit, view: RecordView, values: Mapping[str, Any]) -> Edit:
    """The edit of a newer app, which knows a field that others do not."""
    return replace(
        made,
        values={**made.values, **values},
        base={**made.base, **view.base(*values)},
        registers=dict.fromkeys(values, "common"),
    )


Chooser = Callable[[random.Random], Plan]
