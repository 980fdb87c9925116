"""Anonymous contact (nimetön kohtaaminen): a count of people helped, never a person record."""

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
from field_app.domain.field_types import CodeText, Id, InstantText, LineText, NoteText, PeopleCount

_COMMON = Register("common")
_SOCIAL = Register("social")


class AnonymousContact(Record):
    """People met without a name; no guessed age or origin. Belongs to the team."""

    record_type: ClassVar[str] = "anonymous_contact"
    scope_kind: ClassVar[ScopeKind] = "team"

    at: Annotated[InstantText | None, _COMMON] = None
    people_count: Annotated[PeopleCount | None, _COMMON] = None
    area: Annotated[LineText | None, _COMMON, Searchable()] = None
    place: Annotated[CodeText | None, _COMMON, Vocabulary("place")] = None
    channel: Annotated[CodeText | None, _COMMON, Vocabulary("channel")] = None
    participants: Annotated[frozenset[Id], _COMMON, References("worker")] = frozenset()
    topics: Annotated[frozenset[CodeText], _SOCIAL, Vocabulary("topic")] = frozenset()
    aid: Annotated[frozenset[CodeText], _SOCIAL, Vocabulary("aid")] = frozenset()
    note: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
