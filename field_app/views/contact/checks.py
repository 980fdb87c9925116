"""What keeps a contact from being saved, each thing said where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from field_app.domain.clock import ORGANISATION_ZONE, Instant, instant_of, moment_of
from field_app.domain.declaration import Record
from field_app.domain.errors import InvalidInput
from field_app.views.contact.form import Form
from field_app.views.contact.kinds import ANONYMOUS, HEALTH, WITH_SOCIAL_PART
from field_app.views.kit.numbers import decimal_string

MISSING, TOO_LONG, NOT_A_TIME, NOT_A_MEASURE, HALF_PRESSURE, NO_ANSWER = (
    "missing",
    "too_long",
    "not_a_time",
    "not_a_measure",
    "half_pressure",
    "no_answer",
)
MEASURES = {"systolic": 0, "diastolic": 0, "temperature": 1, "glucose": 1, "spo2": 0}
"""{field of the form: decimals}."""
_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """One thing to put right: where, and what is wrong."""

    field: str
    what: str


class NotFilledIn(InvalidInput):
    """A form that cannot be saved as it is; its problems are shown at their fields."""

    code = "not_filled_in"


def time_of(form: Form) -> Instant | None:
    """When it happened; None when the time typed is no time of day."""
    text = form.time_typed.strip()
    typed = _TIME.fullmatch(text)
    if text and typed is None:
        return None
    started = moment_of(form.at).astimezone(ORGANISATION_ZONE)
    if typed is None and started.date().isoformat() == form.day:
        return form.at
    hour, minute = (int(typed[1]), int(typed[2])) if typed else (started.hour, started.minute)
    day = datetime.fromisoformat(form.day)
    return instant_of(day.replace(hour=hour, minute=minute, tzinfo=ORGANISATION_ZONE))


def problems_of(form: Form, sign: bool) -> tuple[Problem, ...]:
    """What is missing or unreadable in a form, before any record is made of it."""
    found: list[Problem] = []
    if form.kind != ANONYMOUS and form.who is None:
        found.append(Problem("who", MISSING))
    if time_of(form) is None:
        found.append(Problem("time_typed", NOT_A_TIME))
    if form.kind == HEALTH:
        found += _health_problems(form)
    if sign and form.kind in WITH_SOCIAL_PART and not (form.next_on or form.next_text.strip()):
        found.append(Problem("next_on", NO_ANSWER))
    return tuple(found)


def _health_problems(form: Form) -> list[Problem]:
    found = [Problem("condition", MISSING)] if form.condition is None else []
    for name, decimals in MEASURES.items():
        typed = getattr(form, name).strip()
        if typed and decimal_string(typed, decimals) is None:
            found.append(Problem(name, NOT_A_MEASURE))
    if bool(form.systolic.strip()) != bool(form.diastolic.strip()):
        half = "diastolic" if form.systolic.strip() else "systolic"
        found.append(Problem(half, HALF_PRESSURE))
    return found


def made(cls: type[Record], record_id: str, values: dict[str, Any]) -> Record:
    """A record of these values, those without content left out.

    Raises:
        Refused: values are outside their declaration; it names the fields.
    """
    given = {name: value for name, value in values.items() if value not in (None, "", frozenset())}
    try:
        return cls.model_validate({"id": record_id, **given})
    except ValidationError as error:
        found = error.errors(include_input=False)
        raise Refused({str(one["loc"][0]): str(one["type"]) for one in found}) from None


class Refused(InvalidInput):
    """Values outside their declaration, by field."""

    code = "invalid_input"

    def __init__(self, fields: dict[str, str]) -> None:
        """Keep which field is wrong and how; never a value."""
        super().__init__("values outside their declaration")
        self.fields = fields

    def problems(self, names: dict[str, str]) -> tuple[Problem, ...]:
        """The same, by the form's own names of the fields."""
        return tuple(
            Problem(names.get(name, name), TOO_LONG if "too_long" in kind else NOT_A_MEASURE)
            for name, kind in self.fields.items()
        )
