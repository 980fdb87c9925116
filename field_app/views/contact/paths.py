"""Paths of the contact screen: a new one, a draft taken up again, a part added to an encounter."""

from __future__ import annotations

from dataclasses import dataclass

from field_app.views.contact.kinds import KINDS, Kind

CONTACT = "/contact"
_NEW = "new"


@dataclass(frozen=True)
class Start:
    """What a path asks the form to begin with."""

    draft_id: str | None = None
    """A draft to take up again; None begins a new contact."""
    person_id: str | None = None
    encounter_id: str | None = None
    """The encounter to add the reader's own part to."""
    kind: Kind | None = None

    @property
    def back(self) -> str:
        """Where leaving leads."""
        return f"/people/{self.person_id}" if self.person_id else "/"


def new_contact(person_id: str | None = None, kind: Kind | None = None) -> str:
    """The path of a new contact, with a person or a kind chosen already."""
    chosen = [f"person-{person_id}"] if person_id else []
    chosen += [f"kind-{kind}"] if kind else []
    return "/".join((CONTACT, "-".join((_NEW, *chosen))))


def own_part_of(encounter_id: str) -> str:
    """The path that adds the reader's own part to an encounter, or goes on with it."""
    return f"{CONTACT}/{_NEW}-encounter-{encounter_id}"


def resumed(draft_id: str) -> str:
    """The path of a draft."""
    return f"{CONTACT}/{draft_id}"


def start_of(token: str) -> Start:
    """What the last piece of a path says."""
    pieces = token.split("-")
    if pieces[0] != _NEW:
        return Start(draft_id=token)
    said = dict(zip(pieces[1::2], pieces[2::2], strict=False))
    kind = next((kind for kind in KINDS if kind == said.get("kind")), None)
    return Start(None, said.get("person"), said.get("encounter"), kind)
