"""Writing a page of entries from stored bytes: what is stored canonical is not parsed again.

Ids, types, scopes and times were looked at when their set was accepted (`validity`): none of them
holds anything that JSON would write in another way.

The lines are exactly those of `sync.delivery.encode_entry`; a test compares them byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterable

from field_app.sync.canonical import canonical_bytes, rewritten
from field_app.sync.protocol import PageHead

PAGE_BYTES_MAX = 4 * 1024 * 1024
"""A page ends after the change set that passes this, however few entries it has."""


class PageWriter:
    """Collects the lines of a page."""

    def __init__(self) -> None:
        """Begin an empty page."""
        self._buckets: dict[str, int] = {}
        self._lines: list[bytes] = []
        self.entries = 0
        self.size = 0

    def compacted(
        self, seq: int, bucket: str, record: str, type_: str, scope: str, heads: bytes
    ) -> None:
        """Add a compacted entry; `heads` are its writes in canonical JSON."""
        # A start has tens of thousands: what `_index` and `_add` do, without calling them.
        index = self._buckets.setdefault(bucket, len(self._buckets))
        where = f'["c",{seq},{index},"{record}","{type_}","{scope}",'
        line = b"%b%b]" % (where.encode(), heads)
        self._lines.append(line)
        self.entries += 1
        self.size += len(line)

    def streamed(
        self, seq: int, bucket: str, source: tuple[str, str, str], depths: bytes, raw: bytes
    ) -> None:
        """Add a part; `source` is its set's id, author and time, `depths` canonical JSON."""
        set_id, author, at = source
        where = f'["s",{seq},{self._index(bucket)},"{set_id}","{author}","{at}",'
        self._add(b"%b%b]\n%b" % (where.encode(), depths, raw))

    def own(self, seq: int, set_id: str, buckets: Iterable[str], depths: bytes) -> None:
        """Add a mention of the device's own set, with the bucket of each part."""
        start = rewritten(["o", seq, set_id, [self._index(bucket) for bucket in buckets]])
        self._add(start[:-1] + b"," + depths + b"]")

    def access(self, seq: int, kind: str, scope: str, team: str) -> None:
        """Add a scope's coming into or leaving a team's buckets."""
        self._add(rewritten(["a", seq, kind, scope, team]))

    def encode(self, head: PageHead) -> bytes:
        """The page's bytes under this head."""
        full = head.model_copy(update={"entries": self.entries, "buckets": tuple(self._buckets)})
        first = canonical_bytes(full.model_dump(mode="json", exclude_none=True))
        return b"\n".join([first, *self._lines])

    def _index(self, bucket: str) -> int:
        return self._buckets.setdefault(bucket, len(self._buckets))

    def _add(self, line: bytes) -> None:
        self._lines.append(line)
        self.entries += 1
        self.size += len(line)
