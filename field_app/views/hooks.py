"""Tie a program to a component: it draws again with each new model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import flet as ft

from field_app.views.program import Dispatch, Program, Running
from field_app.views.session import use_session

Model = TypeVar("Model")
Event = TypeVar("Event")


def use_program(program: Program[Model, Event], *arguments: object) -> tuple[Model, Dispatch]:
    """Run a program while the component is shown; returns the present model and `dispatch`.

    The arguments (a record's id) name the program: other arguments need another component key,
    which `boundary.screen` sees to.
    """
    session = use_session()
    holder: ft.MutableRef[Running[Any, Any]] = ft.use_ref(None)
    if holder.current is None:
        holder.current = session.programs.take(
            program, arguments, session.effects, session.say_failure
        )
    running = holder.current
    model, show = ft.use_state(lambda: running.model)
    stop: ft.MutableRef[Callable[[], None]] = ft.use_ref(None)

    def mounted() -> None:
        session.programs.hold(running)
        stop.current = running.listen(show)
        running.begin()
        show(running.model)

    def unmounted() -> None:
        if stop.current is not None:
            stop.current()
        session.programs.release(running)

    ft.use_effect(mounted, [], unmounted)
    return model, running.dispatch
