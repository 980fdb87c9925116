"""Messages of access commands and cases, as coordinators and administrators send them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from field_app.domain.clock import Instant

REASON_LETTERS_MAX = 1000


class Command(BaseModel):
    """A command says exactly what it means: an unknown member is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class MakeCode(Command):
    """Make a one-time code for a worker."""

    worker: str


class CodeMade(Command):
    """A code as text; the QR picture is made of this text."""

    code: str
    expires_at: Instant


class AddTeam(Command):
    """Add a team."""

    name: str


class AddWorker(Command):
    """Add a worker."""

    name: str
    role: str
    teams: tuple[str, ...] = ()


class Membership(Command):
    """A worker joins or leaves a team."""

    worker: str
    team: str


class ChangeRole(Command):
    """A worker gets another role."""

    worker: str
    role: str


class SetActive(Command):
    """A worker leaves the organisation, or comes back."""

    worker: str
    active: bool


class MovePerson(Command):
    """A person moves to another team."""

    person: str
    team: str


class Acceptance(Command):
    """A case is accepted; a reason may be given."""

    reason: str = Field(default="", max_length=REASON_LETTERS_MAX)


class SettingAside(Command):
    """A case is set aside; why, its author will read."""

    reason: str = Field(min_length=1, max_length=REASON_LETTERS_MAX)
