"""People and the directory as sections of the app, with everything that opens inside them."""

from __future__ import annotations

import flet as ft

from field_app.locale import key
from field_app.views.assessment import screen as assessment
from field_app.views.cases import CaseRuntime
from field_app.views.directory import effects as directory_effects
from field_app.views.directory import entry
from field_app.views.directory import screen as directory
from field_app.views.housing import screen as housing
from field_app.views.people import effects as people_effects
from field_app.views.people import screen as people
from field_app.views.person import edit, record_screen
from field_app.views.person import effects as person_effects
from field_app.views.person import screen as person
from field_app.views.program import Effects
from field_app.views.record_form.effects import form_effects
from field_app.views.routes import Detail, Section
from field_app.views.steps import step, task

PERSON = Detail(
    ":person_id",
    person.SCREEN,
    (
        Detail("edit", edit.SCREEN),
        Detail("housing", housing.SCREEN),
        Detail("assessment/:record_id", assessment.SCREEN),
        Detail("step/:record_id", step.SCREEN),
        Detail("task/:record_id", task.SCREEN),
        Detail("encounter/:record_id", record_screen.ENCOUNTER),
        Detail("health/:record_id", record_screen.HEALTH_NOTE),
        Detail("matter/:record_id", record_screen.MATTER),
    ),
)
"""The person page and what opens from it; for every list of people."""

PEOPLE = Section(
    "/people",
    key("nav.people"),
    ft.Icons.PEOPLE_OUTLINE,
    ft.Icons.PEOPLE,
    people.SCREEN,
    (PERSON,),
    two_panes=True,
)
DIRECTORY = Section(
    "/directory",
    key("nav.directory"),
    ft.Icons.MENU_BOOK_OUTLINED,
    ft.Icons.MENU_BOOK,
    directory.SCREEN,
    (Detail(":record_id", entry.SCREEN),),
    two_panes=True,
)


def effects(runtime: CaseRuntime) -> Effects:
    """The handlers of all these screens."""
    return (
        form_effects(runtime)
        .with_all(people_effects.effects(runtime))
        .with_all(person_effects.effects(runtime))
        .with_all(directory_effects.effects(runtime))
    )
