"""When to sync: a decision without I/O. `schedule` carries it out.

One round at a time. A save is followed by a round after a breath, so that a burst of saves goes
in one push; a network that comes back, the app coming to the front and a person asking start one
at once; otherwise one comes at an interval. After a failure the wait doubles up to a limit, drawn
at random from its upper half, so that phones that lost one server do not return as one. A trigger
while a round runs is remembered as exactly one more. Seconds are those of a monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from field_app.domain.clock import Entropy


@dataclass(frozen=True, slots=True)
class PaceSettings:
    """The waits, in seconds."""

    after_save: float = 0.5
    after_save_max: float = 2.0
    """A burst of saves puts the round off no longer than this."""
    interval: float = 300.0
    jitter: float = 0.2
    """The interval is drawn from itself less this share of it."""
    back_off_first: float = 5.0
    back_off_max: float = 900.0
    spacing: float = 5.0
    """A save while failing tries again at once, but not sooner after the last try than this."""


class Pace:
    """Remembers what was asked and when the next round is due."""

    def __init__(self, entropy: Entropy, settings: PaceSettings | None = None) -> None:
        """Be paused: nothing is due until `resume`."""
        self._entropy = entropy
        self._settings = settings or PaceSettings()
        self.running = False
        self.paused = True
        self.failures = 0
        self._again = False
        self._planned: float | None = None
        self._save_due: float | None = None
        self._burst_began: float | None = None
        self._last_try = float("-inf")
        self._not_before = float("-inf")

    @property
    def due_at(self) -> float | None:
        """When the next round shall start; None while paused or running."""
        if self._save_due is None or self._planned is None:
            return self._planned if self._save_due is None else self._save_due
        return min(self._planned, self._save_due)

    def saved(self, now: float) -> None:
        """Something was saved on this device."""
        if self._remembered():
            return
        self._burst_began = now if self._burst_began is None else self._burst_began
        latest = self._burst_began + self._settings.after_save_max
        due = min(now + self._settings.after_save, latest)
        if self.failures:
            due = max(due, self._last_try + self._settings.spacing)
        self._save_due = max(due, self._not_before)

    def hurried(self, now: float) -> None:
        """The network came back, or the app came to the front: waits of former failures end."""
        if self._remembered():
            return
        self.failures = 0
        self._plan(max(now, self._not_before))

    def asked(self, now: float) -> None:
        """A person asks for a sync now."""
        if self._remembered():
            return
        self._plan(now)

    def pause(self) -> None:
        """Start nothing more: the store is locked. A round under way ends by itself."""
        self.paused = True
        self._again = False
        self._forget()

    def resume(self, now: float) -> None:
        """The store is open: a round is due at once."""
        self.paused = False
        self.hurried(now)

    def start(self, now: float) -> bool:
        """Whether a round shall start now; then it counts as running."""
        if self.running or self.paused or self.due_at is None or now < self.due_at:
            return False
        self.running = True
        self._forget()
        self._last_try = now
        return True

    def succeeded(self, now: float, complete: bool) -> None:
        """The round ended well; not `complete` when there is more to do at once."""
        self.failures = 0
        self._not_before = float("-inf")
        at_once = self._ended() or not complete
        if not self.paused:
            share = self._settings.jitter * self._draw()
            self._plan(now if at_once else now + self._settings.interval * (1 - share))

    def failed(self, now: float, wait: float = 0.0) -> None:
        """The round broke off; the server may have said how many seconds to `wait`."""
        self.failures += 1
        self._not_before = now + min(wait, self._settings.back_off_max)
        again = self._ended()
        if self.paused:
            return
        doubled = self._settings.back_off_first * 2 ** min(self.failures - 1, 30)
        back_off = min(doubled, self._settings.back_off_max) * (0.5 + 0.5 * self._draw())
        if again:
            back_off = min(back_off, self._settings.spacing)
        self._plan(max(now + back_off, self._not_before))

    def _ended(self) -> bool:
        """The round is over; whether another was asked for meanwhile."""
        self.running = False
        again, self._again = self._again, False
        return again

    def _remembered(self) -> bool:
        """Whether a trigger needs no plan now: paused, or one more round after this one."""
        self._again = self._again or (self.running and not self.paused)
        return self.running or self.paused

    def _plan(self, due: float) -> None:
        self._planned = due if self._planned is None else min(self._planned, due)

    def _forget(self) -> None:
        self._planned = self._save_due = self._burst_began = None

    def _draw(self) -> float:
        """A number from 0 to below 1."""
        return int.from_bytes(self._entropy.bytes(4), "big") / 2**32
