"""The contact's screens: the form, and the short way to it.

Other screens lead here by `paths.new_contact`, `paths.own_part_of` and `paths.resumed`.
"""

from __future__ import annotations

import flet as ft

from field_app.views.boundary import program_screen, screen
from field_app.views.contact.paths import CONTACT as CONTACT_PATH
from field_app.views.contact.paths import new_contact
from field_app.views.contact.render import CONTACT
from field_app.views.pane import Pane
from field_app.views.session import use_session, use_words

FORM = program_screen(CONTACT, "draft_id")
"""`/contact/:draft_id`: a draft's id, or one of the paths that begin something new."""


@screen()
def DOORWAY() -> Pane:  # noqa: N802 - a screen is a constant, as those of programs are
    """`/contact` itself leads straight into a new contact: one tap, and one can write."""
    session, words = use_session(), use_words()
    location = session.page.route

    def go_on() -> None:
        # The form's own view stands upon this one: only who is really here is led on.
        if location.rstrip("/") == CONTACT_PATH:
            session.go(new_contact())

    ft.use_effect(go_on, [location], lambda: None)
    return Pane(words.t("contact.title"), ft.ProgressRing())
