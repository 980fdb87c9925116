"""Ours and the peer in turns, and the ratios that are left when the machine's speed is not.

A shared machine works 1.6 times as fast in one half minute as in the next. Two figures that were
taken minutes apart then say more about the neighbours than about the programs, and the better of
several favours whoever met the one quiet moment. So a round of ours stands between two of the
peer, seconds apart, and is compared with the mean of those two; of these ratios the middle one
counts, which no single disturbed round moves far. Every round counts: none is dropped or repeated,
and a round that does not do its whole work ends the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from benchmarks.ours import SyncTimes

Figures = dict[str, float]
"""Contacts a second and bytes a contact, by measure."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure over all rounds."""

    ours: float
    """The median of ours."""
    peer: float
    """The median of the peer's."""
    ratio: float
    """The median of the rounds' own ratios; not the ratio of the two medians."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Every round in the order in which it ran: the peer's first and last, ours in between."""

    ours: Sequence[Figures]
    peer: Sequence[Figures]

    def compared(self) -> dict[str, Compared]:
        """What the rounds say together, by measure."""
        return {measure: self._compare(measure) for measure in self.ours[0]}

    def _compare(self, measure: str) -> Compared:
        our, theirs = ([one[measure] for one in side] for side in (self.ours, self.peer))
        beside = [mean(pair) for pair in pairwise(theirs)]
        ratios = [one / other for one, other in zip(our, beside, strict=True)]
        return Compared(median(our), median(theirs), median(ratios))


def in_turns(
    rounds: int,
    ours: Callable[[], SyncTimes],
    peer: Callable[[], SyncTimes],
    say: Callable[[str], None],
) -> Rounds:
    """Run peer, ours, peer, ours, …, peer: so many of ours, one more of the peer's."""
    theirs, our = [_told("peer", figures_of(peer()), say)], []
    for number in range(1, rounds + 1):
        our.append(_told(f"ours {number}/{rounds}", figures_of(ours()), say))
        theirs.append(_told("peer", figures_of(peer()), say))
    return Rounds(our, theirs)


def figures_of(times: SyncTimes) -> Figures:
    """A round as figures.

    Raises:
        AssertionError: one of them is not a number that a round can have.
    """
    found: Figures = {}
    for name in ("push", "pull", "first"):
        timed = getattr(times, name)
        found[f"{name}_per_s"] = timed.per_second
        found[f"{name}_bytes"] = timed.bytes_per_contact
    if not all(math.isfinite(figure) and figure > 0 for figure in found.values()):
        raise AssertionError(f"a broken round: {found}")
    return found


def _told(whose: str, figures: Figures, say: Callable[[str], None]) -> Figures:
    say(f"{whose:<10}" + "".join(f"{name:>13} {one:>7,.0f}" for name, one in figures.items()))
    return figures
