"""A program at work: pure updates, effects beside them, nothing silent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from field_app.domain.errors import AccessDenied
from field_app.locale import Translator
from field_app.views.failures import UNEXPECTED, Failure
from field_app.views.program import Dispatch, Effects, Program, Running

Run = Callable[[Coroutine[Any, Any, None]], None]


@dataclass(frozen=True)
class Model:
    """What was found for what was wanted."""

    wanted: str = ""
    found: tuple[str, ...] = ()
    failed: str = ""


@dataclass(frozen=True)
class Typed:
    """Event: the search text changed."""

    text: str


@dataclass(frozen=True)
class Found:
    """Event: an answer came."""

    name: str


@dataclass(frozen=True)
class Failed:
    """Event: a search failed."""

    code: str


@dataclass(frozen=True)
class Search:
    """Effect: look a text up; only the newest counts."""

    slot: ClassVar[str] = "search"
    text: str


Event = Typed | Found | Failed


def update(model: Model, event: Event) -> tuple[Model, tuple[object, ...]]:
    """Search on every keystroke."""
    if isinstance(event, Typed):
        if event.text == "crash":
            raise ValueError("Salainen Nimi")
        return replace(model, wanted=event.text), (Search(event.text),)
    if isinstance(event, Found):
        return replace(model, found=(*model.found, event.name)), ()
    return replace(model, failed=event.code), ()


def program(failed: Callable[[Any, Failure], Event | None] | None = None) -> Program[Model, Event]:
    """The search program."""

    def render(model: Model, dispatch: Dispatch, words: Translator) -> Model:
        return model

    return Program("search", lambda *_: (Model(), ()), update, render, failed)


class Bench:
    """A running program with its failures collected."""

    def __init__(self, handler: Any, of: Program[Model, Event] | None = None) -> None:
        """Run with one handler for `Search`."""
        self.told: list[Failure] = []
        effects = Effects().on(Search, handler)
        self.running = Running(of or program(), (), effects, self.told.append)
        self.running.begin()


async def settled() -> None:
    """Let everything ready run."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_an_event_changes_the_model_and_its_effect_answers(run: Run) -> None:
    async def scenario() -> None:
        async def look_up(effect: Search) -> Found:
            return Found(effect.text.upper())

        bench = Bench(look_up)
        shown: list[Model] = []
        bench.running.listen(shown.append)
        bench.running.dispatch(Typed("kettu"))
        await settled()
        assert bench.running.model == Model("kettu", ("KETTU",))
        assert shown == [Model("kettu"), Model("kettu", ("KETTU",))]

    run(scenario())


def test_a_newer_search_cancels_the_older_one(run: Run) -> None:
    async def scenario() -> None:
        gate = asyncio.Event()

        async def look_up(effect: Search) -> Found:
            if effect.text == "k":
                await gate.wait()
            return Found(effect.text)

        bench = Bench(look_up)
        bench.running.dispatch(Typed("k"))
        await settled()
        bench.running.dispatch(Typed("ke"))
        gate.set()
        await settled()
        assert bench.running.model.found == ("ke",)
        assert bench.told == []

    run(scenario())


def test_a_generator_keeps_sending_events_until_the_screen_closes(run: Run) -> None:
    async def scenario() -> None:
        gate = asyncio.Event()
        ended: list[bool] = []

        async def stream(effect: Search) -> AsyncIterator[Found]:
            try:
                yield Found("one")
                await gate.wait()
                yield Found("two")
            finally:
                ended.append(True)

        bench = Bench(stream)
        bench.running.dispatch(Typed("x"))
        await settled()
        assert bench.running.model.found == ("one",)
        bench.running.close()
        gate.set()
        await settled()
        assert bench.running.model.found == ("one",)
        assert ended == [True]

    run(scenario())


def test_an_event_after_closing_is_ignored(run: Run) -> None:
    async def scenario() -> None:
        async def look_up(effect: Search) -> None:
            return None

        bench = Bench(look_up)
        bench.running.close()
        bench.running.dispatch(Typed("late"))
        assert bench.running.model == Model()

    run(scenario())


def test_an_event_from_another_thread_arrives_on_the_loop(run: Run) -> None:
    async def scenario() -> None:
        async def look_up(effect: Search) -> None:
            return None

        bench = Bench(look_up)
        seen_in: list[int] = []
        bench.running.listen(lambda _: seen_in.append(threading.get_ident()))
        await asyncio.to_thread(bench.running.dispatch, Typed("far"))
        await settled()
        assert bench.running.model.wanted == "far"
        assert seen_in == [threading.get_ident()]

    run(scenario())


def test_a_failed_effect_is_told_by_its_code(run: Run) -> None:
    async def scenario() -> None:
        async def refuse(effect: Search) -> None:
            raise AccessDenied("Salainen Nimi")

        bench = Bench(refuse)
        bench.running.dispatch(Typed("x"))
        await settled()
        assert bench.told == [Failure("access_denied")]

    run(scenario())


def test_a_screen_may_tell_a_failure_itself(run: Run) -> None:
    async def scenario() -> None:
        async def refuse(effect: Search) -> None:
            raise AccessDenied

        bench = Bench(refuse, program(lambda _, failure: Failed(failure.code)))
        bench.running.dispatch(Typed("x"))
        await settled()
        assert bench.running.model.failed == "access_denied"
        assert bench.told == []

    run(scenario())


def test_a_broken_update_keeps_the_model_and_is_told(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async def look_up(effect: Search) -> None:
            return None

        bench = Bench(look_up)
        bench.running.dispatch(Typed("kettu"))
        bench.running.dispatch(Typed("crash"))
        assert bench.running.model.wanted == "kettu"
        assert bench.told == [UNEXPECTED]

    run(scenario())
    assert "ValueError while updating search at test_program.py" in caplog.text


def test_an_effect_nobody_handles_is_told_not_dropped(run: Run) -> None:
    async def scenario() -> None:
        told: list[Failure] = []
        running = Running(program(), (), Effects(), told.append)
        running.begin()
        running.dispatch(Typed("x"))
        await settled()
        assert told == [UNEXPECTED]

    run(scenario())


def test_first_effects_wait_until_the_screen_is_shown_and_start_once(run: Run) -> None:
    async def scenario() -> None:
        started: list[Search] = []

        async def look_up(effect: Search) -> None:
            started.append(effect)

        first = replace_init(program(), (Model(), (Search("first"),)))
        running = Running(first, (), Effects().on(Search, look_up), lambda _: None)
        await settled()
        assert started == []
        running.begin()
        running.begin()
        await settled()
        assert started == [Search("first")]

    run(scenario())


def test_handlers_of_two_tables_join() -> None:
    async def nothing(_: Any) -> AsyncIterator[object]:
        yield None

    joined = Effects().on(Search, nothing).with_all(Effects().on(str, nothing))
    joined.start(Search("x"))
    joined.start("x")
    with pytest.raises(LookupError, match="int"):
        joined.start(7)


def replace_init(
    of: Program[Model, Event], first: tuple[Model, tuple[object, ...]]
) -> Program[Model, Event]:
    """The same program with another start."""
    return replace(of, init=lambda *_: first)
