"""Looks after the demo's processes: a dead app is started again, a dead server ends the demo."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from field_app.demo.processes import Family
from field_app.domain.errors import ChildFailed

WATCH_SECONDS = 0.5
REVIVALS_MAX = 5
"""How often an app that died is started again; one that keeps dying ends the demo."""


class Revivable(Protocol):
    """A process that may be started again."""

    name: str
    revivals: int


One = TypeVar("One", bound=Revivable)


class Watch(Generic[One]):
    """Watches from a thread of its own while the demo runs."""

    def __init__(self, family: Family, apps: Sequence[One], revive: Callable[[One], None]) -> None:
        """Watch a family; `revive` starts one of its apps again, in the dead one's place."""
        self._family = family
        self._apps = {app.name: app for app in apps}
        self._revive = revive
        self._over = threading.Event()

    @contextmanager
    def keeping(self, end: Callable[[], None], revived: Callable[[One], None]) -> Iterator[None]:
        """Watch during a block.

        Args:
            end: Called when a process ended for good; the block is to end then.
            revived: Called after an app was started again.

        Raises:
            ChildFailed: after the block, when a process ended for good.
        """
        thread = threading.Thread(target=self._look, args=(end, revived), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
        ended = self._family.ended()
        if ended is not None:
            raise ended.failure()

    def _look(self, end: Callable[[], None], revived: Callable[[One], None]) -> None:
        while not self._over.wait(WATCH_SECONDS):
            ended = self._family.ended()
            if ended is None:
                continue
            app = self._apps.get(ended.name)
            if app is None or not self._try(app):
                end()
                return
            revived(app)

    def _try(self, app: One) -> bool:
        if app.revivals == REVIVALS_MAX:
            return False
        app.revivals += 1
        try:
            self._revive(app)
        except (ChildFailed, OSError):
            return False
        return True
