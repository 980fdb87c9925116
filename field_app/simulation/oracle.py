"""A naive oracle: hears of every save, answer and access command, and computes by scanning.

It shares no code with the merge, the store or the server, and is written from the sentences of
`docs/sync-protocol.md` alone; what it knows of a save are the bytes that were saved.

- A key's heads are its accepted writes that no other accepted write names; what a device holds
  that nobody answered for lies upon these, and only such writes take it away.
- A write's depth is 1 + the depth of the deepest write it names that was accepted before it; a
  conflict is two values.
- A worker reads the registers of their role, of their own teams; a lead of all teams.
- A person is with the team they were opened for, until a command moves them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Where = tuple[str, str]
"""(record, register)."""
What = tuple[str, tuple[bytes, ...]]
"""(id of the set, its parts)."""
Head = tuple[int, str, Any, str, str]
"""(depth, write id, value, author, at): sorts as the product is to show them, backwards."""

_READS = {
    "social_instructor": ("common", "social"),
    "social_worker": ("common", "social"),
    "nurse": ("common", "social", "health"),
    "lead": ("common", "social"),
    "administrator": (),
}


@dataclass(frozen=True, slots=True)
class HeardWrite:
    """One write of a save, as its bytes say."""

    id: str
    record: str
    type: str
    scope: str
    register: str
    values: Mapping[str, Any]
    replaces: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class HeardSave:
    """A save that became durable on a device."""

    device: str
    counter: int
    set_id: str
    author: str
    at: str
    header: bytes
    parts: tuple[bytes, ...]
    opens: Mapping[str, str]
    writes: tuple[HeardWrite, ...]

    @property
    def what(self) -> What:
        """The save apart from the chain it is in: a forked device gives it another header."""
        return self.set_id, self.parts


def read_save(header: bytes, parts: Sequence[bytes]) -> HeardSave:
    """A save from its bytes."""
    wire = json.loads(header)
    writes: list[HeardWrite] = []
    for raw in parts:
        try:
            part = json.loads(raw)
            for index, one in enumerate(part["writes"], part["first"]):
                writes.append(
                    HeardWrite(
                        f"{wire['id']}:{index}",
                        one["record"],
                        one["type"],
                        part["scope"],
                        part["register"],
                        one["set"],
                        one.get("replaces", {}),
                    )
                )
        except (ValueError, KeyError, TypeError):
            continue  # a part that is none: kept as it is, and never accepted
    return HeardSave(
        wire["device"],
        wire["counter"],
        wire["id"],
        wire["author"],
        wire["at"],
        header,
        tuple(parts),
        wire.get("opens", {}),
        tuple(writes),
    )


@dataclass(frozen=True, slots=True)
class Ordered:
    """A save that the server accepted, and when in the order of everything."""

    seq: int
    save: HeardSave


@dataclass(slots=True)
class Person:
    """Somebody who works there, as the commands have it."""

    role: str
    teams: set[str]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Remembered:
    """How far everything was at some time."""

    accepted: int
    moves: int
    workers: Mapping[str, Person]


@dataclass(slots=True)
class Oracle:
    """Everything that was ever heard."""

    teams: tuple[str, ...]
    workers: dict[str, Person]
    saves: dict[bytes, HeardSave] = field(default_factory=dict)
    """{header: the save}, of every device, under every header it ever had."""
    lost_by_disk: set[What] = field(default_factory=set)
    """Saves that a device's disk forgot after it had promised to keep them."""
    accepted: list[Ordered] = field(default_factory=list)
    """In the order of the sequence."""
    revoked: set[str] = field(default_factory=set)
    """Devices that are let in no more; what their workers may read stays."""
    screens: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """{(write id, record, key): its depth as its author's screen implied}: for what nobody
    answered."""
    moves: list[tuple[int, str, str]] = field(default_factory=list)
    """(sequence, person, team)."""

    # -- what it hears -------------------------------------------------------------------------

    def hear_save(self, header: bytes, parts: Sequence[bytes]) -> HeardSave:
        """A save is durable on its device."""
        save = read_save(header, parts)
        self.saves[save.header] = save
        return save

    def hear_screen(self, write_id: str, record: str, key: str, deepest: int) -> None:
        """How deep the deepest head was that the author of a write was shown of a key."""
        self.screens[write_id, record, key] = 1 + deepest

    def remember(self) -> Remembered:
        """What a backup of the server holds now."""
        workers = {
            who: Person(one.role, set(one.teams), one.active) for who, one in self.workers.items()
        }
        return Remembered(len(self.accepted), len(self.moves), workers)

    def forget_since(self, then: Remembered) -> None:
        """The server was put back to what it was; who was revoked is known outside of backups."""
        del self.accepted[then.accepted :]
        del self.moves[then.moves :]
        for who, one in then.workers.items():
            self.workers[who] = Person(one.role, set(one.teams), one.active)

    def hear_accepted(self, seq: int, save: HeardSave) -> None:
        """The server put a save into its order."""
        self.accepted.append(Ordered(seq, save))

    def hear_command(self, seq: int, command: str, detail: Mapping[str, Any]) -> None:
        """An access command was carried out."""
        match command:
            case "revoke":
                self.revoked.add(detail["device"])
            case "join":
                self.workers[detail["worker"]].teams.add(detail["team"])
            case "leave":
                self.workers[detail["worker"]].teams.discard(detail["team"])
            case "role":
                self.workers[detail["worker"]].role = detail["role"]
            case "active":
                self.workers[detail["worker"]].active = detail["active"]
            case "move":
                self.moves.append((seq, detail["person"], detail["team"]))

    # -- what follows from it --------------------------------------------------------------------

    def person_team(self, person: str) -> str | None:
        """The team a person is with now; None for one nobody has opened."""
        found: list[tuple[int, str]] = []
        for one in self.accepted:
            if person in one.save.opens and not found:
                found.append((one.seq, one.save.opens[person]))
        found += [(seq, team) for seq, moved, team in self.moves if moved == person]
        return max(found)[1] if found else None

    def may_read(self, worker: str, scope: str, register: str) -> bool:
        """Whether a worker may hold what is in a scope and register, now."""
        known = self.workers[worker]
        if not known.active:
            return False
        if scope == "org/directory":
            return register == "common"
        kind, _, name = scope.partition("/")
        team = self.person_team(name) if kind == "person" else name
        if team is None or register not in _READS[known.role]:
            return False
        return team in known.teams or known.role == "lead"

    def states(self, also: Iterable[HeardSave] = (), upto: int | None = None) -> dict[Where, State]:
        """Every record's register, of all that was accepted and of some saves besides."""
        chosen = [one.save for one in self.accepted if upto is None or one.seq <= upto]
        accepted = len(chosen)
        chosen.extend(also)
        gathered: dict[Where, dict[str, list[Naming]]] = {}
        described: dict[Where, tuple[str, str]] = {}
        for number, save in enumerate(chosen):
            for write in save.writes:
                where = (write.record, write.register)
                described.setdefault(where, (write.type, write.scope))
                keys = gathered.setdefault(where, {})
                for key, value in write.values.items():
                    named = tuple(write.replaces.get(key, ()))
                    is_upon = number >= accepted
                    seen = self.screens.get((write.id, write.record, key), 0) if is_upon else 0
                    one = Naming(write.id, value, named, save.author, save.at, is_upon, seen)
                    keys.setdefault(key, []).append(one)
        return {
            where: State(*described[where], {key: heads(found) for key, found in keys.items()})
            for where, keys in gathered.items()
        }

    def readable(
        self, states: Mapping[Where, State], worker: str, held: Collection[HeardSave] = ()
    ) -> dict[Where, State]:
        """What a worker's device shows of these, its own held saves among them."""
        allowed: dict[tuple[str, str], bool] = {}
        own = {(write.record, write.register) for save in held for write in save.writes}
        found: dict[Where, State] = {}
        for where, state in states.items():
            asked = (state.scope, where[1])
            if asked not in allowed:
                allowed[asked] = self.may_read(worker, *asked)
            if allowed[asked] or where in own:
                found[where] = state
        return found


