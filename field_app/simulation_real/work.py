"""What a worker saves: few people, few values, so that two of them often meet on one field.

Some of it is what a person has to decide about: a new person for a team that is not the author's,
words about somebody whom a colleague is only going to open, and a value that no server may take.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from field_app.domain.clock import Entropy
from field_app.store.case_store import CaseStore
from field_app.store.editing import Edit
from field_app.store.record_view import RecordView
from field_app.store.saving import Saving
from field_app.sync.changes import DIRECTORY_SCOPE, person_scope

_WORDS = ("yksi", "kaksi", "kolme", "neljä")
PEOPLE_MAX = 8
"""From so many known people on, nobody new is met."""
TROUBLE_SHARE = 0.06
"""Of the saves, so many come before a person who decides, or wait for somebody."""


@dataclass(slots=True)
class Work:
    """One save to be."""

    edits: list[Edit] = field(default_factory=list)
    opens: dict[str, str] = field(default_factory=dict)
    is_spoiled: bool = False
    """Whether an app with a fault makes it, which does not check."""


def next_work(cases: CaseStore, entropy: Entropy, dice: random.Random, place: Path) -> Work:
    """What the worker saves next, having been shown what the device shows now.

    A device's first save is one with a value that no server may take: every run has some.
    """
    work = Work()
    you = cases.you
    people = [one.person_id for one in cases.people()]
    teams = you.teams if you else ()
    if not people and not cases.waiting() and cases.counts().unsynced == 0:
        _spoiled(work, entropy)
    elif dice.random() < TROUBLE_SHARE:
        _trouble(work, cases, entropy, dice, place)
    elif teams and (not people or (dice.random() < 0.1 and len(people) < PEOPLE_MAX)):
        _meet(work, _announced(entropy, dice, place), dice, dice.choice(teams))
    elif people and dice.random() < 0.9:
        _visit(work, cases, entropy, dice, dice.choice(people))
    else:
        _directory(work, entropy, dice)
    return work


def note_about_somebody(cases: CaseStore, entropy: Entropy, dice: random.Random, text: str) -> Work:
    """What becomes of a draft: a task about one of the people, with the draft's words."""
    people = [one.person_id for one in cases.people()]
    if not people:
        return Work()
    scope = person_scope(dice.choice(people))
    return Work([Edit(entropy.new_id(), "task", scope, {"title": _word(dice), "note": text})])


@contextmanager
def unchecked(is_spoiled: bool) -> Iterator[None]:
    """The app's own checks are gone, as in an app with a fault."""
    check = Saving._check
    if is_spoiled:
        Saving._check = _nothing_to_say  # type: ignore[assignment]
    try:
        yield
    finally:
        Saving._check = check  # type: ignore[method-assign]


def _nothing_to_say(*given: Any) -> None:
    """In the place of the app's checks."""


# -- what is simply accepted -------------------------------------------------------------------


def _meet(work: Work, person: str, dice: random.Random, team: str) -> None:
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
        _task(work, entropy, dice, person)
    identity = cases.require_identity()
    if (cases.you.role if cases.you else identity.role) == "nurse" and dice.random() < 0.5:
        pressure = {"bp_systolic": dice.randrange(110, 113), "bp_diastolic": 70}
        note = {"blood_pressure": pressure, "note": _word(dice)}
        work.edits.append(Edit(entropy.new_id(), "health_note", person_scope(person), note))


def _task(work: Work, entropy: Entropy, dice: random.Random, person: str) -> None:
    task = {"title": _word(dice), "note": _word(dice)}
    work.edits.append(Edit(entropy.new_id(), "task", person_scope(person), task))


def _directory(work: Work, entropy: Entropy, dice: random.Random) -> None:
    values = {"name": "Päiväpaikka", "phone": _word(dice)}
    work.edits.append(Edit(entropy.new_id(), "directory_entry", DIRECTORY_SCOPE, values))


# -- what waits --------------------------------------------------------------------------------


def _trouble(
    work: Work, cases: CaseStore, entropy: Entropy, dice: random.Random, place: Path
) -> None:
    chosen = dice.random()
    others = _teams_of_others(cases)
    if chosen < 0.45 and others:
        _meet(work, entropy.new_id(), dice, dice.choice(others))
    elif chosen < 0.9:
        _ahead(work, cases, entropy, dice, place)
    else:
        _spoiled(work, entropy)


def _ahead(
    work: Work, cases: CaseStore, entropy: Entropy, dice: random.Random, place: Path
) -> None:
    """Words about a person whom some colleague opens later, or never."""
    ahead = place / "ahead"
    known = [one.name for one in ahead.iterdir()] if ahead.exists() else []
    unopened = [one for one in known if cases.record(one) is None]
    person = dice.choice(unopened) if unopened and dice.random() < 0.5 else entropy.new_id()
    ahead.mkdir(exist_ok=True)
    (ahead / person).touch()
    _task(work, entropy, dice, person)


def _announced(entropy: Entropy, dice: random.Random, place: Path) -> str:
    """The person to be opened: often one about whom somebody has written already."""
    ahead = place / "ahead"
    known = sorted(ahead.iterdir()) if ahead.exists() else []
    if known and dice.random() < 0.8:
        chosen = dice.choice(known)
        try:
            chosen.unlink()
        except FileNotFoundError:  # another device was faster
            return entropy.new_id()
        return chosen.name
    return entropy.new_id()


def _spoiled(work: Work, entropy: Entropy) -> None:
    values = {"name": "Päiväpaikka", "phone": ["no", "number"]}
    work.edits.append(Edit(entropy.new_id(), "directory_entry", DIRECTORY_SCOPE, values))
    work.is_spoiled = True


def _teams_of_others(cases: CaseStore) -> list[str]:
    own = cases.you.teams if cases.you else ()
    return [team.id for team in cases.staff.teams if team.id not in own]


# -- values ------------------------------------------------------------------------------------


def _edit(view: RecordView, values: Mapping[str, Any]) -> Edit:
    return Edit(view.id, view.type, view.scope, dict(values), view.base(*values))


def _word(dice: random.Random) -> str:
    return dice.choice(_WORDS)
