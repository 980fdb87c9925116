"""Today's screen, for the table of sections."""

from __future__ import annotations

from field_app.views.boundary import program_screen
from field_app.views.today.render import TODAY

SCREEN = program_screen(TODAY)
