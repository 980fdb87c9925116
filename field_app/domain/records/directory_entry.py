"""Directory entry (palveluhakemisto): a service people are guided to, and who checked it when."""

from __future__ import annotations

from typing import Annotated, ClassVar

from field_app.domain.declaration import (
    Group,
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
    Id,
    LineText,
    NameText,
    NoteText,
    PhoneText,
    YesNo,
)

_COMMON = Register("common")


class DirectoryEntry(Record):
    """One local service, the same for every team of the organisation."""

    record_type: ClassVar[str] = "directory_entry"
    scope_kind: ClassVar[ScopeKind] = "directory"

    name: Annotated[NameText | None, _COMMON, Searchable()] = None
    services: Annotated[frozenset[CodeText], _COMMON, Vocabulary("service")] = frozenset()
    municipality: Annotated[NameText | None, _COMMON, Searchable()] = None
    address: Annotated[LineText | None, _COMMON, Searchable()] = None
    phone: Annotated[PhoneText | None, _COMMON] = None
    website: Annotated[LineText | None, _COMMON] = None
    opening_hours: Annotated[NoteText | None, _COMMON, LongText()] = None
    walk_in: Annotated[YesNo | None, _COMMON] = None
    """Without an appointment."""
    notes: Annotated[NoteText | None, _COMMON, LongText(), Searchable()] = None
    verified_by: Annotated[Id | None, _COMMON, Group("verified"), References("worker")] = None
    verified_on: Annotated[DayText | None, _COMMON, Group("verified")] = None
    archived: Annotated[YesNo | None, _COMMON] = None
    """The service is no more."""
