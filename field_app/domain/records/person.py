"""Person: someone met under a name they chose. The record's id is the person's id."""

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
    BirthYear,
    ChildCount,
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
_SOCIAL = Register("social")


class Person(Record):
    """Who the person is to the pair; never an identity code, nationality or diagnosis."""

    record_type: ClassVar[str] = "person"
    scope_kind: ClassVar[ScopeKind] = "person"

    name: Annotated[NameText | None, _COMMON, Searchable()] = None
    """The name they go by (kutsumanimi)."""
    aliases: Annotated[frozenset[NameText], _COMMON, Searchable()] = frozenset()
    surname: Annotated[NameText | None, _COMMON, Searchable(), Hidden()] = None
    birth_year: Annotated[BirthYear | None, _COMMON, Hidden()] = None
    phone: Annotated[PhoneText | None, _COMMON, Searchable()] = None
    phone_kind: Annotated[CodeText | None, _COMMON, Vocabulary("phone_kind")] = None
    languages: Annotated[frozenset[CodeText], _COMMON, Vocabulary("language")] = frozenset()
    interpreter: Annotated[YesNo | None, _COMMON] = None
    safety: Annotated[LineText | None, _COMMON, Hidden()] = None
    """The safety sign's text; who set it and when is known from its write."""
    where_found: Annotated[LineText | None, _COMMON, Searchable()] = None
    """How and where the person is found."""
    housing_situation: Annotated[
        CodeText | None, _COMMON, Vocabulary("housing_situation"), Group("housing")
    ] = None
    housing_since: Annotated[DayText | None, _COMMON, Group("housing")] = None
    own_worker: Annotated[Id | None, _COMMON, References("worker")] = None
    """The named worker (omatyöntekijä)."""
    reach_paused_until: Annotated[DayText | None, _COMMON, Group("reach_pause")] = None
    """Last day of the pause of "not reached for N days"."""
    reach_pause_reason: Annotated[
        CodeText | None, _COMMON, Vocabulary("pause_reason"), Group("reach_pause"), Hidden()
    ] = None
    archived: Annotated[YesNo | None, _COMMON] = None
    same_as: Annotated[Id | None, _COMMON, References("person")] = None
    """The same human as another person record; reversible, joins views and never access."""

    client_group: Annotated[CodeText | None, _SOCIAL, Vocabulary("client_group")] = None
    children_in_household: Annotated[ChildCount | None, _SOCIAL, Hidden()] = None
    strengths: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
    """Voimavarat, in the client's and the worker's words."""
    risks: Annotated[NoteText | None, _SOCIAL, LongText(), Hidden()] = None
    bank_access: Annotated[CodeText | None, _SOCIAL, Vocabulary("bank_access")] = None
    id_document: Annotated[CodeText | None, _SOCIAL, Vocabulary("id_document")] = None
    postal_address: Annotated[LineText | None, _SOCIAL, Hidden()] = None
    """Where a letter reaches the person: own, a friend's, poste restante."""
    eviction_stage: Annotated[CodeText | None, _SOCIAL, Vocabulary("eviction_stage"), Hidden()] = (
        None
    )
    payment_default: Annotated[YesNo | None, _SOCIAL, Hidden()] = None
    """Maksuhäiriömerkintä."""
