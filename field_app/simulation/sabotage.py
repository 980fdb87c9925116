"""Deliberate bugs, to prove that the simulation would find them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

SABOTAGES: dict[str, Callable[[], AbstractContextManager[None]]] = {}


@contextmanager
def sabotaged(name: str) -> Iterator[None]:
    """The product with one bug."""
    with SABOTAGES[name]():
        yield
