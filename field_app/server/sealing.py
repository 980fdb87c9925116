"""The one seam that everything stored of people passes: sealed going in, opened coming out.

Each stored value begins with one byte, its suite. Suite 0 is plain: the keys of people, and with
them erasure by key, come later and bring suite 1; both can then be read side by side.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from field_app.domain.errors import ServerError

PLAIN_SUITE = b"\x00"


class Place(NamedTuple):
    """Whose content it is: what a key belongs to."""

    organisation: int
    scope: str
    register: str


class Sealer(Protocol):
    """Seals and opens what is stored."""

    def seal(self, raw: bytes, place: Place) -> bytes:
        """The bytes as they are stored."""
        ...

    def open(self, stored: bytes, place: Place) -> bytes:
        """The bytes as they were.

        Raises:
            ServerError: they cannot be opened here.
        """
        ...


class PlainSealer:
    """Stores the bytes as they are, after their suite."""

    def seal(self, raw: bytes, place: Place) -> bytes:
        """The suite and the bytes."""
        return PLAIN_SUITE + raw

    def open(self, stored: bytes, place: Place) -> bytes:
        """The bytes without their suite.

        Raises:
            ServerError: another suite.
        """
        if stored[:1] != PLAIN_SUITE:
            raise ServerError("stored content of another suite")
        return stored[1:]
