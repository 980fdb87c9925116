"""A wall around every screen and part: what breaks inside is told calmly, the rest goes on.

Flet ends a session's drawing silently when a component raises, and shows an exception's text on a
red card when a handler raises. Here a component that raises shows a fallback in the user's
language (handlers: see `safety_net`); the log gets class and place, never content.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import flet as ft

from field_app.views.failures import report
from field_app.views.hooks import use_program
from field_app.views.kit.fallback import crashed_part, crashed_screen
from field_app.views.pane import Pane
from field_app.views.program import Program
from field_app.views.session import use_session, use_words

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=ft.Control)

Lay = Callable[[Pane], Any]
"""How the shell places a pane: a whole view, or one of two panes."""

BOUNDARY_MARK = "__has_boundary__"


@dataclass(frozen=True)
class Screen:
    """A screen by name: `build` makes its pane of the route's parameters named in `parameters`.

    A record's id in the path is part of the component's key, so another record starts afresh.
    """

    name: str
    build: Callable[..., Pane]
    parameters: tuple[str, ...] = ()

    def shown(self, lay: Lay) -> Any:
        """The guarded component of this screen, placed by `lay`; call it inside a route."""
        values = ft.use_route_params()
        arguments = tuple(values.get(name, "") for name in self.parameters)
        return keyed(_key(self.name, arguments), _attempts, self, arguments, lay)


def screen(*parameters: str) -> Callable[[Callable[..., Pane]], Screen]:
    """Make a function that returns a pane a guarded screen; it may use hooks."""

    def wrap(build: Callable[..., Pane]) -> Screen:
        return Screen(f"{build.__module__}.{build.__qualname__}", build, parameters)

    return wrap


def program_screen(program: Program[Any, Any], *parameters: str) -> Screen:
    """A guarded screen of a program whose `render` returns a pane."""

    def build(*arguments: str) -> Pane:
        words = use_words()
        model, dispatch = use_program(program, *arguments)
        pane: Pane = program.render(model, dispatch, words)
        return pane

    return Screen(program.name, build, parameters)


def part(build: Callable[P, C]) -> Callable[P, C]:
    """As `ft.component`, for a piece of a screen; when it raises, a small card says so."""

    @wraps(build)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return build(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the rest of the screen goes on
            report(error, f"rendering {build.__qualname__}")
            return crashed_part(use_words())

    setattr(guarded, BOUNDARY_MARK, True)
    made: Callable[P, C] = ft.component(guarded)
    setattr(made, BOUNDARY_MARK, True)
    return made


def keyed(key: str, build: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a component with an identity: another key is another component, with fresh state."""
    made: R = cast(Any, build)(*args, key=key, **kwargs)
    return made


def _key(name: str, arguments: tuple[str, ...], attempt: int = 0) -> str:
    return "|".join((name, *arguments, str(attempt)))


@ft.component
def _attempts(shown: Screen, arguments: tuple[str, ...], lay: Lay) -> Any:
    attempt, set_attempt = ft.use_state(0)

    def again() -> None:
        set_attempt(attempt + 1)

    key = _key(shown.name, arguments, attempt)
    return keyed(key, _attempt, shown, arguments, lay, again)


@ft.component
def _attempt(shown: Screen, arguments: tuple[str, ...], lay: Lay, again: Callable[[], None]) -> Any:
    try:
        return lay(shown.build(*arguments))
    except Exception as error:  # noqa: BLE001 - whatever breaks, the person gets a way on
        report(error, f"rendering {shown.name}")
    session = use_session()
    return lay(crashed_screen(session.words, again, lambda: session.go("/")))
