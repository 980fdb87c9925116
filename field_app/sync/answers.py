"""What comes back over HTTP: read up to a limit, unpacked, and only if it is one of ours.

An answer may be cut, endless, packed a thousandfold, or from whoever sits between: a hotel's
sign-in page says 200 as well. Whatever is wrong with it leaves here as an error of our own tree.
"""

from __future__ import annotations

import zlib

import httpx

from field_app.domain.clock import Clock
from field_app.domain.errors import AnswerDamaged, AnswerTooLarge, CaptivePortal, TimedOut
from field_app.sync.problems import problem_of

JSON = "application/json"
ANSWER_BYTES_MAX = 64 * 1024 * 1024
"""An answer is read so far, unpacked; a page this large is asked for again in smaller pieces."""
ANSWER_SECONDS_MAX = 300.0
"""How long one answer may take as a whole, however steadily it drips."""
PIECE = 64 * 1024
"""Bytes read at once."""


class AnswerReader:
    """Takes one answer piece by piece, so that it never grows over the limit."""

    def __init__(self, response: httpx.Response, expects: str, clock: Clock) -> None:
        """Read the body of this response, of this media type.

        Raises:
            CaptivePortal: a page or a redirect, however it is packed; nothing of it is read.
            AnswerDamaged: packed in a way that was not asked for.
        """
        self._kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        self._status = response.status_code
        if 300 <= self._status < 400 or self._status == 511 or self._kind == "text/html":
            raise CaptivePortal(f"{self._status} {self._kind}")
        encoding = response.headers.get("Content-Encoding", "identity").lower()
        if encoding not in ("identity", "gzip"):
            raise AnswerDamaged("content encoding")
        self._expects = expects
        self._clock = clock
        self._started = clock.monotonic()
        self._body = _Gunzip() if encoding == "gzip" else _Plain()

    def take(self, piece: bytes) -> None:
        """The next piece, as it came.

        Raises:
            AnswerTooLarge, TimedOut: past the limits; nothing more is read.
            AnswerDamaged: not what it says it is packed with.
        """
        self._body.take(piece)
        if self._clock.monotonic() - self._started > ANSWER_SECONDS_MAX:
            raise TimedOut("the answer never ends")

    def answer(self) -> bytes:
        """The whole answer, if it is one of ours.

        Raises:
            SyncError: it is not, or it says that something is wrong.
        """
        body = self._body.finished()
        if self._status >= 400:
            raise problem_of(self._status, self._kind, body)
        if self._status != 204 and self._kind != self._expects:
            raise AnswerDamaged("content type")
        return body


class _Plain:
    """A body as it is, up to the limit."""

    def __init__(self) -> None:
        self._taken = bytearray()

    def take(self, piece: bytes) -> None:
        self._taken += piece
        if len(self._taken) > ANSWER_BYTES_MAX:
            raise AnswerTooLarge("answer")

    def finished(self) -> bytes:
        return bytes(self._taken)


class _Gunzip(_Plain):
    """A gzip body, unpacked up to the limit; cut short, damaged or overlong ones are refused."""

    def __init__(self) -> None:
        super().__init__()
        self._inflate = zlib.decompressobj(wbits=31)

    def take(self, piece: bytes) -> None:
        room = ANSWER_BYTES_MAX - len(self._taken) + 1
        try:
            super().take(self._inflate.decompress(piece, room))
        except zlib.error:
            raise AnswerDamaged("gzip") from None
        if self._inflate.unused_data:
            raise AnswerDamaged("gzip: more than one")

    def finished(self) -> bytes:
        if not self._inflate.eof:
            raise AnswerDamaged("gzip: cut short")
        return super().finished()
