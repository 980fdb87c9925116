"""Sync and safety on screen: first the answer, then what can be done."""

from __future__ import annotations

import flet as ft

from field_app.locale import Translator
from field_app.views.kit.buttons import primary, secondary
from field_app.views.kit.lists import section_header
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, small
from field_app.views.pane import Pane
from field_app.views.program import Dispatch
from field_app.views.safety.program import LockAsked, Model, SyncAsked, WaitingSave
from field_app.views.session import use_session
from field_app.views.theme import ATTENTION, CALM, CORNER, GAP, GOOD, PROBLEM


def render(model: Model, dispatch: Dispatch, words: Translator) -> Pane:
    """The screen."""
    session = use_session()
    shown: list[ft.Control] = [*_answer(model, words)]
    shown += [
        primary(
            words.t("safety.sync_now"),
            lambda: dispatch(SyncAsked()),
            ft.Icons.SYNC,
            disabled=model.asked or model.status.percent is not None,
        ),
        secondary(words.t("safety.lock"), lambda: dispatch(LockAsked()), ft.Icons.LOCK_OUTLINE),
        secondary(
            words.t("safety.settings"), lambda: session.go("/safety/settings"), ft.Icons.TUNE
        ),
    ]
    if model.waiting:
        shown.append(section_header(words.t("safety.waiting")))
        shown.extend(_waiting(one, words) for one in model.waiting)
    return Pane(
        title=words.t("nav.safety"),
        body=ft.Column(
            shown,
            spacing=GAP,
            scroll=ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def _answer(model: Model, words: Translator) -> list[ft.Control]:
    status = model.status
    shown: list[ft.Control] = []
    if status.pending:
        age = words.age(status.oldest_pending or model.now, model.now)
        text = words.n("safety.only_here", status.pending, age=age)
        shown += [banner(text, ATTENTION, ft.Icons.PHONE_ANDROID), body(words.t("safety.kept"))]
    else:
        shown.append(banner(words.t("safety.all_safe"), GOOD, ft.Icons.CLOUD_DONE_OUTLINED))
    if status.percent is not None:
        running = small(words.t("sync.running", percent=status.percent))
        bar = ft.ProgressBar(value=status.percent / 100, bar_height=8, border_radius=4)
        shown.append(ft.Column([running, bar], spacing=4, tight=True))
    if status.not_complete_yet:
        shown.append(banner(words.t("safety.not_complete"), CALM, ft.Icons.DOWNLOADING))
    if model.offline_switch:
        shown.append(banner(words.t("safety.switched_off"), ATTENTION, ft.Icons.CLOUD_OFF))
    elif status.error:
        tone = PROBLEM if status.problem else CALM
        shown.append(banner(words.error_code(status.error), tone))
    if status.last_success:
        when = words.datetime(status.last_success)
        shown.append(small(words.t("safety.last_success", when=when)))
    return shown


def _waiting(one: WaitingSave, words: Translator) -> ft.Control:
    """A save of one's own that somebody must decide about: its words are here to read."""
    state = {
        "held": words.t("safety.held"),
        "needs-human": words.t("safety.needs_human"),
        "set-aside": words.t("safety.set_aside"),
    }[one.state]
    lines: list[ft.Control] = [body(state, strong=True), small(words.datetime(one.at))]
    if one.decision:
        lines.append(body(one.decision))
    lines += [body(text) for text in one.texts]
    return ft.Container(
        content=ft.Column(lines, spacing=4),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border_radius=CORNER,
        padding=GAP,
    )
