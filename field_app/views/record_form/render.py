"""The frame of every form: what was resumed, what failed, the fields, and how to end it."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.display import short_name
from field_app.locale import Translator
from field_app.views.kit.buttons import primary, quiet, secondary
from field_app.views.kit.empty import empty_state
from field_app.views.kit.notice import banner
from field_app.views.pane import Pane
from field_app.views.program import Dispatch
from field_app.views.record_form.inputs import Build, Inputs
from field_app.views.record_form.program import Discard, Form, Submit
from field_app.views.session import use_session
from field_app.views.theme import CALM, GAP, PROBLEM

_BETWEEN = 20
"""Between two questions, in logical pixels."""

Render = Callable[[Form, Dispatch, Translator], Pane]


def form_render(build: Build, leave_to: Callable[[Form], str], *, signs: bool = False) -> Render:
    """A form's pane.

    Args:
        build: Makes its fields.
        leave_to: The path shown once it is saved or discarded.
        signs: Whether it ends with *Valmis* beside an unsigned save.
    """

    def render(form: Form, dispatch: Dispatch, words: Translator) -> Pane:
        use_leaving(form, leave_to(form), words)
        title = form_title(form, words)
        if form.nothing_here:
            return Pane(title, nothing_here(words))
        if form.facts is None:
            return Pane(title, opening())
        inputs = Inputs(form, dispatch, words)
        body = form_body(inputs, build)
        if not form.kind.can_be_changed(form.facts):
            return Pane(title, body)
        footer = _signing(form, dispatch, words) if signs else _saving(form, dispatch, words)
        return Pane(title, body, footer=footer)

    return render


def form_title(form: Form, words: Translator) -> str:
    """What the form is, and of whom: nobody shall write into another one's record."""
    facts = form.facts
    title = words.keyed(form.kind.title_new if facts and facts.is_new else form.kind.title)
    person = facts.case.person if facts else None
    name = short_name(person) if person else None
    return f"{name} · {title}" if name else title  # a narrow bar cuts the end


def form_body(inputs: Inputs, build: Build) -> ft.Control:
    """The notices and the fields of an open form."""
    first, *rest = [*_notices(inputs.form, inputs.dispatch, inputs.words), *build(inputs)]
    # Room above the first field's floating label, and below the last one.
    return ft.Column(
        [ft.Container(first, padding=ft.Padding.only(top=8)), *rest, ft.Container(height=GAP)],
        spacing=_BETWEEN,
        scroll=ft.ScrollMode.AUTO,
        expand=True,
    )


def use_leaving(form: Form, path: str, words: Translator) -> None:
    """Leave the form once it is done, and say what became of it."""
    session = use_session()

    def leave() -> None:
        if form.done:
            saved = form.done == "saved"
            session.notices.say(words.t("record.saved" if saved else "record.discarded"))
            session.go(path)

    ft.use_effect(leave, [form.done])


def opening() -> ft.Control:
    """While the store is being read."""
    return ft.Container(content=ft.ProgressRing(), alignment=ft.Alignment.CENTER, padding=GAP)


def nothing_here(words: Translator) -> ft.Control:
    """The device holds no such record."""
    return empty_state(
        ft.Icons.SEARCH_OFF, words.t("record.nothing_here"), words.t("record.nothing_here_why")
    )


def _notices(form: Form, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    shown: list[ft.Control] = []
    if form.failure is not None:
        shown.append(banner(form.failure.text(words), PROBLEM))
    if form.resumed:
        discard = (words.t("record.discard"), lambda: dispatch(Discard()))
        shown.append(banner(words.t("record.resumed"), CALM, ft.Icons.EDIT_NOTE, discard))
    if form.errors:
        shown.append(banner(words.n("record.errors", len(form.errors)), PROBLEM))
    return shown


def _saving(form: Form, dispatch: Dispatch, words: Translator) -> ft.Control:
    button = primary(
        words.t("action.save"), lambda: dispatch(Submit()), ft.Icons.CHECK, disabled=form.busy
    )
    row: list[ft.Control] = [ft.Container(button, expand=True)]
    if form.touched and not form.resumed:
        row.insert(0, quiet(words.t("record.discard"), lambda: dispatch(Discard())))
    return ft.Row(row, spacing=GAP)


def _signing(form: Form, dispatch: Dispatch, words: Translator) -> ft.Control:
    health = form.part == "health"
    signs = ("health_signature",) if health else ("signature",)
    ready = words.t("record.health_ready" if health else "record.ready")
    return ft.Row(
        [
            ft.Container(
                secondary(
                    words.t("record.save_open"), lambda: dispatch(Submit()), disabled=form.busy
                ),
                expand=3,
            ),
            ft.Container(
                primary(ready, lambda: dispatch(Submit(signs)), ft.Icons.CHECK, disabled=form.busy),
                expand=4,
            ),
        ],
        spacing=GAP,
    )
