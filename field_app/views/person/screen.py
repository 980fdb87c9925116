"""The person page as a screen."""

from __future__ import annotations

from field_app.views.boundary import Screen, program_screen
from field_app.views.person.program import Event, PersonPage, init, update
from field_app.views.person.render import render
from field_app.views.program import Program

PERSON: Program[PersonPage, Event] = Program("person", init, update, render)
SCREEN: Screen = program_screen(PERSON, "person_id")
