"""Encounter (kohtaaminen): one meeting, or one attempt, with one person.

The pair is the set of participants. An `occasion` joins the encounters of people met together.
The nurse's own part is a `health_note` of the same occasion; here stands only that it exists.
"""

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
    InstantText,
    LineText,
    NoteText,
    YesNo,
)

_COMMON = Register("common")
_SOCIAL = Register("social")


class Encounter(Record):
    """A contact as recorded in the street, on a home visit, on the phone, or not reached."""

    record_type: ClassVar[str] = "encounter"
    scope_kind: ClassVar[ScopeKind] = "person"

    occasion: Annotated[Id | None, _COMMON] = None
    at: Annotated[InstantText | None, _COMMON] = None
    channel: Annotated[CodeText | None, _COMMON, Vocabulary("channel")] = None
    place: Annotated[CodeText | None, _COMMON, Vocabulary("place")] = None
    place_text: Annotated[LineText | None, _COMMON, Searchable()] = None
    outcome: Annotated[CodeText | None, _COMMON, Vocabulary("outcome")] = None
    participants: Annotated[frozenset[Id], _COMMON, References("worker")] = frozenset()
    author_half: Annotated[CodeText | None, _COMMON, Vocabulary("half")] = None
    """Which half of the pair began the record."""
    health_part_recorded: Annotated[YesNo | None, _COMMON] = None
    """Terveysosa kirjattu: all the social half learns of it."""
    agreed_beforehand: Annotated[YesNo | None, _COMMON] = None
    present_roles: Annotated[frozenset[CodeText], _COMMON, Vocabulary("presence_role")] = (
        frozenset()
    )
    """Who else was present, by role and never by name."""
    check_out_at: Annotated[InstantText | None, _COMMON] = None
    """When the pair promised to be out of a home visit."""
    places_tried: Annotated[LineText | None, _COMMON, Searchable()] = None
    next_try_on: Annotated[DayText | None, _COMMON] = None
    signed_at: Annotated[InstantText | None, _COMMON, Group("signature")] = None
    signed_by: Annotated[Id | None, _COMMON, Group("signature"), References("worker")] = None

    matter: Annotated[Id | None, _SOCIAL, References("matter")] = None
    topics: Annotated[frozenset[CodeText], _SOCIAL, Vocabulary("topic")] = frozenset()
    methods: Annotated[frozenset[CodeText], _SOCIAL, Vocabulary("method")] = frozenset()
    children_present: Annotated[YesNo | None, _SOCIAL] = None
    note: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
    client_view: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
    """Asiakkaan näkemys; stands apart from the worker's estimate."""
    worker_estimate: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
    """Työntekijän arvio."""
    next_step_text: Annotated[LineText | None, _SOCIAL, Group("next_step"), Searchable()] = None
    next_step_on: Annotated[DayText | None, _SOCIAL, Group("next_step")] = None
    next_step_owner: Annotated[Id | None, _SOCIAL, Group("next_step"), References("worker")] = None
    next_step_none: Annotated[YesNo | None, _SOCIAL, Group("next_step")] = None
    """Ei jatkoa: said so, which is an answer and not a gap."""
    correction_text: Annotated[NoteText | None, _SOCIAL, LongText(), Group("correction")] = None
    correction_reason: Annotated[LineText | None, _SOCIAL, Group("correction")] = None
    corrected_at: Annotated[InstantText | None, _SOCIAL, Group("correction")] = None
    corrected_by: Annotated[Id | None, _SOCIAL, Group("correction"), References("worker")] = None
