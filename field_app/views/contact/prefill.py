"""What the last contact of this device leaves for the next: pair, place, area, people met."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from field_app.domain.clock import Day
from field_app.store.case_store import CaseStore
from field_app.views.contact.form import Form
from field_app.views.contact.kinds import HOME, NOT_REACHED

PREFILL = "contact.prefill"
RECENT_KEPT = 12


@dataclass(frozen=True)
class Prefill:
    """What the last contact of this device leaves for the next."""

    day: Day = ""
    partners: tuple[str, ...] = ()
    """Those of the last contact; proposed again on the same day only."""
    place: str | None = None
    place_text: str = field(default="", repr=False)
    area: str = field(default="", repr=False)
    recent: tuple[str, ...] = ()
    """Ids of the people met last, the latest first."""


def prefill_of(store: CaseStore) -> Prefill:
    """What was kept; nothing at first."""
    known = store.setting(PREFILL) or {}
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in known.items()
    }
    return Prefill(**values)


def keep_prefill(store: CaseStore, form: Form, today: Day) -> None:
    """Keep what the next contact starts with."""
    before = prefill_of(store)
    person = form.who.person_id if form.who else None
    others = [one for one in before.recent if one != person]
    recent = ([person] if person else []) + others
    is_met = form.kind not in (NOT_REACHED, HOME)
    kept = Prefill(
        day=today,
        partners=tuple(sorted(form.partners)),
        place=form.place if is_met else before.place,
        place_text=form.place_text if is_met else before.place_text,
        area=form.area or before.area,
        recent=tuple(recent[:RECENT_KEPT]),
    )
    store.keep_setting(PREFILL, asdict(kept))
