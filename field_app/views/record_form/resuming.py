"""Where a draft left behind is taken up again."""

from __future__ import annotations

from field_app.store.drafts import Draft
from field_app.views.record_form.kinds import NEW
from field_app.views.record_form.program import RECORD, SHOWN

_PATHS = {
    "person": "/people/{person}/edit",
    "housing": "/people/{person}/housing",
    "assessment": "/people/{person}/assessment/{record}",
    "navigation_step": "/people/{person}/step/{record}",
    "task": "/people/{person}/task/{record}",
    "encounter": "/people/{person}/encounter/{record}",
    "health_note": "/people/{person}/health/{record}",
    "directory_entry": "/directory/{record}",
}


def draft_path(draft: Draft) -> str | None:
    """The path of the form a draft belongs to; None for drafts of other screens."""
    path = _PATHS.get(draft.form)
    if path is None or SHOWN not in draft.content:
        return None
    person = (draft.scope or "").partition("/")[2]
    record = draft.content[RECORD] if _is_of_known_record(draft) else NEW
    return path.format(person=person, record=record)


def _is_of_known_record(draft: Draft) -> bool:
    """Whether the draft changes a record that was there when it was begun."""
    return draft.content[RECORD] in draft.bases
