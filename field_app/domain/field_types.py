"""The types a record's fields are made of: each cleans its input and knows its limits.

Lengths are in characters after cleaning. Measures that have decimals are decimal strings: wire
and stored data hold no floats.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from field_app.domain.clock import Day, Instant
from field_app.domain.text import clean_line, clean_note

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,6}(\.\d{1,3})?", re.ASCII)


def checked_instant(text: str) -> Instant:
    """An instant exactly as written on the wire.

    Raises:
        ValueError: another form, or no such moment.
    """
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an instant")
    datetime.fromisoformat(text)
    return text


def checked_day(text: str) -> Day:
    """A calendar date "YYYY-MM-DD".

    Raises:
        ValueError: another form, or no such date.
    """
    if not _DAY.fullmatch(text):
        raise ValueError("not a day")
    date.fromisoformat(text)
    return text


class Between:
    """Checks that a decimal string lies between two bounds, both included.

    A comma typed the Finnish way becomes a point; "37.10" becomes "37.1", so that one measure
    has one spelling.
    """

    def __init__(self, least: str, most: str) -> None:
        """Keep the bounds, themselves decimal strings."""
        self.least = Decimal(least)
        self.most = Decimal(most)

    def __call__(self, text: str) -> str:
        """The measure's one spelling.

        Raises:
            ValueError: not a decimal number, or outside the bounds.
        """
        spelled = text.strip().replace(",", ".")
        if not _DECIMAL.fullmatch(spelled):
            raise ValueError("not a decimal number")
        try:
            value = Decimal(spelled)
        except InvalidOperation:
            raise ValueError("not a decimal number") from None
        if not self.least <= value <= self.most:
            raise ValueError("outside its range")
        return f"{value.normalize():f}"


def _line(value: object) -> object:
    return clean_line(value) if isinstance(value, str) else value


def _note(value: object) -> object:
    return clean_note(value) if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
CodeText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
"""A vocabulary's code. Codes of a newer version are read; only a save asks for known ones."""
InstantText = Annotated[str, AfterValidator(checked_instant)]
DayText = Annotated[str, AfterValidator(checked_day)]
NameText = Annotated[str, BeforeValidator(_line), StringConstraints(min_length=1, max_length=120)]
LineText = Annotated[str, BeforeValidator(_line), StringConstraints(min_length=1, max_length=300)]
NoteText = Annotated[
    str, BeforeValidator(_note), StringConstraints(min_length=1, max_length=20_000)
]
PhoneText = Annotated[str, BeforeValidator(_line), StringConstraints(min_length=1, max_length=60)]
"""Free-form: "ei vastaa tuntemattomaan" beside the number is worth more than a strict format."""
YesNo = Annotated[bool, Field(strict=True)]
BirthYear = Annotated[int, Field(strict=True, ge=1900, le=2100)]
ChildCount = Annotated[int, Field(strict=True, ge=0, le=20)]
PeopleCount = Annotated[int, Field(strict=True, ge=1, le=500)]
Systolic = Annotated[int, Field(strict=True, ge=40, le=300)]
"""Upper blood pressure, mmHg."""
Diastolic = Annotated[int, Field(strict=True, ge=20, le=200)]
"""Lower blood pressure, mmHg."""
Saturation = Annotated[int, Field(strict=True, ge=30, le=100)]
"""Oxygen saturation SpO2, per cent."""
Temperature = Annotated[str, AfterValidator(Between("20", "45"))]
"""Body temperature, degrees Celsius; cold people have been met at 28."""
Glucose = Annotated[str, AfterValidator(Between("0.5", "60"))]
"""Blood glucose, mmol/l."""
