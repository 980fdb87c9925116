"""Kartoitus on screen: one part at a time, the previous beside the new, signed when ready."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.assessment_comparison import (
    AreaComparison,
    Half,
    compare,
    number_of,
    previous_of,
)
from field_app.domain.records import Assessment
from field_app.domain.signing import is_health_part_signed, is_signed
from field_app.locale import Translator, key
from field_app.store.saving import first_written
from field_app.views.assessment.comparison import area_row
from field_app.views.assessment.scale import area_scales
from field_app.views.boundary import Screen, keyed, program_screen
from field_app.views.kit.chips import Choice, one_of
from field_app.views.kit.fields import text_field
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, quiet, small
from field_app.views.pane import Pane
from field_app.views.program import Dispatch, Program
from field_app.views.record_form.inputs import Inputs
from field_app.views.record_form.kinds import FormFacts, FormKind, Values
from field_app.views.record_form.labels import code_label, worker_name
from field_app.views.record_form.program import (
    Event,
    Form,
    OpenPart,
    PutIn,
    Step,
    begin,
    failed,
    target_of,
    update,
)
from field_app.views.record_form.render import form_body, form_render, form_title, use_leaving
from field_app.views.rights import may_read_health
from field_app.views.theme import CALM

SOCIAL, HEALTH = "social", "health"
_SCORES = {
    SOCIAL: ("worker_score", "client_score", "need_note", "summary"),
    HEALTH: ("health_worker_score", "health_client_score", "health_need_note", "health_summary"),
}
"""Worker's and client's scores, notes and summary of each part."""


def begin_with(facts: FormFacts) -> Values:
    """A new kartoitus is of now, by its author, after the latest one before it."""
    before = facts.case.assessments
    return {
        "made_at": facts.now,
        "participants": [facts.worker] if facts.worker else [],
        "previous": before[-1].id if before else None,
    }


KIND = FormKind(
    name="assessment",
    record=Assessment,
    fields=(
        "made_at",
        "previous",
        "participants",
        "client_goals",
        *_SCORES[SOCIAL],
        *_SCORES[HEALTH],
    ),
    title=key("assessment_page.title"),
    title_new=key("assessment_page.title_new"),
    begin=begin_with,
)


def build(inputs: Inputs) -> list[ft.Control]:
    """The part that is open: asked while it may be written, shown once it is signed."""
    form, facts = inputs.form, inputs.form.facts
    assert facts is not None
    half: Half = "health" if _is_health(form, facts) else "social"
    shown = [*_parts(inputs, facts, half)]
    areas = _areas(form, facts, half)
    if part_signed(facts, half):
        return [*shown, *_signed(inputs, facts, areas, half)]
    if half == "social":
        shown.append(quiet(inputs.words.t("assessment_page.social_help")))
    asked = [_asked(inputs, area, half) for area in areas]
    goals = [inputs.text("client_goals")] if half == "social" else []
    return [*shown, *goals, *asked, inputs.text(_SCORES[half][3])]


def part_signed(facts: FormFacts, half: Half) -> bool:
    """Whether a part may no longer be written."""
    record = facts.view.record if facts.view else None
    if facts.view is None or not isinstance(record, Assessment):
        return False
    begun = first_written(facts.view)
    signed = is_health_part_signed if half == "health" else is_signed
    return signed(record, facts.now, begun)


def _is_health(form: Form, facts: FormFacts) -> bool:
    return form.part == HEALTH and may_read_health(facts.role)


def _parts(inputs: Inputs, facts: FormFacts, half: Half) -> list[ft.Control]:
    if not may_read_health(facts.role):
        return []
    words = inputs.words
    parts = [
        Choice(SOCIAL, words.vocabulary("half", SOCIAL), ft.Icons.PEOPLE_OUTLINE),
        Choice(HEALTH, words.vocabulary("half", HEALTH), ft.Icons.MEDICAL_SERVICES_OUTLINED),
    ]
    return [one_of("", parts, half, lambda part: inputs.dispatch(OpenPart(part)))]


def _areas(form: Form, facts: FormFacts, half: Half) -> tuple[AreaComparison, ...]:
    target, _ = target_of(form)
    now = target if isinstance(target, Assessment) else Assessment(id=facts.record_id)
    return compare(previous_of(now, facts.case.assessments), now, half)


def _asked(inputs: Inputs, area: AreaComparison, half: Half) -> ft.Control:
    words = inputs.words
    worker, client, note, _ = _SCORES[half]
    notes = inputs.form.values.get(note)
    label = code_label(words, f"need_{half}", area.area)
    title = label[:1].upper() + label[1:]
    draft = inputs.form.facts.draft.id if inputs.form.facts else ""
    about = keyed(
        f"{draft}-{note}-{area.area}",
        text_field,
        words.field("assessment", "need_note"),
        notes.get(area.area, "") if isinstance(notes, dict) else "",
        _note_putter(inputs, note, area.area),
    )
    return area_scales(
        words,
        area,
        title,
        _scorer(inputs, worker, area.area, area.worker_now),
        _scorer(inputs, client, area.area, area.client_now),
        about,
    )


def _scorer(inputs: Inputs, name: str, area: str, now: str | None) -> Callable[[str], None]:
    return lambda code: inputs.dispatch(PutIn(name, area, None if code == now else code))


def _note_putter(inputs: Inputs, name: str, area: str) -> Callable[[str], None]:
    return lambda text: inputs.dispatch(PutIn(name, area, text))


def _signed(
    inputs: Inputs, facts: FormFacts, areas: tuple[AreaComparison, ...], half: Half
) -> list[ft.Control]:
    record = facts.view.record if facts.view else None
    assert isinstance(record, Assessment)
    words = inputs.words
    by = record.health_signed_by if half == "health" else record.signed_by
    number = number_of(record, facts.case.assessments)
    when = words.date(record.made_at) if record.made_at else "–"
    told = words.t("assessment_page.number", number=number, day=when)
    if by is not None:
        name = worker_name(words, facts.staff, by, facts.worker)
        told = f"{told} {words.t('assessment_page.signed_by', who=name)}"
    shown: list[ft.Control] = [banner(told, CALM, ft.Icons.TASK_ALT)]
    texts = ("client_goals", "summary") if half == "social" else ("health_summary",)
    shown += [
        ft.Column([small(inputs.label(name)), body(text)], spacing=0, tight=True)
        for name in texts
        if (text := getattr(record, name))
    ]
    rows = [
        area_row(area, words, f"need_{half}")
        for area in areas
        if area.worker_now or area.client_now or area.worker_before or area.note_now
    ]
    return [*shown, ft.Column(list(rows), spacing=0, tight=True)]


_FORM = form_render(build, lambda form: f"/people/{form.person_id}", signs=True)


def render(form: Form, dispatch: Dispatch, words: Translator) -> Pane:
    """The form with its signing buttons; a part that is signed is read without them."""
    facts = form.facts
    if facts is not None and part_signed(facts, "health" if _is_health(form, facts) else "social"):
        use_leaving(form, f"/people/{form.person_id}", words)
        return Pane(form_title(form, words), form_body(Inputs(form, dispatch, words), build))
    return _FORM(form, dispatch, words)


def init(person_id: str, record_id: str) -> Step:
    """Open a kartoitus, or a new one."""
    return begin(KIND, person_id, record_id)


ASSESSMENT: Program[Form, Event] = Program("assessment", init, update, render, failed)
SCREEN: Screen = program_screen(ASSESSMENT, "person_id", "record_id")
