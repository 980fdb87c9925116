"""The last net under a Flet session, for what escapes every boundary.

It leans on the pinned Flet's `Session` in three places, all in this file: `error` (puts an
exception's text on screen), the task that draws updates (ends silently when a control is
invalid), and the logger (prints exceptions with their text).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from field_app.views.failures import UNEXPECTED, location_of, report
from field_app.views.session import Session

_FLET_LOGGERS = ("flet", "flet_components", "flet_web", "flet_web.fastapi", "flet_object_patch")
_UPDATES_TASK = "_Session__updates_task"
_log = logging.getLogger("field_app.views")


class WithoutContent(logging.Filter):
    """Takes an exception's text, which may hold personal data, out of a log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with class and place instead of the traceback."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg = f"{type(error).__name__} at {location_of(error)}"
            record.args = ()
            record.exc_info = None
            record.exc_text = None
        return True


def quiet_flet_logs() -> None:
    """Let no Flet logger print an exception's text; safe to call twice."""
    for name in _FLET_LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, WithoutContent) for each in logger.filters):
            logger.addFilter(WithoutContent())


def stretch(session: Session) -> None:
    """Put the net under a session, before its first drawing."""
    quiet_flet_logs()

    def tell(_message: str) -> None:
        # Flet has logged it; the message holds the exception's text and goes nowhere.
        session.say_failure(UNEXPECTED)

    setattr(session.page.session, "error", tell)  # noqa: B010 (a method, replaced on purpose)


def watch_drawing(session: Session) -> None:
    """Watch the task that draws updates; when it dies, restart it on the fallback view.

    Call it after the first drawing.
    """
    task = getattr(session.page.session, _UPDATES_TASK, None)
    if not isinstance(task, asyncio.Task):
        _log.error("the drawing task was not found: this Flet is not the pinned one")
        return
    task.add_done_callback(lambda done: _drawing_ended(session, done))


def _drawing_ended(session: Session, task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is None:
        return
    report(error, "drawing")
    restart: Callable[[], None] = session.page.session.start_updates_scheduler
    restart()
    watch_drawing(session)
    session.door.crashed = True
