"""The contact on screen: one scrolling page of big choices, the save button always in sight."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.locale import Translator
from field_app.views.boundary import part
from field_app.views.contact import model as m
from field_app.views.contact.blocks import FormParts
from field_app.views.contact.form import Form
from field_app.views.contact.health_block import health_block
from field_app.views.contact.kinds import ANONYMOUS, HEALTH, HOME, NOT_REACHED, kinds_for
from field_app.views.contact.labels import first_problem, kind_label
from field_app.views.contact.pieces import ChoosingKind, one_chip
from field_app.views.contact.program import FORM_NAME, failed, init, update
from field_app.views.contact.saved_pane import saved_pane
from field_app.views.contact.who_block import who_block
from field_app.views.kit.buttons import icon_button, primary, secondary
from field_app.views.kit.chips import Choice
from field_app.views.kit.dialogs import confirm
from field_app.views.kit.empty import empty_state
from field_app.views.kit.notice import banner
from field_app.views.pane import Pane
from field_app.views.program import Dispatch, Program
from field_app.views.session import Session, use_session, use_words
from field_app.views.theme import ATTENTION, GAP, GAP_LARGE, GAP_SMALL, PROBLEM


def render(model: m.Model, dispatch: Dispatch, words: Translator) -> Pane:
    """The pane of the present phase."""
    session = use_session()
    ft.use_effect(lambda: dispatch(m.Shown()), [], lambda: None)
    leave = _leaving(model, dispatch, words, session)
    if model.phase == "saved" and model.saved is not None:
        return saved_pane(model, dispatch, words, session)
    if model.form is None or model.phase in ("opening", "gone"):
        return _without_form(model, words, leave)
    return _form_pane(model, model.form, dispatch, words, leave)


def _leaving(
    model: m.Model, dispatch: Dispatch, words: Translator, session: Session
) -> Callable[[], None]:
    """Go back to where one came from; a draft stays, and that is said."""

    def leave() -> None:
        dispatch(m.Left())
        session.go(model.start.back)
        if model.touched and model.draft_failure is None:
            session.notices.say(words.t("contact.draft_kept"))

    return leave


def _without_form(model: m.Model, words: Translator, leave: Callable[[], None]) -> Pane:
    if model.phase == "gone":
        to_today = (words.t("contact.to_today"), leave)
        content = empty_state(
            ft.Icons.EDIT_OFF_OUTLINED,
            words.t("contact.gone_title"),
            words.t("contact.gone_text"),
            to_today,
        )
    else:
        content = ft.Column([ft.ProgressRing()], horizontal_alignment=ft.CrossAxisAlignment.CENTER)
    return Pane(words.t("contact.title"), content, ask_before_leaving=leave)


def _form_pane(
    model: m.Model,
    form: Form,
    dispatch: Dispatch,
    words: Translator,
    leave: Callable[[], None],
) -> Pane:
    tools: tuple[ft.Control, ...] = ()
    if model.touched:
        name = words.t("contact.discard")
        ask = icon_button(ft.Icons.DELETE_OUTLINE, name, lambda: dispatch(m.DiscardAsked(True)))
        tools = (ask,)
    return Pane(
        title=words.t("contact.title"),
        body=ft.Column(
            [
                ft.Column(_blocks(model, form, dispatch, words), spacing=GAP_LARGE, tight=True),
                _question(model, dispatch),
            ],
            spacing=0,
            scroll=ft.ScrollMode.AUTO,
            expand=True,
        ),
        tools=tools,
        footer=_footer(model, dispatch, words),
        ask_before_leaving=leave,
    )


def _blocks(model: m.Model, form: Form, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    parts = FormParts(model, form, dispatch, words)
    rows: list[ft.Control] = _notices(model, words)
    if model.ground.encounter is None:
        rows.append(_kinds(parts, dispatch))
    else:
        at = words.time(form.at)
        rows.append(banner(words.t("contact.adding_part", time=at), icon=ft.Icons.GROUP_ADD))
    if form.kind == ANONYMOUS:
        return [*rows, parts.details(), *parts.anonymous(), ft.Container(height=GAP)]
    rows.append(who_block(model, form, dispatch, words))
    if model.occasion is not None:
        rows.append(_join(model.occasion, dispatch, words))
    if form.kind == HOME:
        rows += [*parts.visit_first(), parts.details(), *parts.visit(), *parts.social()]
    elif form.kind == NOT_REACHED:
        rows += [*parts.not_reached(), parts.details()]
    elif form.kind == HEALTH:
        rows += [*health_block(parts), parts.details()]
    else:
        rows += [parts.details(), *parts.social()]
    return [*rows, ft.Container(height=GAP)]


def _join(occasion: m.OpenOccasion, dispatch: Dispatch, words: Translator) -> ft.Control:
    """The partner has begun the same contact: one tap joins it."""
    text = words.t("contact.partner_began", name=occasion.by, time=words.time(occasion.at))
    action = (words.t("today.add_own_part"), lambda: dispatch(m.OccasionJoined()))
    return banner(text, ATTENTION, ft.Icons.GROUP_ADD, action)


def _notices(model: m.Model, words: Translator) -> list[ft.Control]:
    rows: list[ft.Control] = []
    if model.failure is not None:
        text = f"{model.failure.text(words)} {words.t('contact.draft_safe')}"
        rows.append(banner(text, PROBLEM))
    if model.draft_failure is not None:
        text = f"{words.t('contact.draft_not_kept')} {model.draft_failure.text(words)}"
        rows.append(banner(text, PROBLEM))
    return rows


def _kinds(parts: FormParts, dispatch: Dispatch) -> ft.Control:
    offered = tuple(
        Choice(kind, kind_label(kind, parts.words)) for kind in kinds_for(parts.around.role)
    )
    return one_chip("", offered, parts.form.kind, ChoosingKind(dispatch))


def _footer(model: m.Model, dispatch: Dispatch, words: Translator) -> ft.Control:
    is_saving = model.phase == "saving"
    ready = secondary(
        words.t("contact.ready"),
        lambda: dispatch(m.SaveTapped(sign=True)),
        ft.Icons.DONE_ALL,
        disabled=is_saving,
    )
    save = primary(words.t("action.save"), lambda: dispatch(m.SaveTapped()), disabled=is_saving)
    save.expand = True
    buttons = ft.Row([ready, save], spacing=GAP)
    problem = first_problem(model, words)
    if not problem:
        return buttons
    line = ft.Text(problem, color=ft.Colors.ERROR)
    said = ft.Semantics(content=line, live_region=True, identifier="save-problem")
    return ft.Column([said, buttons], spacing=GAP_SMALL, tight=True)


@part
def _question(model: m.Model, dispatch: Dispatch) -> ft.Control:
    """Throwing a draft away is asked for twice."""
    words, session = use_words(), use_session()

    def discard() -> None:
        dispatch(m.DiscardConfirmed())
        session.go(model.start.back)

    dialog = confirm(
        words.t("contact.discard_title"),
        words.t("contact.discard_text"),
        (words.t("contact.discard_yes"), discard),
        (words.t("contact.discard_no"), lambda: dispatch(m.DiscardAsked(False))),
        irreversible=True,
    )
    ft.use_dialog(dialog if model.asking_discard else None)
    return ft.Container(height=0)


CONTACT: Program[m.Model, m.Event] = Program(FORM_NAME, init, update, render, failed)
