"""What a broken invariant is called, and what to tell of it."""

from __future__ import annotations

KINDS = (
    "lost",
    "duplicated",
    "diverged",
    "conflicts",
    "scope_violations",
    "stuck",
    "order",
    "identity",
    "shown",
    "crash",
)


class Violation(Exception):
    """An invariant does not hold; the history that led here is to be shrunk."""

    def __init__(self, kind: str, detail: str) -> None:
        """Name the invariant, and say where it broke (ids and counts: all data is made up)."""
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


def require(holds: bool, kind: str, detail: str) -> None:
    """Make sure that something holds.

    Raises:
        Violation: it does not.
    """
    if not holds:
        raise Violation(kind, detail)
