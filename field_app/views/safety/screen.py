"""Sync and safety, as a screen."""

from __future__ import annotations

from field_app.views.boundary import Screen, program_screen
from field_app.views.program import Program
from field_app.views.safety.program import Event, Model, init, update
from field_app.views.safety.render import render

SAFETY: Program[Model, Event] = Program("safety", init, update, render)
SCREEN: Screen = program_screen(SAFETY)
