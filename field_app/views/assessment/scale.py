"""One area's two scales: five boxes for a thumb, and two honest ways not to answer."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.assessment_comparison import AreaComparison, Change
from field_app.locale import Translator
from field_app.views.assessment.comparison import change_line, score_text
from field_app.views.kit.texts import body, small
from field_app.views.theme import CORNER, GAP_SMALL, TARGET, TEXT_BODY, TEXT_LEAD

SCORES = ("0", "1", "2", "3", "4")
NOT_SCORES = ("not_asked", "declined")
_BOX = TARGET + 8

Score = Callable[[str], None]


def scale(
    words: Translator,
    who: str,
    area: str,
    now: str | None,
    before: str | None,
    change: Change | None,
    on_score: Score,
) -> ft.Control:
    """Whose estimate it is, the boxes, what the chosen one means, and the previous one."""
    label = f"{area}, {who}"
    boxes: list[ft.Control] = [
        _box(score, f"{label}: {score_text(words, score)}", score == now, _bound(on_score, score))
        for score in SCORES
    ]
    others: list[ft.Control] = [
        _other(words.vocabulary("need_score", code), label, code == now, _bound(on_score, code))
        for code in NOT_SCORES
    ]
    lines: list[ft.Control] = [small(who), ft.Row(boxes, spacing=GAP_SMALL)]
    if now is not None and now in SCORES:
        lines.append(body(score_text(words, now), strong=True))
    lines.append(ft.Row(others, spacing=GAP_SMALL, wrap=True))
    if before is not None:
        text = words.t("assessment_page.before", score=score_text(words, before))
        lines.append(ft.Row([small(text), *change_line(words, change)], spacing=12, wrap=True))
    return ft.Column(lines, spacing=6, tight=True)


def area_scales(
    words: Translator,
    area: AreaComparison,
    title: str,
    on_worker: Score,
    on_client: Score,
    note: ft.Control,
) -> ft.Control:
    """An area: the worker's estimate, the client's own, and words about it."""
    return ft.Container(
        content=ft.Column(
            [
                ft.Semantics(
                    content=ft.Text(title, size=TEXT_LEAD, weight=ft.FontWeight.W_600), header=True
                ),
                scale(
                    words,
                    words.t("assessment_page.worker"),
                    title,
                    area.worker_now,
                    area.worker_before,
                    area.worker_change,
                    on_worker,
                ),
                scale(
                    words,
                    words.t("assessment_page.client"),
                    title,
                    area.client_now,
                    area.client_before,
                    area.client_change,
                    on_client,
                ),
                note,
            ],
            spacing=12,
            tight=True,
        ),
        padding=12,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=CORNER,
        key=area.area,
    )


def _bound(on_score: Score, code: str) -> Callable[[], None]:
    return lambda: on_score(code)


def _box(score: str, spoken: str, chosen: bool, on_tap: Callable[[], None]) -> ft.Control:
    number = ft.Text(
        score,
        size=TEXT_LEAD,
        color=ft.Colors.ON_PRIMARY if chosen else ft.Colors.ON_SURFACE,
        weight=ft.FontWeight.W_700 if chosen else None,
        semantics_label=spoken,
    )
    face = _face(number, chosen, on_tap, strong=True)
    return ft.Container(_merged(face, chosen), expand=True)


def _other(text: str, label: str, chosen: bool, on_tap: Callable[[], None]) -> ft.Control:
    shown = ft.Text(
        text[:1].upper() + text[1:],
        size=TEXT_BODY,
        color=ft.Colors.ON_PRIMARY_CONTAINER if chosen else ft.Colors.ON_SURFACE,
        semantics_label=f"{label}: {text}",
    )
    return _merged(_face(shown, chosen, on_tap, strong=False), chosen)


def _merged(face: ft.Control, chosen: bool) -> ft.Control:
    """One thing for a screen reader: its words, its state, and a single tap."""
    return ft.MergeSemantics(content=ft.Semantics(content=face, checked=chosen))


def _face(
    shown: ft.Control, chosen: bool, on_tap: Callable[[], None], *, strong: bool
) -> ft.Container:
    ground = ft.Colors.PRIMARY if strong else ft.Colors.PRIMARY_CONTAINER
    return ft.Container(
        content=shown,
        height=_BOX if strong else None,
        alignment=ft.Alignment.CENTER if strong else None,
        padding=0 if strong else ft.Padding.symmetric(horizontal=GAP_SMALL * 2, vertical=14),
        bgcolor=ground if chosen else ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(
            2 if chosen else 1, ft.Colors.PRIMARY if chosen else ft.Colors.OUTLINE
        ),
        border_radius=CORNER,
        ink=True,
        on_click=lambda _: on_tap(),
    )
