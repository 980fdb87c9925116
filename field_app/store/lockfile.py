"""One process a data directory: two writers of one store would undo each other.

The operating system holds the lock on an open file and lets go of it when the process ends,
however it ends; a file left behind means nothing.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from field_app.domain.errors import StoreInUse

LOCK_NAME = "lock"


def _lock(descriptor: int) -> None:
    """Take the exclusive lock or raise OSError at once."""
    try:
        fcntl: Any = importlib.import_module("fcntl")
    except ImportError:
        msvcrt: Any = importlib.import_module("msvcrt")
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class DirectoryLock:
    """The exclusive use of a data directory, from `take` until `release`."""

    def __init__(self, descriptor: int) -> None:
        """Hold an open, locked file; use `take`."""
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, directory: Path) -> Self:
        """Lock the directory for this process; makes it (0700) when it is not there.

        Raises:
            StoreInUse: another runtime has it.
        """
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError as held:
            os.close(descriptor)
            raise StoreInUse("another process has this data directory") from held
        return cls(descriptor)

    def release(self) -> None:
        """Let go; letting go twice is fine."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        """Hold it for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go."""
        self.release()
