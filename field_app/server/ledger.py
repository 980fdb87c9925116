"""What a pushing transaction knows: loaded in bulk, changed in memory, written in bulk.

Judging asks the ledger and tells it; no statement runs per change set. A ledger lives within one
transaction that holds the organisation's lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from field_app.domain.clock import Instant
from field_app.server import first_writes
from field_app.server.database import among, insert_rows
from field_app.server.first_writes import NOBODY, FirstWriteOf, PartPlace
from field_app.server.organisation import Locked
from field_app.server.sealing import Place, Sealer
from field_app.server.standing import Period
from field_app.server.tables import change_sets, person_teams, record_states, teams
from field_app.sync.canonical import parse, rewritten
from field_app.sync.changes import DIRECTORY_SCOPE, ChangeSet, is_id
from field_app.sync.delivery import compact, expand
from field_app.sync.merge import EMPTY, Incoming, State, apply

IN_LIST = 500
"""How many values one IN list holds."""


_STATE_COLUMNS = (
    "organisation",
    "record",
    "register",
    "type",
    "scope",
    "bucket",
    "seq",
    "heads",
    "replaced",
)


@dataclass(slots=True)
class Entry:
    """One record's register as this transaction sees it."""

    type: str
    scope: str
    known: State | None
    """All that is known of it; None while that is only `begun`."""
    begun: Incoming | None = None
    """The one write there is: most registers begin with it, and nobody asks for their state."""
    lies: PartPlace | None = None
    """The part that holds that write and nothing else."""
    seq: int = 0
    is_new: bool = True
    changed: bool = False
    told_by_part: bool = False
    """Whether the database has that part as its state."""

    @property
    def is_part(self) -> bool:
        """Whether a part says all of it, so that its state need not be written once more."""
        return self.begun is not None and self.lies is not None

    @property
    def state(self) -> State:
        """Its heads, and what they replaced."""
        if self.known is None:
            self.known = EMPTY if self.begun is None else apply(EMPTY, self.begun)[0]
        return self.known

    @state.setter
    def state(self, state: State) -> None:
        self.known, self.begun = state, None


class KnownSet(NamedTuple):
    """What is known of a change set's identity."""

    key: str
    identity: str
    status: str
    case_key: str | None


