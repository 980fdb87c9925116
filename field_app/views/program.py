"""A screen as a program: pure `init`, `update` and `render`, and effects run beside it.

    init(argument…)          -> model, effects      how the screen starts
    update(model, event)     -> model, effects      what an event changes; no I/O
    render(model, dispatch, words) -> control       what is shown

Models, events and effects are frozen dataclasses. `Running` holds one program at work; it knows
nothing of Flet, so a screen's whole behaviour can be tested without a page. `use_program` (in
`hooks.py`) ties it to a component.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from field_app.locale import Translator
from field_app.views.failures import Failure, report

Model = TypeVar("Model")
Event = TypeVar("Event")
Effect = TypeVar("Effect")

Dispatch = Callable[[Any], None]
Step = tuple[Model, tuple[Any, ...]]
EffectResult = Awaitable[object | None] | AsyncIterator[object]
EffectHandler = Callable[[Any], EffectResult]


@dataclass(frozen=True)
class Program(Generic[Model, Event]):
    """One screen's behaviour.

    `failed` may turn an effect's failure into an event: then the screen tells it itself. Without
    it, or when it returns None, a notice tells it.
    """

    name: str
    init: Callable[..., tuple[Model, tuple[Any, ...]]]
    update: Callable[[Model, Event], tuple[Model, tuple[Any, ...]]]
    render: Callable[[Model, Dispatch, Translator], Any]
    failed: Callable[[Any, Failure], Event | None] | None = None


class Effects:
    """Which handler runs which class of effect.

    A handler is a coroutine function that returns the next event (or None), or an asynchronous
    generator that yields events for as long as the screen lives. An effect class may carry
    `slot: ClassVar[str]`: a newer effect of that slot cancels the older one (search as you type).
    """

    def __init__(self) -> None:
        """Begin with no handlers."""
        self._handlers: dict[type, EffectHandler] = {}

    def on(self, effect: type, handler: EffectHandler) -> Effects:
        """Let `handler` run effects of exactly this class; returns self, to chain."""
        self._handlers[effect] = handler
        return self

    def with_all(self, other: Effects) -> Effects:
        """A new table with the handlers of both; the other's win."""
        joined = Effects()
        joined._handlers = {**self._handlers, **other._handlers}
        return joined

    def start(self, effect: object) -> EffectResult:
        """Begin one effect.

        Raises:
            LookupError: no handler is known for its class.
        """
        handler = self._handlers.get(type(effect))
        if handler is None:
            raise LookupError(f"no handler for the effect {type(effect).__name__}")
        return handler(effect)


class Running(Generic[Model, Event]):
    """One program at work: it holds the model, and the effects that are under way."""

    def __init__(
        self,
        program: Program[Model, Event],
        arguments: tuple[object, ...],
        effects: Effects,
        on_failure: Callable[[Failure], None],
    ) -> None:
        """Take the first model; `begin` starts its effects."""
        self.program = program
        self._effects = effects
        self._on_failure = on_failure
        self._listeners: list[Callable[[Model], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots: dict[str, asyncio.Task[None]] = {}
        self._closed = False
        self._begun = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context: contextvars.Context | None = None
        self.model, self._first_effects = program.init(*arguments)

    def begin(self) -> None:
        """Start the first effects; later calls do nothing. Needs a running event loop."""
        if self._begun or self._closed:
            return
        self._begun = True
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._start_all(self._first_effects)
        self._first_effects = ()

    def listen(self, listener: Callable[[Model], None]) -> Callable[[], None]:
        """Call `listener` with each new model; returns a function that stops it."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def dispatch(self, event: Event) -> None:
        """Take an event, from any thread; after `close` it is ignored."""
        if self._closed:
            return
        if self._loop is not None and not _inside(self._loop):
            self._loop.call_soon_threadsafe(self._take, event, context=self._context)
            return
        self._take(event)

    def close(self) -> None:
        """Cancel every effect and forget the listeners."""
        self._closed = True
        self._listeners.clear()
        for task in tuple(self._tasks):
            task.cancel()

    def _take(self, event: Event) -> None:
        if self._closed:
            return
        try:
            self.model, effects = self.program.update(self.model, event)
        except Exception as error:  # noqa: BLE001 - a broken update must not end the screen
            self._on_failure(report(error, f"updating {self.program.name}"))
            return
        # What goes to disk is on its way before the screen is drawn, which takes longer.
        self._start_all(effects)
        for listener in tuple(self._listeners):
            listener(self.model)

    def _start_all(self, effects: tuple[object, ...]) -> None:
        for effect in effects:
            task = asyncio.get_running_loop().create_task(self._run(effect))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            slot = getattr(effect, "slot", None)
            if isinstance(slot, str):
                older = self._slots.get(slot)
                if older is not None:
                    older.cancel()
                self._slots[slot] = task

    async def _run(self, effect: object) -> None:
        try:
            result = self._effects.start(effect)
            if inspect.isasyncgen(result):
                async for event in result:
                    self.dispatch(cast(Event, event))
            else:
                last = await cast(Awaitable[object | None], result)
                if last is not None:
                    self.dispatch(cast(Event, last))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - told to the person, never silent
            self._failed(effect, error)

    def _failed(self, effect: object, error: Exception) -> None:
        if self._closed:
            return
        failure = report(error, f"running {type(effect).__name__} of {self.program.name}")
        event = self.program.failed(effect, failure) if self.program.failed else None
        if event is not None:
            self.dispatch(event)
        else:
            self._on_failure(failure)


def _inside(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
