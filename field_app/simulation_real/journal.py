"""What a device writes down of what it was promised, before it can be killed over the next thing.

One line an entry, `[kind, …]` as JSON, in a file beside the store; each line is one write, so that
a kill leaves it whole, or not there.

| entry | what was promised, or seen |
|---|---|
| `["save", header, [part, …]]` | these bytes are kept |
| `["typed", draft, text]` | so much of a draft is durable |
| `["saving", draft]` | a save that takes the draft's place is asked for |
| `["discarding", draft]` | its author throws it away |
| `["left", draft]` | it was saved, or thrown away |
| `["drafts", {draft: text}]` | all that a start found |
| `["waiting", {set id: state}]` | own saves shown as waiting, or as set aside |
| `["deciding", set id, reason]` | a case is about to be decided, with these words |
| `["asking"]` | the code is about to be redeemed |
| `["enrolled"]` | the device has its identity |
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NAME = "journal"


class Journal:
    """The journal of one device, to write into."""

    def __init__(self, folder: Path) -> None:
        """Go on at the end of the file."""
        self._path = folder / NAME

    def note(self, kind: str, *told: Any) -> None:
        """Write an entry down; it survives a kill from now on."""
        with self._path.open("ab", buffering=0) as file:
            file.write(json.dumps([kind, *told]).encode() + b"\n")


def entries(folder: Path) -> list[list[Any]]:
    """Everything a device wrote down; nothing when it never came so far."""
    try:
        raw = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in raw.split(b"\n")[:-1]]
