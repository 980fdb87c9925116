"""One person's open app: what its components share, and what makes them draw again.

Nothing here is a module global: in a browser several sessions share one process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from field_app.locale import Translator
from field_app.views.failures import Failure
from field_app.views.paths import begins, parent_of
from field_app.views.program import Effects, Program, Running
from field_app.views.runtime import Account, Gate, Runtime, SyncStatus

NOTICE_S = 8.0
"""How long a passing notice is shown."""
GRACE_S = 2.0
"""How long a program outlives its component: a turned phone takes it up again."""


@ft.observable
@dataclass(eq=False)
class Door:
    """How far a person may see.

    Only the root follows it: a changed door takes every screen away at once, and none of them is
    drawn again on its way out.
    """

    gate: Gate = Gate.OPENING
    account: Account | None = None
    crashed: bool = False


@ft.observable
@dataclass(eq=False)
class Surroundings:
    """Language and layout; a change draws the whole app again, so it changes seldom."""

    words: Translator
    wide: bool = False


@ft.observable
@dataclass(eq=False)
class SyncLine:
    """The sync status apart from the rest: progress draws one line again, not the screen."""

    status: SyncStatus | None = None


@ft.observable
@dataclass(eq=False)
class NoticeBoard:
    """The notice under the sync line, one at a time."""

    text: str = ""
    stays: bool = False
    serial: int = 0

    def say(self, text: str, *, stays: bool = False) -> None:
        """Show a text for some seconds, or until it is closed; the same again is shown again."""
        self.stays = stays
        self.serial += 1
        self.text = text

    def clear(self) -> None:
        """Take the notice away."""
        self.text = ""


class Programs:
    """Programs at work by name and arguments, so that a changed layout finds them again."""

    def __init__(self) -> None:
        """Begin with none."""
        self._running: dict[tuple[object, ...], tuple[Running[Any, Any], int]] = {}
        self._claims: dict[Running[Any, Any], int] = {}
        """How often each was taken up: one taken again is not closed for an earlier leaving."""

    def take(
        self,
        program: Program[Any, Any],
        arguments: tuple[object, ...],
        effects: Effects,
        on_failure: Callable[[Failure], None],
    ) -> Running[Any, Any]:
        """The running program for these arguments; it starts when there is none."""
        key = (program.name, *arguments)
        held = self._running.get(key)
        running = held[0] if held else Running(program, arguments, effects, on_failure)
        self._running[key] = (running, held[1] if held else 0)
        self._claims[running] = self._claims.get(running, 0) + 1
        return running

    def hold(self, running: Running[Any, Any]) -> None:
        """A component shows it: keep it."""
        self._count(running, +1)

    def release(self, running: Running[Any, Any]) -> None:
        """A component stopped showing it; it is closed soon, unless another takes it up."""
        if self._count(running, -1) <= 0:
            claim = self._claims.get(running, 0)
            asyncio.get_running_loop().call_later(GRACE_S, self._close_if_unused, running, claim)

    def close_all(self) -> None:
        """Stop all and drop their models: they hold personal data, and the lock has closed."""
        for running, _ in self._running.values():
            running.close()
        self._running.clear()
        self._claims.clear()

    def _count(self, running: Running[Any, Any], change: int) -> int:
        for key, (held, users) in self._running.items():
            if held is running:
                self._running[key] = (held, users + change)
                return users + change
        return 0

    def _close_if_unused(self, running: Running[Any, Any], claim: int) -> None:
        for key, (held, users) in tuple(self._running.items()):
            # Taken up again, its component may be shown a little later than this.
            if held is running and users <= 0 and self._claims.get(running) == claim:
                running.close()
                del self._running[key], self._claims[running]


@dataclass(eq=False)
class Session:
    """Everything the components of one open app share."""

    page: ft.Page
    runtime: Runtime
    effects: Effects
    surroundings: Surroundings
    door: Door = field(default_factory=Door)
    sync_line: SyncLine = field(default_factory=SyncLine)
    notices: NoticeBoard = field(default_factory=NoticeBoard)
    programs: Programs = field(default_factory=Programs)
    _place: str = "/"
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def account(self) -> Account | None:
        """Whose device it is, while it is unlocked."""
        return self.door.account

    @property
    def words(self) -> Translator:
        """The present language."""
        return self.surroundings.words

    def go(self, path: str) -> None:
        """Show the screen of a path."""
        self.page.navigate(path)

    def remember(self, path: str) -> None:
        """This path can be come back to."""
        self._place = path

    def leave(self, path: str) -> None:
        """Close the screen of `path`: to where it was opened from, or one step up."""
        self.go(parent_of(path) if begins(self._place, path) else self._place)

    def say_failure(self, failure: Failure) -> None:
        """Tell the person that something failed, in the present language."""
        self.notices.say(failure.text(self.words), stays=True)

    def keep(self, task: asyncio.Task[None]) -> None:
        """Let a task live as long as the session."""
        self._tasks.append(task)

    def close(self) -> None:
        """The page is gone: end the session's tasks and programs."""
        for task in self._tasks:
            task.cancel()
        self.programs.close_all()

    def take_state(self) -> None:
        """Read the runtime's gate, account and sync status; call it on the session's loop."""
        gate = self.runtime.gate
        if gate is not self.door.gate:
            self.programs.close_all()
            self.notices.clear()
        self.door.account = self.runtime.account
        self.door.gate = gate
        self.sync_line.status = self.runtime.sync_status


_session_context = ft.create_context(None)
_surroundings_context = ft.create_context(None)


def provide(session: Session, build: Callable[[], Any]) -> Any:
    """Build components inside a session's context."""
    return _session_context(
        session,  # type: ignore[arg-type]
        lambda: _surroundings_context(session.surroundings, build),  # type: ignore[arg-type]
    )


def use_session() -> Session:
    """The session, inside a component; its parts are observed one by one.

    Raises:
        RuntimeError: the component stands outside an app.
    """
    session: Session | None = ft.use_context(_session_context)
    if session is None:
        raise RuntimeError("a component was drawn outside a session")
    return session


def use_surroundings() -> Surroundings:
    """What decides the layout, inside a component; draws again when it changes.

    Raises:
        RuntimeError: the component stands outside an app.
    """
    surroundings: Surroundings | None = ft.use_context(_surroundings_context)
    if surroundings is None:
        raise RuntimeError("a component was drawn outside a session")
    return surroundings


def use_words() -> Translator:
    """The present language's texts, inside a component; draws again when the language changes."""
    return use_surroundings().words
