"""Say that something failed: to the log without content, to people in their own words."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass

from field_app.domain.errors import FieldAppError
from field_app.locale import Translator

_log = logging.getLogger("field_app.views")


@dataclass(frozen=True)
class Failure:
    """What went wrong, safe to show and to log: a stable code, and the text's values."""

    code: str
    values: tuple[tuple[str, str | int], ...] = ()

    def text(self, words: Translator) -> str:
        """The sentence for the person in front of the screen."""
        return words.error_code(self.code, **dict(self.values))


UNEXPECTED = Failure("unexpected")


def failure_of(error: BaseException) -> Failure:
    """The part of an error that may be shown; a foreign error becomes "unexpected"."""
    if isinstance(error, FieldAppError):
        return Failure(error.code, tuple(sorted(error.values.items())))
    return UNEXPECTED


def location_of(error: BaseException) -> str:
    """Where an error was raised, as "file:line in function", never with its message."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown"
    last = frames[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno} in {last.name}"


def report(error: BaseException, during: str) -> Failure:
    """Log an error's class and location (its text may hold personal data), and name it.

    Args:
        error: What was raised.
        during: What was being done, in code words, e.g. "rendering today".
    """
    _log.error("%s while %s at %s", type(error).__name__, during, location_of(error))
    return failure_of(error)
