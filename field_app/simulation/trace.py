"""Everything that was saved, answered and ordered, as JSON lines for a foreign checker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from field_app.simulation.oracle import HeardSave


class Trace:
    """Writes lines to a file, or nowhere."""

    def __init__(self, file: IO[str] | None = None) -> None:
        """Write into this file."""
        self._file = file
        self._seed = 0

    def begin(self, seed: int, devices: Mapping[str, str]) -> None:
        """A history begins; `devices` is {device: worker}."""
        self._seed = seed
        self._write("history", devices=dict(devices))

    def save(self, save: HeardSave) -> None:
        """A save is durable on its device."""
        self._write(
            "save",
            device=save.device,
            counter=save.counter,
            header=save.header.decode(),
            parts=[part.decode(errors="replace") for part in save.parts],
        )

    def reissued(self, save: HeardSave) -> None:
        """A save has a place in another chain, or another place in its own."""
        self._write(
            "reissued", device=save.device, counter=save.counter, header=save.header.decode()
        )

    def forgotten(self, sets: list[str]) -> None:
        """A device's disk lost these saves."""
        self._write("forgotten", sets=sets)

    def server_back(self, kind: str, sequence: int) -> None:
        """The server was put back to what it was at a sequence."""
        self._write(kind, sequence=sequence)

    def answer(self, device: str, counter: int, status: str, seq: int | None, reason: str) -> None:
        """The server answered for a save."""
        self._write("answer", device=device, counter=counter, status=status, seq=seq, reason=reason)

    def order(self, seq: int, save: HeardSave) -> None:
        """The server put a save into its order."""
        self._write("accepted", seq=seq, set=save.set_id)

    def command(self, seq: int, command: str, detail: Mapping[str, Any]) -> None:
        """The server carried out an access command."""
        self._write("command", seq=seq, command=command, detail=dict(detail))

    def state(self, who: str, lines: list[bytes]) -> None:
        """The final state of a device, or of the server: its export."""
        self._write("state", who=who, lines=[line.decode() for line in lines])

    def _write(self, event: str, **details: Any) -> None:
        if self._file is not None:
            line = {"event": event, "seed": self._seed, **details}
            self._file.write(json.dumps(line, sort_keys=True) + "\n")
