"""The same contact begun by the partner: found before a second record of it is made."""

from __future__ import annotations

from field_app.domain.clock import Day, local_day
from field_app.domain.records import Encounter
from field_app.store.case_store import CaseStore
from field_app.store.record_view import RecordView
from field_app.views.cases import WorkerFacts
from field_app.views.contact.model import OpenOccasion

SOCIAL_CONTENT = frozenset(
    {"topics", "methods", "note", "client_view", "worker_estimate", "next_step"}
)
"""The wire keys (before the slash) that make up the social part."""
MET = frozenset({"reached", "seen_only", "declined_now"})


def own_half_missing(view: RecordView, has_health_note: bool, role: str) -> bool:
    """Whether a role's half of an encounter has nothing in it yet."""
    encounter = view.record
    if not isinstance(encounter, Encounter):
        return False
    if role == "nurse":
        recorded = has_health_note or bool(encounter.health_part_recorded)
        return not recorded and encounter.outcome in MET
    return encounter.author_half == "health" and not has_social_part(view)


def has_social_part(view: RecordView) -> bool:
    """Whether anybody has written into the social part."""
    return any(
        key.partition("/")[0] in SOCIAL_CONTENT and bool(value)
        for key, value in view.values.items()
    )


def open_occasion(
    store: CaseStore, person_id: str, account: WorkerFacts, today: Day
) -> OpenOccasion | None:
    """The latest contact of today that somebody else began and the worker's half is missing in."""
    records = store.person(person_id)
    noted = {view.values.get("encounter") for view in records.of_type("health_note")}
    fitting = [
        view
        for view in records.of_type("encounter")
        if _is_of(view, today)
        and account.worker not in view.authors
        and own_half_missing(view, view.id in noted, account.role)
    ]
    if not fitting:
        return None
    latest = max(fitting, key=lambda view: str(view.values["at"]))
    names = {one.id: one.name for one in store.staff.workers}
    author = min(latest.authors)
    return OpenOccasion(latest.id, names.get(author, ""), str(latest.values["at"]))


def _is_of(view: RecordView, today: Day) -> bool:
    at = view.values.get("at")
    return isinstance(at, str) and local_day(at) == today
