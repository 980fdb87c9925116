"""The directory's list on screen."""

from __future__ import annotations

import flet as ft

from field_app.domain.records import DirectoryEntry
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Translator
from field_app.store.record_view import RecordView
from field_app.views.boundary import Screen, keyed, program_screen
from field_app.views.directory.program import (
    Directory,
    DirectoryTyped,
    Event,
    init,
    shown_entries,
    update,
    verification,
)
from field_app.views.kit.empty import empty_state
from field_app.views.kit.fields import search_field
from field_app.views.kit.lists import paged_list
from field_app.views.kit.rows import Mark, timeline_row
from field_app.views.pane import Action, Pane
from field_app.views.program import Dispatch, Program
from field_app.views.record_form.labels import code_labels, worker_name
from field_app.views.record_form.render import opening
from field_app.views.session import Session, use_session
from field_app.views.theme import GAP


def render(model: Directory, dispatch: Dispatch, words: Translator) -> Pane:
    """The list's pane."""
    session = use_session()
    search = search_field(
        words.t("directory.search"),
        model.typed,
        lambda text: dispatch(DirectoryTyped(text)),
        words.t("search.clear"),
    )
    new = Action(words.t("directory.add"), ft.Icons.ADD, lambda: session.go("/directory/new"))
    return Pane(
        title=words.t("nav.directory"),
        edge_to_edge=True,
        action=new,
        body=ft.Column(
            [
                ft.Container(search, padding=ft.Padding.symmetric(horizontal=GAP, vertical=8)),
                _list(model, words, session),
            ],
            expand=True,
            spacing=0,
        ),
    )


def _list(model: Directory, words: Translator, session: Session) -> ft.Control:
    if model.entries is None:
        return opening()
    codes = VOCABULARIES["service"].codes
    labels = {code: words.vocabulary("service", code) for code in codes}
    nothing = empty_state(
        ft.Icons.MENU_BOOK_OUTLINED,
        words.t("directory.nothing_found" if model.typed else "directory.empty"),
        words.t("directory.empty_why"),
    )
    return keyed(
        model.typed,
        paged_list,
        shown_entries(model, labels),
        lambda one: _row(one, model, words, session),
        empty=nothing,
    )


def _row(
    one: tuple[RecordView, DirectoryEntry], model: Directory, words: Translator, session: Session
) -> ft.Control:
    view, entry = one
    facts = [entry.address, entry.phone, entry.opening_hours]
    marks: list[Mark] = []
    if entry.walk_in:
        marks.append(
            Mark(words.field("directory_entry", "walk_in"), ft.Icons.DOOR_FRONT_DOOR, calm=True)
        )
    if verification(entry, model.today) != "verified":
        code = verification(entry, model.today)
        marks.append(Mark(words.vocabulary("verification", code), ft.Icons.HISTORY, urgent=True))
    if view.conflicts:
        marks.append(Mark(words.t("conflict.two_facts"), ft.Icons.CALL_SPLIT))
    if view.only_here:
        marks.append(Mark(words.t("person.only_here"), ft.Icons.SMARTPHONE))
    return timeline_row(
        ft.Icons.PLACE_OUTLINED,
        code_labels(words, "service", entry.services),
        entry.name or "–",
        "\n".join([*(fact for fact in facts if fact), verified_text(entry, model, words)]),
        tuple(marks),
        lambda: session.go(f"/directory/{entry.id}"),
        key=entry.id,
    )


def verified_text(entry: DirectoryEntry, model: Directory, words: Translator) -> str:
    """Who checked the entry, and when."""
    if entry.verified_on is None:
        return words.t("directory.never_verified")
    who = worker_name(words, model.staff, entry.verified_by, model.you)
    return words.t("directory.verified", day=words.date(entry.verified_on), who=who)


DIRECTORY: Program[Directory, Event] = Program("directory", init, update, render)
SCREEN: Screen = program_screen(DIRECTORY)
