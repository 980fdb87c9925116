"""What a worker saves: few people, few values, so that two of them often meet on one field."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from field_app.domain.clock import Entropy
from field_app.store.case_store import CaseStore
from field_app.store.editing import Edit
from field_app.store.record_view import RecordView
from field_app.sync.changes import DIRECTORY_SCOPE, person_scope

_WORDS = ("yksi", "kaksi", "kolme", "neljä")
PEOPLE_MAX = 8
"""From so many known people on, nobody new is met."""


@dataclass(slots=True)
class Work:
    """One save to be."""

    edits: list[Edit] = field(default_factory=list)
    opens: dict[str, str] = field(default_factory=dict)


def next_work(cases: CaseStore, entropy: Entropy, dice: random.Random) -> Work:
    """What the worker saves next, having been shown what the device shows now."""
    work = Work()
    you = cases.you
    people = [one.person_id for one in cases.people()]
    teams = you.teams if you else ()
    chosen = dice.random()
    if teams and (not people or (chosen < 0.1 and len(people) < PEOPLE_MAX)):
        _meet(work, entropy, dice, dice.choice(teams))
    elif people and chosen < 0.9:
        _visit(work, cases, entropy, dice, dice.choice(people))
    else:
        _directory(work, entropy, dice)
    return work


def _meet(work: Work, entropy: Entropy, dice: random.Random, team: str) -> None:
    person = entropy.new_id()
    values = {"name": "Testi Koe", "phone": _word(dice), "strengths": _word(dice)}
    work.edits.append(Edit(person, "person", person_scope(person), values))
    work.opens[person] = team


def _visit(
    work: Work, cases: CaseStore, entropy: Entropy, dice: random.Random, person: str
) -> None:
    view = cases.record(person)
    if view is None or view.record is None:
        return
    values: dict[str, Any] = {"phone": _word(dice)}
    if dice.random() < 0.5:
        values["strengths"] = _word(dice)
    if dice.random() < 0.3:
        values[f"languages/{dice.choice(('fi', 'sv'))}"] = dice.random() < 0.5
    if view.conflicts and dice.random() < 0.5:
        values[dice.choice(view.conflicts)] = _word(dice)
    work.edits.append(_edit(view, values))
    if dice.random() < 0.2:
        task = {"title": _word(dice), "note": _word(dice)}
        work.edits.append(Edit(entropy.new_id(), "task", person_scope(person), task))
    identity = cases.require_identity()
    if (cases.you.role if cases.you else identity.role) == "nurse" and dice.random() < 0.5:
        pressure = {"bp_systolic": dice.randrange(110, 113), "bp_diastolic": 70}
        note = {"blood_pressure": pressure, "note": _word(dice)}
        work.edits.append(Edit(entropy.new_id(), "health_note", person_scope(person), note))


def _directory(work: Work, entropy: Entropy, dice: random.Random) -> None:
    values = {"name": "Päiväpaikka", "phone": _word(dice)}
    work.edits.append(Edit(entropy.new_id(), "directory_entry", DIRECTORY_SCOPE, values))


def _edit(view: RecordView, values: Mapping[str, Any]) -> Edit:
    return Edit(view.id, view.type, view.scope, dict(values), view.base(*values))


def _word(dice: random.Random) -> str:
    return dice.choice(_WORDS)
