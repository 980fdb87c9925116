"""The waiting request: a device asks whether there is something new for it, and may be kept.

The answer says only that there is, never what: the ordinary round fetches it. So nothing is read,
decided or applied in two ways.
"""

from __future__ import annotations

from pydantic import Field

from field_app.sync.admission import Message
from field_app.sync.protocol import PROTOCOL, PullRequest

WAIT_SECONDS_MAX = 25
"""A request is kept so long at most: below the half minute after which proxies cut."""


class WaitRequest(Message):
    """Where a device stands, and how long it would wait for more."""

    protocol: int = PROTOCOL
    epoch: str
    cursors: dict[str, tuple[int, int]]
    staff_version: int = 0
    receipts_of: tuple[int, ...] = ()
    """Counters of own sets that wait for a decision."""
    cases: str | None = None
    """The mark of the cases to decide about, as last told; None: not told yet."""
    seconds: int = Field(default=WAIT_SECONDS_MAX, ge=0, le=WAIT_SECONDS_MAX)

    @classmethod
    def after(cls, pull: PullRequest, cases: str | None) -> WaitRequest:
        """To be sent where this pull would be; `cases` as the last answer told.

        Without a mark of the cases nothing is waited for: it is asked for first.
        """
        return cls(
            epoch=pull.epoch,
            cursors=pull.cursors,
            staff_version=pull.staff_version,
            receipts_of=pull.receipts_of,
            cases=cases,
            seconds=0 if cases is None else WAIT_SECONDS_MAX,
        )


class WaitAnswer(Message):
    """Whether there is something new; it comes when there is, or when the time is over."""

    news: bool
    """Whether a pull would bring something."""
    cases: str = ""
    """Another text when other cases wait for this worker; empty when there is none."""
