"""The person page on screen: header, sections, and the section that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from field_app.domain.assessment_comparison import compare, previous_of
from field_app.domain.clock import local_day
from field_app.domain.deadlines import is_open_step, is_open_task
from field_app.domain.display import short_name
from field_app.domain.housing import history
from field_app.domain.records import Assessment, Person
from field_app.domain.timeline import timeline
from field_app.locale import Key, Translator, key
from field_app.views.assessment.comparison import area_row
from field_app.views.boundary import keyed
from field_app.views.contact.paths import new_contact
from field_app.views.kit.buttons import secondary
from field_app.views.kit.lists import paged_list, section_header
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.texts import body, quiet, small
from field_app.views.pane import Action, Pane
from field_app.views.person.entries import Rows
from field_app.views.person.header import header, housing_text
from field_app.views.person.lines import Lines
from field_app.views.person.program import FIRST, PersonFacts, PersonPage, Show, sections_of_page
from field_app.views.program import Dispatch
from field_app.views.record_form.render import nothing_here, opening
from field_app.views.rights import may_record_contacts
from field_app.views.session import Session, use_session
from field_app.views.theme import BUTTON_UP, GAP, GAP_SMALL

LABELS: dict[str, Key] = {
    "timeline": key("person.timeline"),
    "needs": key("person.needs"),
    "steps": key("person.steps"),
    "tasks": key("person.tasks"),
    "housing": key("person.housing_section"),
    "health": key("person.health"),
    "details": key("person.details"),
    "matters": key("person.matters"),
}
EMPTY: dict[str, Key] = {
    "timeline": key("person.timeline_empty"),
    "needs": key("person.needs_empty"),
    "steps": key("person.steps_empty"),
    "tasks": key("person.tasks_empty"),
    "housing": key("person.housing_empty"),
    "health": key("person.health_empty"),
    "details": key("person.details_empty"),
    "matters": key("person.matters_empty"),
}
DETAILS = (
    "surname",
    "birth_year",
    "phone",
    "phone_kind",
    "languages",
    "interpreter",
    "where_found",
    "own_worker",
    "reach_paused_until",
    "reach_pause_reason",
    "client_group",
    "children_in_household",
    "strengths",
    "risks",
    "bank_access",
    "id_document",
    "postal_address",
    "eviction_stage",
    "payment_default",
)

Row = Callable[[], ft.Control]


def render(page: PersonPage, dispatch: Dispatch, words: Translator) -> Pane:
    """The page's pane."""
    session, facts = use_session(), page.facts
    if page.nothing_here:
        return Pane(words.record_type("person"), nothing_here(words))
    if facts is None:
        return Pane(words.t("app.name"), opening())
    title = short_name(facts.case.person or Person(id=page.person_id))
    rows = _rows(page.section, facts, words, session)
    top = ft.Column(
        [
            header(page, facts, dispatch, words, session),
            *([_quick_actions(facts, words, session)] if page.section == FIRST else []),
            _tabs(page, facts, dispatch, words),
            *_section_tools(page.section, facts, words, session),
        ],
        spacing=0,
        tight=True,
    )
    empty = ft.Container(quiet(words.keyed(EMPTY[page.section])), padding=GAP)
    return Pane(
        title=title or words.t("person.no_name"),
        edge_to_edge=True,
        action=_record(page.person_id, facts, words, session),
        body=keyed(page.section, paged_list, rows, lambda row: row(), header=top, empty=empty),
    )


def _record(
    person_id: str, facts: PersonFacts, words: Translator, session: Session
) -> Action | None:
    if not may_record_contacts(facts.role):
        return None
    path = new_contact(person_id)
    return Action(words.t("person.record_contact"), ft.Icons.ADD, lambda: session.go(path))


def _quick_actions(facts: PersonFacts, words: Translator, session: Session) -> ft.Control:
    base = f"/people/{facts.person_id}"
    wanted = (
        (words.t("person.assess"), ft.Icons.CHECKLIST, f"{base}/assessment/new"),
        (words.t("person.step"), ft.Icons.ADD, f"{base}/step/new"),
        (words.t("person.task"), ft.Icons.ADD_TASK, f"{base}/task/new"),
    )
    buttons = [_quick(text, icon, _goer(session, path)) for text, icon, path in wanted]
    return ft.Container(
        ft.Row(buttons, spacing=GAP_SMALL, run_spacing=GAP_SMALL, wrap=True),
        padding=ft.Padding.symmetric(horizontal=GAP),
    )


def _quick(text: str, icon: ft.IconData, on_tap: Callable[[], None]) -> ft.Control:
    return ft.OutlinedButton(
        content=text,
        icon=icon,
        style=ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=14, vertical=BUTTON_UP)),
        on_click=lambda _: on_tap(),
    )


def _tabs(
    page: PersonPage, facts: PersonFacts, dispatch: Dispatch, words: Translator
) -> ft.Control:
    sections = sections_of_page(facts)
    here = sections.index(page.section) if page.section in sections else 0
    labels = [_tab_text(one, facts, words) for one in sections]
    return ft.Tabs(
        length=len(sections),
        selected_index=here,
        on_change=lambda event: dispatch(Show(sections[int(event.control.selected_index)])),
        content=ft.TabBar(
            [ft.Tab(label=label, height=52) for label in labels],
            scrollable=True,
            tab_alignment=ft.TabAlignment.START,
        ),
    )


