"""What a worker has typed and chosen so far: exactly this is in the draft, nothing is lost.

Values are kept as they were typed, right or wrong; `checks` says what is wrong at a save.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from field_app.domain.clock import Day, Instant, local_day
from field_app.views.contact.kinds import HOME, STREET, Kind


@dataclass(frozen=True)
class Who:
    """Whom the contact is with: somebody known, or somebody new under a nickname."""

    person_id: str
    name: str = field(repr=False)
    is_new: bool = False


@dataclass(frozen=True)
class Ids:
    """Ids drawn when the form was opened: a save tried twice writes the same records."""

    encounter: str
    occasion: str
    person: str
    matter: str
    health_note: str
    anonymous: str


@dataclass(frozen=True)
class Form:
    """One contact being written; every field as the screen holds it."""

    ids: Ids
    at: Instant
    kind: Kind = STREET
    who: Who | None = None
    who_typed: str = field(default="", repr=False)
    team: str | None = None
    """For a new person: which of the author's teams."""
    day: Day = ""
    time_typed: str = field(default="", repr=False)
    """The time of day as typed, "12.15"; empty keeps `at`."""
    channel: str = "in_person"
    place: str | None = None
    place_text: str = field(default="", repr=False)
    outcome: str = "reached"
    failed_outcome: str = "not_reached"
    call_channel: str = "phone"
    partners: frozenset[str] = frozenset()
    topics: frozenset[str] = field(default=frozenset(), repr=False)
    methods: frozenset[str] = field(default=frozenset(), repr=False)
    note: str = field(default="", repr=False)
    client_view: str = field(default="", repr=False)
    worker_estimate: str = field(default="", repr=False)
    next_text: str = field(default="", repr=False)
    next_on: Day | None = field(default=None, repr=False)
    """A day, or "none" for the answer "ei jatkoa"."""
    next_owner: str | None = None
    places_tried: str = field(default="", repr=False)
    next_try_on: Day | None = field(default=None, repr=False)
    check_out_at: Instant | None = field(default=None, repr=False)
    agreed: bool | None = None
    present: frozenset[str] = field(default=frozenset(), repr=False)
    children: bool | None = field(default=None, repr=False)
    people_count: int = 1
    area: str = field(default="", repr=False)
    aid: frozenset[str] = field(default=frozenset(), repr=False)
    condition: str | None = field(default=None, repr=False)
    observations: frozenset[str] = field(default=frozenset(), repr=False)
    systolic: str = field(default="", repr=False)
    diastolic: str = field(default="", repr=False)
    temperature: str = field(default="", repr=False)
    glucose: str = field(default="", repr=False)
    spo2: str = field(default="", repr=False)
    health_text: str = field(default="", repr=False)
    done: str | None = field(default=None, repr=False)
    recheck_on: Day | None = field(default=None, repr=False)

    def to_plain(self) -> dict[str, Any]:
        """Plain JSON for the draft; what is empty is left out."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Form:
        """Read what `to_plain` wrote; fields of another version are left out."""
        known = {item.name: item for item in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = frozenset(value)
        values["ids"] = Ids(**values["ids"])
        if values.get("who"):
            values["who"] = Who(**values["who"])
        return cls(**values)

    @property
    def is_ongoing_visit(self) -> bool:
        """Whether it is a home visit somebody has promised to come out of."""
        return self.kind == HOME and self.check_out_at is not None


SETS = frozenset({"partners", "topics", "methods", "present", "aid", "observations"})
"""Fields that hold chosen codes or ids."""


def blank_form(ids: Ids, now: Instant, kind: Kind = STREET) -> Form:
    """A form nobody has touched."""
    return Form(ids, now, kind, day=local_day(now))


def toggled(form: Form, name: str, code: str, on: bool) -> Form:
    """The form with one code of a set ticked or unticked."""
    chosen: frozenset[str] = getattr(form, name)
    changed: Any = chosen | {code} if on else chosen - {code}
    return replace(form, **{name: changed})


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Who | Ids):
        return {item.name: getattr(value, item.name) for item in fields(value)}
    return value
