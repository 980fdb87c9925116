"""The coordinator's sections of the app, and the nurses' way to changes that wait for them."""

from __future__ import annotations

import flet as ft

from field_app.locale import key
from field_app.views.boundary import Screen, program_screen
from field_app.views.coordinator import (
    caseload_effects,
    caseload_program,
    caseload_render,
    code_program,
    code_render,
    devices_effects,
    devices_program,
    devices_render,
    inbox_effects,
    inbox_program,
    inbox_render,
    morning_effects,
    morning_program,
    morning_render,
)
from field_app.views.coordinator.office import OfficeRuntime
from field_app.views.people.sections import PERSON
from field_app.views.program import Effects, Program
from field_app.views.routes import COORDINATOR, Detail, Section

_MORNING: Program[morning_program.MorningPage, morning_program.Event] = Program(
    "morning",
    morning_program.init,
    morning_program.update,
    morning_render.render,
    morning_program.failed,
)
_CASELOAD: Program[caseload_program.Caseload, caseload_program.Event] = Program(
    "caseload", caseload_program.init, caseload_program.update, caseload_render.render
)
_INBOX: Program[inbox_program.Inbox, inbox_program.InboxEvent] = Program(
    "inbox", inbox_program.init, inbox_program.update, inbox_render.render, inbox_program.failed
)
_CASE: Program[inbox_program.Deciding, inbox_program.CaseEvent] = Program(
    "case",
    inbox_program.init_case,
    inbox_program.update_case,
    inbox_render.render_case,
    inbox_program.failed_case,
)
_DEVICES: Program[devices_program.Devices, devices_program.Event] = Program(
    "devices",
    devices_program.init,
    devices_program.update,
    devices_render.render,
    devices_program.failed,
)
_CODE: Program[code_program.NewDevice, code_program.Event] = Program(
    "new device", code_program.init, code_program.update, code_render.render, code_program.failed
)

MORNING_SCREEN: Screen = program_screen(_MORNING)

MORNING = Section(
    "/",
    key("nav.morning"),
    ft.Icons.WB_SUNNY_OUTLINED,
    ft.Icons.WB_SUNNY,
    MORNING_SCREEN,
    roles=COORDINATOR,
)
CASELOAD = Section(
    "/caseload",
    key("nav.caseload"),
    ft.Icons.GROUPS_OUTLINED,
    ft.Icons.GROUPS,
    program_screen(_CASELOAD),
    (Detail("worker/:worker", program_screen(_CASELOAD, "worker")), PERSON),
    roles=COORDINATOR,
    two_panes=True,
)
INBOX = Section(
    "/inbox",
    key("nav.inbox"),
    ft.Icons.INBOX_OUTLINED,
    ft.Icons.INBOX,
    program_screen(_INBOX),
    (Detail(":set_id", program_screen(_CASE, "set_id")),),
    roles=COORDINATOR,
    two_panes=True,
)
INBOX_OF_NURSES = Section(
    "/inbox",
    key("nav.inbox"),
    ft.Icons.INBOX_OUTLINED,
    ft.Icons.INBOX,
    INBOX.screen,
    INBOX.details,
    roles=frozenset({"nurse"}),
    in_bar=False,
)
"""Nurses decide about changes of the health register; the way here is in the conflict list."""
DEVICES = Section(
    "/devices",
    key("nav.devices"),
    ft.Icons.DEVICES_OUTLINED,
    ft.Icons.DEVICES,
    program_screen(_DEVICES),
    (Detail("code", program_screen(_CODE)),),
    roles=COORDINATOR,
)


def effects(runtime: OfficeRuntime) -> Effects:
    """The handlers of all these screens."""
    return (
        morning_effects.effects(runtime)
        .with_all(caseload_effects.effects(runtime))
        .with_all(inbox_effects.effects(runtime))
        .with_all(devices_effects.effects(runtime))
    )