@dataclass(slots=True)
class Ledger:
    """Records, places and change sets, as loaded and as changed."""

    locked: Locked
    sealer: Sealer
    now: Instant
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """{record: (type, scope)} of every record met."""
    places: dict[str, list[Period]] = field(default_factory=dict)
    """{person: the teams they are and were with}."""
    known: dict[str, KnownSet | None] = field(default_factory=dict)
    """{change set id: what is known of it}; None: looked up and unknown."""
    opened: list[dict[str, Any]] = field(default_factory=list)
    first_writes: dict[PartPlace, FirstWriteOf] = field(default_factory=dict)
    """Parts that became the state of a record's register, or are it no more; not yet written."""
    _teams: frozenset[str] = frozenset()
    _loaded: set[str] = field(default_factory=set)
    _buckets: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self.locked.connection

    @property
    def organisation(self) -> int:
        """The organisation's number."""
        return self.locked.number

    def load(self, sets: Sequence[ChangeSet]) -> None:
        """Load all that judging these sets will ask for."""
        self._load_teams()
        self.load_known({one.header.id for one in sets})
        self._load_records({write.record for one in sets for _, _, write in one.numbered_writes()})
        scopes = (part.scope.partition("/") for one in sets for part in one.parts)
        persons = {name for kind, _, name in scopes if kind == "person"}
        persons |= {person for one in sets for person in one.header.opens}
        self._load_places(persons)

    def is_team(self, team: str) -> bool:
        """Whether the organisation has this team."""
        return team in self._teams

    def teams_of(self, scope: str) -> list[Period] | None:
        """The teams a scope is and was with; None for a person or team nobody has opened."""
        kind, _, name = scope.partition("/")
        if kind == "person":
            return self.places.get(name)
        if kind == "team" and name in self._teams:
            return [Period(name, None)]
        return None

    def team_now(self, scope: str) -> str | None:
        """The one team a scope is with now."""
        for period in self.teams_of(scope) or ():
            if period.until_at is None:
                return period.what
        return None

    def bucket(self, scope: str, register: str) -> str:
        """The bucket a part belongs to now."""
        found = self._buckets.get((scope, register))
        if found is None:
            is_directory = scope == DIRECTORY_SCOPE
            found = scope if is_directory else f"team/{self.team_now(scope)}/{register}"
            self._buckets[scope, register] = found
        return found

    def entry(self, record: str, register: str) -> Entry | None:
        """A record's register, as changed so far."""
        return self.entries.get((record, register))

    def change(self, record: str, register: str, entry: Entry) -> None:
        """Put a record's register in its new state."""
        entry.changed = True
        self.entries[record, register] = entry
        self.homes[record] = (entry.type, entry.scope)

    def open_person(self, person: str, team: str, seq: int) -> None:
        """Note that a person is with a team from this sequence on."""
        self.places[person] = [Period(team, None)]
        self._buckets.clear()
        self.opened.append(
            {
                "organisation": self.organisation,
                "person": person,
                "from_seq": seq,
                "team": team,
                "from_at": self.now,
            }
        )

    def load_known(self, set_ids: Iterable[str]) -> None:
        """Look change sets up by id."""
        wanted = [one for one in set_ids if one not in self.known]
        columns = (
            change_sets.c.key,
            change_sets.c.identity,
            change_sets.c.status,
            change_sets.c.case_key,
        )
        if not wanted:
            return
        rows = self.connection.execute(
            select(*columns).where(
                change_sets.c.organisation == self.organisation,
                among(self.connection, change_sets.c.key, wanted),
            )
        )
        self.known.update(dict.fromkeys(wanted))
        self.known.update((row.key, KnownSet(*row)) for row in rows)

    def flush(self) -> None:
        """Write every changed record and every opened person.

        What parts say by themselves is left in `first_writes` for the archive to write.
        """
        if self.opened:
            self.connection.execute(insert(person_teams), self.opened)
            self.opened = []
        fresh: list[tuple[Any, ...]] = []
        changed: list[dict[str, Any]] = []
        organisation = self.organisation
        for (record, register), entry in self.entries.items():
            if not entry.changed:
                continue
            entry.changed = False
            if self._is_left_to_part(record, entry):
                continue
            heads, replaced = self._sealed(register, entry)
            said = (entry.seq, heads, replaced)
            if entry.is_new:
                bucket = self.bucket(entry.scope, register)
                row = (organisation, record, register, entry.type, entry.scope, bucket)
                fresh.append(row + said)
            else:
                where = (organisation, record, register)
                changed.append(dict(zip(_UPDATED, where + said, strict=True)))
            entry.is_new = False
        insert_rows(self.connection, record_states, _STATE_COLUMNS, fresh)
        if changed:
            self.connection.execute(_UPDATE_STATE, changed)

    def _is_left_to_part(self, record: str, entry: Entry) -> bool:
        lies = entry.lies
        if lies is None:
            return False
        is_part = entry.is_part
        if is_part != entry.told_by_part:
            self.first_writes[lies] = (record, entry.type) if is_part else NOBODY
            entry.told_by_part = is_part
        return is_part

    def _sealed(self, register: str, entry: Entry) -> tuple[bytes, bytes]:
        """Heads and what they replaced, as they are stored."""
        place = Place(self.organisation, entry.scope, register)
        replaced = rewritten(entry.state.replaced) if entry.state.replaced else b"{}"
        heads = rewritten(compact(entry.state))
        return self.sealer.seal(heads, place), self.sealer.seal(replaced, place)

    def _load_teams(self) -> None:
        if not self._teams:
            found = self.connection.execute(
                select(teams.c.id).where(teams.c.organisation == self.organisation)
            )
            self._teams = frozenset(found.scalars())

    def _load_records(self, records: set[str]) -> None:
        wanted = sorted(records - self._loaded)
        self._loaded.update(wanted)
        columns = (
            record_states.c.record,
            record_states.c.register,
            record_states.c.type,
            record_states.c.scope,
            record_states.c.seq,
            record_states.c.heads,
            record_states.c.replaced,
        )
        if not wanted:
            return
        rows = self.connection.execute(
            select(*columns).where(
                record_states.c.organisation == self.organisation,
                among(self.connection, record_states.c.record, wanted),
            )
        )
        for record, register, type_, scope, seq, heads, replaced in rows:
            self.homes[record] = (type_, scope)
            state = self._state(Place(self.organisation, scope, register), heads, replaced)
            self.entries[record, register] = Entry(type_, scope, state, seq=seq, is_new=False)
        for first in first_writes.of_records(self.connection, self.organisation, wanted):
            self.homes[first.record] = (first.type, first.scope)
            place = Place(self.organisation, first.scope, first.register)
            begun = first.incoming(self.sealer, place)
            entry = Entry(first.type, first.scope, None, begun, first.lies)
            entry.seq, entry.told_by_part = first.seq, True
            self.entries[first.record, first.register] = entry

    def _state(self, place: Place, heads: bytes, replaced: bytes) -> State:
        if not heads:
            return EMPTY
        state = expand(parse(self.sealer.open(heads, place)))
        return State(state.heads, parse(self.sealer.open(replaced, place)))

    def _load_places(self, persons: set[str]) -> None:
        wanted = sorted(one for one in persons - self.places.keys() if is_id(one))
        if not wanted:
            return
        rows = self.connection.execute(
            select(person_teams.c.person, person_teams.c.team, person_teams.c.until_at).where(
                person_teams.c.organisation == self.organisation,
                among(self.connection, person_teams.c.person, wanted),
            )
        )
        for person, team, until_at in rows:
            self.places.setdefault(person, []).append(Period(team, until_at))
        self._buckets.clear()


_UPDATED = ("of_organisation", "of_record", "of_register", "seq", "heads", "replaced")
"""Names that no column has for the conditions: they are told apart from an UPDATE's values."""
_UPDATE_STATE = (
    update(record_states)
    .where(
        record_states.c.organisation == bindparam("of_organisation"),
        record_states.c.record == bindparam("of_record"),
        record_states.c.register == bindparam("of_register"),
    )
    .values(seq=bindparam("seq"), heads=bindparam("heads"), replaced=bindparam("replaced"))
)
