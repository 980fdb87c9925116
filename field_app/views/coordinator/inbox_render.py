"""Waiting changes on screen: what waits, why in plain words, and the two decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from field_app.domain.records import RECORD_TYPES
from field_app.locale import Translator
from field_app.sync.coordination import Case, CaseSet
from field_app.views.boundary import keyed
from field_app.views.coordinator.inbox_program import (
    Accept,
    AskAgain,
    CaseFacts,
    Deciding,
    Inbox,
    ReasonTyped,
    SetAside,
)
from field_app.views.failures import Failure
from field_app.views.kit.buttons import icon_button, primary, secondary
from field_app.views.kit.empty import empty_state
from field_app.views.kit.fields import text_field
from field_app.views.kit.lists import paged_list
from field_app.views.kit.notice import banner
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.rows import timeline_row
from field_app.views.kit.texts import body, quiet, sentence, small, subheading
from field_app.views.pane import Pane
from field_app.views.person.lines import Line, Lines
from field_app.views.program import Dispatch
from field_app.views.record_form.labels import worker_name
from field_app.views.record_form.render import opening
from field_app.views.session import use_session
from field_app.views.theme import ATTENTION, CALM, CORNER, GAP, GOOD, PROBLEM

INBOX_PATH = "/inbox"


def render(model: Inbox, dispatch: Dispatch, words: Translator) -> Pane:
    """The list's pane."""
    session, title = use_session(), words.t("inbox.title")

    def ask() -> None:
        dispatch(AskAgain())

    again = icon_button(ft.Icons.REFRESH, words.t("coordinator.ask_again"), ask)
    if model.failure is not None and model.cases is None:
        away = empty_state(
            ft.Icons.CLOUD_OFF,
            words.t("coordinator.no_server"),
            model.failure.text(words),
            (words.t("fallback.again"), ask),
        )
        return Pane(title, away, tools=(again,))
    if model.cases is None:
        return Pane(title, opening(), tools=(again,))
    old = [] if model.failure is None else [_old(model.failure, words)]
    empty = empty_state(ft.Icons.INBOX_OUTLINED, words.t("inbox.empty"), words.t("inbox.empty_why"))

    def row(case: Case) -> ft.Control:
        return _row(case, model, words, lambda: session.go(f"{INBOX_PATH}/{case.set_id}"))

    listing = keyed("cases", paged_list, model.cases, row, empty=empty)
    content = ft.Column([*old, listing], expand=True, spacing=0)
    return Pane(title, content, tools=(again,), edge_to_edge=True)


def _old(failure: Failure, words: Translator) -> ft.Control:
    """The list as it was when the server last answered."""
    return ft.Container(banner(failure.text(words), CALM, ft.Icons.CLOUD_OFF), padding=GAP)


def _row(case: Case, model: Inbox, words: Translator, on_tap: Callable[[], None]) -> ft.Control:
    who = worker_name(words, model.staff, case.author)
    age = words.age(case.received_at, model.now)
    size = words.n("inbox.saves", 1 + len(case.joined))
    return timeline_row(
        ft.Icons.PAUSE_CIRCLE_OUTLINE,
        words.t("inbox.since", who=who, age=age),
        reason_text(words, case.reason),
        f"{sentence(_register(words, case.register_name))} · {size}",
        on_tap=on_tap,
        key=case.set_id,
    )


