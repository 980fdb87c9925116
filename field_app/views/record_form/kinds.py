"""What a form of one record is: which fields it asks, and what it begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from field_app.domain.case_file import CaseFile
from field_app.domain.clock import Day, Instant, local_day
from field_app.domain.declaration import Record
from field_app.locale import Key
from field_app.store.drafts import Draft
from field_app.store.editing import Edit
from field_app.store.record_view import RecordView
from field_app.sync.protocol import Staff

Value = str | bool | None | list[str] | dict[str, str]
"""A field as a form holds it: what was typed or chosen, plain JSON."""
Values = Mapping[str, Value]

NEW = "new"
"""In a path, the id of a record that is not there yet."""


@dataclass(frozen=True)
class FormFacts:
    """What a form knows when it opens, and keeps until it is left."""

    draft: Draft = field(repr=False)
    record_id: str
    is_new: bool
    now: Instant
    worker: str
    """Whoever fills it in."""
    role: str
    view: RecordView | None = field(default=None, repr=False)
    """The record as it stood when the form opened; None for a new one."""
    case: CaseFile = field(default_factory=CaseFile, repr=False)
    """Everything of the same person; empty for a directory entry."""
    entries: tuple[Record, ...] = field(default=(), repr=False)
    """The directory's entries, for forms that refer to one."""
    staff: Staff = field(default_factory=lambda: Staff(version=0))
    teams: frozenset[str] = frozenset()
    """The teams the person belongs to."""

    @property
    def today(self) -> Day:
        """The day the form was opened, where the work is done."""
        return local_day(self.now)


MoreEdits = Callable[[FormFacts, Record, Values], list[Edit]]


def _nothing_more(_facts: FormFacts, _target: Record, _values: Values) -> list[Edit]:
    return []


def _nothing_required(_changed: Values) -> tuple[str, ...]:
    return ()


def _as_they_are(_facts: FormFacts, changed: Values) -> Values:
    return changed


def _always(_facts: FormFacts) -> bool:
    return True


def _no_beginning(_facts: FormFacts) -> Values:
    return {}


@dataclass(frozen=True)
class FormKind:
    """One kind of form.

    `name` is the draft's form; `fields` are those it asks, in no particular order;
    `required_with` names fields that some changes ask for (a correction its reason). `begin` gives
    what a new record starts with, `completed` may add to what was changed before it is saved
    (a decision's day), `more` makes edits of other records that belong to the same save.
    `extras` are answers that the draft keeps and only `more` reads. `can_be_changed` is false
    where something has to be settled elsewhere first: then there is nothing to save.
    """

    name: str
    record: type[Record]
    fields: tuple[str, ...]
    title: Key
    title_new: Key
    required: tuple[str, ...] = ()
    required_with: Callable[[Values], tuple[str, ...]] = _nothing_required
    begin: Callable[[FormFacts], Values] = _no_beginning
    completed: Callable[[FormFacts, Values], Values] = _as_they_are
    more: MoreEdits = _nothing_more
    with_directory: bool = False
    of_person: bool = True
    """Whether the record is a person's; otherwise it is the directory's."""
    extras: tuple[str, ...] = ()
    can_be_changed: Callable[[FormFacts], bool] = _always
