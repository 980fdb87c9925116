"""Two person records that are one human: joined in views, never in access, and reversible.

`same_as` may point anywhere: at a record that points on, back at itself, or round in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping


def joined(same_as: Mapping[str, str | None]) -> dict[str, frozenset[str]]:
    """For each person id, all ids that are the same human, its own included.

    Links count both ways. A link to a person not given here joins nothing: that record is not on
    this device, or is not for this worker to see.
    """
    groups: dict[str, set[str]] = {person: {person} for person in same_as}
    for person, other in same_as.items():
        if other in groups and groups[person] is not groups[other]:
            merged = groups[person] | groups[other]
            for member in merged:
                groups[member] = merged
    return {person: frozenset(group) for person, group in groups.items()}


def shown_first(group: frozenset[str], same_as: Mapping[str, str | None]) -> str:
    """The record a joined view opens under: the one others point at, else the smallest id."""
    targets = {target for person in group if (target := same_as.get(person)) in group}
    heads = [person for person in targets if same_as.get(person) not in group]
    return min(heads or group)
