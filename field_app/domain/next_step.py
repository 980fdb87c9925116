"""The next step: what was agreed, by when, and whose it is.

Always set is the aim (proaktiivinen työ); "ei jatkoa" is an answer. The step comes from the last
meeting that answered the question, the next try after a failed attempt, open tasks, and open
steps of service navigation.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from field_app.domain.case_file import CaseFile
from field_app.domain.clock import Day
from field_app.domain.deadlines import deadlines_of_step, is_open_step, is_open_task
from field_app.domain.records import Encounter
from field_app.domain.vocabularies import VOCABULARIES


@dataclass(frozen=True, slots=True)
class NextStep:
    """One agreed step. `source` is a code of `step_source`; `record_id` says where it stands."""

    source: str
    record_id: str
    text: str | None = field(default=None, repr=False)
    """In the author's words; None when a label says it (an application, a next try)."""
    label: str | None = field(default=None, repr=False)
    """A catalogue key when there is no text, e.g. `application.deposit`."""
    on: Day | None = field(default=None, repr=False)
    owner: str | None = None


def open_steps(case: CaseFile) -> tuple[NextStep, ...]:
    """Every step still open, dated ones first and the earliest of them first."""
    found = [*_from_meetings(case), *_from_tasks(case), *_from_navigation(case)]
    return tuple(sorted(found, key=_order))


def next_step(steps: tuple[NextStep, ...], today: Day) -> NextStep | None:
    """The one to show: the earliest from today on, else the latest missed, else an undated one."""
    coming = [step for step in steps if step.on is not None and step.on >= today]
    if coming:
        return coming[0]
    missed = [step for step in steps if step.on is not None]
    if missed:
        return missed[-1]
    return steps[0] if steps else None


def nothing_further(case: CaseFile) -> bool:
    """Whether the last meeting that answered the question said "ei jatkoa"."""
    answered = _last_answer(case)
    return answered is not None and answered.next_step_none is True


def _last_answer(case: CaseFile) -> Encounter | None:
    for encounter in reversed(case.encounters):
        if encounter.next_step_none or encounter.next_step_text or encounter.next_step_on:
            return encounter
    return None


def _from_meetings(case: CaseFile) -> list[NextStep]:
    found = []
    agreed = _last_answer(case)
    if agreed is not None and not agreed.next_step_none:
        found.append(
            NextStep(
                "encounter",
                agreed.id,
                text=agreed.next_step_text,
                on=agreed.next_step_on,
                owner=agreed.next_step_owner,
            )
        )
    latest = case.encounters[-1] if case.encounters else None
    if latest is not None and latest.next_try_on is not None:
        found.append(
            NextStep(
                "next_try",
                latest.id,
                label=VOCABULARIES["step_source"].label("next_try"),
                on=latest.next_try_on,
            )
        )
    return found


def _from_tasks(case: CaseFile) -> list[NextStep]:
    return [
        NextStep("task", task.id, text=task.title, on=task.due_on, owner=task.owner)
        for task in case.tasks
        if is_open_task(task)
    ]


def _from_navigation(case: CaseFile) -> list[NextStep]:
    found = []
    for step in case.steps:
        if not is_open_step(step):
            continue
        deadlines = deadlines_of_step(step)
        found.append(
            NextStep(
                "navigation_step",
                step.id,
                text=step.title,
                label=_label(step.application, step.kind),
                on=deadlines[0].on if deadlines else None,
                owner=step.owner,
            )
        )
    return found


def _label(application: str | None, kind: str | None) -> str | None:
    if application is not None:
        return VOCABULARIES["application"].label(application)
    return VOCABULARIES["step_kind"].label(kind) if kind is not None else None


def _order(step: NextStep) -> tuple[bool, Day, str, str]:
    return (step.on is None, step.on or "", step.source, step.record_id)


def was_missed(step: NextStep, today: Day) -> bool:
    """Whether the step's day has passed."""
    return step.on is not None and step.on < today