def render_case(model: Deciding, dispatch: Dispatch, words: Translator) -> Pane:
    """The pane of one case."""
    session, title = use_session(), words.t("inbox.case_title")

    def leave() -> None:
        if model.done:
            accepted = model.done == "accepted"
            session.notices.say(words.t("inbox.accepted" if accepted else "inbox.set_aside_done"))
            session.go(INBOX_PATH)

    ft.use_effect(leave, [model.done])
    facts = model.facts
    if facts is None:
        if model.failure is None:
            return Pane(title, opening())
        away = words.t("coordinator.no_server"), model.failure.text(words)
        return Pane(title, empty_state(ft.Icons.CLOUD_OFF, *away))
    rows = [
        *_why(model, facts, words),
        *(_set(one, facts, words) for one in facts.content.sets),
        _reason(model, dispatch, words),
    ]
    content = ft.Column(
        [*rows, ft.Container(height=GAP)],
        spacing=GAP,
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return Pane(title, content, footer=_footer(model, facts, dispatch, words))


def reason_text(words: Translator, reason: str) -> str:
    """Why a change waits, in words somebody can decide upon."""
    if reason in ("unknown_write", "unknown_person"):
        return words.t("inbox.waits_for_others")
    if reason in ("out_of_scope", "grant_ended", "not_author"):
        return words.t("inbox.no_right")
    if reason == "opens_elsewhere":
        return words.t("inbox.opens_elsewhere")
    if reason == "person_elsewhere":
        return words.t("inbox.person_elsewhere")
    if reason in ("never_written", "joins_case", "names_set_aside"):
        return words.t("inbox.continues_another")
    if reason == "too_large":
        return words.t("inbox.too_large")
    return words.t("inbox.broken")


def _register(words: Translator, name: str) -> str:
    known = ("common", "social", "health")
    return words.vocabulary("register", name) if name in known else words.t("nav.directory")


def _why(model: Deciding, facts: CaseFacts, words: Translator) -> list[ft.Control]:
    case = facts.content.case
    shown: list[ft.Control] = []
    if model.failure is not None:
        shown.append(banner(model.failure.text(words), PROBLEM))
    if model.done:
        shown.append(banner(words.t("inbox.decided"), GOOD))
    tone = ATTENTION if facts.can_be_accepted else PROBLEM
    shown.append(banner(reason_text(words, case.reason), tone))
    if not facts.can_be_accepted:
        shown.append(quiet(words.t("inbox.cannot_accept")))
    if case.joined:
        shown.append(banner(words.n("inbox.joined", len(case.joined)), CALM))
    return shown


def _set(one: CaseSet, facts: CaseFacts, words: Translator) -> ft.Control:
    who = worker_name(words, facts.staff, one.author, facts.you)
    rows: list[ft.Control] = [small(f"{sentence(who)} · {words.datetime(one.at)}")]
    lines = Lines(words, facts.staff, facts.you)
    for scope, writes in _readable_parts(one, facts):
        rows.append(subheading(_whose(scope, facts, words)))
        for write in writes:
            rows.append(body(sentence(_kind(words, write["type"])), strong=True))
            rows += [_line(each) for each in lines.of_keys(write["type"], dict(write["set"]))]
    return ft.Container(
        content=ft.Column(rows, spacing=6, tight=True),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=CORNER,
        padding=GAP,
        key=one.set_id,
    )


def _readable_parts(one: CaseSet, facts: CaseFacts) -> list[tuple[str, list[Any]]]:
    """The parts whose register the reader may read, by scope."""
    found: dict[str, list[Any]] = {}
    for part in one.parts:
        if part.get("register") == "health" and not facts.reads_health:
            continue
        writes = [write for write in part.get("writes", ()) if isinstance(write, dict)]
        found.setdefault(part.get("scope", ""), []).extend(writes)
    return list(found.items())


def _whose(scope: str, facts: CaseFacts, words: Translator) -> str:
    kind, _, name = scope.partition("/")
    if kind != "person":
        return words.t("conflict.shared")
    return dict(facts.names).get(name) or words.t("inbox.person_unknown")


def _kind(words: Translator, record_type: str) -> str:
    known = record_type in RECORD_TYPES
    return words.record_type(record_type) if known else words.t("conflict.newer_field")


def _line(line: Line) -> ft.Control:
    if line.hidden:
        return hold_to_reveal(line.label, lambda: line.text)
    return body(f"{line.label}: {line.text}")


def _reason(model: Deciding, dispatch: Dispatch, words: Translator) -> ft.Control:
    return keyed(
        f"reason-{model.set_id}",
        text_field,
        words.t("inbox.reason"),
        model.reason,
        lambda text: dispatch(ReasonTyped(text)),
        lines=3,
        error=words.t("inbox.reason_missing") if model.reason_missing else "",
    )


def _footer(model: Deciding, facts: CaseFacts, dispatch: Dispatch, words: Translator) -> ft.Control:
    still = model.busy or bool(model.done)
    aside = secondary(words.t("inbox.set_aside"), lambda: dispatch(SetAside()), disabled=still)
    row: list[ft.Control] = [ft.Container(aside, expand=True)]
    if facts.can_be_accepted:
        accept = primary(
            words.t("inbox.accept"), lambda: dispatch(Accept()), ft.Icons.CHECK, disabled=still
        )
        row.append(ft.Container(accept, expand=True))
    return ft.Row(row, spacing=12)