def _tab_text(section: str, facts: PersonFacts, words: Translator) -> str:
    text = words.keyed(LABELS[section])
    open_ones = {
        "steps": sum(1 for one in facts.case.steps if is_open_step(one)),
        "tasks": sum(1 for one in facts.case.tasks if is_open_task(one)),
    }.get(section, 0)
    return f"{text} ({open_ones})" if open_ones else text


def _section_tools(
    section: str, facts: PersonFacts, words: Translator, session: Session
) -> list[ft.Control]:
    wanted = {
        "needs": (words.t("person.assess"), ft.Icons.CHECKLIST, "assessment/new"),
        "steps": (words.t("person.add_step"), ft.Icons.ADD, "step/new"),
        "tasks": (words.t("person.add_task"), ft.Icons.ADD_TASK, "task/new"),
        "housing": (words.t("person.change_housing"), ft.Icons.EDIT_OUTLINED, "housing"),
        "details": (words.t("person.edit"), ft.Icons.EDIT_OUTLINED, "edit"),
    }.get(section)
    if wanted is None:
        return []
    text, icon, end = wanted
    button = secondary(text, _goer(session, f"/people/{facts.person_id}/{end}"), icon)
    return [ft.Container(button, padding=ft.Padding.only(left=GAP, right=GAP, top=12))]


def _rows(section: str, facts: PersonFacts, words: Translator, session: Session) -> list[Row]:
    rows = Rows(facts, words, session.go)
    case = facts.case
    match section:
        case "timeline":
            return _timeline(facts, rows, words)
        case "needs":
            return _needs(facts, words, session)
        case "steps":
            ordered = sorted(case.steps, key=lambda one: (not is_open_step(one), one.due_on or "~"))
            return [_bound(rows.step, one) for one in ordered]
        case "tasks":
            tasks = sorted(case.tasks, key=lambda one: (not is_open_task(one), one.due_on or "~"))
            return [_bound(rows.task, one) for one in tasks]
        case "housing":
            return [
                _bound(_current_housing, (facts, words)),
                *(_bound(rows.period, one) for one in history(case.housing_periods)),
            ]
        case "health":
            return [_bound(rows.health, one) for one in reversed(case.health_notes)]
        case "matters":
            return [_bound(rows.matter, one) for one in reversed(case.matters)]
    return _details(facts, words)


def _timeline(facts: PersonFacts, rows: Rows, words: Translator) -> list[Row]:
    found: list[Row] = []
    month = ""
    for entry in timeline(facts.case):
        day = local_day(entry.at) if entry.at else entry.on or ""
        if day[:7] != month:
            month = day[:7]
            found.append(
                _bound(section_header, words.month(day) if day else words.t("person.no_day"))
            )
        found.append(_bound(rows.timeline, entry))
    return found


def _needs(facts: PersonFacts, words: Translator, session: Session) -> list[Row]:
    assessments = facts.case.assessments
    if not assessments:
        return []
    latest = assessments[-1]
    before = previous_of(latest, assessments)
    found: list[Row] = [_bound(_assessed, (latest, facts, words, session))]
    found += [
        _bound(_area, (area, words, "need_social", False))
        for area in compare(before, latest, "social")
        if area.worker_now or area.client_now or area.worker_before
    ]
    if facts.reads_health:
        found += [
            _bound(_area, (area, words, "need_health", True))
            for area in compare(before, latest, "health")
            if area.worker_now or area.client_now or area.worker_before
        ]
    for older in reversed(assessments[:-1]):
        found.append(_bound(_assessed, (older, facts, words, session)))
    return found


def _current_housing(what: tuple[PersonFacts, Translator]) -> ft.Control:
    facts, words = what
    return ft.Container(
        ft.Column(
            [small(words.t("person.housing_now")), body(housing_text(facts, words), strong=True)],
            spacing=2,
            tight=True,
        ),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


def _area(what: tuple[Any, Translator, str, bool]) -> ft.Control:
    area, words, vocabulary, held = what
    return area_row(area, words, vocabulary, held=held)


def _assessed(what: tuple[Assessment, PersonFacts, Translator, Session]) -> ft.Control:
    one, facts, words, session = what
    text = words.record_type("assessment").capitalize()
    when = words.date(one.made_at) if one.made_at else words.t("person.no_day")
    lines: list[ft.Control] = [small(when), body(text, strong=True)]
    if one.client_goals:
        lines.append(quiet(f"”{one.client_goals}”"))
    path = f"/people/{facts.person_id}/assessment/{one.id}"
    return ft.Container(
        content=ft.Row(
            [
                ft.Column(lines, spacing=2, tight=True, expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, semantics_label=words.t("person.open_record")),
            ]
        ),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        ink=True,
        on_click=lambda _: session.go(path),
        key=one.id,
    )


def _details(facts: PersonFacts, words: Translator) -> list[Row]:
    person = facts.case.person
    if person is None:
        return []
    lines = Lines(words, facts.staff, facts.you).of_record(person, DETAILS)
    return [_bound(_detail, (line.label, line.text, line.hidden)) for line in lines]


def _detail(what: tuple[str, str, bool]) -> ft.Control:
    label, text, hidden = what
    shown: ft.Control = (
        hold_to_reveal(label, lambda: text)
        if hidden
        else ft.Column([small(label), body(text)], spacing=0, tight=True)
    )
    return ft.Container(shown, padding=ft.Padding.symmetric(horizontal=GAP, vertical=8), key=label)


def _bound(build: Callable[[Any], ft.Control], what: Any) -> Row:
    return lambda: build(what)


def _goer(session: Session, path: str) -> Callable[[], None]:
    return lambda: session.go(path)
