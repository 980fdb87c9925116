"""How a body is packed before it travels: gzip, whoever made it.

A desk and a server pack by ISA-L, which takes a fifth of zlib's time for slightly fewer bytes; it
has no wheels for phones, and they pack by zlib. What arrives is unpacked by zlib everywhere: it is
the one to trust with bytes of unknown origin.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import suppress

ZLIB_LEVEL = 3
"""Level 6 takes twice the time for a sixth fewer bytes (decision 0022)."""
ISAL_LEVEL = 2
_GZIP = 31
"""The format's number in both libraries."""


_isal: Callable[[bytes, int, int], bytes] | None = None
with suppress(ImportError):
    from isal import isal_zlib

    _isal = isal_zlib.compress


def gzipped(raw: bytes) -> bytes:
    """A body as gzip; on one machine always the same bytes for the same body."""
    if _isal is None:
        return gzip.compress(raw, ZLIB_LEVEL, mtime=0)
    return _isal(raw, ISAL_LEVEL, _GZIP)
