"""What must hold once everything is at rest: every invariant, against the oracle."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from field_app.server.export import export_all
from field_app.simulation.device import SimulatedDevice
from field_app.simulation.drain import ghost, newcomer
from field_app.simulation.oracle import HeardSave, State, What, Where
from field_app.simulation.violation import Violation, require
from field_app.simulation.world import World, disk
from field_app.store.outbox import Saved

SPARE_DISK = 12
"""The number of the disk that ghosts live on: above every device's."""


@dataclass(frozen=True, slots=True)
class Row:
    """A change set as it lies at the server, under one header of one device."""

    key: str
    status: str
    seq: int | None
    header: bytes


class Verdict:
    """The judgement of one history that came to rest."""

    def __init__(self, world: World) -> None:
        """Read the server's database by plain SQL."""
        self.world = world
        self.states = world.oracle.states()
        self._shown: dict[str, Mapping[Where, State]] = {}
        """{device: what it should show}; its own held saves lie upon what was accepted."""
        self.links: dict[tuple[str, int], Row] = {
            (device, counter): Row(key, status, seq, header)
            for device, counter, key, status, seq, header in world.central.rows(
                "SELECT l.device, l.counter, l.set_key, s.status, s.seq, l.header"
                " FROM chain_link l JOIN change_set s"
                " ON s.organisation = l.organisation AND s.key = l.set_key"
            )
        }

    def judge(self) -> None:
        """Every invariant.

        Raises:
            Violation: the first that does not hold.
        """
        self._saves()
        self._order()
        self._chains()
        self._server()
        for device in self.world.devices:
            self._device(device)
        self._conflicts()
        self._replay()
        self._newcomer()
        self._ghost()

    # -- nothing is lost -------------------------------------------------------------------------

    def _saves(self) -> None:
        oracle = self.world.oracle
        there = {save.what for row in self.links.values() if (save := oracle.saves.get(row.header))}
        held: set[What] = set()
        for device in self.world.devices:
            refused = self.world.is_refused(device)
            for saved in device.saves():
                save = oracle.saves[saved.change_set.header.raw]
                if self._saved(save, saved, refused, there) and save.what not in held:
                    self.world.played.acknowledged += len(save.writes)
                held.add(save.what)
        for save in oracle.saves.values():
            kept = save.what in held or save.what in oracle.lost_by_disk
            require(kept, "lost", f"{save.device[:6]} {save.counter} is no longer on its device")
        self._held()
        for (whose, counter), row in self.links.items():
            known = row.header in oracle.saves
            require(known, "identity", f"{whose[:6]} {counter}: nobody saved it")

    def _saved(self, save: HeardSave, saved: Saved, refused: bool, there: Set[What]) -> bool:
        """A save on a device is at the server just as the device says; whether it is answered."""
        where = f"{save.device[:6]} {save.counter}"
        self._same_bytes(save, saved, where)
        row = self.links.get((save.device, save.counter))
        if row is None or row.header != save.header:
            # Under another header, by a device it has become since; or nowhere, where the
            # device cannot know or cannot tell.
            silent = refused and (saved.state == "pending" or self.world.played.server_losses > 0)
            elsewhere = saved.counter < 0 and save.what in there
            require(silent or elsewhere, "lost", f"{where} is {saved.state}, not at the server")
            return elsewhere
        self._stored(save, row, where)
        if not refused:
            state = "accepted" if saved.state == "passed" else saved.state
            require(state == row.status, "lost", f"{where}: {state} here, {row.status} there")
        return saved.state != "pending"

    def _held(self) -> None:
        """What is held waits for something that really is not there."""
        oracle = self.world.oracle
        accepted = {one.save.set_id for one in oracle.accepted}
        for (device, counter), row in self.links.items():
            save = oracle.saves.get(row.header)
            if row.status != "held" or save is None:
                continue
            named = {
                name.partition(":")[0]
                for write in save.writes
                for names in write.replaces.values()
                for name in names
            }
            persons = {write.scope.partition("/")[2] for write in save.writes}
            waits = bool(named - accepted) or any(
                person not in oracle.teams and oracle.person_team(person) is None
                for person in persons - {"directory"}
            )
            require(waits, "stuck", f"{device[:6]} {counter} is held and waits for nothing")

    def _same_bytes(self, save: HeardSave, saved: Saved, where: str) -> None:
        kept = tuple(part.raw for part in saved.change_set.parts)
        same = saved.change_set.header.raw == save.header and kept == save.parts
        require(same, "identity", f"{where}: other bytes on its device")

    def _stored(self, save: HeardSave, row: Row, where: str) -> None:
        statuses = ("accepted", "held", "needs-human", "set-aside")
        require(row.status in statuses, "lost", f"{where}: {row.status}")
        require(row.header == save.header, "identity", f"{where}: another header")
        stored = self.world.watch.stored_bytes(row.key)
        require(stored == save.parts, "lost", f"{where}: other parts are stored as {row.key[:6]}")
        answered = self.world.watch.answers.get((save.device, save.counter))
        if answered is not None and answered.status == "accepted":
            same = (row.status, row.seq) == ("accepted", answered.seq)
            require(same, "lost", f"{where}: answered {answered.seq}, is {row.status} {row.seq}")

    def _order(self) -> None:
        for (device, counter), told in self.world.watch.answers.items():
            here = (device, counter) in self.links
            require(here, "lost", f"{device[:6]} {counter}: answered {told.status}, not stored")
        seqs = [one.seq for one in self.world.oracle.accepted]
        require(seqs == sorted(set(seqs)), "order", "accepted twice, or out of order")
        sets = [one.save.set_id for one in self.world.oracle.accepted]
        require(len(sets) == len(set(sets)), "duplicated", "a set was accepted twice")
        stored = self.world.central.rows("SELECT seq FROM change_set WHERE seq IS NOT NULL")
        require(sorted(row[0] for row in stored) == seqs, "lost", "an accepted set is gone")

    def _chains(self) -> None:
        by_device: dict[str, list[bytes]] = {}
        for (device, _), row in sorted(self.links.items()):
            by_device.setdefault(device, []).append(row.header)
        for device, headers in by_device.items():
            prev = "0" * 64
            for counter, header in enumerate(headers, 1):
                wire = json.loads(header)
                follows = (wire["counter"], wire["prev"]) == (counter, prev)
                require(follows, "identity", f"{device[:6]}: the chain breaks at {counter}")
                prev = hashlib.sha256(header).hexdigest()

    # -- everybody has the same ------------------------------------------------------------------

    def _server(self) -> None:
        core = self.world.central.core
        with core.database.read() as connection:
            lines = list(
                export_all(
                    connection, self.world.central.number, core.sealer, core.reader, "simulation"
                )
            )
        self.world.trace.state("server", lines)
        compare("the server", self.states, lines)

    def _device(self, device: SimulatedDevice) -> None:
        """A device at rest shows what it may read, and nothing else."""
        lines = list(device.lines())
        self.world.trace.state(device.id, lines)
        if self.world.is_refused(device):
            return
        oracle = self.world.oracle
        held = [
            oracle.saves[header.raw]
            for header in (saved.change_set.header for saved in device.saves())
            if (row := self.links.get((header.device, header.counter))) is not None
            and row.status == "held"
        ]
        states = oracle.states(held) if held else self.states
        expected = oracle.readable(states, device.worker, held)
        if held:  # of what it may not read, a device shows its own words alone
            expected = self._with_own_words(expected, device.worker, held)
        self._shown[device.id] = expected
        compare(f"device {device.id[:6]}", expected, lines)
        self._rows_in_scope(device)

    def _with_own_words(
        self, expected: Mapping[Where, State], worker: str, held: Sequence[HeardSave]
    ) -> dict[Where, State]:
        oracle = self.world.oracle
        own = type(oracle)(oracle.teams, oracle.workers, screens=oracle.screens).states(held)
        return {
            where: state if oracle.may_read(worker, state.scope, where[1]) else own[where]
            for where, state in expected.items()
        }

    def _rows_in_scope(self, device: SimulatedDevice) -> None:
        rows = device.disk.connection.execute("SELECT DISTINCT scope, register FROM envelope")
        for scope, register in rows.fetchall():
            allowed = self.world.oracle.may_read(device.worker, scope, register)
            require(allowed, "scope_violations", f"{register} of {scope[:13]} on {device.id[:6]}")

    def _conflicts(self) -> None:
        played = self.world.played
        for where, state in self.states.items():
            for key in state.conflicts():
                played.conflicts_planted += 1
                for device in self.world.devices:
                    expected = self._shown.get(device.id, {}).get(where)
                    if expected is not None and key in expected.conflicts():
                        view = device.cases.record(where[0])
                        shown = view is not None and key in view.conflicts
                        require(shown, "conflicts", f"{where[0][:6]} {key} on {device.id[:6]}")
                played.conflicts_surfaced += 1

    # -- once more -------------------------------------------------------------------------------

    def _replay(self) -> None:
        """A batch of long ago comes once more: answered as it was, and nothing changes."""
        for device, body in reversed(self.world.watch.pushes):
            sender = next((one for one in self.world.devices if one.id == device), None)
            if sender is None or self.world.is_refused(sender):
                continue
            before = self.world.watch.sequence
            token = sender.cases.require_identity().token
            answer = self.world.central.answer("/v1/push", gzip.compress(body, 1), token)
            if answer.status == 401:
                return  # its token is past its time: nothing to learn
            require(answer.status == 200, "duplicated", f"a replay is answered {answer.status}")
            require(self.world.watch.sequence == before, "duplicated", "a replay took a sequence")
            return

    def _newcomer(self) -> None:
        dice = random.Random(f"newcomer {self.world.history.seed}")
        chosen: Any = [one for one, known in self.world.oracle.workers.items() if known.active]
        if chosen:
            self._device(newcomer(self.world, dice.choice(chosen)))

    def _ghost(self) -> None:
        """A device of a while ago that is only told, and never pushes, ends like all others.

        Unless it met a new epoch as a fork: what its former identity had saved waits then to be
        pushed again, and is shown until it is answered for.
        """
        checkpoint = self.world.checkpoint
        if checkpoint is None:
            return
        original = self.world.devices[checkpoint.number]
        forgot = self.world.oracle.lost_by_disk
        if self.world.is_refused(original) or forgot or original.id != checkpoint.device:
            return
        if self.world.history.seed % 3 == 0:
            self.world.central.new_epoch()  # the server tells everything anew, as it stands
        fed = ghost(self.world, checkpoint, disk(SPARE_DISK))
        known = self.world.oracle.saves
        if all(saved.change_set.header.raw in known for saved in fed.saves()):
            self._device(fed)


