"""Deliberate bugs, to prove that the simulation would find them.

Each takes one rule of the design away, by wrapping a function of the product for as long as the
sabotage lasts; the product knows nothing of it. A test walks them all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

Bug = Callable[["Bench"], None]

SABOTAGES: dict[str, Bug] = {}


def bug(make: Bug) -> Bug:
    """Add a deliberate bug under its function's name."""
    SABOTAGES[make.__name__] = make
    return make


class Bench:
    """Puts functions in the place of the product's, and puts those back at the end."""

    def __init__(self) -> None:
        """Nothing is replaced yet."""
        self._undo = ExitStack()

    def replace(self, owner: Any, name: str, by: Any) -> None:
        """Put something in the place of a module's function or of a class's method."""
        self._undo.callback(setattr, owner, name, owner.__dict__[name])
        setattr(owner, name, by)

    def replace_everywhere(self, original: Any, by: Any) -> None:
        """Put a function in the place of another in every module that imported it."""
        for name, module in list(sys.modules.items()):
            if name.startswith("field_app.") and ".simulation" not in name:
                for attribute, value in list(vars(module).items()):
                    if value is original:
                        self.replace(module, attribute, by)

    def close(self) -> None:
        """Put everything back."""
        self._undo.close()


@contextmanager
def sabotaged(name: str) -> Iterator[None]:
    """The product with one bug, while the block lasts."""
    bench = Bench()
    try:
        SABOTAGES[name](bench)
        yield
    finally:
        bench.close()
