"""Today: what a worker opens the app for, in the order of the work.

Urgent and safety; agreed meetings; overdue steps; long unreached; changes only on this phone;
drafts; the partner's additions. A person stands once, in the first section that fits, with all
the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from field_app.domain.clock import Day, Instant, local_day
from field_app.domain.summary import PersonSummary
from field_app.domain.vocabularies import VOCABULARIES

UNREACHED_DAYS = 14
"""Where "long unreached" begins unless the team has set another number."""


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What Today needs of a draft; its text stays sealed."""

    draft_id: str
    record_type: str
    changed_at: Instant
    person_id: str | None = None
    check_out_at: Instant | None = field(default=None, repr=False)
    """Of a home visit that goes on."""


@dataclass(frozen=True, slots=True)
class PartnerAddition:
    """A record the other half of the pair wrote, not yet opened here."""

    person_id: str
    record_type: str
    record_id: str
    at: Instant = field(repr=False)


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One line: a person, a draft, or the count of changes only on this phone."""

    section: str
    """A code of `today_section`."""
    person_id: str | None = None
    reasons: tuple[str, ...] = field(default=(), repr=False)
    """Every section the person fits, in the list's order."""
    on: Day | None = field(default=None, repr=False)
    has_safety_sign: bool = field(default=False, repr=False)
    draft_id: str | None = None
    record_id: str | None = None
    count: int = 0


def today_list(
    summaries: Iterable[PersonSummary],
    now: Instant,
    drafts: Sequence[DraftFacts] = (),
    additions: Sequence[PartnerAddition] = (),
    only_here: int = 0,
    worker: str | None = None,
    unreached_days: int = UNREACHED_DAYS,
) -> tuple[TodayItem, ...]:
    """Today's lines in order. With a worker, only the people that worker works with.

    Urgent people are shown whoever works with them: an acute intake has no worker yet.
    """
    today = local_day(now)
    people = [one for one in summaries if not one.archived]
    items = [_overstayed(draft, now) for draft in _visits(drafts, now)]
    for summary in people:
        if worker is None or worker in summary.workers or summary.is_acute_intake:
            items += _person_item(summary, today, unreached_days)
    if only_here:
        items.append(TodayItem("only_here", count=only_here))
    items += [_draft_item(draft) for draft in drafts if not _has_overstayed(draft, now)]
    items += [_addition_item(addition) for addition in additions]
    return tuple(sorted(items, key=_order))


def sections_of(summary: PersonSummary, today: Day, unreached_days: int) -> tuple[str, ...]:
    """The sections a person fits today, in the list's order."""
    fits = {
        "urgent": summary.is_urgent,
        "agreed": any(step.on == today for step in summary.steps),
        "overdue": bool(summary.overdue(today)),
        "unreached": summary.is_open and summary.reach.is_unreached(today, unreached_days),
    }
    return tuple(section for section, does in fits.items() if does)


def _person_item(summary: PersonSummary, today: Day, unreached_days: int) -> list[TodayItem]:
    reasons = sections_of(summary, today, unreached_days)
    if not reasons:
        return []
    first = reasons[0]
    overdue = summary.overdue(today)
    day = {
        "agreed": today,
        "overdue": overdue[0].on if overdue else None,
        "unreached": summary.reach.waiting_since,
    }.get(first)
    return [
        TodayItem(
            first,
            person_id=summary.person_id,
            reasons=reasons,
            on=day,
            has_safety_sign=summary.safety is not None,
        )
    ]


def _visits(drafts: Sequence[DraftFacts], now: Instant) -> list[DraftFacts]:
    return [draft for draft in drafts if _has_overstayed(draft, now)]


def _has_overstayed(draft: DraftFacts, now: Instant) -> bool:
    return draft.check_out_at is not None and draft.check_out_at <= now


def _overstayed(draft: DraftFacts, now: Instant) -> TodayItem:
    """A home visit nobody has checked out of is a matter of the workers' own safety."""
    return TodayItem(
        "urgent",
        person_id=draft.person_id,
        reasons=("urgent",),
        on=local_day(draft.check_out_at or now),
        has_safety_sign=True,
        draft_id=draft.draft_id,
    )


def _draft_item(draft: DraftFacts) -> TodayItem:
    day = local_day(draft.changed_at)
    return TodayItem("drafts", person_id=draft.person_id, on=day, draft_id=draft.draft_id)


def _addition_item(addition: PartnerAddition) -> TodayItem:
    return TodayItem(
        "partner",
        person_id=addition.person_id,
        on=local_day(addition.at),
        record_id=addition.record_id,
    )


def _order(item: TodayItem) -> tuple[int, bool, Day, str, str]:
    section = VOCABULARIES["today_section"].codes.index(item.section)
    tie = item.person_id or ""
    return (section, item.on is None, item.on or "", tie, item.draft_id or item.record_id or "")