def compare(whose: str, expected: Mapping[Where, State], lines: Sequence[bytes]) -> None:
    """Make sure that an export says exactly what is expected, byte by byte.

    Raises:
        Violation: it has something more, less, or else.
    """
    wanted = {where: state.line(where) for where, state in expected.items()}
    found: dict[Where, bytes] = {}
    for line in lines:
        wire = json.loads(line)
        where = (wire["record"], wire["register"])
        require(where not in found, "diverged", f"{whose} has {where[0][:6]} twice")
        found[where] = line
    for where in sorted(wanted.keys() | found.keys()):
        named = f"{where[0][:6]}/{where[1]}"
        if where not in wanted:
            raise Violation("scope_violations", f"{whose} holds {named}: {found[where].decode()}")
        if where not in found:
            raise Violation("diverged", f"{whose} lacks {named}: {wanted[where].decode()}")
        if wanted[where] != found[where]:
            raise Violation("diverged", f"{whose}, {named}: {_apart(found[where], wanted[where])}")


def _apart(found: bytes, wanted: bytes) -> str:
    """What two lines disagree about."""
    here, there = json.loads(found), json.loads(wanted)
    keys = list(here["heads"] | there["heads"])
    apart = [key for key in keys if here["heads"].get(key) != there["heads"].get(key)]
    told = [f"{key}: {here['heads'].get(key)} not {there['heads'].get(key)}" for key in apart]
    rest = [name for name in ("type", "scope") if here[name] != there[name]]
    return "; ".join(told + rest)
