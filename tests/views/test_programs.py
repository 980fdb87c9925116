"""Programs at work outlive their components for a moment, and nothing closes one that is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from field_app.views import session
from field_app.views.program import Effects, Program, Running
from field_app.views.session import Programs

Run = Callable[[Coroutine[Any, Any, None]], None]
COUNTING: Program[int, int] = Program(
    "counting", lambda: (0, ()), lambda model, event: (model + event, ()), lambda *_: None
)


def take(programs: Programs) -> Running[int, int]:
    return programs.take(COUNTING, (), Effects(), lambda _: None)


def shown(programs: Programs) -> Running[int, int]:
    """Taken up by a component that is on screen."""
    running = take(programs)
    programs.hold(running)
    running.begin()
    return running


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "GRACE_S", 0.01)


def test_a_program_nobody_shows_is_closed_after_a_moment(run: Run) -> None:
    async def scenario() -> None:
        programs = Programs()
        running = shown(programs)
        programs.release(running)
        await asyncio.sleep(0.03)
        running.dispatch(1)
        assert running.model == 0
        assert take(programs) is not running

    run(scenario())


def test_one_that_is_taken_up_again_is_not_closed_while_its_screen_is_still_being_drawn(
    run: Run,
) -> None:
    async def scenario() -> None:
        programs = Programs()
        running = shown(programs)
        programs.release(running)
        assert take(programs) is running
        await asyncio.sleep(0.03)  # a busy phone mounts it after the moment has passed
        programs.hold(running)
        running.dispatch(1)
        assert running.model == 1
        programs.release(running)
        await asyncio.sleep(0.03)
        running.dispatch(1)
        assert running.model == 1, "and its next leaving closes it"

    run(scenario())
