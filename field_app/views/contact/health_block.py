"""The nurse's part, for twenty seconds: how they are, chips, measures if any, done, recheck."""

from __future__ import annotations

import flet as ft

from field_app.views.boundary import keyed
from field_app.views.contact.blocks import FormParts
from field_app.views.contact.checks import MEASURES
from field_app.views.contact.labels import choices, problem_text
from field_app.views.contact.pieces import measure_field, with_problem
from field_app.views.kit.texts import body
from field_app.views.theme import GAP_SMALL

_FIELDS = {
    "systolic": "bp_systolic",
    "diastolic": "bp_diastolic",
    "temperature": "temperature",
    "glucose": "glucose",
    "spo2": "spo2",
}


def health_block(parts: FormParts) -> list[ft.Control]:
    """Everything of the health note; the social half sees only that it was recorded."""
    words, model = parts.words, parts.model
    condition = parts.one(
        "condition", words.field("health_note", "condition"), choices("condition", words)
    )
    done = parts.one("done", words.field("health_note", "done"), choices("nurse_done", words))
    return [
        with_problem(condition, problem_text(model, "condition", words)),
        parts.chips(
            "observations", words.field("health_note", "observations"), "health_observation"
        ),
        _measures(parts),
        parts.text("health_text", words.field("health_note", "note"), lines=3),
        done,
        parts.day("recheck_on", words.field("health_note", "recheck_on")),
    ]


def _measures(parts: FormParts) -> ft.Control:
    """Blood pressure under its own name (RR), then what is measured with one number."""
    pressure, others = list(_FIELDS)[:2], list(_FIELDS)[2:]
    return ft.Column(
        [
            body(parts.words.field("health_note", "blood_pressure"), strong=True),
            _row_of([_measure(parts, name) for name in pressure]),
            body(parts.words.t("contact.other_measures"), strong=True),
            _row_of([_measure(parts, name) for name in others]),
        ],
        spacing=GAP_SMALL,
        tight=True,
    )


def _measure(parts: FormParts, name: str) -> ft.Control:
    return keyed(
        f"{parts.draft_id}-{name}",
        measure_field,
        parts.words.field("health_note", _FIELDS[name]),
        getattr(parts.form, name),
        parts.putter(name),
        decimal=MEASURES[name] > 0,
        error=problem_text(parts.model, name, parts.words),
    )


def _row_of(fields: list[ft.Control]) -> ft.Control:
    return ft.Row(
        fields,
        wrap=True,
        spacing=GAP_SMALL,
        run_spacing=GAP_SMALL,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
