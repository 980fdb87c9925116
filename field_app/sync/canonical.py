"""Canonical bytes: what is signed, hashed and compared.

UTF-8 JSON, keys sorted, no spaces, no floats, no NaN. Text is NFC already (normalised at input).
Python holds True == 1 == 1.0; canonical bytes do not, so equality of values is asked here.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from field_app.domain.errors import Malformed

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical_bytes(value: Any) -> bytes:
    """Write a JSON value in its one canonical form.

    Raises:
        Malformed: the value holds something JSON cannot say.
    """
    try:
        return _encode(value).encode()
    except (TypeError, ValueError, UnicodeEncodeError) as error:
        raise Malformed(f"not canonical: {type(error).__name__}") from None


def _no_floats(_: str) -> NoReturn:
    raise ValueError("floats are not in the protocol")


_decode = json.JSONDecoder(parse_float=_no_floats, parse_constant=_no_floats).decode


def parse(raw: bytes) -> Any:
    """Read JSON bytes strictly: valid UTF-8, no floats, no NaN.

    Raises:
        Malformed: the bytes are not such JSON.
    """
    try:
        return _decode(raw.decode())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Malformed(f"not canonical JSON: {type(error).__name__}") from None


def sha256_hex(raw: bytes) -> str:
    """SHA-256 as 64 hex digits."""
    return hashlib.sha256(raw).hexdigest()


def same_value(one: Any, other: Any) -> bool:
    """Whether two values have the same canonical bytes (True, 1 and "1" are three values)."""
    if type(one) is type(other) and isinstance(one, (str, bool, int)):
        return bool(one == other)
    return canonical_bytes(one) == canonical_bytes(other)
