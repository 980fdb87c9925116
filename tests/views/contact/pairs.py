"""Both halves of a pair with one person between them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.views.phones import NURSE, SOCIAL, PairServer, Phone, add_person, phone

SAVE_S_MAX = 0.05
Run = Callable[[Coroutine[Any, Any, None]], None]


def pair(root: Path) -> tuple[Phone, Phone, str]:
    """Both phones, and a person both know."""
    server = PairServer()
    social, nurse = phone(root, SOCIAL, server), phone(root, NURSE, server)
    person_id = add_person(social, "Punapipo")
    social.sync()
    nurse.sync()
    return social, nurse, person_id
