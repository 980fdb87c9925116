"""The unlocked store as screens and sync use it: reading, saving, drafts, lists, search.

Every call is short and blocking; the runtime runs them on its writer thread. Listeners are told,
on that thread, which scopes changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from field_app.domain.clock import Clock, Entropy
from field_app.domain.errors import NotEnrolled
from field_app.store.case_facts import PersonRecords, SyncCounts
from field_app.store.case_list import ListedPerson, listed
from field_app.store.confirmed import ConfirmedParts, PartKey
from field_app.store.database import Database
from field_app.store.device_sync import DeviceSync
from field_app.store.drafts import Draft, Drafts
from field_app.store.editing import Edit
from field_app.store.enrolling import ENROLLING, Enrolling, enrolling_with
from field_app.store.healing import Healing
from field_app.store.identity import IDENTITY, Identity, SealedSettings
from field_app.store.instance import Instance
from field_app.store.keyring import Keyring
from field_app.store.outbox import Outbox, Saved
from field_app.store.pending import PendingSaves
from field_app.store.record_reader import RecordReader
from field_app.store.record_view import Base, RecordView
from field_app.store.saving import Saving
from field_app.store.search import Hit, SearchIndex
from field_app.store.summaries import SummaryPages, freshened, stale_scopes
from field_app.sync.changes import person_scope
from field_app.sync.merge import State
from field_app.sync.protocol import Staff, You

_STALE_AT_ONCE = 10

ScopesChanged = Callable[[frozenset[str]], None]


class CaseStore:
    """One unlocked store."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        clock: Clock,
        entropy: Entropy,
        instance: Instance | None = None,
    ) -> None:
        """Read what the first screen needs: identity, own saves, summary pages.

        `instance` keeps the device's id outside backups; without it a copy is told by its chain
        alone.
        """
        self._instance = instance
        self._database = database
        self._clock = clock
        self.entropy = entropy
        self._settings = SealedSettings(keyring)
        self._parts = ConfirmedParts(keyring)
        self._outbox = Outbox(keyring)
        self._drafts = Drafts(keyring)
        self._summaries = SummaryPages(keyring)
        self._search = SearchIndex()
        self._listeners: list[ScopesChanged] = []
        with database.read() as connection:
            self._pending = PendingSaves(self._outbox.not_passed(connection))
            self._summaries.load(connection)
            known = self._settings.get(connection, IDENTITY)
        self._identity = Identity.from_json(known) if known else None
        self._reader = RecordReader(self._parts, self._pending)
        self._saving = Saving(
            clock, entropy, self.require_identity, self._grants, self._outbox, self._reader
        )
        self.sync = DeviceSync(
            database,
            self._settings,
            self.require_identity,
            self._outbox,
            self._parts,
            self._pending,
            self._scopes_changed,
            Healing(
                database,
                self._settings,
                self._outbox,
                self._parts,
                self._pending,
                entropy,
                self.require_identity,
                self._become,
                self._instance_now,
            ),
        )

    def close(self) -> None:
        """The store is being locked: let go of everything readable in memory."""
        self._listeners.clear()
        self._pending.clear()
        self._reader.forget_all()
        self._summaries.clear()
        self._search = SearchIndex()
        self._identity = None

    # -- who -----------------------------------------------------------------------------------

    @property
    def identity(self) -> Identity | None:
        """Whose device this is; None before enrolment."""
        return self._identity

    def require_identity(self) -> Identity:
        """Whose device this is.

        Raises:
            NotEnrolled: nobody's yet.
        """
        if self._identity is None:
            raise NotEnrolled("no identity")
        return self._identity

    def enrolling(self, secret: str) -> Enrolling:
        """What this device shows for a code (its secret, hex): durable, and the same each time."""
        with self._database.write() as connection:
            return enrolling_with(connection, self._settings, self.entropy, secret)

    def enrol(self, identity: Identity) -> None:
        """Keep what enrolment gave."""
        if self._instance is not None and identity.instance != self._instance_of():
            self._instance.keep(identity.instance)
        with self._database.write() as connection:
            if self._identity is None:
                self._settings.put(connection, ENROLLING, None)
            self._settings.put(connection, IDENTITY, identity.to_json())
        self._identity = identity

    def _become(self, identity: Identity) -> None:
        self._identity = identity

    def _instance_of(self) -> str:
        return self._identity.instance if self._identity else ""

    def _instance_now(self) -> str:
        return self._instance.load() if self._instance is not None else self._instance_of()

    def keep_token(self, token: str) -> None:
        """Keep a renewed token."""
        self.enrol(replace(self.require_identity(), token=token))

    @property
    def you(self) -> You | None:
        """The worker's role and teams, as the server last said."""
        return self.sync.place.you

    @property
    def staff(self) -> Staff:
        """Who is who, as the server last said."""
        return self.sync.place.staff

    def _grants(self) -> Mapping[str, int]:
        return self.you.grants if self.you else {}

    def setting(self, name: str) -> Any:
        """A sealed setting of the app (language, text size, …); None when never set."""
        with self._database.read() as connection:
            return self._settings.get(connection, f"app/{name}")

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a sealed setting of the app."""
        with self._database.write() as connection:
            self._settings.put(connection, f"app/{name}", value)

    # -- reading -------------------------------------------------------------------------------

    def record(self, record_id: str) -> RecordView | None:
        """One record as it is shown; None when this device holds nothing of it."""
        with self._database.read() as connection:
            return self._reader.record(connection, record_id)

    def person(self, person_id: str) -> PersonRecords:
        """Everything this device holds of one person."""
        scope = person_scope(person_id)
        with self._database.read() as connection:
            return PersonRecords(
                person_id=person_id,
                records=tuple(self._reader.scope(connection, scope)),
                teams=self._reader.teams_of(connection, scope),
                waiting=tuple(saved for saved in self.waiting() if scope in saved.scopes),
            )

    def scope(self, scope: str) -> tuple[RecordView, ...]:
        """Every record of a scope: a team's anonymous contacts, the directory."""
        with self._database.read() as connection:
            return tuple(self._reader.scope(connection, scope))

    def scopes(self) -> list[str]:
        """Every scope this device holds anything of."""
        with self._database.read() as connection:
            return self._reader.scopes(connection)

    def shown_parts(self) -> list[tuple[PartKey, str, str, State]]:
        """Every part as (key, scope, type, state shown), for the export."""
        with self._database.read() as connection:
            return list(self._reader.shown_parts(connection))

    def people(self) -> list[ListedPerson]:
        """Everyone in the lists, from the summary pages; nobody's records are read."""
        return [ListedPerson.from_plain(dict(one)) for one in self._summaries.all().values()]

    def listed_person(self, person_id: str) -> ListedPerson | None:
        """One person as the lists know them."""
        plain = self._summaries.get(person_id)
        return ListedPerson.from_plain(dict(plain)) if plain else None

    def find(self, typed: str, limit: int = 50) -> list[Hit]:
        """Search names, aliases, places and notes."""
        return self._search.find(typed, limit)

    @property
    def search_complete(self) -> bool:
        """Whether the search knows every record yet."""
        return self._search.complete

    def waiting(self) -> list[Saved]:
        """Own saves that wait for a decision, or were set aside: readable, out of the state."""
        return self._pending.in_state("held", "needs-human", "set-aside")

    def counts(self) -> SyncCounts:
        """How many changes are only on this phone, and how old the oldest is."""
        return SyncCounts(
            unsynced=self._pending.unsynced,
            oldest_at=self._pending.oldest_unsynced_at,
            waiting=len(self._pending.in_state("held", "needs-human")),
            complete=self.sync.place.complete,
        )

    # -- writing -------------------------------------------------------------------------------

    def save(
        self,
        edits: Sequence[Edit],
        draft_id: str | None = None,
        opens: Mapping[str, str] | None = None,
    ) -> Saved:
        """Save edits durably as one change set; its draft goes in the same transaction.

        Raises:
            FieldAppError: see `Saving.save`; nothing was changed, the draft is still there.
        """
        saved: Saved | None = None
        try:
            with self._database.write() as connection:
                saved = self._saving.save(connection, edits, opens)
                if draft_id is not None:
                    self._drafts.remove(connection, draft_id)
                self._pending.put(saved)
                for view in self._reader.saved(connection, saved):
                    self._search.update(view.scope, [view])
                self._summarise(connection, saved.scopes, opens or {})
        except BaseException:
            self._forget(saved)
            raise
        self._tell(saved.scopes)
        return saved

    def _forget(self, saved: Saved | None) -> None:
        """Take back from memory what did not become durable."""
        if saved is None:
            return
        self._pending.drop(saved.counter)
        self._reader.forget(saved.scopes)
        with self._database.read() as connection:
            self._summaries.load(connection)
            for scope in saved.scopes:
                self._search.replace(scope, self._reader.scope(connection, scope))

    def put_draft(self, draft: Draft) -> None:
        """Make a draft durable, as it is now."""
        with self._database.write() as connection:
            self._drafts.put(connection, draft)

    def draft(self, draft_id: str) -> Draft | None:
        """A draft, if it is still there."""
        with self._database.read() as connection:
            return self._drafts.get(connection, draft_id)

    def drafts(self) -> list[Draft]:
        """Every draft, the one changed last in front."""
        with self._database.read() as connection:
            return self._drafts.all(connection)

    def new_draft(
        self, form: str, scope: str | None = None, bases: Mapping[str, Base] | None = None
    ) -> Draft:
        """A draft with an id and a beginning; not durable before `put_draft`."""
        now = self._clock.now()
        return Draft(self.entropy.new_id(), form, scope, now, now, {}, bases or {})

    def discard_draft(self, draft_id: str) -> None:
        """Throw a draft away, because its author said so."""
        with self._database.write() as connection:
            self._drafts.remove(connection, draft_id)

    # -- lists and search kept up to date ------------------------------------------------------

    def catch_up(self) -> bool:
        """Refresh some summaries that are behind; whether there are more.

        Called again and again in the background after a pull.
        """
        with self._database.write() as connection:
            scopes = stale_scopes(connection, _STALE_AT_ONCE)
            self._refresh(connection, scopes)
            freshened(connection, scopes)
        if scopes:
            self._tell(frozenset(scopes))
        return len(scopes) == _STALE_AT_ONCE

    def index(self, scope: str) -> None:
        """Take a scope's records into the search; called scope by scope after unlocking."""
        with self._database.read() as connection:
            self._search.replace(scope, self._reader.scope(connection, scope))

    def index_filled(self) -> None:
        """Note that every scope has been taken into the search."""
        self._search.complete = True
        self._tell(frozenset())

    def on_change(self, listener: ScopesChanged) -> Callable[[], None]:
        """Tell a listener which scopes changed, until the returned function is called."""
        self._listeners.append(listener)

        def end() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def _refresh(self, connection: Connection, scopes: Sequence[str]) -> None:
        """Make summaries and search say what the records of these scopes say."""
        for scope in scopes:
            self._search.replace(scope, self._reader.scope(connection, scope))
        self._summarise(connection, scopes, {})

    def _summarise(
        self, connection: Connection, scopes: Iterable[str], opens: Mapping[str, str]
    ) -> None:
        changed: dict[str, Mapping[str, Any] | None] = {}
        for scope in scopes:
            views = self._reader.scope(connection, scope)
            kind, _, person_id = scope.partition("/")
            if kind != "person":
                continue
            if not any(view.type == "person" for view in views):
                changed[person_id] = None
                continue
            teams = self._reader.teams_of(connection, scope)
            proposed = opens.get(person_id) or self._proposed_team(person_id)
            changed[person_id] = listed(person_id, views, teams, proposed).to_plain()
        if changed:
            self._summaries.put(connection, changed)

    def _proposed_team(self, person_id: str) -> str | None:
        known = self._summaries.get(person_id)
        teams = known.get("teams") if known else None
        return teams[0] if teams else None

    def _scopes_changed(self, scopes: frozenset[str]) -> None:
        """A page or a receipt touched these: small changes at once, many in the background."""
        self._reader.forget(scopes)
        if not scopes:
            self._tell(scopes)
            return
        # Within a long pull, and after it, many are behind: they take turns with the screens.
        if self.sync.place.mark is None:
            self._freshen_few()
        self._tell(scopes)

    def _freshen_few(self) -> None:
        with self._database.read() as connection:
            behind = stale_scopes(connection, _STALE_AT_ONCE + 1)
        if behind and len(behind) <= _STALE_AT_ONCE:
            with self._database.write() as connection:
                self._refresh(connection, behind)
                freshened(connection, behind)

    def _tell(self, scopes: frozenset[str]) -> None:
        for listener in list(self._listeners):
            listener(scopes)
