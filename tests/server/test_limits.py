"""Rate limits let work pass and bound what is too much."""

from __future__ import annotations

import pytest

from field_app.domain.errors import RateLimited
from field_app.server import limits
from field_app.server.limits import RateLimit
from tests.server.office import HandClock


def test_a_burst_passes_then_one_at_a_time() -> None:
    clock = HandClock()
    limit = RateLimit(clock, burst=3, per_second=2)
    for _ in range(3):
        limit.take("a")
    with pytest.raises(RateLimited) as told:
        limit.take("a")
    assert told.value.values == {"seconds": 1}
    clock.forward(milliseconds=500)
    limit.take("a")
    with pytest.raises(RateLimited):
        limit.take("a")


def test_one_callers_haste_is_not_anothers() -> None:
    limit = RateLimit(HandClock(), burst=1, per_second=1)
    limit.take("a")
    limit.take("b")


def test_a_long_rest_saves_up_no_more_than_a_burst() -> None:
    clock = HandClock()
    limit = RateLimit(clock, burst=2, per_second=1)
    limit.take("a")
    clock.forward(days=1)
    limit.take("a")
    limit.take("a")
    with pytest.raises(RateLimited):
        limit.take("a")


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEYS_MAX", 3)
    limit = RateLimit(HandClock(), burst=1, per_second=1)
    for key in "abcd":
        limit.take(key)
    with pytest.raises(RateLimited):
        limit.take("d")
    limit.take("a")
