"""The sealed form of one record's part, format version 1: one envelope a (record, register).

    format  1 byte    1
    suite   1 byte    1 = AES-256-GCM, key by HKDF-SHA256, padding as in `padding`
    key id  8 bytes   random; names the data key
    register, record id, scope: each 1 byte length and that many bytes of UTF-8
    nonce   12 bytes  random for every seal
    sealed            the padded payload and its 16-byte tag

Everything before the nonce is the *header*. The additional data of the seal is the product's name
and schema and the whole header, so an envelope opens only in the row it was sealed for: not in
another record's, register's or person's. Type, times, names and values are all inside.

`docs/store-format.md` says the same for those who write another reader.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from field_app.domain.clock import Entropy
from field_app.domain.errors import EnvelopeDamaged, InvalidInput, KeyWorn, StoreLocked
from field_app.store.padding import pad, unpad

FORMAT = 1
SUITE = 1
KEY_ID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
CONTEXT = b"rinnalla\x00store/1\x00envelope\x00"
"""Product and schema: the first part of the additional data."""

SEALS_PER_KEY_MAX = 2**28
"""Random 96-bit nonces: after 2**28 seals two are equal with a chance of 2**-41."""

_FIXED = struct.Struct(f">BB{KEY_ID_BYTES}s")


class _Cipher(Protocol):
    """What of `AESGCM` is used here."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class _Dropped:
    """Stands where a cipher was, once the keys are dropped."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        raise StoreLocked("sealing with a dropped key")

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        raise StoreLocked("opening with a dropped key")


class Header(NamedTuple):
    """What an envelope says in clear."""

    key_id: bytes
    register: str
    record_id: str
    scope: str


def _counted(text: str) -> bytes:
    raw = text.encode()
    if len(raw) > 255:
        raise InvalidInput("an id in an envelope's header is over 255 bytes")
    return b"%c%b" % (len(raw), raw)


def encode_header(header: Header) -> bytes:
    """Write a header as its bytes."""
    return b"".join(
        (
            _FIXED.pack(FORMAT, SUITE, header.key_id),
            _counted(header.register),
            _counted(header.record_id),
            _counted(header.scope),
        )
    )


def read_header(blob: bytes) -> tuple[Header, int]:
    """Read the clear header and say where it ends (the nonce begins there).

    Raises:
        EnvelopeDamaged: no envelope of a known format and suite.
    """
    try:
        version, suite, key_id = _FIXED.unpack_from(blob)
        texts: list[str] = []
        at = _FIXED.size
        for _ in range(3):
            end = at + 1 + blob[at]
            texts.append(blob[at + 1 : end].decode())
            at = end
    except (struct.error, IndexError, UnicodeDecodeError) as broken:
        raise EnvelopeDamaged("envelope: no readable header") from broken
    if (version, suite) != (FORMAT, SUITE):
        raise EnvelopeDamaged("envelope: unknown format or suite")
    if len(blob) < at + NONCE_BYTES + TAG_BYTES:
        raise EnvelopeDamaged("envelope: cut short")
    return Header(key_id, *texts), at


class RegisterKey:
    """Seals and opens the envelopes of one register under one data key, and counts the seals.

    Kept ready for the whole time the store is unlocked: a seal costs a few microseconds.
    """

    __slots__ = ("_cipher", "_entropy", "_prefix", "key_id", "register", "seals", "seals_max")

    def __init__(
        self,
        key: bytes,
        key_id: bytes,
        register: str,
        entropy: Entropy,
        seals: int = 0,
        seals_max: int = SEALS_PER_KEY_MAX,
    ) -> None:
        """Take the register's 32-byte key and how much it has sealed so far."""
        self._cipher: _Cipher = AESGCM(key)
        self._entropy = entropy
        self._prefix = _FIXED.pack(FORMAT, SUITE, key_id) + _counted(register)
        self.key_id = key_id
        self.register = register
        self.seals = seals
        self.seals_max = seals_max

    def header(self, record_id: str, scope: str) -> bytes:
        """The header's bytes for a row of this register."""
        return self._prefix + _counted(record_id) + _counted(scope)

    def seal(self, record_id: str, scope: str, payload: bytes) -> bytes:
        """Seal a payload for exactly this row.

        Raises:
            KeyWorn: this key has sealed `seals_max` times.
            StoreLocked: the key was dropped.
        """
        if self.seals >= self.seals_max:
            raise KeyWorn("too many seals under one key")
        self.seals += 1
        header = self.header(record_id, scope)
        nonce = self._entropy.bytes(NONCE_BYTES)
        return b"".join(
            (header, nonce, self._cipher.encrypt(nonce, pad(payload), CONTEXT + header))
        )

    def seal_all(self, rows: Sequence[tuple[str, str, bytes]]) -> list[bytes]:
        """Seal many rows (record id, scope, payload), as `seal` does each.

        A page of a pull has a thousand: their nonces come from one draw.

        Raises:
            KeyWorn: this key would seal more than `seals_max` times; nothing was sealed.
            StoreLocked: the key was dropped.
        """
        if self.seals + len(rows) > self.seals_max:
            raise KeyWorn("too many seals under one key")
        self.seals += len(rows)
        nonces = self._entropy.bytes(NONCE_BYTES * len(rows))
        encrypt, prefix, sealed = self._cipher.encrypt, self._prefix, []
        scopes = {scope: _counted(scope) for _, scope, _ in rows}
        at = 0
        for record_id, scope, payload in rows:
            header = prefix + _counted(record_id) + scopes[scope]
            nonce = nonces[at : at + NONCE_BYTES]
            at += NONCE_BYTES
            sealed.append(header + nonce + encrypt(nonce, pad(payload), CONTEXT + header))
        return sealed

    def open(self, record_id: str, scope: str, blob: bytes) -> bytes:
        """Open an envelope found in this row.

        Raises:
            EnvelopeDamaged: sealed for another row or key, or altered.
            StoreLocked: the key was dropped.
        """
        header = self.header(record_id, scope)
        if type(blob) is not bytes or not blob.startswith(header):
            raise EnvelopeDamaged("envelope: sealed for another place or key")
        at = len(header) + NONCE_BYTES
        try:
            padded = self._cipher.decrypt(blob[len(header) : at], blob[at:], CONTEXT + header)
        except (InvalidTag, ValueError) as broken:
            raise EnvelopeDamaged("envelope: altered") from broken
        return unpad(padded)

    def drop(self) -> None:
        """Forget the key; whoever still holds this object can seal and open nothing."""
        self._cipher = _Dropped()
