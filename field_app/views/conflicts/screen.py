"""The conflict screens: the list, and settling one record."""

from __future__ import annotations

from field_app.views.boundary import Screen, program_screen
from field_app.views.conflicts import list_render, listing, render, settle
from field_app.views.program import Program
from field_app.views.routes import Detail

CONFLICTS: Program[listing.ConflictList, listing.Listed] = Program(
    "conflicts", listing.init, listing.update, list_render.render
)
SETTLE: Program[settle.Settling, settle.Event] = Program(
    "settle", settle.init, settle.update, render.render, settle.failed
)
SCREEN: Screen = program_screen(CONFLICTS)
SETTLE_SCREEN: Screen = program_screen(SETTLE, "record_id")
DETAILS = (Detail(":record_id", SETTLE_SCREEN),)
"""What opens from the list."""
