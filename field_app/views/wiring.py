"""The app of a real device: its runtime, its sections, and every screen's effects."""

from __future__ import annotations

import flet as ft

from field_app.locale import best_language, key
from field_app.settings import AppSettings
from field_app.sync.pace import PaceSettings
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.app import AppParts
from field_app.views.conflicts import effects as conflicts_effects
from field_app.views.conflicts import screen as conflicts
from field_app.views.contact import effects as contact_effects
from field_app.views.contact import screen as contact
from field_app.views.coordinator import sections as coordinator
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.enrolment import effects as enrolment_effects
from field_app.views.enrolment import screen as enrolment
from field_app.views.people import sections as people
from field_app.views.preferences import effects as preferences_effects
from field_app.views.preferences import screen as preferences
from field_app.views.program import Effects
from field_app.views.routes import COORDINATOR, FIELD, Detail, Section
from field_app.views.safety import effects as safety_effects
from field_app.views.safety import screen as safety
from field_app.views.today import effects as today_effects
from field_app.views.today import screen as today

TODAY = Section(
    "/", key("nav.today"), ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY, today.SCREEN, roles=FIELD
)
CONTACT = Section(
    "/contact",
    key("action.record"),
    ft.Icons.EDIT_NOTE_OUTLINED,
    ft.Icons.EDIT_NOTE,
    contact.DOORWAY,
    (Detail(":draft_id", contact.FORM),),
    roles=FIELD,
    in_bar=False,
)
_CONFLICT_ICONS = (ft.Icons.CALL_SPLIT_OUTLINED, ft.Icons.CALL_SPLIT)
CONFLICTS = Section(
    "/conflicts",
    key("nav.conflicts"),
    *_CONFLICT_ICONS,
    conflicts.SCREEN,
    conflicts.DETAILS,
    roles=COORDINATOR,
    two_panes=True,
)
CONFLICTS_OF_A_PERSON = Section(
    "/conflicts",
    key("nav.conflicts"),
    *_CONFLICT_ICONS,
    conflicts.SCREEN,
    conflicts.DETAILS,
    roles=FIELD,
    in_bar=False,
)
"""In the field a conflict is met on the person's page and on Today, not in the bar."""
SAFETY = Section(
    "/safety",
    key("nav.safety"),
    ft.Icons.VERIFIED_USER_OUTLINED,
    ft.Icons.VERIFIED_USER,
    safety.SCREEN,
    (Detail("settings", preferences.SCREEN),),
)
SECTIONS: tuple[Section, ...] = (
    TODAY,
    coordinator.MORNING,
    coordinator.CASELOAD,
    CONFLICTS,
    coordinator.INBOX,
    CONTACT,
    CONFLICTS_OF_A_PERSON,
    coordinator.INBOX_OF_NURSES,
    people.PEOPLE,
    people.DIRECTORY,
    coordinator.DEVICES,
    SAFETY,
)
"""In the order of a desk's rail; a phone's bar holds the first of a role's."""


def parts_of(settings: AppSettings) -> AppParts:
    """What the app of a data directory is made of; nothing is opened yet."""
    pace = PaceSettings(interval=settings.sync_seconds)
    runtime = DeviceRuntime(settings.data, SystemClock(), SystemEntropy(), pace=pace)
    return AppParts(
        runtime=runtime,
        sections=SECTIONS,
        enrol=enrolment.SCREEN,
        effects=lambda _: effects_of(runtime),
        idle_s=settings.idle_seconds,
        language=best_language(runtime.language or settings.language),
    )


def effects_of(runtime: DeviceRuntime) -> Effects:
    """Every screen's handlers on one device."""
    return (
        today_effects.effects(runtime)
        .with_all(contact_effects.effects(runtime))
        .with_all(people.effects(runtime))
        .with_all(conflicts_effects.effects(runtime))
        .with_all(coordinator.effects(runtime))
        .with_all(safety_effects.effects(runtime))
        .with_all(preferences_effects.effects(runtime))
        .with_all(enrolment_effects.effects(runtime))
    )
