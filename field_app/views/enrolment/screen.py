"""Taking a device into use, as a screen."""

from __future__ import annotations

from field_app.views.boundary import Screen, program_screen
from field_app.views.enrolment.program import Event, Model, failed, init, update
from field_app.views.enrolment.render import render
from field_app.views.program import Program

ENROLMENT: Program[Model, Event] = Program("enrolment", init, update, render, failed)
SCREEN: Screen = program_screen(ENROLMENT)
