"""Judging again what was held, when something it may have waited for is there."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from field_app.server.archive import Archive, load_stored
from field_app.server.judging import Judge
from field_app.server.ledger import IN_LIST, Ledger
from field_app.server.standing import read_standing
from field_app.server.tables import waiting


def retry_held(ledger: Ledger, archive: Archive, tokens: Iterable[str]) -> bool:
    """Judge the sets that wait for these sets or persons, and those that wait for them, and so on.

    The ledger and the archive are flushed first and hold the outcome afterwards, unflushed.

    Returns:
        Whether any set was waiting for them.
    """
    ledger.flush()
    archive.flush()
    judges: dict[str, Judge] = {}
    found = False
    arrived = sorted(set(tokens))
    while arrived and (keys := _waiting_for(ledger, arrived)):
        arrived, found = [], True
        for stored in load_stored(ledger.connection, ledger, keys):
            change_set = stored.change_set
            ledger.load([change_set])
            author = change_set.header.author
            if author not in judges:
                standing = read_standing(
                    ledger.connection, ledger.organisation, author, also_inactive=True
                )
                judges[author] = Judge(ledger, standing)
            verdict = judges[author].judge(change_set, stored.received_at)
            archive.answer_again(stored, verdict)
            if verdict.status != "held":
                arrived.append(stored.key)
                arrived.extend(change_set.header.opens)
        ledger.flush()
        archive.flush()
    return found


def _waiting_for(ledger: Ledger, tokens: list[str]) -> list[str]:
    somebody = ledger.connection.execute(
        select(waiting.c.set_key).where(waiting.c.organisation == ledger.organisation).limit(1)
    ).first()
    if somebody is None:
        return []
    keys: set[str] = set()
    for at in range(0, len(tokens), IN_LIST):
        keys.update(
            ledger.connection.execute(
                select(waiting.c.set_key).where(
                    waiting.c.organisation == ledger.organisation,
                    waiting.c.token.in_(tokens[at : at + IN_LIST]),
                )
            ).scalars()
        )
    return sorted(keys)
