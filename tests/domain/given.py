"""Fictional records for the tests, made in one line each."""

from __future__ import annotations

import hashlib
from typing import Any

from field_app.domain.clock import Instant
from field_app.domain.records import (
    Encounter,
    HealthNote,
    HousingPeriod,
    Matter,
    NavigationStep,
    Person,
    Task,
)


def an_id(name: str) -> str:
    """The id that a name always stands for, in the form of an id."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


PUNAPIPO = an_id("punapipo")
NEA = an_id("kirjaston nea")
INSTRUCTOR = an_id("sosiaaliohjaaja")
NURSE = an_id("sairaanhoitaja")
COLLEAGUE = an_id("toinen ohjaaja")
TEAM = an_id("keskustan tiimi")


def person(name: str | None = "Punapipo", **values: Any) -> Person:
    """Someone met in the street."""
    values.setdefault("id", an_id((name or "nimetön").casefold()))
    return Person(name=name, **values)


def noon(day: str) -> Instant:
    """Noon of a day in UTC: the same calendar day in Helsinki."""
    return f"{day}T12:00:00.000Z"


def meeting(day: str, outcome: str = "reached", **values: Any) -> Encounter:
    """A contact at noon of a day."""
    values.setdefault("id", an_id(f"encounter {day} {outcome}"))
    values.setdefault("at", noon(day))
    return Encounter(outcome=outcome, **values)


def health_note(day: str, **values: Any) -> HealthNote:
    """The nurse's part at noon of a day."""
    values.setdefault("id", an_id(f"health {day}"))
    return HealthNote(at=noon(day), **values)


def matter(opened_on: str, **values: Any) -> Matter:
    """A matter opened on a day."""
    values.setdefault("id", an_id(f"matter {opened_on}"))
    return Matter(opened_on=opened_on, **values)


def step(**values: Any) -> NavigationStep:
    """A step of service navigation."""
    values.setdefault("id", an_id(f"step {sorted(values.items())}"))
    return NavigationStep(**values)


def task(title: str, **values: Any) -> Task:
    """A promise."""
    values.setdefault("id", an_id(f"task {title}"))
    return Task(title=title, **values)


def stay(situation: str, started_on: str | None, **values: Any) -> HousingPeriod:
    """A housing period."""
    values.setdefault("id", an_id(f"stay {situation} {started_on}"))
    return HousingPeriod(situation=situation, started_on=started_on, **values)
