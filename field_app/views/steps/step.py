"""A navigation step: a referral, an application with its stages, an accompaniment."""

from __future__ import annotations

import flet as ft

from field_app.domain.deadlines import deadlines_of_step
from field_app.domain.records import DirectoryEntry, NavigationStep
from field_app.domain.vocabularies import VOCABULARIES, stages_of
from field_app.locale import Translator, key
from field_app.views.boundary import Screen, program_screen
from field_app.views.kit.chips import Choice
from field_app.views.kit.notice import banner
from field_app.views.person.entries import deadline_text
from field_app.views.program import Program
from field_app.views.record_form.inputs import Inputs
from field_app.views.record_form.kinds import FormFacts, FormKind, Values
from field_app.views.record_form.program import Event, Form, Step, begin, failed, target_of, update
from field_app.views.record_form.render import form_render
from field_app.views.theme import ATTENTION, CALM

PLACES_MAX = 12
"""More services than this are searched in the directory, not chosen from chips."""

_STAGE_DAYS = {
    "submitted": ("submitted_on", "complete_on"),
    "info_requested": ("info_requested_on", "info_due_on"),
    "granted": ("decision_on",),
    "refused": ("decision_on",),
    "lapsed": ("decision_on",),
    "review": ("decision_on",),
}
"""Which days each stage of an application asks; days asked before stay in sight."""
_ALL_DAYS = ("submitted_on", "complete_on", "info_requested_on", "info_due_on", "decision_on")

FIELDS = (
    "kind",
    "application",
    "stage",
    "status",
    "title",
    "where",
    "where_text",
    "owner",
    "due_on",
    *_ALL_DAYS,
    "urged_on",
    "outcome",
    "accompanied_by",
    "accompanied_on",
    "note",
)


def begin_with(facts: FormFacts) -> Values:
    """A new step is planned, and its author's own until said otherwise."""
    return {"status": "planned", "owner": facts.worker or None}


KIND = FormKind(
    name="navigation_step",
    record=NavigationStep,
    fields=FIELDS,
    title=key("step.title"),
    title_new=key("step.title_new"),
    required=("kind",),
    begin=begin_with,
    with_directory=True,
)


def build(inputs: Inputs) -> list[ft.Control]:
    """The fields of the step's kind."""
    kind = inputs.form.values.get("kind")
    shown = [*_deadlines(inputs), inputs.one("kind", VOCABULARIES["step_kind"].codes, folded=True)]
    if kind == "application":
        shown += _application(inputs)
    if kind == "accompaniment":
        shown += [inputs.workers("accompanied_by"), inputs.day("accompanied_on", coming=True)]
    shown += [
        inputs.text("title"),
        *_where(inputs),
        inputs.worker("owner"),
        inputs.day("due_on", coming=True),
        inputs.field("status"),
    ]
    if inputs.form.values.get("status") in ("done", "not_realised"):
        shown.append(inputs.text("outcome"))
    return [*shown, inputs.text("note")]


def _application(inputs: Inputs) -> list[ft.Control]:
    form = inputs.form
    assert form.facts is not None
    application, stage = form.values.get("application"), form.values.get("stage")
    offered = [one.code for one in VOCABULARIES["application"].offered_on(form.facts.today)]
    if isinstance(application, str) and application not in offered:
        offered.append(application)
    shown = [inputs.one("application", offered, folded=True)]
    shown.append(
        inputs.one("stage", stages_of(application if isinstance(application, str) else None))
    )
    asked = _STAGE_DAYS.get(stage, ()) if isinstance(stage, str) else ()
    days = [name for name in _ALL_DAYS if name in asked or form.values.get(name)]
    shown += [inputs.day(name, coming=name == "info_due_on") for name in days]
    if application == "basic_assistance":
        shown.append(inputs.day("urged_on"))
    return shown


def _where(inputs: Inputs) -> list[ft.Control]:
    assert inputs.form.facts is not None
    entries = [one for one in inputs.form.facts.entries if isinstance(one, DirectoryEntry)]
    known = sorted(
        (one for one in entries if one.name and not one.archived), key=lambda one: one.name or ""
    )
    chosen = inputs.form.values.get("where")
    offered = known[:PLACES_MAX] + [one for one in known[PLACES_MAX:] if one.id == chosen]
    places = [Choice(one.id, one.name or "") for one in offered]
    chips = [inputs.chips("where", places)] if places else []
    return [*chips, inputs.text("where_text")]


def _deadlines(inputs: Inputs) -> list[ft.Control]:
    target, _ = target_of(inputs.form)
    facts = inputs.form.facts
    if facts is None or not isinstance(target, NavigationStep):
        return []
    found = [one for one in deadlines_of_step(target) if one.kind != "due"]
    return [
        banner(
            _said(
                inputs.words, deadline_text(inputs.words, one, target), one.is_overdue(facts.today)
            ),
            ATTENTION if one.is_overdue(facts.today) else CALM,
            ft.Icons.SCHEDULE,
        )
        for one in found
    ]


def _said(words: Translator, text: str, late: bool) -> str:
    return f"{text} · {words.t('person.overdue')}" if late else text


def init(person_id: str, record_id: str) -> Step:
    """Open a step, or a new one."""
    return begin(KIND, person_id, record_id)


STEP: Program[Form, Event] = Program(
    "step", init, update, form_render(build, lambda form: f"/people/{form.person_id}"), failed
)
SCREEN: Screen = program_screen(STEP, "person_id", "record_id")
