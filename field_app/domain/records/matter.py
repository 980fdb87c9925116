"""Matter (asia): opened by a contact, closed with a reason; retention runs from its closing."""

from __future__ import annotations

from typing import Annotated, ClassVar

from field_app.domain.declaration import (
    Group,
    LongText,
    Record,
    Register,
    ScopeKind,
    Searchable,
    Vocabulary,
)
from field_app.domain.field_types import CodeText, DayText, InstantText, LineText, NoteText, YesNo

_SOCIAL = Register("social")


class Matter(Record):
    """One matter of a person from intake (vireilletulo) to closing; a returner has several."""

    record_type: ClassVar[str] = "matter"
    scope_kind: ClassVar[ScopeKind] = "person"

    opened_on: Annotated[DayText | None, _SOCIAL] = None
    received_at: Annotated[InstantText | None, _SOCIAL] = None
    """When the contact came in: the clock to the first meeting starts here."""
    intake_channel: Annotated[CodeText | None, _SOCIAL, Vocabulary("intake_channel")] = None
    intake_by: Annotated[CodeText | None, _SOCIAL, Vocabulary("intake_by")] = None
    person_knows: Annotated[YesNo | None, _SOCIAL] = None
    person_agrees: Annotated[YesNo | None, _SOCIAL] = None
    reason: Annotated[NoteText | None, _SOCIAL, LongText(), Searchable()] = None
    urgency: Annotated[CodeText | None, _SOCIAL, Vocabulary("urgency")] = None
    target_missed_reason: Annotated[LineText | None, _SOCIAL] = None
    """Why the first meeting came later than its target; a target is not a statute."""
    prevention_tier: Annotated[CodeText | None, _SOCIAL, Vocabulary("prevention_tier")] = None
    returner: Annotated[YesNo | None, _SOCIAL] = None
    """Palaaja: an earlier matter had been closed; the need is assessed anew."""
    closed_on: Annotated[DayText | None, _SOCIAL, Group("closing")] = None
    closing_reason: Annotated[
        CodeText | None, _SOCIAL, Vocabulary("closing_reason"), Group("closing")
    ] = None
    closing_note: Annotated[NoteText | None, _SOCIAL, LongText()] = None
