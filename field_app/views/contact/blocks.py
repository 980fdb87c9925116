"""The parts of the contact form, each for the kinds that ask it."""

from __future__ import annotations

import flet as ft

from field_app.domain.clock import day_plus, plus
from field_app.locale import Translator
from field_app.views.boundary import keyed
from field_app.views.contact import model as m
from field_app.views.contact.checks import time_of
from field_app.views.contact.form import Form
from field_app.views.contact.kinds import (
    CALL_CHANNELS,
    FAILED_OUTCOMES,
    HEALTH,
    HOME,
    MET_OUTCOMES,
    NOT_REACHED,
    PHONE,
)
from field_app.views.contact.labels import choices, problem_text
from field_app.views.contact.pieces import (
    Answering,
    Putting,
    Toggling,
    calm_date_choice,
    calm_text_field,
    counter,
    many_chips,
    one_chip,
    with_problem,
    yes_or_no,
)
from field_app.views.kit.buttons import quiet
from field_app.views.kit.chips import Choice
from field_app.views.kit.notice import banner
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.texts import body
from field_app.views.program import Dispatch
from field_app.views.theme import ATTENTION, CORNER, GAP, GAP_SMALL

CHECK_OUT_MINUTES = (30, 60, 90, 120)


class FormParts:
    """Makes the parts of one form: what is shown, and the event each of them sends."""

    def __init__(self, model: m.Model, form: Form, dispatch: Dispatch, words: Translator) -> None:
        """Draw this model."""
        assert model.around is not None
        assert model.draft is not None
        self.model, self.form, self.words = model, form, words
        self.around, self.draft_id = model.around, model.draft.id
        self._dispatch = dispatch

    # -- pieces --------------------------------------------------------------------------------

    def putter(self, name: str) -> Putting:
        """What a control calls with a field's new value."""
        return Putting(self._dispatch, name)

    def one(self, name: str, label: str, offered: tuple[Choice, ...]) -> ft.Control:
        """A field with one of some choices."""
        chosen = getattr(self.form, name)
        return one_chip(label, offered, chosen, self.putter(name))

    def many(self, name: str, label: str, offered: tuple[Choice, ...]) -> ft.Control:
        """A field with any number of some choices."""
        toggling = Toggling(self._dispatch, name)
        return many_chips(label, offered, getattr(self.form, name), toggling)

    def yes_no(self, name: str, label: str) -> ft.Control:
        """A question with two answers."""
        answering = Answering(self._dispatch, name)
        return yes_or_no(label, getattr(self.form, name), answering, self.words)

    def text(self, name: str, label: str, *, lines: int = 1, hint: str = "") -> ft.Control:
        """A text field of the form."""
        return keyed(
            f"{self.draft_id}-{name}",
            calm_text_field,
            label,
            getattr(self.form, name),
            self.putter(name),
            lines=lines,
            hint=hint,
            error=problem_text(self.model, name, self.words),
        )

    def chips(self, name: str, label: str, vocabulary: str) -> ft.Control:
        """A set of a vocabulary's codes."""
        return self.many(name, label, choices(vocabulary, self.words))

    def day(self, name: str, label: str, *, none_offered: bool = True) -> ft.Control:
        """A coming day."""
        choice = keyed(
            f"{self.draft_id}-{name}",
            calm_date_choice,
            label,
            self.around.today,
            getattr(self.form, name),
            self.putter(name),
            none_offered=none_offered,
        )
        return with_problem(choice, problem_text(self.model, name, self.words))

    # -- what is prefilled ---------------------------------------------------------------------

    def details(self) -> ft.Control:
        """Time, place and pair in one line; a tap opens them."""
        line = ft.Container(
            content=ft.Row(
                [
                    ft.Icon(ft.Icons.SCHEDULE, size=20, color=ft.Colors.ON_SURFACE_VARIANT),
                    ft.Text(self._summary(), expand=True),
                    quiet(
                        self.words.t("contact.fold" if self.model.details_open else "contact.edit"),
                        lambda: self._dispatch(m.Unfold("details")),
                    ),
                ],
                spacing=GAP_SMALL,
            ),
            padding=ft.Padding.only(left=GAP),
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=CORNER,
        )
        rows: list[ft.Control] = [line]
        if self.around.colleagues and (self.model.details_open or self.model.pair_asked):
            rows.append(self._pair())
        if self.model.details_open:
            rows += self._details_open()
        return ft.Column(rows, spacing=GAP, tight=True)

    def _pair(self) -> ft.Control:
        colleagues = tuple(Choice(each.worker, each.name) for each in self.around.colleagues)
        return self.many("partners", self.words.t("contact.with_whom"), colleagues)

    def _summary(self) -> str:
        words, form = self.words, self.form
        at = time_of(form) or form.at
        pieces = [f"{words.days_ago(at, self.around.today)} {words.time(at)}"]
        if form.kind == PHONE:
            pieces.append(words.vocabulary("channel", form.call_channel))
        elif form.kind not in (NOT_REACHED, HOME) and form.place:
            pieces.append(form.place_text or words.vocabulary("place", form.place))
        if form.kind not in (NOT_REACHED, HEALTH) and form.outcome != "reached":
            pieces.append(words.vocabulary("outcome", form.outcome))
        pieces += [each.name for each in self.around.colleagues if each.worker in form.partners]
        return " · ".join(pieces)

    def _details_open(self) -> list[ft.Control]:
        form, words = self.form, self.words
        rows: list[ft.Control] = []
        if form.kind == PHONE:
            channel = words.field("encounter", "channel")
            offered = choices("channel", words, CALL_CHANNELS)
            rows.append(self.one("call_channel", channel, offered))
        elif form.kind not in (NOT_REACHED, HOME):
            rows += self._place()
        if form.kind not in (NOT_REACHED, HEALTH, "anonymous"):
            offered = choices("outcome", words, MET_OUTCOMES)
            label = words.field("encounter", "outcome")
            rows.append(self.one("outcome", label, offered))
        rows.append(self._time())
        return rows

    def _place(self) -> list[ft.Control]:
        places = tuple(one for one in choices("place", self.words) if one.code != "home")
        label = self.words.field("encounter", "place")
        return [
            self.one("place", label, places),
            self.text("place_text", self.words.field("encounter", "place_text")),
        ]

    def _time(self) -> ft.Control:
        words, today = self.words, self.around.today
        near = (today, day_plus(today, -1))
        days = tuple(Choice(day, words.days_ago(day, today)) for day in near)
        at = time_of(self.form) or self.form.at
        typed = keyed(
            f"{self.draft_id}-time",
            calm_text_field,
            words.t("contact.time"),
            self.form.time_typed or words.time(at),
            self.putter("time_typed"),
            error=problem_text(self.model, "time_typed", words),
        )
        days_row = self.one("day", words.field("encounter", "at"), days)
        return ft.Column([days_row, typed], spacing=GAP_SMALL, tight=True)

    # -- the social part -----------------------------------------------------------------------

    def social(self) -> list[ft.Control]:
        """Topics, what was done, the text, the next step and its day."""
        words = self.words
        return [
            self.chips("topics", words.field("encounter", "topics"), "topic"),
            self.chips("methods", words.field("encounter", "methods"), "method"),
            self.text("note", words.field("encounter", "note"), lines=4),
            *self._views(),
            self._next_step(),
        ]

    def _views(self) -> list[ft.Control]:
        """The client's view apart from the worker's estimate; folded until wanted."""
        words = self.words
        if not self.model.views_open:
            label = words.t("contact.add_views")
            return [ft.Row([quiet(label, lambda: self._dispatch(m.Unfold("views")), ft.Icons.ADD)])]
        return [
            self.text("client_view", words.field("encounter", "client_view"), lines=2),
            self.text("worker_estimate", words.field("encounter", "worker_estimate"), lines=2),
        ]

    def _next_step(self) -> ft.Control:
        words, form = self.words, self.form
        rows: list[ft.Control] = [
            self.day("next_on", words.field("encounter", "next_step")),
        ]
        if form.next_on != "none":
            rows.append(self.text("next_text", words.field("encounter", "next_step_text")))
            owners = [Choice(self.around.worker, words.t("contact.me"))]
            owners += [
                Choice(each.worker, each.name)
                for each in self.around.colleagues
                if each.worker in form.partners
            ]
            if len(owners) > 1 and (form.next_on or form.next_text.strip()):
                chosen = form.next_owner or self.around.worker
                label = words.field("encounter", "next_step_owner")
                rows.append(one_chip(label, tuple(owners), chosen, self.putter("next_owner")))
        return ft.Column(rows, spacing=GAP, tight=True)

    # -- other kinds ---------------------------------------------------------------------------

    def not_reached(self) -> list[ft.Control]:
        """Places tried, and when to try again. Nothing is asked of bystanders."""
        words = self.words
        offered = choices("outcome", words, FAILED_OUTCOMES)
        return [
            self.one("failed_outcome", words.field("encounter", "outcome"), offered),
            self.text(
                "places_tried",
                words.field("encounter", "places_tried"),
                lines=2,
                hint=words.t("contact.places_hint"),
            ),
            self.day("next_try_on", words.field("encounter", "next_try_on")),
        ]

    def visit_first(self) -> list[ft.Control]:
        """Before the door: what is known of the person's safety, and when to be out again."""
        words, form = self.words, self.form
        outs = tuple(
            Choice(at, words.t("contact.out_by", time=words.time(at)))
            for at in (plus(form.at, minutes=each) for each in CHECK_OUT_MINUTES)
        )
        label = words.field("encounter", "check_out_at")
        return [*self._safety(), self.one("check_out_at", label, outs)]

    def _safety(self) -> list[ft.Control]:
        """Nothing before somebody is chosen: "no safety note" would be read as an all-clear."""
        words, who = self.words, self.form.who
        if who is None:
            return []
        known = next((one for one in self.around.people if one.person_id == who.person_id), None)
        if known is None or known.safety is None:
            return [body(words.t("contact.no_safety_sign"))]
        text, label = known.safety, words.field("person", "safety")
        warning = banner(words.t("contact.has_safety_sign"), ATTENTION, ft.Icons.SHIELD)
        held = keyed(known.person_id, hold_to_reveal, label, lambda: text)
        return [ft.Column([warning, held], spacing=GAP_SMALL, tight=True)]

    def visit(self) -> list[ft.Control]:
        """Agreed or not, who was present by role, children."""
        words = self.words
        return [
            self.yes_no("agreed", words.field("encounter", "agreed_beforehand")),
            self.chips("present", words.field("encounter", "present_roles"), "presence_role"),
            self.yes_no("children", words.field("encounter", "children_present")),
        ]

    def anonymous(self) -> list[ft.Control]:
        """How many, where, about what, which help: no person."""
        words, form = self.words, self.form
        return [
            banner(words.t("contact.anonymous_help"), icon=ft.Icons.GROUPS_OUTLINED),
            counter(
                words.field("anonymous_contact", "people_count"),
                form.people_count,
                self.putter("people_count"),
                words,
            ),
            self.text("area", words.field("anonymous_contact", "area")),
            self.chips("topics", words.field("anonymous_contact", "topics"), "topic"),
            self.chips("aid", words.field("anonymous_contact", "aid"), "aid"),
            self.text("note", words.field("anonymous_contact", "note"), lines=3),
        ]
