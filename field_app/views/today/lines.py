"""Today's lines: from the domain's order of the day to what each row says. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from field_app.domain.clock import Day, local_day
from field_app.domain.deadlines import Deadline
from field_app.domain.display import list_names
from field_app.domain.next_step import NextStep
from field_app.domain.summary import PersonSummary
from field_app.domain.today import TodayItem, today_list
from field_app.domain.vocabularies import VOCABULARIES
from field_app.store.case_list import ListedPerson
from field_app.views.today.model import Addition, DraftLine, Model


@dataclass(frozen=True)
class Line:
    """One row: whom it is about, and the facts its words are made of."""

    section: str
    item: TodayItem = field(repr=False)
    name: str | None = field(default=None, repr=False)
    summary: PersonSummary | None = field(default=None, repr=False)
    step: NextStep | None = field(default=None, repr=False)
    deadline: Deadline | None = field(default=None, repr=False)
    """What has passed, when it is no step that says itself what it is."""
    conflicts: int = 0
    only_here: bool = False
    draft: DraftLine | None = None
    addition: Addition | None = None

    @property
    def key(self) -> str:
        """What the row is known by among the others."""
        item = self.item
        return f"{self.section}-{item.draft_id or item.record_id or item.person_id or ''}"


def today_of(model: Model) -> Day:
    """The day shown."""
    return local_day(model.facts.now) if model.facts else ""


def lines_of(model: Model) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """(section, its lines) in the order of the work; empty sections are left out."""
    facts = model.facts
    if facts is None:
        return ()
    people = {one.person_id: one for one in facts.people}
    names = list_names(one.summary for one in facts.people)
    drafts = {one.facts.draft_id: one for one in facts.drafts}
    additions = {one.facts.record_id: one for one in model.additions}
    items = today_list(
        [one.summary for one in facts.people],
        facts.now,
        drafts=[one.facts for one in facts.drafts],
        additions=[one.facts for one in model.additions],
        only_here=facts.only_here,
        worker=facts.worker,
    )
    lines = [_line(item, people, names, drafts, additions, local_day(facts.now)) for item in items]
    return tuple(
        (section, of_section)
        for section in VOCABULARIES["today_section"].codes
        if (of_section := tuple(line for line in lines if line.section == section))
    )


def _line(
    item: TodayItem,
    people: Mapping[str, ListedPerson],
    names: Mapping[str, str | None],
    drafts: Mapping[str, DraftLine],
    additions: Mapping[str, Addition],
    today: Day,
) -> Line:
    listed = people.get(item.person_id or "")
    step, deadline = _step(item, listed, today)
    draft = drafts.get(item.draft_id or "")
    name = names.get(item.person_id or "") or (draft.name if draft else None)
    return Line(
        section=item.section,
        item=item,
        name=name,
        summary=listed.summary if listed else None,
        step=step,
        deadline=deadline,
        conflicts=len(listed.conflicted) if listed else 0,
        only_here=listed.only_here if listed else False,
        draft=draft,
        addition=additions.get(item.record_id or ""),
    )


def _step(
    item: TodayItem, listed: ListedPerson | None, today: Day
) -> tuple[NextStep | None, Deadline | None]:
    """The step that brings the person here, or the deadline; the next step for other reasons."""
    if listed is None:
        return None, None
    summary = listed.summary
    if item.section == "overdue":
        passed = summary.overdue(today)[0]
        known = next((one for one in summary.steps if one.record_id == passed.record_id), None)
        return (replace(known, on=passed.on), None) if known else (None, passed)
    on_day = [step for step in summary.steps if step.on == item.on and item.on is not None]
    return (on_day[0] if on_day else summary.next_step(today)), None
