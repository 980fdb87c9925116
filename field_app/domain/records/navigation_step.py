"""Navigation step: a referral, application, accompaniment or meeting on the way to a service."""

from __future__ import annotations

from typing import Annotated, ClassVar

from field_app.domain.declaration import (
    LongText,
    Record,
    References,
    Register,
    ScopeKind,
    Searchable,
    Vocabulary,
)
from field_app.domain.field_types import CodeText, DayText, Id, LineText, NoteText

_SOCIAL = Register("social")


class NavigationStep(Record):
    """One step of service navigation (palveluohjaus) with its owner and its clocks."""

    record_type: ClassVar[str] = "navigation_step"
    scope_kind: ClassVar[ScopeKind] = "person"

    matter: Annotated[Id | None, _SOCIAL, References("matter")] = None
    kind: Annotated[CodeText | None, _SOCIAL, Vocabulary("step_kind")] = None
    application: Annotated[CodeText | None, _SOCIAL, Vocabulary("application")] = None
    stage: Annotated[CodeText | None, _SOCIAL, Vocabulary("stage")] = None
    status: Annotated[CodeText | None, _SOCIAL, Vocabulary("step_status")] = None
    title: Annotated[LineText | None, _SOCIAL, Searchable()] = None
    where: Annotated[Id | None, _SOCIAL, References("directory_entry")] = None
    where_text: Annotated[LineText | None, _SOCIAL, Searchable()] = None
    """Where, when the directory does not know the place."""
    owner: Annotated[Id | None, _SOCIAL, References("worker")] = None
    due_on: Annotated[DayText | None, _SOCIAL] = None
    submitted_on: Annotated[DayText | None, _SOCIAL] = None
    complete_on: Annotated[DayText | None, _SOCIAL] = None
    """When the last attachment was in: the agency's clock starts here."""
    info_requested_on: Annotated[DayText | None, _SOCIAL] = None
    """Date of the agency's request for further information (lisäselvityspyyntö)."""
    info_due_on: Annotated[DayText | None, _SOCIAL] = None
    """Last day to answer that request, as its letter says."""
    urged_on: Annotated[DayText | None, _SOCIAL] = None
    """Date of Kela's exhortation (kehotus) to apply for a primary benefit or register for work."""
    decision_on: Annotated[DayText | None, _SOCIAL] = None
    outcome: Annotated[LineText | None, _SOCIAL, Searchable()] = None
    accompanied_by: Annotated[frozenset[Id], _SOCIAL, References("worker")] = frozenset()
    accompanied_on: Annotated[DayText | None, _SOCIAL] = None
    note: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
