"""Health note (terveysosa): the nurse's part of a meeting, a patient record; health only."""

from __future__ import annotations

from typing import Annotated, ClassVar

from field_app.domain.declaration import (
    Group,
    Hidden,
    LongText,
    Record,
    References,
    Register,
    ScopeKind,
    Searchable,
    Vocabulary,
)
from field_app.domain.field_types import (
    CodeText,
    DayText,
    Diastolic,
    Glucose,
    Id,
    InstantText,
    LineText,
    NoteText,
    Saturation,
    Systolic,
    Temperature,
)

_HEALTH = Register("health")


class HealthNote(Record):
    """What the nurse saw, measured and did, in twenty seconds; nothing here is common."""

    record_type: ClassVar[str] = "health_note"
    scope_kind: ClassVar[ScopeKind] = "person"

    encounter: Annotated[Id | None, _HEALTH, References("encounter")] = None
    occasion: Annotated[Id | None, _HEALTH] = None
    at: Annotated[InstantText | None, _HEALTH] = None
    condition: Annotated[CodeText | None, _HEALTH, Vocabulary("condition"), Hidden()] = None
    observations: Annotated[
        frozenset[CodeText], _HEALTH, Vocabulary("health_observation"), Hidden()
    ] = frozenset()
    bp_systolic: Annotated[Systolic | None, _HEALTH, Group("blood_pressure"), Hidden()] = None
    bp_diastolic: Annotated[Diastolic | None, _HEALTH, Group("blood_pressure"), Hidden()] = None
    temperature: Annotated[Temperature | None, _HEALTH, Hidden()] = None
    glucose: Annotated[Glucose | None, _HEALTH, Hidden()] = None
    spo2: Annotated[Saturation | None, _HEALTH, Hidden()] = None
    note: Annotated[NoteText | None, _HEALTH, LongText(), Searchable(), Hidden()] = None
    done: Annotated[CodeText | None, _HEALTH, Vocabulary("nurse_done"), Hidden()] = None
    recheck_on: Annotated[DayText | None, _HEALTH] = None
    signed_at: Annotated[InstantText | None, _HEALTH, Group("signature")] = None
    signed_by: Annotated[Id | None, _HEALTH, Group("signature"), References("worker")] = None
    correction_text: Annotated[
        NoteText | None, _HEALTH, LongText(), Group("correction"), Hidden()
    ] = None
    correction_reason: Annotated[LineText | None, _HEALTH, Group("correction"), Hidden()] = None
    corrected_at: Annotated[InstantText | None, _HEALTH, Group("correction")] = None
    corrected_by: Annotated[Id | None, _HEALTH, Group("correction"), References("worker")] = None
