"""Making a failing history small: steps and faults are dropped for as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from field_app.simulation.steps import History, Step
from field_app.simulation.violation import Violation

Judge = Callable[[History], Violation | None]
"""Plays a history and says what breaks in it, if anything."""


def shrink(history: History, kind: str, judge: Judge, plays_max: int = 300) -> History:
    """The smallest history found that breaks the same invariant, within so many plays."""
    return _Shrinking(history, kind, judge, plays_max).run()


class _Shrinking:
    def __init__(self, history: History, kind: str, judge: Judge, plays_max: int) -> None:
        self._smallest = history
        self._kind = kind
        self._judge = judge
        self._left = plays_max

    def run(self) -> History:
        while self._left > 0:
            before = self._smallest
            self._drop_steps()
            self._drop_faults()
            if self._smallest == before:
                break
        return self._smallest

    def _drop_steps(self) -> None:
        size = max(1, len(self._smallest.steps) // 2)
        while size >= 1:
            at = 0
            while at < len(self._smallest.steps) and self._left > 0:
                steps = self._smallest.steps
                if not self._fails(steps[:at] + steps[at + size :]):
                    at += size
            size //= 2

    def _drop_faults(self) -> None:
        for at, step in enumerate(self._smallest.steps):
            if step.fault and self._left > 0:
                steps = list(self._smallest.steps)
                steps[at] = step._replace(fault="")
                self._fails(tuple(steps))

    def _fails(self, steps: tuple[Step, ...]) -> bool:
        self._left -= 1
        candidate = replace(self._smallest, steps=steps)
        found = self._judge(candidate)
        if found is None or found.kind != self._kind:
            return False
        self._smallest = candidate
        return True
