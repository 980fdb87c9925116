"""Devices on screen: a card a device, and the question before one is taken out of use."""

from __future__ import annotations

import flet as ft

from field_app.locale import Translator
from field_app.sync.coordination import DeviceEntry
from field_app.views.coordinator.devices_program import (
    AskAgain,
    AskRevoke,
    Devices,
    KeepIt,
    Revoke,
)
from field_app.views.kit.buttons import icon_button, quiet
from field_app.views.kit.dialogs import confirm
from field_app.views.kit.empty import empty_state
from field_app.views.kit.lists import section_header
from field_app.views.kit.notice import banner
from field_app.views.kit.rows import Mark, mark_chip
from field_app.views.kit.texts import body
from field_app.views.kit.texts import quiet as quiet_text
from field_app.views.pane import Action, Pane
from field_app.views.program import Dispatch
from field_app.views.record_form.labels import worker_name
from field_app.views.record_form.render import opening
from field_app.views.session import use_session
from field_app.views.theme import GAP, PROBLEM

CODE_PATH = "/devices/code"


def render(model: Devices, dispatch: Dispatch, words: Translator) -> Pane:
    """The devices' pane."""
    session, title = use_session(), words.t("nav.devices")
    ft.use_dialog(_question(model, dispatch, words) if model.asking else None)

    def ask() -> None:
        dispatch(AskAgain())

    again = icon_button(ft.Icons.REFRESH, words.t("coordinator.ask_again"), ask)
    if model.devices is None and model.failure is not None:
        away = empty_state(
            ft.Icons.CLOUD_OFF,
            words.t("coordinator.no_server"),
            model.failure.text(words),
            (words.t("fallback.again"), ask),
        )
        return Pane(title, away, tools=(again,))
    if model.devices is None:
        return Pane(title, opening(), tools=(again,))
    action = Action(
        words.t("devices.new"), ft.Icons.QR_CODE_2, lambda: session.go(CODE_PATH), "new-device"
    )
    return Pane(title, _listing(model, dispatch, words), action, tools=(again,), edge_to_edge=True)


def _listing(model: Devices, dispatch: Dispatch, words: Translator) -> ft.Control:
    controls: list[ft.Control] = []
    if model.failure is not None:
        controls.append(ft.Container(banner(model.failure.text(words), PROBLEM), padding=GAP))
    controls += [_device(one, model, dispatch, words) for one in model.in_use]
    if not model.in_use:
        none = words.t("devices.none"), words.t("devices.none_why")
        controls.append(empty_state(ft.Icons.PHONE_ANDROID, *none))
    if model.out_of_use:
        controls.append(section_header(words.t("devices.out_of_use")))
        controls += [_device(one, model, dispatch, words) for one in model.out_of_use]
    return ft.ListView(controls, expand=True, spacing=0, padding=ft.Padding.only(bottom=96))


def _device(one: DeviceEntry, model: Devices, dispatch: Dispatch, words: Translator) -> ft.Control:
    lines: list[ft.Control] = [
        body(worker_name(words, model.staff, one.worker), strong=True),
        quiet_text(_heard(one, model, words)),
    ]
    if one.unsynced:
        age = words.age(one.oldest_at or model.now, model.now)
        text = words.n("devices.unsynced", one.unsynced, age=age)
        lines.append(ft.Row([mark_chip(Mark(text, ft.Icons.PHONE_ANDROID))], wrap=True))
    if not one.revoked and one.device != model.own_device:
        lines.append(
            ft.Row([quiet(words.t("devices.revoke"), lambda: dispatch(AskRevoke(one)))], spacing=0)
        )
    row: list[ft.Control] = [
        ft.Icon(ft.Icons.BLOCK if one.revoked else ft.Icons.SMARTPHONE, size=24),
        ft.Column(lines, spacing=4, tight=True, expand=True),
    ]
    return ft.Container(
        content=ft.Row(row, spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        key=one.device,
    )


def _heard(one: DeviceEntry, model: Devices, words: Translator) -> str:
    """When it was last heard from, and its version."""
    said = words.t("devices.never_heard")
    if one.last_seen_at is not None:
        said = words.t("devices.heard", when=words.ago(one.last_seen_at, model.now))
    pieces = [said, words.t("devices.version", version=one.app) if one.app else ""]
    if one.device == model.own_device:
        pieces.append(words.t("devices.this_one"))
    return " · ".join(piece for piece in pieces if piece)


def _question(model: Devices, dispatch: Dispatch, words: Translator) -> ft.AlertDialog:
    device = model.asking
    assert device is not None
    who = worker_name(words, model.staff, device.worker)
    left = words.t("devices.revoke_nothing_left")
    if device.unsynced:
        left = words.n("devices.revoke_left", device.unsynced)
    return confirm(
        words.t("devices.revoke_title", who=who),
        f"{words.t('devices.revoke_what')}\n\n{left}",
        (words.t("devices.revoke_yes"), lambda: dispatch(Revoke())),
        (words.t("action.cancel"), lambda: dispatch(KeepIt())),
        irreversible=True,
    )
