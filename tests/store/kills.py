"""What a kill would leave on the disk, at every point where a store touches it.

A point is each statement, each commit (before it), each call of the keystore (before and after
it), and the end. At each point the whole root directory is copied as it lies there: the files a
killed process leaves. Every distinct copy is then opened as the next start of the app would.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from field_app.domain.errors import DiskFull
from field_app.store.keystore import DeviceKeystore
from tests.store.makers import StoreOnDisk


class PointsOfDeath:
    """Copies the root directory at every point, each distinct state once."""

    def __init__(self, root: Path, images: Path) -> None:
        self._root = root
        self._images = images
        self._seen: set[bytes] = set()
        self.points = 0
        self.kept: list[Path] = []

    def point(self, *_anything: Any, **_more: Any) -> None:
        """Here the process may die."""
        self.points += 1
        digest = hashlib.sha256()
        for file in self._files():
            digest.update(f"{file.relative_to(self._root)}:{file.stat().st_size}:".encode())
            digest.update(file.read_bytes())
        if digest.digest() in self._seen:
            return
        self._seen.add(digest.digest())
        image = self._images / f"{len(self.kept):03d}"
        for file in self._files():
            copy = image / file.relative_to(self._root)
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(file, copy)
        self.kept.append(image)

    def _files(self) -> list[Path]:
        """All files but SQLite's shared memory, which is made anew from the log."""
        files = (file for file in self._root.rglob("*") if file.is_file())
        return sorted(file for file in files if not file.name.endswith("-shm"))


class MortalKeystore:
    """A keystore with a point before and after everything it changes."""

    def __init__(self, inner: DeviceKeystore, point: Callable[[], None]) -> None:
        self._inner = inner
        self._point = point

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


def images_of(
    folder: Path, prepare: Callable[[StoreOnDisk], None], act: Callable[[StoreOnDisk], object]
) -> list[Path]:
    """What kills during `act` leave, in order; the last one is what is there when it is done."""
    store = StoreOnDisk(folder / "alive")
    prepare(store)
    deaths = PointsOfDeath(store.root, folder / "images")
    mortal = MortalKeystore(store.keystore, deaths.point)
    store.vault._keystore = store.vault._smith._keystore = mortal
    event.listen(store.database.engine, "before_cursor_execute", deaths.point)
    event.listen(store.database.engine, "commit", deaths.point)
    act(store)
    deaths.point()
    event.remove(store.database.engine, "before_cursor_execute", deaths.point)
    event.remove(store.database.engine, "commit", deaths.point)
    store.close()
    return deaths.kept


def survivors(images: list[Path], folder: Path) -> Iterator[StoreOnDisk]:
    """Open a fresh copy of each image, one after the other."""
    for image in images:
        root = folder / f"opened-{image.name}"
        shutil.copytree(image, root)
        store = StoreOnDisk(root, seed=f"after {image.name}")
        yield store
        store.close()
        shutil.rmtree(root)


@contextmanager
def failing_at(store: StoreOnDisk, number: int) -> Iterator[None]:
    """The disk is full at the n-th statement or commit of the block, and has room afterwards."""
    points = itertools.count(1)

    def point(*_anything: Any, **_more: Any) -> None:
        if next(points) == number:
            raise DiskFull("no room")

    event.listen(store.database.engine, "before_cursor_execute", point)
    event.listen(store.database.engine, "commit", point)
    try:
        yield
    finally:
        event.remove(store.database.engine, "before_cursor_execute", point)
        event.remove(store.database.engine, "commit", point)
