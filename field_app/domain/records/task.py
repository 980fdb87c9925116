"""Task (tehtävä): something one of the pair promised to do for a person by a day."""

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
from field_app.domain.field_types import CodeText, DayText, Id, LineText, NoteText, YesNo

_COMMON = Register("common")


class Task(Record):
    """A promise with an owner and a day, seen by both halves of the pair."""

    record_type: ClassVar[str] = "task"
    scope_kind: ClassVar[ScopeKind] = "person"

    title: Annotated[LineText | None, _COMMON, Searchable()] = None
    due_on: Annotated[DayText | None, _COMMON] = None
    owner: Annotated[Id | None, _COMMON, References("worker")] = None
    status: Annotated[CodeText | None, _COMMON, Vocabulary("task_status")] = None
    urgent: Annotated[YesNo | None, _COMMON] = None
    done_on: Annotated[DayText | None, _COMMON] = None
    encounter: Annotated[Id | None, _COMMON, References("encounter")] = None
    """The meeting the promise was made in."""
    note: Annotated[NoteText | None, Register("social"), LongText(), Searchable()] = None
