"""Kill a store at every point where it touches the disk, and keep what the disk then holds.

A point is each statement, each commit (before it) and each call of the keystore (before and after
it). At the chosen point the whole root directory is copied as it lies there, and the process
"dies"; the copy is then opened as the next start of the app would.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event

from field_app.store.keystore import DeviceKeystore
from tests.store.makers import SettableClock, StoreOnDisk


class Killed(BaseException):
    """The process is gone."""


class Executioner:
    """Counts the points and kills at one of them."""

    def __init__(self, root: Path, image: Path) -> None:
        self._root = root
        self._image = image
        self.points = 0
        self.at = 0

    def arm(self, at: int) -> None:
        """Kill at this point from now on (counted from 1)."""
        self.points, self.at = 0, at

    def point(self, *_anything: Any, **_more: Any) -> None:
        """Here the process may die."""
        self.points += 1
        if self.points == self.at:
            shutil.copytree(self._root, self._image)
            raise Killed


class MortalKeystore:
    """A keystore with a point before and after everything it does."""

    def __init__(self, inner: DeviceKeystore, executioner: Executioner) -> None:
        self._inner = inner
        self._point = executioner.point

    def load(self, name: str) -> bytes:
        return self._inner.load(name)

    def store(self, name: str, secret: bytes) -> None:
        self._point()
        self._inner.store(name, secret)
        self._point()

    def delete(self, name: str) -> None:
        self._point()
        self._inner.delete(name)
        self._point()


def mortal(store: StoreOnDisk, image: Path) -> Executioner:
    """Make a store's database and keystore able to die."""
    executioner = Executioner(store.root, image)
    store.keystore = MortalKeystore(store.keystore, executioner)
    store.vault._keystore = store.keystore
    store.vault._smith._keystore = store.keystore
    event.listen(store.database.engine, "before_cursor_execute", executioner.point)
    event.listen(store.database.engine, "commit", executioner.point)
    return executioner


def survivors(
    folder: Path, prepare: Callable[[StoreOnDisk], None], act: Callable[[StoreOnDisk], object]
) -> Iterator[tuple[int, StoreOnDisk]]:
    """Kill `act` at its 1st, 2nd, … point and open what each kill leaves, until it gets through.

    The last store given is the one where nobody was killed.
    """
    at = 0
    while True:
        at += 1
        root, image = folder / f"{at}", folder / f"{at}-killed"
        store = StoreOnDisk(root)
        prepare(store)
        executioner = mortal(store, image)
        executioner.arm(at)
        try:
            act(store)
        except Killed:
            store.database.close()
            left = StoreOnDisk(image, clock=SettableClock(), seed=f"after {at}")
            yield at, left
            left.close()
            shutil.rmtree(root)
            shutil.rmtree(image)
            continue
        executioner.arm(0)
        yield at, store
        store.close()
        return
