"""The top of the person page, in the order in which it is needed in the street."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.housing import days_in_situation
from field_app.domain.next_step import was_missed
from field_app.locale import Translator
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.texts import body, small
from field_app.views.people.rows import next_step_text, reached_text
from field_app.views.person.lines import Line, Lines
from field_app.views.person.program import FIRST, OpenWaiting, PersonFacts, PersonPage
from field_app.views.program import Dispatch
from field_app.views.record_form.labels import code_label, code_labels, key_field, worker_name
from field_app.views.session import Session
from field_app.views.theme import ATTENTION, CALM, CORNER, GAP, GAP_SMALL, PROBLEM, Tone


def header(
    page: PersonPage, facts: PersonFacts, dispatch: Dispatch, words: Translator, session: Session
) -> ft.Control:
    """What whoever meets the person next has to know."""
    urgent = [*_conflicts(facts, words, session), *_waiting(page, facts, dispatch, words)]
    if page.section != FIRST:
        # Another section was asked for: what it holds comes into sight, the rest steps back.
        rows = [*_safety(facts, words), _next(facts, words), *urgent]
    else:
        rows = [
            *_aliases(facts, words),
            *_safety(facts, words),
            _next(facts, words),
            *_facts(facts, words),
            *urgent,
            *_only_here(facts, words),
            *_alike(facts, words, session),
        ]
    return ft.Container(
        content=ft.Column(rows, spacing=12, tight=True),
        padding=ft.Padding.only(left=GAP, right=GAP, top=GAP_SMALL, bottom=12),
    )


def _aliases(facts: PersonFacts, words: Translator) -> list[ft.Control]:
    others = [one for one in facts.summary.aliases if one != facts.summary.name]
    return [body(words.t("person.also", names=", ".join(others)))] if others else []


def _safety(facts: PersonFacts, words: Translator) -> list[ft.Control]:
    safety = facts.summary.safety
    if safety is None:
        return []
    return [hold_to_reveal(words.t("person.safety_short"), lambda: safety)]


def _next(facts: PersonFacts, words: Translator) -> ft.Control:
    summary, today = facts.summary, facts.today
    step = summary.next_step(today)
    next_text = next_step_text(words, summary, today)
    if step is not None and step.owner:
        next_text += f" · {worker_name(words, facts.staff, step.owner, facts.you)}"
    missed = step is not None and was_missed(step, today)
    return _fact(ft.Icons.EVENT, words.t("person.next_step"), next_text, missed, words)


def _facts(facts: PersonFacts, words: Translator) -> list[ft.Control]:
    summary, today = facts.summary, facts.today
    rows: list[ft.Control] = []
    if summary.where_found:
        label = words.field("person", "where_found")
        rows.append(_fact(ft.Icons.PLACE_OUTLINED, label, summary.where_found))
    reached = reached_text(words, summary, today)
    rows.append(_fact(ft.Icons.HANDSHAKE_OUTLINED, words.t("person.last_reached"), reached))
    rows.append(
        _fact(ft.Icons.HOME_OUTLINED, words.field("person", "housing"), housing_text(facts, words))
    )
    own = words.t("person.no_own_worker")
    if summary.own_worker:
        own = worker_name(words, facts.staff, summary.own_worker, facts.you)
    rows.append(_fact(ft.Icons.BADGE_OUTLINED, words.field("person", "own_worker"), own))
    spoken = code_labels(words, "language", summary.languages)
    if summary.interpreter:
        wanted = words.field("person", "interpreter")
        spoken = f"{spoken} · {wanted}" if spoken else wanted
    if spoken:
        rows.append(_fact(ft.Icons.TRANSLATE, words.field("person", "languages"), spoken))
    return rows


def housing_text(facts: PersonFacts, words: Translator) -> str:
    """The situation that holds now, and since when."""
    summary = facts.summary
    if summary.housing_situation is None:
        return words.t("person.housing_unknown")
    text = code_label(words, "housing_situation", summary.housing_situation)
    days = days_in_situation(summary.housing_since, facts.today)
    if summary.housing_since is None or days is None:
        return text
    since = words.t("person.since", day=words.date(summary.housing_since))
    return f"{text} · {since}"


def _fact(
    icon: ft.IconData,
    label: str,
    text: str,
    late: bool = False,
    words: Translator | None = None,
) -> ft.Control:
    lines: list[ft.Control] = [small(label), body(text)]
    if late and words is not None:
        lines.append(small(words.t("person.overdue"), ft.Colors.ERROR))
    return ft.Row(
        [
            ft.Icon(icon, size=22, color=ft.Colors.PRIMARY),
            ft.Column(lines, spacing=0, tight=True, expand=True),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _conflicts(facts: PersonFacts, words: Translator, session: Session) -> list[ft.Control]:
    found: dict[str, list[str]] = {}
    for view, key in facts.conflicts:
        found.setdefault(view.id, []).append(key_field(words, view.type, key))
    return [
        _strip(
            words.t("person.conflict", what=", ".join(dict.fromkeys(labels))),
            ATTENTION,
            ft.Icons.CALL_SPLIT,
            (words.t("person.settle"), _goer(session, f"/conflicts/{record_id}")),
        )
        for record_id, labels in found.items()
    ]


def _strip(
    text: str, tone: Tone, icon: ft.IconData, action: tuple[str, Callable[[], None]] | None = None
) -> ft.Control:
    """A message in one line; the whole of it is the target when there is something to do."""
    row: list[ft.Control] = [
        ft.Icon(icon, size=22, color=tone.text),
        ft.Text(text, color=tone.text, expand=True),
    ]
    if action is not None:
        row.append(ft.Text(action[0], color=tone.text, weight=ft.FontWeight.W_700))
        row.append(ft.Icon(ft.Icons.CHEVRON_RIGHT, size=22, color=tone.text))
    face = ft.Container(
        content=ft.Row(row, spacing=12),
        bgcolor=tone.ground,
        border_radius=CORNER,
        padding=ft.Padding.symmetric(horizontal=12, vertical=12),
        ink=action is not None,
        on_click=(lambda _: action[1]()) if action else None,
    )
    if action is None:
        return face
    return ft.MergeSemantics(content=ft.Semantics(content=face, button=True))


def _goer(session: Session, path: str) -> Callable[[], None]:
    return lambda: session.go(path)


def _only_here(facts: PersonFacts, words: Translator) -> list[ft.Control]:
    if not facts.only_here:
        return []
    kinds = dict.fromkeys(words.record_type(view.type) for view in facts.only_here)
    text = words.t("person.only_here_what", what=", ".join(kinds))
    return [_strip(text, CALM, ft.Icons.SMARTPHONE)]


def _waiting(
    page: PersonPage, facts: PersonFacts, dispatch: Dispatch, words: Translator
) -> list[ft.Control]:
    if not facts.waiting:
        return []
    label = words.t("person.waiting_close" if page.waiting_open else "person.waiting_open")
    note = _strip(
        words.n("person.waiting", len(facts.waiting)),
        PROBLEM,
        ft.Icons.PAUSE_CIRCLE_OUTLINE,
        (label, lambda: dispatch(OpenWaiting())),
    )
    return [note, *_what_waits(facts, words)] if page.waiting_open else [note]


def _what_waits(facts: PersonFacts, words: Translator) -> list[ft.Control]:
    lines = Lines(words, facts.staff, facts.you)
    shown: list[ft.Control] = []
    for saved in facts.waiting:
        rows: list[ft.Control] = [
            small(words.datetime(saved.at)),
            body(waiting_reason(words, saved.state, saved.reason), strong=True),
        ]
        for write in saved.writes():
            held = dict(write.stamped.incoming.write.set)
            if write.register == "health" and not facts.reads_health:
                continue
            rows += [_waiting_line(line) for line in lines.of_keys(write.type, held)]
        shown.append(
            ft.Container(
                content=ft.Column(rows, spacing=4, tight=True),
                border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
                border_radius=12,
                padding=12,
            )
        )
    return shown


def _waiting_line(line: Line) -> ft.Control:
    if line.hidden:
        return hold_to_reveal(line.label, lambda: line.text)
    return body(f"{line.label}: {line.text}")


def waiting_reason(words: Translator, state: str, reason: str) -> str:
    """Why a save is not in the record, in words a worker can act on."""
    if state == "held":
        return words.t("person.held")
    if state == "set-aside":
        return words.t("person.set_aside")
    if reason in ("out_of_scope", "grant_ended", "opens_elsewhere", "person_elsewhere"):
        return words.t("person.waits_right")
    if reason in ("never_written", "joins_case"):
        return words.t("person.waits_others")
    return words.t("person.waits_decision")


def _alike(facts: PersonFacts, words: Translator, session: Session) -> list[ft.Control]:
    if facts.alike is None:
        return []
    other, name = facts.alike
    text = words.t("person.maybe_same_as", name=name or words.t("person.no_name"))
    open_it = (words.t("person.open_other"), _goer(session, f"/people/{other}"))
    return [_strip(text, CALM, ft.Icons.PEOPLE_OUTLINE, open_it)]
