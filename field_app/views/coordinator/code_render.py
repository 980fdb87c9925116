"""A new device's code on screen: large groups to read aloud, a picture to scan, the time left."""

from __future__ import annotations

import io

import flet as ft
import segno

from field_app.locale import Translator
from field_app.views.coordinator.code_program import (
    ChooseWorker,
    Make,
    NewDevice,
    ShownCode,
)
from field_app.views.kit.buttons import primary, secondary
from field_app.views.kit.chips import Choice, one_of
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, quiet, small
from field_app.views.pane import Pane
from field_app.views.program import Dispatch
from field_app.views.record_form.labels import worker_name
from field_app.views.record_form.render import opening
from field_app.views.theme import ATTENTION, CORNER, GAP, PROBLEM, TEXT_TITLE

_MODULE = 6
"""Pixels of one module of the picture."""
_QUIET_ZONE = 4
"""Modules of white around it, as the standard asks."""
_PICTURE_WIDTH = 260
_CORRECTION = "m"
"""A picture on a screen is clean: 15 per cent may be unreadable."""


def render(model: NewDevice, dispatch: Dispatch, words: Translator) -> Pane:
    """The pane of a new device."""
    title = words.t("devices.new")
    if model.staff is None:
        return Pane(title, opening())
    rows: list[ft.Control] = []
    if model.failure is not None:
        rows.append(banner(model.failure.text(words), PROBLEM))
    if model.shown is not None:
        rows += _code(model, model.shown, words)
    else:
        rows += _choice(model, dispatch, words)
    content = ft.Column(
        [*rows, ft.Container(height=GAP)], spacing=GAP, scroll=ft.ScrollMode.AUTO, expand=True
    )
    return Pane(title, content, footer=_footer(model, dispatch, words))


def picture_of(code: str) -> bytes:
    """The code as a PNG, made in memory: it is never a file."""
    buffer = io.BytesIO()
    segno.make(code, error=_CORRECTION, micro=False).save(
        buffer, kind="png", scale=_MODULE, border=_QUIET_ZONE
    )
    return buffer.getvalue()


def clock_text(seconds: int) -> str:
    """Minutes and seconds: "9:05"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _choice(model: NewDevice, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    rows: list[ft.Control] = [quiet(words.t("devices.code_why"))]
    if model.ended:
        rows.insert(0, banner(words.t("devices.code_ended"), ATTENTION, ft.Icons.TIMER_OFF))
    staff = model.staff
    workers = sorted(staff.workers if staff else (), key=lambda one: one.name.casefold())
    choices = [Choice(one.id, one.name) for one in workers if one.active]
    rows.append(
        one_of(
            words.t("devices.for_whom"),
            choices,
            model.worker,
            lambda worker: dispatch(ChooseWorker(worker)),
        )
    )
    return rows


def _code(model: NewDevice, shown: ShownCode, words: Translator) -> list[ft.Control]:
    who = worker_name(words, model.staff, model.worker) if model.staff else ""
    left = clock_text(model.seconds_left)
    groups = ft.Row(
        [
            ft.Text(group, size=TEXT_TITLE + 4, font_family="monospace", selectable=True)
            for group in shown.groups
        ],
        wrap=True,
        spacing=GAP,
        run_spacing=4,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    spoken = ft.Semantics(
        content=groups, label=" ".join(shown.groups), container=True, identifier="code"
    )
    picture = ft.Container(
        content=ft.Image(
            src=picture_of(shown.code),
            width=_PICTURE_WIDTH,
            height=_PICTURE_WIDTH,
            semantics_label=words.t("devices.code_picture"),
            gapless_playback=True,
        ),
        bgcolor=ft.Colors.WHITE,
        border_radius=CORNER,
        padding=8,
    )
    middle = ft.Column(
        [
            body(words.t("devices.code_for", who=who)),
            picture,
            small(words.t("devices.code_server", address=shown.address)),
            spoken,
            body(words.t("devices.code_left", time=left), strong=True),
            quiet(words.t("devices.code_once")),
        ],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return [ft.Row([ft.Container(middle, expand=True)])]


def _footer(model: NewDevice, dispatch: Dispatch, words: Translator) -> ft.Control:
    def make() -> None:
        dispatch(Make())

    if model.shown is not None:
        button: ft.Control = secondary(words.t("devices.make_another"), make, ft.Icons.REFRESH)
    else:
        disabled = model.worker is None or model.busy
        button = primary(words.t("devices.make"), make, ft.Icons.QR_CODE_2, disabled=disabled)
    return ft.Row([ft.Container(button, expand=True)])
