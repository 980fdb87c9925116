"""The order in which the sets of a case can be applied: what is named before what names it.

The order of arrival will not do: a held set arrives before the set it waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from field_app.server.archive import Stored
from field_app.sync.changes import ChangeSet


def in_causal_order(stored: Sequence[Stored]) -> list[Stored]:
    """The same sets, each after those of them it needs; else as they were given."""
    by_token: dict[str, Stored] = {}
    for one in stored:
        by_token[one.change_set.header.id] = one
        by_token |= dict.fromkeys(one.change_set.header.opens, one)
    placed: dict[str, Stored] = {}
    for one in stored:
        _place(one, by_token, placed)
    return list(placed.values())


def needed_by(change_set: ChangeSet) -> Iterable[str]:
    """The ids of the sets a set names, and of the persons it is about."""
    for _, part, write in change_set.numbered_writes():
        for write_ids in write.replaces.values():
            yield from (write_id.partition(":")[0] for write_id in write_ids)
        kind, _, name = part.scope.partition("/")
        if kind == "person":
            yield name


def _place(one: Stored, by_token: dict[str, Stored], placed: dict[str, Stored]) -> None:
    # With a stack, not by recursion: a chain of changes may be long.
    under_way: set[str] = set()
    stack = [one]
    while stack:
        top = stack[-1]
        under_way.add(top.key)
        first = [
            by_token[token]
            for token in needed_by(top.change_set)
            if token in by_token
            and by_token[token].key not in placed
            and by_token[token].key not in under_way
        ]
        if first:
            stack.append(first[0])
            continue
        stack.pop()
        placed.setdefault(top.key, top)
