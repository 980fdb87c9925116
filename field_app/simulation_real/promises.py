"""What a device wrote down of drafts and of waiting saves, held against what was there later.

A draft's promise is judged at every start after a kill, and at the end: all letters that were
durable are there, unless its author had asked to save it or to throw it away; what was saved is
among the device's saves, word for word, and never a draft again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from field_app.simulation.violation import require
from field_app.simulation_real.drafting import text_of

Entries = Sequence[Sequence[Any]]
ACCEPTED = ("accepted", "passed")


class Drafts:
    """The drafts of one device, from its journal."""

    def __init__(self, whose: str) -> None:
        """Nothing was promised yet."""
        self._whose = whose[:6]
        self._durable: dict[str, str] = {}
        self._leaving: dict[str, str] = {}
        """{draft: how}, from when that was asked for until it is known to be gone."""
        self._gone: dict[str, str] = {}
        self._found: Counter[str] = Counter()

    def judge(
        self, noted: Entries, at_the_end: Mapping[str, str], words: Collection[Any]
    ) -> Counter[str]:
        """Go through a journal; `words` are all texts of the device's saves.

        Raises:
            Violation: a letter is lost, or what was saved is a draft once more.
        """
        for kind, *told in noted:
            if kind == "typed":
                self._typed(*told)
            elif kind in ("saving", "discarding"):
                self._leaving[told[0]] = kind
            elif kind == "left":
                self._gone[told[0]] = self._leaving.pop(told[0])
            elif kind == "drafts":
                self._look(told[0])
        self._look(at_the_end)
        for draft, how in self._gone.items():
            kept = how == "discarding" or self._durable.get(draft) in words
            require(kept, "lost", f"a draft of {self._whose} was saved, and is not in a save")
            self._found["discarded" if how == "discarding" else "saved"] += 1
        return self._found

    def _typed(self, draft: str, text: str) -> None:
        self._durable[draft] = text
        self._leaving.pop(draft, None)  # its author typed on: it was not saved after all
        self._found["bursts"] += 1

    def _look(self, shown: Mapping[str, str]) -> None:
        """A start, after a kill."""
        for draft, text in shown.items():
            require(draft not in self._gone, "duplicated", f"a draft of {self._whose} came back")
            whole = text == text_of(draft, len(text))
            require(whole, "lost", f"a draft of {self._whose} has other letters")
        for draft, text in self._durable.items():
            if draft in self._gone:
                continue
            self._found["checked"] += 1
            if draft in self._leaving and draft not in shown:
                self._gone[draft] = self._leaving.pop(draft)
                continue
            there = shown.get(draft, "")
            lost = f"{len(there)} of {len(text)} letters of a draft of {self._whose} are there"
            require(len(there) >= len(text), "lost", lost)
        self._durable.update(shown)


def judge_waiting(whose: str, noted: Entries, states: Mapping[str, str]) -> Counter[str]:
    """What waited stayed readable until it was accepted; counts what waited, and was accepted.

    Raises:
        Violation: something was no longer shown, and is not accepted.
    """
    shown: set[str] = set()
    ever: set[str] = set()
    for kind, *told in noted:
        if kind != "waiting":
            continue
        for gone in shown - told[0].keys():
            is_accepted = states.get(gone) in ACCEPTED
            require(
                is_accepted, "lost", f"{gone[:6]} of {whose[:6]} waited, and was no longer shown"
            )
        shown = set(told[0])
        ever |= shown
    accepted = sum(states.get(one) in ACCEPTED for one in ever)
    return Counter(shown=len(ever), accepted=accepted)
