"""Canonical bytes: what is signed, hashed and compared.

UTF-8 JSON, keys sorted by code point, no spaces, no floats, no NaN, no half surrogate pairs. Text
is NFC already (normalised at input). Python holds True == 1 == 1.0; canonical bytes do not, so
equality of values is asked here.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, NoReturn, cast

from field_app.domain.errors import Malformed

_encoder = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
_make_chunks = getattr(json.encoder, "c_make_encoder", None)
_chunks = _make_chunks and _make_chunks(
    None, _encoder.default, json.encoder.encode_basestring, None, ":", ",", True, False, False
)
"""The encoder's own C core, made once: `encode` makes it anew for every value, and a page of a
pull has thousands of small ones. Without circle checks: what is nested too deeply is refused."""


def _encode(value: Any) -> str:
    return "".join(_chunks(value, 0)) if _chunks else _encoder.encode(value)


_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def canonical_bytes(value: Any) -> bytes:
    """Write a JSON value in its one canonical form.

    Raises:
        Malformed: the value holds something that is not in the protocol.
    """
    try:
        _require_plain(value)
        return _encode(value).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Malformed(f"not canonical: {type(error).__name__}") from None


def rewritten(value: Any) -> bytes:
    """As `canonical_bytes`, for what `parse` gave or this side made of such: nothing is checked.

    The checks cost as much as the writing; a page of a pull has thousands of entries.
    """
    return _encode(value).encode()


PLAIN = frozenset({str, int, bool, type(None)})
"""What holds nothing further: no float, no list, no object."""


def _require_plain(value: Any) -> None:
    """Refuse what the encoder would quietly write as something else: 1.0, {True: 1}."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("keys are text")
            if type(item) not in PLAIN:
                _require_plain(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            if type(item) not in PLAIN:
                _require_plain(item)
    elif isinstance(value, float):
        raise TypeError("floats are not in the protocol")


def require_nesting(value: Any, levels_max: int) -> None:
    """Make sure that a value is not nested too deeply.

    How deep a reader can follow depends on its own stack: what one side just managed to store,
    another could never read.

    Raises:
        Malformed: lists or objects within each other beyond `levels_max`.
    """
    if isinstance(value, (dict, list, tuple)):
        if levels_max < 1:
            raise Malformed("nested too deeply")
        for item in value.values() if isinstance(value, dict) else value:
            require_nesting(item, levels_max - 1)


def _no_floats(_: str) -> NoReturn:
    raise ValueError("floats are not in the protocol")


_decoder = json.JSONDecoder(parse_float=_no_floats, parse_constant=_no_floats)
_scan = cast("Any", _decoder).scan_once


def parse(raw: bytes) -> Any:
    """Read JSON bytes strictly: valid UTF-8, no floats, no NaN, nothing that cannot be rewritten.

    Of a key said twice the last one counts.

    Raises:
        Malformed: the bytes are not such JSON.
    """
    try:
        text = raw.decode()
        value, end = _scan(text, 0) if text[:1] in ("{", "[") else (None, -1)
        if end != len(text):  # white space around it, a lone value, or something too much
            value = _decoder.decode(text)
        if b"\\" in raw and _SURROGATE.search(raw):
            _encode(value).encode()  # half a pair has no UTF-8: refused here, not when kept
        return value
    except (ValueError, RecursionError, StopIteration) as error:
        raise Malformed(f"not canonical JSON: {type(error).__name__}") from None


def scan_object(text: str, start: int) -> tuple[dict[str, Any], int] | None:
    """The JSON object that begins in a text at `start`, and where it ends; None if none does."""
    try:
        value, end = _scan(text, start)
    except (ValueError, RecursionError, StopIteration):
        return None
    return (value, end) if isinstance(value, dict) else None


def sha256_hex(raw: bytes) -> str:
    """SHA-256 as 64 hex digits."""
    return hashlib.sha256(raw).hexdigest()


def same_value(one: Any, other: Any) -> bool:
    """Whether two values have the same canonical bytes (True, 1 and "1" are three values)."""
    if type(one) is type(other) and isinstance(one, (str, bool, int)):
        return bool(one == other)
    return canonical_bytes(one) == canonical_bytes(other)
