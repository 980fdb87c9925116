"""Assessment (kartoitus): needs by area, the client's own score beside the worker's.

Not the statutory assessment of service needs. Every kartoitus is a record of its own, so the
previous one can stand beside the new one; no score is ever added to another.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from field_app.domain.declaration import (
    Group,
    Hidden,
    Keys,
    LongText,
    Record,
    References,
    Register,
    ScopeKind,
    Searchable,
    Vocabulary,
)
from field_app.domain.field_types import CodeText, Id, InstantText, LineText, NoteText

_COMMON = Register("common")
_SOCIAL = Register("social")
_HEALTH = Register("health")
_SOCIAL_AREA = Keys("need_social")
_HEALTH_AREA = Keys("need_health")
_SCORE = Vocabulary("need_score")
_Scores = dict[CodeText, CodeText]
_AreaNotes = dict[CodeText, LineText]


class Assessment(Record):
    """One kartoitus: the social part by either half, the health part by the nurse."""

    record_type: ClassVar[str] = "assessment"
    scope_kind: ClassVar[ScopeKind] = "person"

    made_at: Annotated[InstantText | None, _COMMON] = None
    occasion: Annotated[Id | None, _COMMON] = None
    previous: Annotated[Id | None, _COMMON, References("assessment")] = None
    participants: Annotated[frozenset[Id], _COMMON, References("worker")] = frozenset()
    signed_at: Annotated[InstantText | None, _COMMON, Group("signature")] = None
    signed_by: Annotated[Id | None, _COMMON, Group("signature"), References("worker")] = None

    worker_score: Annotated[_Scores, _SOCIAL, _SOCIAL_AREA, _SCORE] = Field(default_factory=dict)
    client_score: Annotated[_Scores, _SOCIAL, _SOCIAL_AREA, _SCORE] = Field(default_factory=dict)
    need_note: Annotated[_AreaNotes, _SOCIAL, _SOCIAL_AREA, Searchable()] = Field(
        default_factory=dict
    )
    client_goals: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
    """Asiakkaan ääni: goals in the client's own words."""
    summary: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
    """Yhteenveto."""

    health_worker_score: Annotated[_Scores, _HEALTH, _HEALTH_AREA, _SCORE, Hidden()] = Field(
        default_factory=dict
    )
    health_client_score: Annotated[_Scores, _HEALTH, _HEALTH_AREA, _SCORE, Hidden()] = Field(
        default_factory=dict
    )
    health_need_note: Annotated[_AreaNotes, _HEALTH, _HEALTH_AREA, Searchable(), Hidden()] = Field(
        default_factory=dict
    )
    health_summary: Annotated[NoteText | None, _HEALTH, LongText(), Searchable(), Hidden()] = None
    health_signed_at: Annotated[InstantText | None, _HEALTH, Group("health_signature")] = None
    health_signed_by: Annotated[
        Id | None, _HEALTH, Group("health_signature"), References("worker")
    ] = None
