"""Drafts: what somebody is writing, durable at every keystroke, never synced.

A draft keeps the heads its author was shown when a field was first shown (`base`), so that
saving it later replaces exactly those, whatever has arrived meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from field_app.domain.clock import Instant
from field_app.store.keyring import Keyring
from field_app.store.record_view import Base
from field_app.store.sealed import SealedKind
from field_app.store.tables import DraftRow

_ROWS = cast("Any", DraftRow).__table__


@dataclass(frozen=True, slots=True)
class Draft:
    """One form being filled in."""

    id: str
    form: str
    """Which form it is: "contact", "assessment", …"""
    scope: str | None
    """Whom it is about, once that is known."""
    started_at: Instant
    changed_at: Instant
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The form's own JSON: whatever it needs to stand again exactly as it was."""
    bases: Mapping[str, Base] = field(default_factory=dict, repr=False)
    """{record id: the heads shown}; a key's base is set once, when it was first shown."""

    def shown(self, record_id: str, base: Base) -> Draft:
        """The draft with these heads noted, for keys that have none noted yet."""
        before = self.bases.get(record_id, {})
        return replace(self, bases={**self.bases, record_id: {**base, **before}})


class Drafts:
    """Reads and writes drafts, inside the caller's transaction."""

    def __init__(self, keyring: Keyring) -> None:
        """Seal and open by this keyring."""
        self._sealed = SealedKind(keyring, "draft")

    def put(self, connection: Connection, draft: Draft) -> None:
        """Write a draft in place of its former self."""
        blob = self._sealed.seal_json(
            draft.id,
            {
                "form": draft.form,
                "scope": draft.scope,
                "started_at": draft.started_at,
                "changed_at": draft.changed_at,
                "content": draft.content,
                "bases": draft.bases,
            },
        )
        connection.execute(
            insert(_ROWS)
            .values(draft_id=draft.id, blob=blob)
            .on_conflict_do_update(index_elements=["draft_id"], set_={"blob": blob})
        )

    def get(self, connection: Connection, draft_id: str) -> Draft | None:
        """The draft of this id, if there is one."""
        query = select(_ROWS.c.blob).where(_ROWS.c.draft_id == draft_id)
        blob = connection.execute(query).scalar()
        return None if blob is None else self._open(draft_id, blob)

    def all(self, connection: Connection) -> list[Draft]:
        """Every draft, the one changed last in front."""
        drafts = [self._open(*row) for row in connection.execute(select(_ROWS))]
        return sorted(drafts, key=lambda draft: (draft.changed_at, draft.id), reverse=True)

    def remove(self, connection: Connection, draft_id: str) -> None:
        """Take a draft away: it was saved, or its author discarded it."""
        connection.execute(delete(_ROWS).where(_ROWS.c.draft_id == draft_id))

    def _open(self, draft_id: str, blob: bytes) -> Draft:
        wire = self._sealed.open_json(draft_id, blob)
        return Draft(
            id=draft_id,
            form=wire["form"],
            scope=wire["scope"],
            started_at=wire["started_at"],
            changed_at=wire["changed_at"],
            content=wire["content"],
            bases={
                record_id: {
                    key: tuple((write_id, depth) for write_id, depth in heads)
                    for key, heads in base.items()
                }
                for record_id, base in wire["bases"].items()
            },
        )
