"""Edit who the person is and how they are found; a person record and nothing of a matter."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.records import Person
from field_app.domain.text import clean_line
from field_app.locale import key
from field_app.views.boundary import Screen, keyed, part, program_screen
from field_app.views.kit.buttons import icon_button, quiet, secondary
from field_app.views.kit.fields import text_field
from field_app.views.kit.texts import subheading
from field_app.views.program import Program
from field_app.views.record_form.inputs import Inputs
from field_app.views.record_form.kinds import FormKind
from field_app.views.record_form.program import (
    Event,
    Form,
    Put,
    Reveal,
    Step,
    Submit,
    Toggle,
    begin,
    failed,
    update,
)
from field_app.views.record_form.render import form_render
from field_app.views.session import use_words
from field_app.views.theme import GAP_SMALL

OPEN = (
    "name",
    "phone",
    "phone_kind",
    "where_found",
    "own_worker",
    "languages",
    "interpreter",
    "reach_paused_until",
    "strengths",
    "client_group",
    "bank_access",
    "id_document",
)
GUARDED = (
    "safety",
    "surname",
    "birth_year",
    "postal_address",
    "children_in_household",
    "risks",
    "eviction_stage",
    "payment_default",
    "reach_pause_reason",
)
"""Not at a glance: asked below a button of their own."""

TYPED_ALIAS = "typed_alias"
"""A name being typed, not added yet: the draft keeps it as it keeps everything typed."""

KIND = FormKind(
    name="person",
    record=Person,
    fields=(*OPEN, *GUARDED, "aliases"),
    title=key("person.edit_title"),
    title_new=key("person.edit_title"),
    extras=(TYPED_ALIAS,),
)


def build(inputs: Inputs) -> list[ft.Control]:
    """The fields, those for the street first."""
    words, form = inputs.words, inputs.form
    shown: list[ft.Control] = [
        inputs.text("name"),
        _aliases(inputs),
        inputs.text("phone"),
        inputs.field("phone_kind"),
        inputs.text("where_found"),
        inputs.worker("own_worker"),
        inputs.field("languages"),
        inputs.yes_no("interpreter"),
        inputs.day("reach_paused_until", coming=True),
        inputs.text("strengths"),
        inputs.field("client_group"),
        inputs.field("bank_access"),
        inputs.field("id_document"),
    ]
    label = words.t("person.hide_guarded" if form.revealed else "person.show_guarded")
    icon = ft.Icons.VISIBILITY_OFF if form.revealed else ft.Icons.VISIBILITY
    shown.append(secondary(label, lambda: inputs.dispatch(Reveal()), icon))
    return [*shown, *_guarded(inputs)] if form.revealed else shown


def _guarded(inputs: Inputs) -> list[ft.Control]:
    return [
        subheading(inputs.words.t("person.guarded")),
        inputs.text("safety", lines=2),
        inputs.text("surname"),
        inputs.text("birth_year"),
        inputs.text("postal_address"),
        inputs.text("children_in_household"),
        inputs.text("risks"),
        inputs.field("eviction_stage"),
        inputs.yes_no("payment_default"),
        inputs.field("reach_pause_reason"),
    ]


def _aliases(inputs: Inputs) -> ft.Control:
    held = inputs.form.values.get("aliases")
    names = tuple(held) if isinstance(held, list) else ()
    typed = inputs.form.values.get(TYPED_ALIAS)

    def added(name: str) -> None:
        inputs.dispatch(Toggle("aliases", name, True))
        inputs.dispatch(Put(TYPED_ALIAS, ""))

    add = keyed(
        "aliases-add",
        alias_field,
        typed if isinstance(typed, str) else "",
        lambda text: inputs.dispatch(Put(TYPED_ALIAS, text)),
        added,
    )
    chips: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(ft.Text(name), expand=True),
                icon_button(
                    ft.Icons.CLOSE,
                    inputs.words.t("person.remove_alias", name=name),
                    _remover(inputs, name),
                ),
            ],
            key=name,
        )
        for name in names
    ]
    return ft.Column(
        [subheading(inputs.label("aliases")), *chips, add], spacing=GAP_SMALL, tight=True
    )


def _remover(inputs: Inputs, name: str) -> Callable[[], None]:
    return lambda: inputs.dispatch(Toggle("aliases", name, False))


@part
def alias_field(
    value: str, on_change: Callable[[str], None], on_add: Callable[[str], None]
) -> ft.Control:
    """A field for one more name, with its button."""
    words = use_words()
    typed = ft.use_ref(value)
    round_, set_round = ft.use_state(0)

    def add() -> None:
        name = clean_line(typed.current or "")
        typed.current = ""
        set_round(round_ + 1)
        if name:
            on_add(name)

    def keep(text: str) -> None:
        typed.current = text
        on_change(text)

    shown = "" if round_ else value
    field = keyed(
        f"alias-{round_}", text_field, words.t("person.new_alias"), shown, keep, on_submit=add
    )
    return ft.Row(
        [ft.Container(field, expand=True), quiet(words.t("person.add"), add, ft.Icons.ADD)]
    )


def with_typed_alias(form: Form, event: Event) -> Step:
    """A name that was typed and not added is meant all the same when the form is saved."""
    typed = form.values.get(TYPED_ALIAS)
    name = clean_line(typed) if isinstance(typed, str) else ""
    if isinstance(event, Submit) and name:
        form, _ = update(form, Toggle("aliases", name, True))
        form, _ = update(form, Put(TYPED_ALIAS, ""))
    return update(form, event)


def init(person_id: str) -> Step:
    """Open the person's own record."""
    return begin(KIND, person_id, person_id)


EDIT: Program[Form, Event] = Program(
    "person.edit",
    init,
    with_typed_alias,
    form_render(build, lambda form: f"/people/{form.person_id}"),
    failed,
)
SCREEN: Screen = program_screen(EDIT, "person_id")
