"""Every error of Rinnalla, one tree.

FieldAppError                     anything this product says went wrong
├── InvalidInput                  what was given cannot be used as it is
│   ├── InvalidRecord             a field's value is outside its declaration
│   └── TooLarge                  a save or a message is over its limit
├── StoreError                    the phone's own store
├── SyncError                     talking with the server
│   ├── Malformed                 bytes that are not what the protocol says
│   ├── ChainForked               the device's history is not the one the server knows
│   └── BadSignature              a signature does not fit the chain it covers
└── AccessDenied                  the policy says no

Each class has a stable `code`; its text for people is the catalogue entry `error.<code>`, filled
with `values`. Values never hold personal data: errors reach logs.
"""

from __future__ import annotations

from typing import ClassVar


class FieldAppError(Exception):
    """The root: a stable code, values for its text, and an exit code for the command line."""

    code: ClassVar[str] = "unexpected"
    exit_code: ClassVar[int] = 1

    def __init__(self, detail: str = "", **values: str | int) -> None:
        """Keep a developer's detail (never shown to people) and the values of the text."""
        super().__init__(detail or self.code)
        self.detail = detail
        self.values = values


class InvalidInput(FieldAppError):
    """What was given cannot be used as it is."""

    code = "invalid_input"
    exit_code = 2


class InvalidRecord(InvalidInput):
    """A field's value is outside its declaration; `values["field"]` names the field."""

    code = "invalid_record"


class TooLarge(InvalidInput):
    """A save or a message is over its limit."""

    code = "too_large"


class StoreError(FieldAppError):
    """The phone's own store."""

    code = "store"
    exit_code = 3


class SyncError(FieldAppError):
    """Talking with the server."""

    code = "sync"
    exit_code = 4


class Malformed(SyncError):
    """Bytes that are not what the protocol says."""

    code = "malformed"


class ChainForked(SyncError):
    """The device's chain of headers is not the one the server knows."""

    code = "chain_forked"


class BadSignature(SyncError):
    """A signature does not fit the chain it covers."""

    code = "bad_signature"


class AccessDenied(FieldAppError):
    """The policy says no."""

    code = "access_denied"
    exit_code = 5
