"""Housing period (asumisjakso): where a person lived, from when to when, and why it ended."""

from __future__ import annotations

from typing import Annotated, ClassVar

from field_app.domain.declaration import (
    Hidden,
    LongText,
    Record,
    Register,
    ScopeKind,
    Searchable,
    Vocabulary,
)
from field_app.domain.field_types import CodeText, DayText, LineText, NoteText

_SOCIAL = Register("social")


class HousingPeriod(Record):
    """One past or current way of living; open while `ended_on` is unset."""

    record_type: ClassVar[str] = "housing_period"
    scope_kind: ClassVar[ScopeKind] = "person"

    situation: Annotated[CodeText | None, _SOCIAL, Vocabulary("housing_situation")] = None
    started_on: Annotated[DayText | None, _SOCIAL] = None
    ended_on: Annotated[DayText | None, _SOCIAL] = None
    """First day it no longer held."""
    cause_trigger: Annotated[CodeText | None, _SOCIAL, Vocabulary("cause_trigger"), Hidden()] = None
    cause_background: Annotated[
        frozenset[CodeText], _SOCIAL, Vocabulary("cause_background"), Hidden()
    ] = frozenset()
    where: Annotated[LineText | None, _SOCIAL, Searchable(), Hidden()] = None
    note: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
