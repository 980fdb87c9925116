"""A failing history becomes small, and stays one that fails for the same reason."""

from __future__ import annotations

from field_app.simulation.shrink import shrink
from field_app.simulation.steps import History, Step, history_of
from field_app.simulation.violation import Violation


def test_only_the_steps_that_make_it_fail_are_left() -> None:
    wanted = {(step.kind, step.salt) for step in history_of(3).steps[5:7]}

    def judge(history: History) -> Violation | None:
        there = wanted <= {(step.kind, step.salt) for step in history.steps}
        return Violation("lost", "both are there") if there else None

    smallest = shrink(history_of(3), "lost", judge, 500)
    assert {(step.kind, step.salt) for step in smallest.steps} == wanted


def test_a_fault_that_is_not_needed_is_dropped() -> None:
    step = Step("sync", 0, 7, "answer_lost")
    history = History(1, 0, (step,), frozenset())

    def judge(candidate: History) -> Violation | None:
        return Violation("stuck", "always") if candidate.steps else None

    assert shrink(history, "stuck", judge).steps == (step._replace(fault=""),)


def test_another_violation_is_not_taken_for_the_same() -> None:
    history = history_of(4)

    def judge(candidate: History) -> Violation | None:
        return Violation("lost" if candidate == history else "crash", "")

    assert shrink(history, "lost", judge, 100) == history


def test_it_stops_after_so_many_plays() -> None:
    plays = []

    def judge(candidate: History) -> Violation | None:
        plays.append(candidate)
        return None

    shrink(history_of(5), "lost", judge, 12)
    assert len(plays) <= 12
