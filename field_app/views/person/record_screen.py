"""A record read by itself: written on while unsigned, corrected once it is signed."""

from __future__ import annotations

import flet as ft

from field_app.domain.declaration import Record
from field_app.domain.records import Encounter, HealthNote, Matter
from field_app.domain.signing import is_signed, signs_itself_at
from field_app.locale import Key, Translator, key
from field_app.store.saving import first_written
from field_app.views.boundary import Screen, program_screen
from field_app.views.kit.buttons import secondary
from field_app.views.kit.notice import banner
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.texts import body, small, subheading
from field_app.views.pane import Pane
from field_app.views.person.lines import Line, Lines
from field_app.views.person.reading import READ
from field_app.views.program import Dispatch, Program
from field_app.views.record_form.inputs import Inputs
from field_app.views.record_form.kinds import FormFacts, FormKind, Values
from field_app.views.record_form.labels import key_field, worker_name
from field_app.views.record_form.program import Event, Form, OpenPart, Step, begin, failed, update
from field_app.views.record_form.render import (
    form_body,
    form_render,
    form_title,
    nothing_here,
    use_leaving,
)
from field_app.views.rights import may_read_health
from field_app.views.session import Session, use_session
from field_app.views.theme import ATTENTION, CALM, GAP

CORRECTING, WRITING = "correcting", "writing"
_WRITTEN = {
    "encounter": ("note", "client_view", "worker_estimate"),
    "health_note": ("note",),
    "matter": ("reason",),
}
"""What is still written by hand while a record is not signed."""
_CORRECTION = ("correction_text", "correction_reason", "corrected_at", "corrected_by")


def completed(facts: FormFacts, changed: Values) -> Values:
    """A correction says when and by whom."""
    if "correction_text" not in changed and "correction_reason" not in changed:
        return changed
    return {**changed, "corrected_at": facts.now, "corrected_by": facts.worker}


def required_with(changed: Values) -> tuple[str, ...]:
    """A correction needs its text and its reason."""
    touched = {"correction_text", "correction_reason"} & set(changed)
    return ("correction_text", "correction_reason") if touched else ()


def kind_of(record: type[Record], title: Key) -> FormKind:
    """The form of a record that is mostly read."""
    name = record.record_type
    corrections = _CORRECTION if name in ("encounter", "health_note") else ()
    return FormKind(
        name=name,
        record=record,
        fields=(*_WRITTEN[name], *corrections),
        title=title,
        title_new=title,
        required_with=required_with,
        completed=completed,
    )


def signed_now(facts: FormFacts) -> bool:
    """Whether only corrections may follow."""
    view = facts.view
    record = view.record if view else None
    return (
        record is not None
        and view is not None
        and is_signed(record, facts.now, first_written(view))
    )


def build(inputs: Inputs) -> list[ft.Control]:
    """What stands, then what may be done with it."""
    form, facts = inputs.form, inputs.form.facts
    assert facts is not None
    assert facts.view is not None
    record = facts.view.record
    assert record is not None
    session = use_session()
    shown = [*_conflicts(facts, inputs.words, session), *_states(record, facts, inputs.words)]
    if isinstance(record, Matter) or signed_now(facts):
        shown += [*_lines(record, facts, inputs.words), *_correction(record, facts, inputs.words)]
        return [*shown, *_correcting(inputs, form)] if _correctable(record) else shown
    written = _WRITTEN[record.record_type]
    if isinstance(record, HealthNote) and form.part != WRITING and not form.changed:
        go_on = secondary(
            inputs.words.t("record.go_on"),
            lambda: inputs.dispatch(OpenPart(WRITING)),
            ft.Icons.EDIT,
        )
        return [*shown, *_lines(record, facts, inputs.words), go_on]
    asked = [inputs.text(name) for name in written]
    return [*shown, *asked, *_lines(record, facts, inputs.words, without=written)]


def _correctable(record: Record) -> bool:
    return isinstance(record, Encounter | HealthNote)


def _lines(
    record: Record, facts: FormFacts, words: Translator, without: tuple[str, ...] = ()
) -> list[ft.Control]:
    names = [name for name in READ[record.record_type] if name not in without]
    lines = Lines(words, facts.staff, facts.worker).of_record(record, names)
    if isinstance(record, HealthNote):
        return [_held(words, lines)]
    return [ft.Column([_line(line) for line in lines], spacing=GAP, tight=True)]


