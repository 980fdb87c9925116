"""A task: a promise with an owner and a day, seen by both halves of the pair."""

from __future__ import annotations

import flet as ft

from field_app.domain.records import Task
from field_app.locale import key
from field_app.views.boundary import Screen, program_screen
from field_app.views.program import Program
from field_app.views.record_form.inputs import Inputs
from field_app.views.record_form.kinds import FormFacts, FormKind, Values
from field_app.views.record_form.program import Event, Form, Step, begin, failed, update
from field_app.views.record_form.render import form_render


def begin_with(facts: FormFacts) -> Values:
    """A new task is open, and its author's own until said otherwise."""
    return {"status": "open", "owner": facts.worker or None}


def completed(facts: FormFacts, changed: Values) -> Values:
    """A task that becomes done was done today; one that is open again was not."""
    if "status" not in changed:
        return changed
    return {**changed, "done_on": facts.today if changed["status"] == "done" else None}


KIND = FormKind(
    name="task",
    record=Task,
    fields=("title", "due_on", "owner", "status", "urgent", "done_on", "note"),
    title=key("task_page.title"),
    title_new=key("task_page.title_new"),
    required=("title",),
    begin=begin_with,
    completed=completed,
)


def build(inputs: Inputs) -> list[ft.Control]:
    """What, by when, who."""
    shown = [
        inputs.text("title"),
        inputs.day("due_on", coming=True),
        inputs.worker("owner"),
        inputs.tick("urgent"),
    ]
    facts = inputs.form.facts
    if facts is not None and not facts.is_new:
        shown.insert(0, inputs.field("status"))
    return [*shown, inputs.text("note")]


def init(person_id: str, record_id: str) -> Step:
    """Open a task, or a new one."""
    return begin(KIND, person_id, record_id)


TASK: Program[Form, Event] = Program(
    "task", init, update, form_render(build, lambda form: f"/people/{form.person_id}"), failed
)
SCREEN: Screen = program_screen(TASK, "person_id", "record_id")
