"""Today as a program: it only follows the day and remembers what was seen."""

from __future__ import annotations

from dataclasses import replace

from field_app.domain.clock import plus
from field_app.views.today.model import (
    AdditionsFound,
    DayFacts,
    DayRead,
    Effect,
    Event,
    FindAdditions,
    FollowDay,
    MarkSeen,
    Model,
    ShowAll,
    Shown,
)

ADDITION_HOURS = 36
"""A partner's addition is news for so long: an evening shift is read the next day."""

Step = tuple[Model, tuple[Effect, ...]]


def init() -> Step:
    """Nothing known yet; the day is on its way."""
    return Model(), (FollowDay(),)


def update(model: Model, event: Event) -> Step:
    """Take in the day, the additions, and what was seen."""
    if isinstance(event, DayRead):
        people = met_lately(event.facts)
        return replace(model, facts=event.facts), (FindAdditions(people),) if people else ()
    if isinstance(event, AdditionsFound):
        return replace(model, additions=event.additions), ()
    if isinstance(event, ShowAll):
        return replace(model, opened=model.opened | {event.section}), ()
    if isinstance(event, Shown):
        return model, (FollowDay(),) if model.facts is not None else ()
    seen = [one for one in model.additions if one.facts.record_id == event.record_id]
    rest = tuple(one for one in model.additions if one not in seen)
    effects = tuple(MarkSeen(one.facts.record_id, one.mark) for one in seen)
    return replace(model, additions=rest), effects


def met_lately(facts: DayFacts) -> tuple[str, ...]:
    """People met or tried lately with the reader among the workers: their records may hold news."""
    since = plus(facts.now, hours=-ADDITION_HOURS)
    return tuple(
        one.person_id
        for one in facts.people
        if facts.worker in one.summary.workers
        and (one.summary.reach.last_attempt_at or "") >= since
    )
