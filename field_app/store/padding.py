"""Hide how long a record is, within limits a phone can pay for.

A payload becomes `length (4 bytes, big-endian) ‖ payload ‖ zeros`, as long as its class: multiples
of 256 bytes up to 4 KiB, and beyond that Padmé (at most 12 % more, Nikitin et al., PURBs, 2019).
A short note, a long note and a blood pressure then weigh the same on disk.
"""

from __future__ import annotations

import struct

from field_app.domain.errors import EnvelopeDamaged

_LENGTH = struct.Struct(">I")
_STEP_BYTES = 256
_STEPPED_UP_TO_BYTES = 4096


def padded_length(length: int) -> int:
    """The class of a plaintext of `length` bytes, its length prefix included."""
    if length <= _STEPPED_UP_TO_BYTES:
        return (length + _STEP_BYTES - 1) & -_STEP_BYTES or _STEP_BYTES
    exponent = length.bit_length() - 1
    loose_bits = exponent - exponent.bit_length()
    mask = (1 << loose_bits) - 1
    return (length + mask) & ~mask


def pad(payload: bytes) -> bytes:
    """Prefix the length and fill up with zeros to the class."""
    length = len(payload)
    whole = length.to_bytes(_LENGTH.size) + payload
    return whole.ljust(padded_length(length + _LENGTH.size), b"\0")


def unpad(padded: bytes) -> bytes:
    """Give back the payload.

    Raises:
        EnvelopeDamaged: the bytes are not what `pad` makes of any payload.
    """
    if len(padded) < _LENGTH.size:
        raise EnvelopeDamaged("padding: shorter than its length prefix")
    end = _LENGTH.size + _LENGTH.unpack_from(padded)[0]
    if len(padded) != padded_length(end) or padded[end:].strip(b"\0"):
        raise EnvelopeDamaged("padding: not as it is made")
    return padded[_LENGTH.size : end]
