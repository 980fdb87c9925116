"""Sealed pages of person summaries: the first screen without reading every record.

A page holds the summaries of many persons, at most 64 KiB of JSON; a person stays on their page.
The pages are read once after unlocking and kept in memory; a change writes one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from field_app.store.keyring import Keyring
from field_app.store.sealed import SealedKind
from field_app.store.tables import StaleScope, SummaryPage
from field_app.sync.canonical import canonical_bytes, rewritten

PAGE_BYTES_MAX = 64 * 1024
_PAGES = cast("Any", SummaryPage).__table__
_STALE = cast("Any", StaleScope).__table__
_NEW = insert(_PAGES)
_PUT = _NEW.on_conflict_do_update(index_elements=["page"], set_={"blob": _NEW.excluded.blob})
_NEW_STALE = """
INSERT INTO stale_scope (scope) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING
"""
"""The scopes as one JSON list: a page has hundreds."""
_FRESHENED = delete(_STALE).where(_STALE.c.scope.in_(bindparam("scopes", expanding=True)))

Summary = Mapping[str, Any]
"""A person's summary as plain JSON (see `field_app.store.case_list`)."""


class SummaryPages:
    """Every summary in memory, and which page each one is on."""

    def __init__(self, keyring: Keyring) -> None:
        """Seal and open by this keyring; `load` fills it."""
        self._sealed = SealedKind(keyring, "summary")
        self._pages: dict[int, dict[str, Summary]] = {}
        self._sizes: dict[int, int] = {}
        self._page_of: dict[str, int] = {}

    def load(self, connection: Connection) -> None:
        """Read every page, in place of what is in memory."""
        self.clear()
        for page, blob in connection.execute(select(_PAGES)):
            entries = self._sealed.open_json(str(page), blob)
            self._pages[page] = entries
            self._sizes[page] = len(canonical_bytes(entries))
            self._page_of.update(dict.fromkeys(entries, page))

    def clear(self) -> None:
        """Forget all, in memory only."""
        self._pages.clear()
        self._sizes.clear()
        self._page_of.clear()

    def all(self) -> dict[str, Summary]:
        """{person id: summary}."""
        return {person: entry for page in self._pages.values() for person, entry in page.items()}

    def get(self, person_id: str) -> Summary | None:
        """One person's summary."""
        page = self._page_of.get(person_id)
        return None if page is None else self._pages[page].get(person_id)

    def put(self, connection: Connection, changed: Mapping[str, Summary | None]) -> None:
        """Write summaries (None removes one): each page that changes is sealed once."""
        touched = {self._place(person, entry) for person, entry in changed.items()}
        for page in touched:
            entries = self._pages[page]
            payload = canonical_bytes(entries)
            self._sizes[page] = len(payload)
            connection.execute(_PUT, {"page": page, "blob": self._sealed.seal(str(page), payload)})

    def _place(self, person: str, entry: Summary | None) -> int:
        """Put an entry on its page, in memory; a page that would burst sends it to another."""
        size = len(canonical_bytes(entry)) + len(person) + 4 if entry else 0
        page = self._page_of.get(person)
        if page is None:
            page = self._roomy_page(size)
        if entry is None:
            self._pages[page].pop(person, None)
            self._page_of.pop(person, None)
            return page
        self._page_of[person] = page
        self._pages[page][person] = entry
        self._sizes[page] += size
        return page

    def _roomy_page(self, size: int) -> int:
        # Pages start to be avoided at half their size, so that their persons' summaries can grow.
        for page, used in self._sizes.items():
            if used + size <= PAGE_BYTES_MAX // 2:
                return page
        page = max(self._pages, default=-1) + 1
        self._pages[page] = {}
        self._sizes[page] = 0
        return page


def mark_stale(connection: Connection, scopes: Iterable[str]) -> None:
    """Note that these scopes' summaries are behind their records."""
    wanted = list(scopes)
    if wanted:
        connection.exec_driver_sql(_NEW_STALE, (rewritten(wanted).decode(),))


def stale_scopes(connection: Connection, limit: int) -> list[str]:
    """Scopes whose summaries are behind their records."""
    return list(connection.execute(select(_STALE.c.scope).limit(limit)).scalars())


def freshened(connection: Connection, scopes: list[str]) -> None:
    """Note that these summaries are up to date."""
    if scopes:
        connection.execute(_FRESHENED, {"scopes": scopes})
