"""After a save: where the contact is now, and what comes next."""

from __future__ import annotations

import flet as ft

from field_app.locale import Translator
from field_app.views.contact import model as m
from field_app.views.contact.kinds import WITH_SOCIAL_PART
from field_app.views.contact.paths import own_part_of
from field_app.views.kit.buttons import primary, secondary
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, quiet
from field_app.views.pane import Pane
from field_app.views.program import Dispatch
from field_app.views.session import Session
from field_app.views.theme import ATTENTION, GAP, GOOD


def saved_pane(model: m.Model, dispatch: Dispatch, words: Translator, session: Session) -> Pane:
    """It is safe, this is where; and the ways on."""
    saved = model.saved
    assert saved is not None

    def go(path: str) -> None:
        dispatch(m.Left())
        session.go(path)

    rows: list[ft.Control] = [_where(saved, words)]
    if saved.next_on is not None:
        rows.append(body(words.t("contact.next_is", day=words.weekday_date(saved.next_on))))
    if saved.encounter is not None and not saved.is_signed:
        rows.append(quiet(words.t("contact.signs_itself")))
    rows.append(primary(words.t("contact.to_today"), lambda: go("/"), ft.Icons.TODAY))
    rows.append(secondary(words.t("contact.another"), lambda: dispatch(m.Another()), ft.Icons.ADD))
    if saved.encounter is not None:
        label = words.t("contact.same_occasion")
        same = secondary(
            label, lambda: dispatch(m.Another(same_occasion=True)), ft.Icons.GROUP_ADD_OUTLINED
        )
        rows.append(same)
    if saved.encounter is not None and _wants_health_part(model):
        path = own_part_of(saved.encounter)
        label = words.t("contact.add_health_part")
        rows.append(secondary(label, lambda: go(path), ft.Icons.GROUP_ADD_OUTLINED))
    if saved.person_id is not None:
        person = saved.person_id
        label = words.t("contact.open_person", name=saved.name)
        rows.append(secondary(label, lambda: go(f"/people/{person}"), ft.Icons.PERSON_OUTLINE))
    return Pane(
        title=words.t("contact.saved_title"),
        body=ft.Column(
            rows,
            spacing=GAP,
            scroll=ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            expand=True,
        ),
        ask_before_leaving=lambda: go(model.start.back),
    )


def _wants_health_part(model: m.Model) -> bool:
    """Whether a nurse has just recorded somebody they met, and not the health part yet."""
    saved, around = model.saved, model.around
    if saved is None or around is None or around.role != "nurse":
        return False
    return saved.kind in WITH_SOCIAL_PART


def _where(saved: m.SavedContact, words: Translator) -> ft.Control:
    if saved.waiting:
        return banner(words.t("contact.saved_waiting"), ATTENTION)
    if saved.only_here:
        return banner(words.t("contact.saved_here"), ATTENTION, ft.Icons.PHONE_ANDROID)
    return banner(words.t("contact.saved_safe"), GOOD, ft.Icons.CLOUD_DONE_OUTLINED)
