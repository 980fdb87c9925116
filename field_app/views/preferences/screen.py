"""Settings, as a screen."""

from __future__ import annotations

from field_app.views.boundary import Screen, program_screen
from field_app.views.preferences.program import Event, Model, failed, init, update
from field_app.views.preferences.render import render
from field_app.views.program import Program

PREFERENCES: Program[Model, Event] = Program("preferences", init, update, render, failed)
SCREEN: Screen = program_screen(PREFERENCES)
