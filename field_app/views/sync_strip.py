"""The line that always says where the work is: safe on the server, or only on this phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from field_app.domain.clock import Instant
from field_app.locale import Translator
from field_app.views.boundary import part
from field_app.views.runtime import SyncStatus
from field_app.views.session import SyncLine, use_session, use_words
from field_app.views.theme import ATTENTION, CALM, GAP, GOOD, PROBLEM, TEXT_SMALL, Tone


@dataclass(frozen=True)
class Strip:
    """What the line shows; `percent` only while a sync runs."""

    tone: Tone
    icon: ft.IconData
    text: str
    percent: int | None = None
    also: str = ""
    """What is only on this device, where something else has to be said first."""


def strip_of(status: SyncStatus | None, now: Instant, words: Translator) -> Strip:
    """The line for a status. What needs a person comes first; what is only here is always said."""
    if status is None:
        return Strip(CALM, ft.Icons.HOURGLASS_EMPTY, words.t("sync.opening"))
    only_here = _only_here(status, now, words)
    if status.problem is not None:
        text = words.error_code(status.problem)
        return Strip(PROBLEM, ft.Icons.SYNC_PROBLEM, text, also=only_here)
    if status.waiting_for_human:
        text = words.n("sync.waiting_for_human", status.waiting_for_human)
        return Strip(ATTENTION, ft.Icons.FRONT_HAND_OUTLINED, text, also=only_here)
    if status.percent is not None:
        text = words.t("sync.running", percent=status.percent)
        return Strip(CALM, ft.Icons.SYNC, text, status.percent, only_here)
    if only_here and not status.online:
        text = words.t("sync.offline_and", rest=only_here)
        return Strip(ATTENTION, ft.Icons.CLOUD_OFF, text)
    if only_here:
        return Strip(ATTENTION, ft.Icons.PHONE_ANDROID, only_here)
    if not status.online:
        return Strip(CALM, ft.Icons.CLOUD_OFF, words.t("sync.offline_all_safe"))
    return Strip(GOOD, ft.Icons.CLOUD_DONE_OUTLINED, words.t("sync.all_safe"))


def _only_here(status: SyncStatus, now: Instant, words: Translator) -> str:
    if not status.pending:
        return ""
    age = words.age(status.oldest_pending or now, now)
    return words.n("sync.only_here", status.pending, age=age)


@part
def sync_strip(line: SyncLine, on_tap: Callable[[], None]) -> ft.Control:
    """The line itself; a tap leads to sync and safety."""
    session, words = use_session(), use_words()
    strip = strip_of(line.status, session.runtime.now(), words)
    row = ft.Row(
        [
            ft.Icon(strip.icon, size=18, color=strip.tone.text),
            ft.Column(
                [_line(each, strip.tone) for each in (strip.text, strip.also) if each],
                spacing=0,
                tight=True,
                expand=True,
            ),
        ],
        spacing=8,
    )
    rows: list[ft.Control] = [
        ft.Container(content=row, padding=ft.Padding.symmetric(horizontal=GAP, vertical=6))
    ]
    if strip.percent is not None:
        rows.append(ft.ProgressBar(value=strip.percent / 100, bar_height=3))
    face = ft.Container(
        content=ft.Column(rows, spacing=0, tight=True),
        bgcolor=strip.tone.ground,
        ink=True,
        on_click=lambda _: on_tap(),
    )
    return ft.Semantics(content=face, identifier="sync-strip", live_region=True, container=True)


def _line(text: str, tone: Tone) -> ft.Control:
    return ft.Text(text, size=TEXT_SMALL, color=tone.text, weight=ft.FontWeight.W_500, max_lines=4)
