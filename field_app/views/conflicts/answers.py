"""What the settler answered for one key, and the value it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from field_app.domain.clock import Day, Instant
from field_app.domain.errors import HousingOrderUnknown, InvalidRecord
from field_app.domain.housing import HousingSettlement, HousingValue, settle
from field_app.domain.records import HousingPeriod
from field_app.domain.settling import Said, Way, checked, joined_text, with_text
from field_app.views.conflicts.disputes import Claim, Dispute

JOINED, OTHER, DATED = "joined", "other", "dated"
"""Answers other than one of the claims, which are named by their ids."""


@dataclass(frozen=True)
class Answer:
    """What was chosen and typed so far; nothing of it is written before the save."""

    choice: str | None = None
    """A claim's id, `JOINED`, `OTHER` or `DATED`."""
    text: str | None = field(default=None, repr=False)
    """What was typed, joined or chosen instead; it outlives another choice."""
    days: Mapping[str, Day | None] = field(default_factory=dict, repr=False)
    """{claim id: since when}, for housing; None is "not known"."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return self.choice is None and not self.text and not self.days

    def to_plain(self) -> dict[str, Any]:
        """Plain JSON, for the draft."""
        return {"choice": self.choice, "text": self.text, "days": dict(self.days)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Answer:
        """Read it back."""
        return cls(plain.get("choice"), plain.get("text"), plain.get("days") or {})


@dataclass(frozen=True)
class Settled:
    """What a settled key will say, and the records that keep what it said before."""

    value: Any = field(repr=False)
    periods: tuple[HousingPeriod, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Settler:
    """Who settles, of whose record, when."""

    person_id: str
    worker: str
    now: Instant


def settled(dispute: Dispute, answer: Answer, by: Settler) -> Settled | None:
    """The value an answer comes to; None while it is not complete.

    Raises:
        InvalidRecord: what was typed is outside the field's declaration.
        HousingOrderUnknown: the days do not say which housing situation came last.
    """
    if dispute.way is Way.NEWER or answer.choice is None:
        return None
    if dispute.way is Way.WHEN:
        return _in_order(dispute, answer, by) if answer.choice == DATED else None
    chosen = dispute.claim(answer.choice)
    if chosen is not None:
        return Settled(chosen.value)
    return _said_anew(dispute, answer, by)


def fault_of(dispute: Dispute, answer: Answer, by: Settler) -> str:
    """The code of what stands in the way of saving an answer; empty when nothing does."""
    try:
        settled(dispute, answer, by)
    except (InvalidRecord, HousingOrderUnknown) as error:
        return error.code
    return ""


def housing_order(dispute: Dispute, answer: Answer, person_id: str) -> HousingSettlement:
    """The housing values in the order of the days answered so far.

    Raises:
        HousingOrderUnknown: the days do not say it.
    """
    return settle(
        person_id,
        [
            HousingValue(one.situation, day_of(one, answer), one.id)
            for one in dispute.claims
            if one.situation is not None
        ],
    )


def day_of(claim: Claim, answer: Answer) -> Day | None:
    """Since when a housing value held: as answered, before that as its author said."""
    return answer.days.get(claim.id, claim.since)


def joined(claims: Sequence[Claim], texts: Mapping[str, Said]) -> str:
    """The claims' texts together, the one written first in front.

    Args:
        claims: The values to join.
        texts: {claim id: its text under its author's name}.
    """
    ordered = sorted(claims, key=lambda one: (one.at, one.id))
    return joined_text([texts[one.id] for one in ordered if texts[one.id].text.strip()])


def _in_order(dispute: Dispute, answer: Answer, by: Settler) -> Settled:
    order = housing_order(dispute, answer, by.person_id)
    current = dispute.claim(order.current.write_id)
    value = dict(current.value) if current is not None else {}
    value["housing_situation"] = order.current.situation
    value["housing_since"] = order.current.since
    if order.current.since is None:
        del value["housing_since"]
    return Settled(value, order.periods)


def _said_anew(dispute: Dispute, answer: Answer, by: Settler) -> Settled | None:
    text = (answer.text or "").strip()
    if answer.choice not in (JOINED, OTHER) or not text:
        return None
    value: Any = text
    if dispute.way is Way.TEXTS:
        values = [one.value for one in dispute.claims]
        value = with_text(dispute.record_type, dispute.key, values, text, by.worker, by.now)
    return Settled(checked(dispute.record_type, dispute.key, value))
