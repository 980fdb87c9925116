"""The people's list as a screen."""

from __future__ import annotations

from field_app.views.boundary import Screen, program_screen
from field_app.views.people.program import Event, People, init, update
from field_app.views.people.render import render
from field_app.views.program import Program

PEOPLE: Program[People, Event] = Program("people", init, update, render)
SCREEN: Screen = program_screen(PEOPLE)
