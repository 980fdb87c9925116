"""One conflict as a card: each value with who says it and when, and the answers that fit it."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.errors import HousingOrderUnknown
from field_app.domain.housing import HousingSettlement
from field_app.domain.settling import Said, Way, text_in
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Translator
from field_app.views.boundary import keyed
from field_app.views.conflicts.answers import (
    DATED,
    JOINED,
    OTHER,
    Answer,
    day_of,
    fault_of,
    housing_order,
    joined,
)
from field_app.views.conflicts.disputes import Claim, Dispute
from field_app.views.conflicts.settle import Choose, Dated, SettleFacts, Settling, Typed
from field_app.views.conflicts.wording import Wording
from field_app.views.kit.chips import Choice, one_of
from field_app.views.kit.conflict import conflict_badge
from field_app.views.kit.fields import text_field
from field_app.views.kit.notice import banner
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.texts import body, quiet, small, subheading
from field_app.views.program import Dispatch
from field_app.views.record_form.days import day_choice, wrong
from field_app.views.record_form.labels import code_label
from field_app.views.theme import ATTENTION, CORNER, GAP, GAP_SMALL


class Card:
    """Draws the card of one conflict; it decides nothing."""

    def __init__(
        self,
        model: Settling,
        facts: SettleFacts,
        dispute: Dispute,
        dispatch: Dispatch,
        words: Translator,
    ) -> None:
        """Draw this conflict with what was answered so far."""
        self.facts = facts
        self.dispute = dispute
        self.answer: Answer = model.answer(dispute.key)
        self.is_moved = dispute.key in model.moved
        self.dispatch = dispatch
        self.words = words
        self.wording = Wording(words, facts.staff, facts.you)

    def control(self) -> ft.Control:
        """The card."""
        dispute = self.dispute
        rows: list[ft.Control] = [
            ft.Row(
                [
                    subheading(self.wording.label(dispute)),
                    conflict_badge(self.words, len(dispute.claims)),
                ],
                spacing=GAP_SMALL,
                run_spacing=GAP_SMALL,
                wrap=True,
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            )
        ]
        if self.is_moved:
            rows.append(banner(self.words.t("conflict.moved"), ATTENTION))
        rows += self._answers()
        return ft.Container(
            content=ft.Column(rows, spacing=12, tight=True),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=CORNER,
            padding=GAP,
            key=f"card-{dispute.key}",
        )

    def _answers(self) -> list[ft.Control]:
        match self.dispute.way:
            case Way.NEWER:
                claims = enumerate(self.dispute.claims)
                told = [_framed(self._told(one, index)) for index, one in claims]
                return [banner(self.words.t("conflict.newer")), *told]
            case Way.WHEN:
                return self._when()
            case Way.TEXTS:
                return [*self._claims(), self._both(), *self._text()]
            case Way.LINE:
                return [*self._claims(), self._other(), *self._text()]
            case Way.CODE:
                return [*self._claims(), self._other(), *self._codes()]
            case Way.DAY:
                return [*self._claims(), self._other(), *self._day()]
            case Way.CHOOSE:
                return self._claims()

    # -- the values ----------------------------------------------------------------------------

    def _claims(self) -> list[ft.Control]:
        return [
            self._option(one.id, self._told(one, index), self.wording.said_by(one))
            for index, one in enumerate(self.dispute.claims)
        ]

    def _told(self, claim: Claim, index: int) -> ft.Control:
        """A value under its author, for a hold where it must not be read at a glance."""
        by = self.wording.said_by(claim)
        text = self.wording.value(self.dispute, claim.value)
        head: list[ft.Control] = [small(by)]
        if index == 0:
            head.append(small(self.words.t("conflict.shown_now"), ft.Colors.PRIMARY))
        value: ft.Control = body(text)
        if self.dispute.is_hidden:
            label = self.wording.label(self.dispute)
            value = keyed(f"hidden-{claim.id}", hold_to_reveal, label, lambda: text)
        heading = ft.Row(head, wrap=True, spacing=12, run_spacing=0)
        return ft.Column([heading, value], spacing=4, tight=True)

    def _option(self, choice: str, content: ft.Control, name: str) -> ft.Control:
        """Something that can be chosen, as a whole row with a mark in front."""
        chosen = self.answer.choice == choice
        return _choosable(
            content, chosen, name, self._chooser(choice), f"{self.dispute.key} {choice}"
        )

    def _chooser(self, choice: str) -> Callable[[], None]:
        text = self._begun() if choice in (JOINED, OTHER) and not self.answer.text else None
        return lambda: self.dispatch(Choose(self.dispute.key, choice, text))

    def _begun(self) -> str | None:
        """What a field opens with: the joined texts, where there are texts to join."""
        if self.dispute.way is not Way.TEXTS:
            return None
        texts = {
            one.id: Said(
                self.wording.heading(self.dispute, one),
                text_in(self.dispute.record_type, self.dispute.key, one.value),
            )
            for one in self.dispute.claims
        }
        return joined(self.dispute.claims, texts)

    # -- other answers -------------------------------------------------------------------------

    def _both(self) -> ft.Control:
        text = self.words.t("conflict.join")
        lines: list[ft.Control] = [
            body(text, strong=True),
            quiet(self.words.t("conflict.join_why")),
        ]
        return self._option(JOINED, ft.Column(lines, spacing=4, tight=True), text)

    def _other(self) -> ft.Control:
        text = self.words.t("conflict.other")
        return self._option(OTHER, body(text, strong=True), text)

    def _text(self) -> list[ft.Control]:
        if self.answer.choice not in (JOINED, OTHER):
            return []
        field = keyed(
            f"text-{self.dispute.key}",
            text_field,
            self.wording.label(self.dispute),
            self.answer.text or "",
            lambda typed: self.dispatch(Typed(self.dispute.key, typed)),
            lines=8 if self.dispute.way is Way.TEXTS else 1,
            error=self._fault(),
        )
        return [field]

    def _codes(self) -> list[ft.Control]:
        vocabulary = self.wording.vocabulary(self.dispute)
        if self.answer.choice != OTHER or vocabulary is None:
            return []
        said = {one.value for one in self.dispute.claims if isinstance(one.value, str)}
        choices = [
            Choice(code, code_label(self.words, vocabulary, code))
            for code in VOCABULARIES[vocabulary].codes
            if code not in said
        ]
        choose = lambda code: self.dispatch(Typed(self.dispute.key, code))  # noqa: E731
        return [one_of("", choices, self.answer.text, choose)]

    def _day(self) -> list[ft.Control]:
        if self.answer.choice != OTHER:
            return []
        chosen = keyed(
            f"day-{self.dispute.key}",
            day_choice,
            self.wording.label(self.dispute),
            self.facts.today,
            self.answer.text or None,
            lambda day: self.dispatch(Typed(self.dispute.key, day or "")),
            coming=True,
            error=self._fault(),
        )
        return [chosen]

    def _fault(self) -> str:
        fault = fault_of(self.dispute, self.answer, self.facts.settler)
        return self.words.t("conflict.not_valid") if fault else ""

    # -- housing: when was each? ---------------------------------------------------------------

    def _when(self) -> list[ft.Control]:
        rows: list[ft.Control] = [quiet(self.words.t("conflict.when_why"))]
        for index, claim in enumerate(self.dispute.claims):
            told = [self._told(claim, index)]
            if claim.situation is not None:
                told.append(self._since(claim))
            rows.append(_framed(ft.Column(told, spacing=12, tight=True)))
        return [*rows, *self._order()]

    def _since(self, claim: Claim) -> ft.Control:
        return keyed(
            f"when-{claim.id}",
            day_choice,
            self.words.t("conflict.since_when"),
            self.facts.today,
            day_of(claim, self.answer),
            lambda chosen: self.dispatch(Dated(self.dispute.key, claim.id, chosen)),
            coming=False,
        )

    def _order(self) -> list[ft.Control]:
        """What the days come to, and the tap that says it is so."""
        try:
            order = housing_order(self.dispute, self.answer, self.facts.person_id)
        except HousingOrderUnknown:
            return wrong(self.words.t("conflict.order_unknown"))
        text = self.words.t("conflict.days_right")
        lines = [body(text, strong=True), *(body(line) for line in self._told_order(order))]
        return [self._option(DATED, ft.Column([*lines], spacing=4, tight=True), text)]

    def _told_order(self, order: HousingSettlement) -> list[str]:
        words = self.words
        now = code_label(words, "housing_situation", order.current.situation)
        since = words.date(order.current.since) if order.current.since else ""
        lines = [
            words.t("conflict.holds_now_since", what=now, day=since)
            if since
            else words.t("conflict.holds_now", what=now)
        ]
        lines += [
            words.t(
                "conflict.goes_to_history",
                what=code_label(words, "housing_situation", period.situation or ""),
                first=words.date(period.started_on) if period.started_on else "",
                last=words.date(period.ended_on) if period.ended_on else "",
            )
            for period in reversed(order.periods)
        ]
        return lines


def _framed(content: ft.Control) -> ft.Control:
    """A value that is not chosen by a tap on it."""
    return ft.Container(
        content=ft.Row([ft.Container(content, expand=True)]),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE),
        border_radius=CORNER,
        padding=12,
    )


def _choosable(
    content: ft.Control, chosen: bool, name: str, on_tap: Callable[[], None], key: str
) -> ft.Control:
    mark = ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED
    colour = ft.Colors.PRIMARY if chosen else ft.Colors.OUTLINE
    face = ft.Container(
        content=ft.Row(
            [
                ft.Icon(mark, size=24, color=colour, semantics_label=name),
                ft.Container(content=content, expand=True),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        bgcolor=ft.Colors.PRIMARY_CONTAINER if chosen else ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(2 if chosen else 1, colour),
        border_radius=CORNER,
        padding=12,
        ink=True,
        on_click=lambda _: on_tap(),
    )
    return ft.Semantics(
        content=face, checked=chosen, container=True, identifier=f"choice {key}", key=key
    )
