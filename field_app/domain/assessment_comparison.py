"""Two needs mappings side by side: the previous one beside the new one, area by area.

The client's own score stands beside the worker's. There is no total and no average: an area is
compared with itself alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from field_app.domain.records import Assessment
from field_app.domain.vocabularies import VOCABULARIES

Half = Literal["social", "health"]
Change = Literal["eased", "same", "grown"]


@dataclass(frozen=True, slots=True)
class AreaComparison:
    """One area of need, before and now; scores are codes of `need_score`."""

    area: str
    worker_before: str | None = field(default=None, repr=False)
    worker_now: str | None = field(default=None, repr=False)
    client_before: str | None = field(default=None, repr=False)
    client_now: str | None = field(default=None, repr=False)
    note_before: str | None = field(default=None, repr=False)
    note_now: str | None = field(default=None, repr=False)

    @property
    def worker_change(self) -> Change | None:
        """How the worker's score has changed; None unless both are scores."""
        return _change(self.worker_before, self.worker_now)

    @property
    def client_change(self) -> Change | None:
        """How the client's own score has changed; None unless both are scores."""
        return _change(self.client_before, self.client_now)

    @property
    def differs(self) -> bool:
        """Whether the client and the worker now score the area differently."""
        scores = (_score(self.worker_now), _score(self.client_now))
        return None not in scores and scores[0] != scores[1]


def compare(
    previous: Assessment | None, current: Assessment, half: Half
) -> tuple[AreaComparison, ...]:
    """Every area of one half in the vocabulary's order, also those neither mapping touches."""
    before, now = _answers(previous, half), _answers(current, half)
    known = VOCABULARIES[f"need_{half}"]
    touched = frozenset(area for answers in (*before, *now) for area in answers)
    return tuple(
        AreaComparison(
            area,
            worker_before=before[0].get(area),
            worker_now=now[0].get(area),
            client_before=before[1].get(area),
            client_now=now[1].get(area),
            note_before=before[2].get(area),
            note_now=now[2].get(area),
        )
        for area in known.in_order(touched | set(known.codes))
    )


def previous_of(current: Assessment, others: Iterable[Assessment]) -> Assessment | None:
    """The mapping to put beside this one: the one it names, else the latest made before it."""
    candidates = [one for one in others if one.id != current.id]
    named = next((one for one in candidates if one.id == current.previous), None)
    if named is not None:
        return named
    earlier = [one for one in candidates if (one.made_at or "") < (current.made_at or "~")]
    return max(earlier, key=lambda one: (one.made_at or "", one.id), default=None)


def number_of(assessment: Assessment, all_of_person: Iterable[Assessment]) -> int:
    """Which mapping this is in the order they were made, counted from 1."""
    own = (assessment.made_at or "", assessment.id)
    return 1 + sum(1 for one in all_of_person if (one.made_at or "", one.id) < own)


def _answers(
    assessment: Assessment | None, half: Half
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    if assessment is None:
        return {}, {}, {}
    if half == "social":
        return assessment.worker_score, assessment.client_score, assessment.need_note
    return (
        assessment.health_worker_score,
        assessment.health_client_score,
        assessment.health_need_note,
    )


def _score(code: str | None) -> int | None:
    return int(code) if code is not None and len(code) == 1 and code in "01234" else None


def _change(before: str | None, now: str | None) -> Change | None:
    earlier, later = _score(before), _score(now)
    if earlier is None or later is None:
        return None
    if earlier == later:
        return "same"
    return "eased" if later < earlier else "grown"