@dataclass(frozen=True, slots=True)
class Naming:
    """What one write says of one key, and which writes it names there."""

    write_id: str
    value: Any
    named: tuple[str, ...]
    author: str
    at: str
    is_upon: bool = False
    """Whether it lies upon what was accepted."""
    depth: int = 0
    """As its author's screen implied; 0: to be computed."""


@dataclass(frozen=True, slots=True)
class State:
    """One record's register as it should stand."""

    type: str
    scope: str
    heads: Mapping[str, Sequence[Head]]

    def line(self, where: Where) -> bytes:
        """The line that everyone who holds it is to export."""
        record, register = where
        return spell(
            {
                "heads": {
                    key: [
                        [write_id, depth, value, author, at]
                        for depth, write_id, value, author, at in found
                    ]
                    for key, found in self.heads.items()
                },
                "record": record,
                "register": register,
                "scope": self.scope,
                "type": self.type,
            }
        )

    def conflicts(self) -> set[str]:
        """The keys with values that disagree."""
        return {key for key, found in self.heads.items() if disagree(key, [h[2] for h in found])}


def heads(found: Sequence[Naming]) -> list[Head]:
    """The writes of a key that no other write of it names, the one shown first in front."""
    here = {one.write_id: one for one in found}
    named = {name for one in found for name in one.named if one.is_upon or not _is_upon(here, name)}
    depths: dict[str, int] = {}

    for one in found:  # in the order of the sequence: what comes later was not seen
        below = [depths[name] for name in one.named if name in depths]
        depths[one.write_id] = one.depth or 1 + max(below, default=0)
    standing = [one for one in here.values() if one.write_id not in named]
    entries = [(depths[o.write_id], o.write_id, o.value, o.author, o.at) for o in standing]
    return sorted(entries, key=lambda head: (head[0], head[1]), reverse=True)


def _is_upon(here: Mapping[str, Naming], write_id: str) -> bool:
    return write_id in here and here[write_id].is_upon


def disagree(key: str, values: Sequence[Any]) -> bool:
    """Whether values of one key are a conflict: ticks of a set's element never are."""
    if "/" in key and all(isinstance(value, bool) for value in values):
        return False
    return len({spell(value) for value in values}) > 1


def spell(value: Any) -> bytes:
    """The one spelling of a value in JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
