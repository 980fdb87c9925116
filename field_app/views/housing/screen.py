"""Change the housing situation; what held before becomes a period of the housing history."""

from __future__ import annotations

import flet as ft

from field_app.domain.declaration import Record
from field_app.domain.errors import HousingOrderUnknown
from field_app.domain.housing import HousingValue, history, settle
from field_app.domain.records import HousingPeriod, Person
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Translator, key
from field_app.store.editing import Edit, edit_towards
from field_app.store.record_view import RecordView
from field_app.sync.changes import person_scope
from field_app.views.boundary import Screen, program_screen
from field_app.views.kit.buttons import secondary
from field_app.views.kit.chips import Choice, many_of, one_of
from field_app.views.kit.lists import section_header
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, small
from field_app.views.program import Program
from field_app.views.record_form.inputs import Inputs
from field_app.views.record_form.kinds import FormFacts, FormKind, Values
from field_app.views.record_form.labels import code_label
from field_app.views.record_form.program import (
    Choose,
    Event,
    Form,
    Reveal,
    Step,
    Toggle,
    begin,
    failed,
    update,
)
from field_app.views.record_form.render import form_render
from field_app.views.session import use_session
from field_app.views.theme import ATTENTION, GAP

TRIGGER, BACKGROUND = "ended_trigger", "ended_background"
"""Why the former situation ended: kept with the draft, saved with the period."""


def former(view: RecordView | None) -> HousingValue | None:
    """The situation that holds until now, if one is known and nobody contradicts it."""
    person = view.record if view else None
    if view is None or not isinstance(person, Person) or person.housing_situation is None:
        return None
    winner = view.heads["housing"][0]
    return HousingValue(person.housing_situation, person.housing_since, winner.write_id)


def period_edits(facts: FormFacts, target: Record, values: Values) -> list[Edit]:
    """The former situation as a housing period; none when the situation stays the same.

    Raises:
        HousingOrderUnknown: the new situation does not begin after the former one.
    """
    assert isinstance(target, Person)
    before = former(facts.view)
    if before is None or target.housing_situation in (None, before.situation):
        return []
    now = HousingValue(target.housing_situation or "", target.housing_since, "")
    settled = settle(target.id, (before, now))
    if settled.current is not now:
        raise HousingOrderUnknown("the new situation begins before the former one")
    background = values.get(BACKGROUND)
    return [
        edit_towards(
            period.model_copy(
                update={
                    "cause_trigger": values.get(TRIGGER),
                    "cause_background": frozenset(
                        background if isinstance(background, list) else ()
                    ),
                }
            ),
            person_scope(target.id),
            None,
        )
        for period in settled.periods
    ]


def in_conflict(facts: FormFacts) -> bool:
    """Whether two situations stand beside each other, to be settled first."""
    return facts.view is not None and "housing" in facts.view.conflicts


KIND = FormKind(
    name="housing",
    record=Person,
    fields=("housing_situation", "housing_since"),
    title=key("housing.title"),
    title_new=key("housing.title"),
    required=("housing_situation", "housing_since"),
    more=period_edits,
    extras=(TRIGGER, BACKGROUND),
    can_be_changed=lambda facts: not in_conflict(facts),
)


def build(inputs: Inputs) -> list[ft.Control]:
    """The situation, since when, why the former one ended; what was before."""
    facts = inputs.form.facts
    assert facts is not None
    conflict = _conflict(inputs, facts)
    if conflict:
        # Saying one of two situations here would settle it without asking when each began.
        return [*conflict, *_history(facts, inputs.words)]
    shown: list[ft.Control] = [
        inputs.field("housing_situation"),
        inputs.day("housing_since", label=inputs.words.t("housing.since_when")),
    ]
    before = former(facts.view)
    if before is not None and inputs.form.values.get("housing_situation") != before.situation:
        shown += _causes(inputs, before)
    return [*shown, *_history(facts, inputs.words)]


def _conflict(inputs: Inputs, facts: FormFacts) -> list[ft.Control]:
    if not in_conflict(facts):
        return []
    assert facts.view is not None
    session, path = use_session(), f"/conflicts/{facts.view.id}"
    settle_it = (inputs.words.t("person.settle"), lambda: session.go(path))
    return [banner(inputs.words.t("housing.conflict"), ATTENTION, ft.Icons.CALL_SPLIT, settle_it)]


def _causes(inputs: Inputs, before: HousingValue) -> list[ft.Control]:
    words, form = inputs.words, inputs.form
    situation = code_label(words, "housing_situation", before.situation)
    said = body(words.t("housing.becomes_history", situation=situation))
    label = words.t("housing.hide_causes" if form.revealed else "housing.show_causes")
    shown: list[ft.Control] = [said, secondary(label, lambda: inputs.dispatch(Reveal()))]
    if not form.revealed:
        return shown
    trigger, background = form.values.get(TRIGGER), form.values.get(BACKGROUND)
    return [
        *shown,
        one_of(
            words.field("housing_period", "cause_trigger"),
            _choices(words, "cause_trigger"),
            trigger if isinstance(trigger, str) else None,
            lambda code: inputs.dispatch(Choose(TRIGGER, code)),
        ),
        many_of(
            words.field("housing_period", "cause_background"),
            _choices(words, "cause_background"),
            frozenset(background if isinstance(background, list) else ()),
            lambda code, on: inputs.dispatch(Toggle(BACKGROUND, code, on)),
        ),
    ]


def _choices(words: Translator, vocabulary: str) -> list[Choice]:
    codes = VOCABULARIES[vocabulary].codes
    return [Choice(code, words.vocabulary(vocabulary, code)) for code in codes]


def _history(facts: FormFacts, words: Translator) -> list[ft.Control]:
    periods = history(facts.case.housing_periods)
    if not periods:
        return []
    return [section_header(words.t("housing.history")), *(_period(one, words) for one in periods)]


def _period(period: HousingPeriod, words: Translator) -> ft.Control:
    days = [words.date(one) if one else "" for one in (period.started_on, period.ended_on)]
    said = code_label(words, "housing_situation", period.situation) if period.situation else "–"
    return ft.Container(
        ft.Column([small(" – ".join(days)), body(said)], spacing=0, tight=True),
        padding=ft.Padding.symmetric(horizontal=GAP),
        key=period.id,
    )


def init(person_id: str) -> Step:
    """Open the person's housing situation."""
    return begin(KIND, person_id, person_id)


HOUSING: Program[Form, Event] = Program(
    "housing", init, update, form_render(build, lambda form: f"/people/{form.person_id}"), failed
)
SCREEN: Screen = program_screen(HOUSING, "person_id")
