"""Who: search while typing, those met lately at once, a new person under the same field."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.text import clean_line
from field_app.locale import Translator
from field_app.views.boundary import keyed
from field_app.views.contact import model as m
from field_app.views.contact.form import Form
from field_app.views.contact.kinds import ANONYMOUS
from field_app.views.contact.labels import problem_text
from field_app.views.contact.pieces import with_problem
from field_app.views.contact.who import KnownPerson, alike, found
from field_app.views.kit.buttons import quiet
from field_app.views.kit.chips import Choice, one_of
from field_app.views.kit.fields import search_field
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, small
from field_app.views.program import Dispatch
from field_app.views.theme import ATTENTION, CORNER, GAP, GAP_SMALL, TARGET, TEXT_BODY, TEXT_LEAD


def who_block(model: m.Model, form: Form, dispatch: Dispatch, words: Translator) -> ft.Control:
    """Whoever is chosen, or the way to choose."""
    if form.who is not None:
        return _chosen(model, form, dispatch, words)
    return _choice(model, form, dispatch, words)


def _chosen(model: m.Model, form: Form, dispatch: Dispatch, words: Translator) -> ft.Control:
    assert form.who is not None
    assert model.around is not None
    lines: list[ft.Control] = [ft.Text(form.who.name, size=TEXT_LEAD, weight=ft.FontWeight.W_600)]
    if form.who.is_new:
        lines.append(small(words.t("contact.opens_matter")))
    row: list[ft.Control] = [
        ft.Container(height=TARGET, width=0),
        ft.Icon(ft.Icons.PERSON, color=ft.Colors.ON_PRIMARY_CONTAINER),
        ft.Column(lines, spacing=0, tight=True, expand=True),
    ]
    if model.ground.encounter is None:
        row.append(quiet(words.t("contact.change_who"), lambda: dispatch(m.PersonDropped())))
    face = ft.Container(
        content=ft.Row(row, spacing=12),
        bgcolor=ft.Colors.PRIMARY_CONTAINER,
        border_radius=CORNER,
        padding=ft.Padding.only(left=4, right=4, top=4, bottom=4),
    )
    rows: list[ft.Control] = [face]
    if form.who.is_new:
        rows += _newcomer_questions(model, form, dispatch, words)
    return ft.Column(rows, spacing=GAP_SMALL, tight=True)


def _newcomer_questions(
    model: m.Model, form: Form, dispatch: Dispatch, words: Translator
) -> list[ft.Control]:
    """Perhaps somebody known after all; and of which team, when the author has several."""
    assert form.who is not None
    assert model.around is not None
    rows: list[ft.Control] = []
    near = alike(model.around.people, form.who.name)
    if near:
        rows.append(banner(words.t("contact.maybe_known"), ATTENTION))
        rows += [_row(one, dispatch, words) for one in near]
    if len(model.around.teams) > 1:
        teams = [Choice(each.team, each.name) for each in model.around.teams]
        chosen = form.team or model.around.teams[0].team
        label = words.t("contact.team")
        rows.append(one_of(label, teams, chosen, lambda team: dispatch(m.Put("team", team))))
    return rows


def _choice(model: m.Model, form: Form, dispatch: Dispatch, words: Translator) -> ft.Control:
    assert model.draft is not None
    assert model.around is not None
    field = keyed(
        f"{model.draft.id}-who",
        search_field,
        words.t("contact.who_field"),
        form.who_typed,
        lambda text: dispatch(m.Put("who_typed", text)),
        words.t("search.clear"),
        words.t("contact.who_hint"),
    )
    rows: list[ft.Control] = [with_problem(field, problem_text(model, "who", words))]
    typed = clean_line(form.who_typed)
    hits = found(model.around.people, typed)
    rows += [_row(one, dispatch, words) for one in hits]
    if typed:
        near = alike(model.around.people, typed)
        if near:
            rows.append(small(words.t("contact.sounds_like")))
            rows += [_row(one, dispatch, words) for one in near]
        rows.append(_new_row(typed, dispatch, words))
    else:
        rows.append(_unknown_row(dispatch, words))
    return ft.Column(rows, spacing=GAP_SMALL, tight=True)


def _row(person: KnownPerson, dispatch: Dispatch, words: Translator) -> ft.Control:
    lines: list[ft.Control] = [body(person.name, strong=True, lines=1)]
    known = [*person.other_names]
    if person.where is not None:
        known.append(words.vocabulary("place", person.where))
    if known:
        lines.append(small(" · ".join(known)))
    marks: list[ft.Control] = []
    if person.has_safety_sign:
        sign = words.t("today.safety_sign")
        marks.append(ft.Icon(ft.Icons.SHIELD, color=ft.Colors.ERROR, semantics_label=sign))
    return _tappable(
        [ft.Column(lines, spacing=0, tight=True, expand=True), *marks],
        ft.Icons.PERSON_OUTLINE,
        lambda: dispatch(m.PersonChosen(person.person_id)),
        key=person.person_id,
    )


def _new_row(typed: str, dispatch: Dispatch, words: Translator) -> ft.Control:
    label = ft.Text(
        words.t("contact.new_person", name=typed),
        size=TEXT_BODY,
        weight=ft.FontWeight.W_600,
        expand=True,
    )
    return _tappable(
        [label], ft.Icons.PERSON_ADD_OUTLINED, lambda: dispatch(m.NewPerson()), key="new"
    )


def _unknown_row(dispatch: Dispatch, words: Translator) -> ft.Control:
    label = ft.Text(words.t("contact.unknown_person"), size=TEXT_BODY, expand=True)
    return _tappable(
        [label],
        ft.Icons.GROUPS_OUTLINED,
        lambda: dispatch(m.KindChosen(ANONYMOUS)),
        key="unknown",
    )


def _tappable(
    content: list[ft.Control], icon: ft.IconData, on_tap: Callable[[], None], *, key: str
) -> ft.Control:
    return ft.Container(
        content=ft.Row(
            [
                ft.Container(height=TARGET - 16, width=0),
                ft.Icon(icon, color=ft.Colors.ON_SURFACE_VARIANT),
                *content,
            ],
            spacing=12,
        ),
        key=key,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=CORNER,
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=8),
        ink=True,
        on_click=lambda _: on_tap(),
    )
