"""The people's list on screen: the search above, then who needs attention, or what was found."""

from __future__ import annotations

import flet as ft

from field_app.locale import Translator
from field_app.store.case_list import ListedPerson
from field_app.store.search import Hit
from field_app.views.boundary import keyed, part
from field_app.views.kit.empty import empty_state
from field_app.views.kit.fields import search_field
from field_app.views.kit.lists import paged_list, section_header
from field_app.views.kit.notice import banner
from field_app.views.kit.rows import timeline_row
from field_app.views.pane import Action, Pane
from field_app.views.people.program import (
    SNIPPETS,
    Found,
    People,
    Typed,
    people_found,
    texts_found,
)
from field_app.views.people.rows import RowFacts, memo_row, person_title
from field_app.views.program import Dispatch
from field_app.views.record_form.render import opening
from field_app.views.rights import may_record_contacts
from field_app.views.session import Session, use_session, use_words
from field_app.views.theme import CALM, GAP

ICONS = {
    "encounter": ft.Icons.CHAT_BUBBLE_OUTLINE,
    "health_note": ft.Icons.MEDICAL_SERVICES_OUTLINED,
    "assessment": ft.Icons.CHECKLIST,
    "navigation_step": ft.Icons.SIGNPOST_OUTLINED,
    "task": ft.Icons.TASK_ALT,
    "housing_period": ft.Icons.HOME_OUTLINED,
    "matter": ft.Icons.FOLDER_OUTLINED,
    "person": ft.Icons.PERSON_OUTLINE,
}


def record_path(person_id: str, record_type: str, record_id: str) -> str:
    """Where a record of a person is read."""
    base = f"/people/{person_id}"
    ends = {
        "encounter": f"/encounter/{record_id}",
        "health_note": f"/health/{record_id}",
        "assessment": f"/assessment/{record_id}",
        "navigation_step": f"/step/{record_id}",
        "task": f"/task/{record_id}",
        "housing_period": "/housing",
        "matter": f"/matter/{record_id}",
    }
    return base + ends.get(record_type, "")


def render(model: People, dispatch: Dispatch, words: Translator) -> Pane:
    """The list's pane."""
    session = use_session()
    search = search_field(
        words.t("people.search"),
        model.typed,
        lambda text: dispatch(Typed(text)),
        words.t("search.clear"),
    )
    return Pane(
        title=words.t("nav.people"),
        edge_to_edge=True,
        action=_record(session, words),
        body=ft.Column(
            [
                ft.Container(search, padding=ft.Padding.symmetric(horizontal=GAP, vertical=8)),
                _below(model, words),
            ],
            expand=True,
            spacing=0,
        ),
    )


def _record(session: Session, words: Translator) -> Action | None:
    if session.account is None or not may_record_contacts(session.account.role):
        return None
    return Action(words.t("people.new_contact"), ft.Icons.ADD, lambda: session.go("/contact"))


def _below(model: People, words: Translator) -> ft.Control:
    if model.people is None:
        return opening()
    chosen = _open_person(ft.use_route_location())
    if model.typed:
        return keyed("found", found_list, model, chosen)
    return keyed("all", all_people, model, chosen)


def _open_person(path: str) -> str:
    pieces = path.split("/")
    return pieces[2] if len(pieces) > 2 and pieces[1] == "people" else ""


@part
def all_people(model: People, chosen: str) -> ft.Control:
    """Everyone, those who need attention first."""
    words = use_words()
    empty = empty_state(
        ft.Icons.PEOPLE_OUTLINE, words.t("people.nobody"), words.t("people.nobody_why")
    )
    return paged_list(
        model.people or (),
        lambda one: _row(model, one, chosen),
        empty=empty,
        header=section_header(words.n("people.count", len(model.people or ()))),
    )


@part
def found_list(model: People, chosen: str) -> ft.Control:
    """What was found: names first, then texts."""
    session, words = use_session(), use_words()
    if model.found is None:
        return opening()
    rows = _found_rows(model, model.found, chosen, session, words)
    empty = empty_state(
        ft.Icons.SEARCH_OFF, words.t("people.nothing_found"), words.t("people.nothing_found_why")
    )
    return ft.ListView(
        rows or [empty],
        expand=True,
        spacing=0,
        padding=ft.Padding.only(bottom=96),
    )


def _found_rows(
    model: People, found: Found, chosen: str, session: Session, words: Translator
) -> list[ft.Control]:
    rows: list[ft.Control] = []
    if not found.complete:
        note = banner(words.t("people.indexing"), CALM, ft.Icons.HOURGLASS_TOP)
        rows.append(ft.Container(note, padding=GAP))
    names = people_found(found, model.by_id)
    if names:
        rows.append(section_header(words.n("people.by_name", len(names))))
        rows += [_row(model, model.by_id[person_id], chosen) for person_id in names]
    texts = texts_found(found, model.by_id)
    if texts:
        rows.append(section_header(words.n("people.by_text", len(texts))))
        rows += [_text_row(model, hit, session, words) for hit in texts]
    return rows


def _row(model: People, listed: ListedPerson, chosen: str) -> ft.Control:
    person_id = listed.person_id
    facts = RowFacts(
        listed,
        model.names.get(person_id) or "",
        model.today,
        person_id in model.alike,
        person_id == chosen,
    )
    return keyed(person_id, memo_row, facts)


def _text_row(model: People, hit: Hit, session: Session, words: Translator) -> ft.Control:
    person_id = hit.scope.partition("/")[2]
    summary = model.by_id[person_id].summary
    text = hit.snippet if hit.type in SNIPPETS else ""
    if hit.type == "person":
        text = summary.where_found or ""
    kind = words.record_type(hit.type)
    return timeline_row(
        ICONS.get(hit.type, ft.Icons.DESCRIPTION_OUTLINED),
        kind[:1].upper() + kind[1:],
        person_title(words, summary, model.names.get(person_id)),
        text,
        on_tap=lambda: session.go(record_path(person_id, hit.type, hit.record_id)),
        key=hit.record_id,
    )
