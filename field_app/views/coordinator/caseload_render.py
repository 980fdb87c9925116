"""The caseload on screen: how many, the filters as chips, a row a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import flet as ft

from field_app.domain.caseload import CaseloadFilter
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Translator
from field_app.sync.protocol import Staff
from field_app.views.boundary import keyed, part
from field_app.views.coordinator.caseload_paths import of_person
from field_app.views.coordinator.caseload_program import (
    UNREACHED_CHOICES,
    Ask,
    Caseload,
    OpenFilters,
    is_asked,
)
from field_app.views.kit.buttons import icon_button, quiet
from field_app.views.kit.chips import Choice, many_of, one_of
from field_app.views.kit.empty import empty_state
from field_app.views.kit.lists import paged_list
from field_app.views.kit.rows import person_row
from field_app.views.kit.texts import body
from field_app.views.pane import Pane
from field_app.views.people.rows import (
    RowFacts,
    marks_of,
    next_step_text,
    person_title,
    reached_text,
)
from field_app.views.program import Dispatch
from field_app.views.record_form.labels import worker_name
from field_app.views.record_form.render import opening
from field_app.views.session import use_session, use_words
from field_app.views.theme import GAP

PEOPLE_PATH = "/people"
_FLAGS = ("overdue", "conflicts", "urgent", "returners", "archived")


@dataclass(frozen=True)
class CaseloadRow:
    """What one row shows; equal facts draw nothing again."""

    facts: RowFacts = field(repr=False)
    team: str
    own_worker: str


def render(model: Caseload, dispatch: Dispatch, words: Translator) -> Pane:
    """The caseload's pane."""
    session, title = use_session(), words.t("nav.caseload")
    if model.people is None:
        return Pane(title, opening())
    filters = [_filters(model, dispatch, words)] if model.narrowing else []
    listing = keyed(f"list {model.asked}", people_list, model, _open_person())
    content = [_top(model, dispatch, words), *filters, listing]
    column = ft.Column(
        content, expand=True, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    search = icon_button(ft.Icons.SEARCH, words.t("people.search"), lambda: session.go(PEOPLE_PATH))
    return Pane(title, column, tools=(search,), edge_to_edge=True)


def _top(model: Caseload, dispatch: Dispatch, words: Translator) -> ft.Control:
    """How many, and the way to the filters."""
    count, asked = len(model.shown), is_asked(model.asked)
    text = words.n("caseload.count", count)
    if asked:
        text = words.t("caseload.of_all", shown=count, total=len(model.people or ()))
    label = words.n("caseload.filters", asked) if asked else words.t("caseload.filter")
    buttons: list[ft.Control] = [
        quiet(label, lambda: dispatch(OpenFilters()), ft.Icons.FILTER_LIST)
    ]
    if asked:
        clear = words.t("caseload.show_all")
        buttons.insert(0, quiet(clear, lambda: dispatch(Ask(CaseloadFilter()))))
    return ft.Container(
        ft.Row(
            [body(text, strong=True), ft.Row(buttons, wrap=True)],
            wrap=True,
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        ),
        padding=ft.Padding.only(left=GAP, right=4, top=4, bottom=4),
    )


def _filters(model: Caseload, dispatch: Dispatch, words: Translator) -> ft.Control:
    """Every filter; a second tap on a chosen chip takes it back."""
    asked, staff = model.asked, model.staff

    def put(**changes: Any) -> None:
        dispatch(Ask(replace(asked, **changes)))

    days = str(asked.unreached_days) if asked.unreached_days else None
    rows = [
        many_of(
            "",
            [Choice(name, _flag_label(words, name)) for name in _FLAGS],
            frozenset(name for name in _FLAGS if getattr(asked, name)),
            lambda name, on: put(**{name: on}),
        ),
        one_of(
            words.t("caseload.unreached"),
            [Choice(str(one), words.n("date.days", one)) for one in UNREACHED_CHOICES],
            days,
            lambda one: put(unreached_days=None if one == days else int(one)),
        ),
        _one(words.t("caseload.team"), _teams(staff), asked.team_id, "team_id", put),
        _one(words.t("caseload.worker"), _workers(model, words), asked.worker, "worker", put),
        _one(
            words.field("person", "housing"),
            _housing(words),
            asked.housing_situation,
            "housing_situation",
            put,
        ),
    ]
    return ft.Container(
        ft.Column(rows, spacing=12, scroll=ft.ScrollMode.AUTO),
        padding=ft.Padding.only(left=GAP, right=GAP, bottom=12),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        height=360,
    )


def _one(
    label: str,
    choices: list[Choice],
    chosen: str | None,
    name: str,
    put: Callable[..., None],
) -> ft.Control:
    return one_of(
        label, choices, chosen, lambda code: put(**{name: None if code == chosen else code})
    )


def _flag_label(words: Translator, name: str) -> str:
    labels = {
        "overdue": words.t("person.overdue"),
        "conflicts": words.t("nav.conflicts"),
        "urgent": words.t("person.urgent"),
        "returners": words.t("caseload.returners"),
        "archived": words.t("caseload.archived"),
    }
    return labels[name]


def _teams(staff: Staff) -> list[Choice]:
    return [Choice(one.id, one.name) for one in sorted(staff.teams, key=lambda one: one.name)]


def _workers(model: Caseload, words: Translator) -> list[Choice]:
    """Workers who work with somebody, by name."""
    ids = {worker for one in model.people or () for worker in one.summary.workers}
    named = [(worker_name(words, model.staff, worker), worker) for worker in ids]
    return [Choice(worker, name) for name, worker in sorted(named)]


def _housing(words: Translator) -> list[Choice]:
    codes = VOCABULARIES["housing_situation"].codes
    return [Choice(code, words.vocabulary("housing_situation", code)) for code in codes]


def _open_person() -> str:
    """Whose page is open beside the list, on a desk."""
    pieces = ft.use_route_location().split("/")
    return pieces[2] if len(pieces) > 2 and pieces[1] == "caseload" else ""


@part
def people_list(model: Caseload, chosen: str) -> ft.Control:
    """The people asked for."""
    words = use_words()
    why = words.t("caseload.none_asked" if is_asked(model.asked) else "people.nobody_why")
    empty = empty_state(ft.Icons.PEOPLE_OUTLINE, words.t("people.nobody"), why)
    teams = {one.id: one.name for one in model.staff.teams}

    def row(listed: Any) -> ft.Control:
        summary = listed.summary
        name = model.names.get(listed.person_id) or ""
        own = worker_name(words, model.staff, summary.own_worker) if summary.own_worker else ""
        facts = RowFacts(listed, name, model.today, chosen=listed.person_id == chosen)
        known = CaseloadRow(facts, teams.get(summary.team_id or "", ""), own)
        return keyed(listed.person_id, memo_row, known)

    return paged_list(model.shown, row, empty=empty)


@part
def caseload_row(row: CaseloadRow) -> ft.Control:
    """One person; a tap opens their page."""
    session, words = use_session(), use_words()
    facts, summary = row.facts, row.facts.listed.summary
    whose = " · ".join(one for one in (row.team, row.own_worker) if one)
    lines = (next_step_text(words, summary, facts.today), reached_text(words, summary, facts.today))
    return person_row(
        person_title(words, summary, facts.name),
        (*lines, whose) if whose else lines,
        marks_of(words, facts),
        lambda: session.go(of_person(summary.person_id)),
        chosen=facts.chosen,
    )


memo_row: Callable[[CaseloadRow], ft.Control] = ft.memo(caseload_row)  # type: ignore[no-untyped-call]
"""The row, drawn again only when its facts changed."""
