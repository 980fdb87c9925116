"""One area of need before and now: in words and with an arrow, never by colour alone."""

from __future__ import annotations

import flet as ft

from field_app.domain.assessment_comparison import AreaComparison, Change
from field_app.locale import Key, Translator, key
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.texts import body, quiet, small
from field_app.views.record_form.labels import code_label
from field_app.views.theme import GAP

_CHANGES: dict[Change, tuple[Key, ft.IconData]] = {
    "eased": (key("assessment_page.eased"), ft.Icons.ARROW_DOWNWARD),
    "same": (key("assessment_page.same"), ft.Icons.DRAG_HANDLE),
    "grown": (key("assessment_page.grown"), ft.Icons.ARROW_UPWARD),
}


def score_text(words: Translator, score: str | None) -> str:
    """A score as its number and words, e.g. "3 · tarvitsee paljon tukea"."""
    if score is None:
        return "–"
    label = code_label(words, "need_score", score)
    return f"{score} · {label}" if score.isdigit() else label


def change_line(words: Translator, change: Change | None) -> list[ft.Control]:
    """How a score has changed since the previous kartoitus; nothing when it cannot be said."""
    if change is None:
        return []
    text, icon = _CHANGES[change]
    return [
        ft.Row(
            [ft.Icon(icon, size=18), body(words.keyed(text), strong=True)], spacing=6, tight=True
        )
    ]


def area_row(
    area: AreaComparison, words: Translator, vocabulary: str, *, held: bool = False
) -> ft.Control:
    """An area with the worker's and the client's scores, the previous ones beside them.

    `held` waits for a hold of the thumb: the health part.
    """
    label = code_label(words, vocabulary, area.area)
    title = label[:1].upper() + label[1:]
    if held:
        shown: ft.Control = hold_to_reveal(title, lambda: _in_one_line(area, words))
    else:
        shown = ft.Column(
            [body(title, strong=True), *_scores(area, words), *_note(area)], spacing=4, tight=True
        )
    return ft.Container(
        shown,
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=10),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        key=f"{vocabulary}-{area.area}",
    )


def _scores(area: AreaComparison, words: Translator) -> list[ft.Control]:
    sides = (
        (
            words.t("assessment_page.worker"),
            area.worker_before,
            area.worker_now,
            area.worker_change,
        ),
        (
            words.t("assessment_page.client"),
            area.client_before,
            area.client_now,
            area.client_change,
        ),
    )
    shown: list[ft.Control] = []
    for who, before, now, change in sides:
        if before is None and now is None:
            continue
        lines: list[ft.Control] = [small(who), body(score_text(words, now))]
        if before is not None:
            lines.append(small(words.t("assessment_page.before", score=score_text(words, before))))
        shown.append(ft.Column([*lines, *change_line(words, change)], spacing=0, tight=True))
    return shown


def _note(area: AreaComparison) -> list[ft.Control]:
    return [quiet(area.note_now)] if area.note_now else []


def _in_one_line(area: AreaComparison, words: Translator) -> str:
    pieces = [
        f"{words.t('assessment_page.worker')}: {score_text(words, area.worker_now)}",
        f"{words.t('assessment_page.client')}: {score_text(words, area.client_now)}",
    ]
    if area.worker_before:
        before = score_text(words, area.worker_before)
        pieces.append(words.t("assessment_page.before", score=before))
    if area.worker_change:
        pieces.append(words.keyed(_CHANGES[area.worker_change][0]))
    return " · ".join(pieces + ([area.note_now] if area.note_now else []))
