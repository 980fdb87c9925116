"""One service of the directory: read it, correct it, say that it was checked today."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from field_app.domain.records import DirectoryEntry
from field_app.locale import Translator, key
from field_app.views.boundary import Screen, program_screen
from field_app.views.directory.program import verification
from field_app.views.kit.buttons import secondary
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, small, subheading
from field_app.views.pane import Pane
from field_app.views.person.lines import Lines
from field_app.views.program import Dispatch, Program
from field_app.views.record_form.inputs import Inputs
from field_app.views.record_form.kinds import FormFacts, FormKind
from field_app.views.record_form.labels import worker_name
from field_app.views.record_form.program import (
    Event,
    Form,
    OpenPart,
    Put,
    Step,
    Submit,
    begin,
    failed,
    update,
)
from field_app.views.record_form.render import form_render
from field_app.views.theme import ATTENTION, GOOD

EDITING = "editing"
READ = (
    "services",
    "phone",
    "address",
    "municipality",
    "opening_hours",
    "walk_in",
    "website",
    "notes",
)
"""What people ask for, in the order they ask."""
ASKED = (
    "name",
    "services",
    "municipality",
    "address",
    "phone",
    "website",
    "opening_hours",
    "notes",
)
KIND = FormKind(
    name="directory_entry",
    record=DirectoryEntry,
    fields=(*ASKED, "walk_in", "archived", "verified_by", "verified_on"),
    title=key("directory.entry"),
    title_new=key("directory.add"),
    required=("name",),
    of_person=False,
)


def build(inputs: Inputs) -> list[ft.Control]:
    """The check first, then what people ask for: where, when, by what number."""
    facts = inputs.form.facts
    assert facts is not None
    if not facts.is_new and inputs.form.part != EDITING and not inputs.form.touched:
        return _read(inputs, facts)
    shown = [_checked(inputs, facts), *(inputs.field(name) for name in ASKED)]
    shown.insert(-1, inputs.yes_no("walk_in"))
    return shown if facts.is_new else [*shown, inputs.tick("archived")]


def _read(inputs: Inputs, facts: FormFacts) -> list[ft.Control]:
    entry = facts.view.record if facts.view else None
    assert isinstance(entry, DirectoryEntry)
    words = inputs.words
    lines = Lines(words, facts.staff, facts.worker).of_record(entry, READ, guarded=False)
    said = [ft.Column([small(one.label), body(one.text)], spacing=0, tight=True) for one in lines]
    edit = secondary(
        words.t("person.edit"), lambda: inputs.dispatch(OpenPart(EDITING)), ft.Icons.EDIT_OUTLINED
    )
    heading_ = subheading(entry.name or "–")
    return [heading_, *said, _checked(inputs, facts), edit]


def _checked(inputs: Inputs, facts: FormFacts) -> ft.Control:
    words, values = inputs.words, inputs.form.values
    on, by = values.get("verified_on"), values.get("verified_by")
    day = on if isinstance(on, str) else None
    state = verification(DirectoryEntry(id=facts.record_id, verified_on=day), facts.today)
    text = words.t("directory.never_verified")
    if day is not None:
        who = worker_name(words, facts.staff, by if isinstance(by, str) else None, facts.worker)
        text = words.t("directory.verified", day=words.date(day), who=who)
    note = banner(_with_state(words, text, state), GOOD if state == "verified" else ATTENTION)

    def checked() -> None:
        inputs.dispatch(Put("verified_on", facts.today))
        inputs.dispatch(Put("verified_by", facts.worker))
        if inputs.form.part != EDITING and not facts.is_new:
            inputs.dispatch(Submit())

    button = secondary(words.t("directory.checked_today"), checked, ft.Icons.VERIFIED_OUTLINED)
    return ft.Column([note, button], spacing=8, tight=True)


def _with_state(words: Translator, text: str, state: str) -> str:
    if state == "stale":
        return f"{text} {words.t('directory.stale')}"
    return text


def init(record_id: str) -> Step:
    """Open an entry, or a new one."""
    return begin(KIND, "", record_id)


_FORM = form_render(build, lambda _: "/directory")


def render(form: Form, dispatch: Dispatch, words: Translator) -> Pane:
    """Read first; the save button comes with the fields."""
    pane = _FORM(form, dispatch, words)
    reading = form.facts is not None and not form.facts.is_new and form.part != EDITING
    return replace(pane, footer=None) if reading and not form.touched else pane


ENTRY: Program[Form, Event] = Program("directory.entry", init, update, render, failed)
SCREEN: Screen = program_screen(ENTRY, "record_id")
