"""The verdict looks at what a person is shown, not at what lies in the database alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from field_app.simulation.command import run
from field_app.simulation.trace import Trace
from field_app.simulation.verdict import Verdict
from field_app.store.case_store import CaseStore
from field_app.store.record_view import RecordView

HISTORIES = 20


def test_a_screen_that_hides_a_conflict_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    showing, judging = CaseStore.record, Verdict.judge

    def hiding(self: CaseStore, record_id: str) -> RecordView | None:
        view = showing(self, record_id)
        return view and replace(view, conflicts=())

    def judge(self: Verdict) -> None:
        with monkeypatch.context() as screens:
            screens.setattr(CaseStore, "record", hiding)
            judging(self)

    monkeypatch.setattr(Verdict, "judge", judge)
    _, _, found = run(HISTORIES, 1, Trace())
    assert found is not None
    assert found.kind == "conflicts"
