"""A naive oracle for the merge, written from the sentences of the sync document alone.

It shares no code with `field_app.sync.merge`: it keeps every write it was ever told as a list and
answers each question by scanning that list. Slow and plain, so that it can be read as the rule:

- a write waits until every write it names, on that same key, is here; a save is not split;
- a key's heads are its writes that no other write replaces;
- a write's depth is 1 + the depth of the deepest write it replaces;
- the head shown is the one with the greatest (depth, write id);
- values are equal when their bytes would be: true, 1 and "1" are three values;
- heads with different values are a conflict, except for elements of a set: a tick stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """One write as it was told: its id, and for each key its value and what it replaces."""

    write_id: str
    values: Mapping[str, Any]
    replaces: Mapping[str, Sequence[str]]


class Oracle:
    """Everything one record's part was ever told."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.told: list[Told] = []

    def tell(self, write: Told) -> None:
        """Hear of a write, in any order, any number of times."""
        if all(known.write_id != write.write_id for known in self.told):
            self.told.append(write)

    def here(self) -> list[Told]:
        """The writes whose every named predecessor is here too."""
        here: list[Told] = []
        grown = True
        while grown:
            grown = False
            for write in self.told:
                if write not in here and self._ready(write, here):
                    here.append(write)
                    grown = True
        return here

    @staticmethod
    def _ready(write: Told, here: Sequence[Told]) -> bool:
        for key in write.values:
            for named in write.replaces.get(key, ()):
                if not any(known.write_id == named and key in known.values for known in here):
                    return False
        return True

    def waiting(self) -> set[str]:
        """The ids of the writes that wait for one they name."""
        here = self.here()
        return {write.write_id for write in self.told if write not in here}

    def picture(self) -> dict[str, list[tuple[str, int, str]]]:
        """{key: its heads as (write id, depth, value's bytes), the one shown first in front}."""
        here = self.here()
        keys = {key for write in here for key in write.values}
        return {key: self._heads(key, here) for key in keys}

    def _heads(self, key: str, here: Sequence[Told]) -> list[tuple[str, int, str]]:
        heads = []
        for write in here:
            if key not in write.values:
                continue
            if any(
                write.write_id in other.replaces.get(key, ()) and key in other.values
                for other in here
            ):
                continue
            depth = self._depth(key, write, here)
            heads.append((write.write_id, depth, said(write.values[key])))
        heads.sort(key=lambda head: (head[1], head[0]))
        return heads[::-1]

    def _depth(self, key: str, write: Told, here: Sequence[Told]) -> int:
        deepest = 0
        for named in write.replaces.get(key, ()):
            for known in here:
                if known.write_id == named:
                    deepest = max(deepest, self._depth(key, known, here))
        return deepest + 1

    def conflicts(self) -> set[str]:
        """The keys a person has to settle."""
        found = set()
        for key, heads in self.picture().items():
            values = {value for _, _, value in heads}
            ticks = "/" in key and values <= {"true", "false"}
            if len(values) > 1 and not ticks:
                found.add(key)
        return found

    def shown(self) -> dict[str, str]:
        """The bytes of the value shown for each key."""
        shown = {}
        for key, heads in self.picture().items():
            values = [value for _, _, value in heads]
            ticks = "/" in key and set(values) <= {"true", "false"}
            shown[key] = ("true" if "true" in values else "false") if ticks else values[0]
        return shown


def said(value: Any) -> str:
    """A value's one spelling: JSON tells true, 1 and "1" apart where Python does not."""
    return json.dumps(value, sort_keys=True)