def _held(words: Translator, lines: tuple[Line, ...]) -> ft.Control:
    """A health note as a whole behind one hold: the nurse came here to read it."""
    label = words.record_type("health_note")
    return hold_to_reveal(
        label[:1].upper() + label[1:],
        lambda: "\n" + "\n".join(f"{line.label}: {line.text}" for line in lines),
    )


def _line(line: Line) -> ft.Control:
    if line.hidden:
        return hold_to_reveal(line.label, lambda: line.text)
    return ft.Column([small(line.label), body(line.text)], spacing=0, tight=True)


def _states(record: Record, facts: FormFacts, words: Translator) -> list[ft.Control]:
    assert facts.view is not None
    shown: list[ft.Control] = []
    if facts.view.only_here:
        shown.append(banner(words.t("person.only_here"), CALM, ft.Icons.SMARTPHONE))
    if not isinstance(record, Encounter | HealthNote):
        return shown
    if record.signed_at is not None:
        who = worker_name(words, facts.staff, record.signed_by, facts.worker)
        text = words.t("record.signed", who=who, when=words.datetime(record.signed_at))
        shown.append(banner(text, CALM, ft.Icons.TASK_ALT))
    elif signed_now(facts):
        shown.append(banner(words.t("record.signed_itself"), CALM, ft.Icons.TASK_ALT))
    else:
        at = signs_itself_at(record, first_written(facts.view))
        until = words.datetime(at) if at else ""
        shown.append(banner(words.t("record.unsigned", until=until), ATTENTION, ft.Icons.EDIT_NOTE))
    return shown


def _conflicts(facts: FormFacts, words: Translator, session: Session) -> list[ft.Control]:
    view = facts.view
    if view is None or not view.conflicts:
        return []
    labels = dict.fromkeys(key_field(words, view.type, one) for one in view.conflicts)
    path = f"/conflicts/{view.id}"
    settle = (words.t("person.settle"), lambda: session.go(path))
    text = words.t("person.conflict", what=", ".join(labels))
    return [banner(text, ATTENTION, ft.Icons.CALL_SPLIT, settle)]


def _correction(record: Record, facts: FormFacts, words: Translator) -> list[ft.Control]:
    if not isinstance(record, Encounter | HealthNote) or record.correction_text is None:
        return []
    lines = Lines(words, facts.staff, facts.worker).of_record(record, _CORRECTION)
    return [subheading(words.t("record.correction")), *(_line(line) for line in lines)]


def _correcting(inputs: Inputs, form: Form) -> list[ft.Control]:
    words = inputs.words
    if form.part != CORRECTING and not form.changed:
        correct = lambda: inputs.dispatch(OpenPart(CORRECTING))  # noqa: E731 (one short answer)
        return [secondary(words.t("record.correct"), correct, ft.Icons.EDIT_OUTLINED)]
    return [
        subheading(words.t("record.correct")),
        body(words.t("record.original_stays")),
        inputs.text("correction_text"),
        inputs.text("correction_reason", lines=2),
    ]


_PATH = "/people/{}"
_SIGNING = form_render(build, lambda form: _PATH.format(form.person_id), signs=True)
_SAVING = form_render(build, lambda form: _PATH.format(form.person_id))


def render(form: Form, dispatch: Dispatch, words: Translator) -> Pane:
    """An unsigned record ends with *Valmis*; a signed one is read, and corrected."""
    facts = form.facts
    if facts is None:
        return _SAVING(form, dispatch, words)
    if form.kind.record is HealthNote and not may_read_health(facts.role):
        use_leaving(form, _PATH.format(form.person_id), words)
        return Pane(form_title(form, words), nothing_here(words))
    if form.kind.record is Matter or (
        signed_now(facts) and form.part != CORRECTING and not form.changed
    ):
        use_leaving(form, _PATH.format(form.person_id), words)
        return Pane(form_title(form, words), form_body(Inputs(form, dispatch, words), build))
    return (_SAVING if signed_now(facts) else _SIGNING)(form, dispatch, words)


def _screen(kind: FormKind) -> Screen:
    def init(person_id: str, record_id: str) -> Step:
        return begin(kind, person_id, record_id)

    program: Program[Form, Event] = Program(f"record.{kind.name}", init, update, render, failed)
    return program_screen(program, "person_id", "record_id")


ENCOUNTER = _screen(kind_of(Encounter, key("record.encounter")))
HEALTH_NOTE = _screen(kind_of(HealthNote, key("record.health_note")))
MATTER = _screen(kind_of(Matter, key("record.matter")))
