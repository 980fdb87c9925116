"""The one-time code that enrols a phone, as text to scan or to type.

    127.0.0.1:8700 K7QD-2M4X-0JZ8-9TRN-5W3C-HF6Y-1B8E

First where the server is, then 140 bits in Crockford's base32 (no I, L, O, U): the 128-bit secret
and a 12-bit check over secret and address, so that a slip in either is found on the phone. Case,
spaces and hyphens do not matter; O is read as 0, I and L as 1. A third word, if there is one, is
the pin of the organisation's certificate authority: 43 letters of base64url. With it the phone
trusts that authority alone (`trust`).
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from field_app.domain.errors import CodeMistyped

SECRET_BYTES = 16
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LETTERS = 28
_GROUP = 4
_CHECK_BITS = 12
_SCHEME = "rinnalla:"
_PIN = re.compile("[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """Where to enrol, and the secret that lets in once."""

    address: str
    """HOST:PORT."""
    secret: bytes = field(repr=False)
    pin: str = ""
    """SHA-256 of the certificate authority's public key, or empty: the phone's own decide."""

    @property
    def url(self) -> str:
        """The server's root; plain HTTP only to this very machine (the demo), and never pinned."""
        scheme = "http" if is_loopback(self.address) and not self.pin else "https"
        return f"{scheme}://{self.address}"

    def encode(self) -> str:
        """The code as one line of text."""
        number = int.from_bytes(self.secret, "big") << _CHECK_BITS | self._check()
        letters = [_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LETTERS))]
        groups = ["".join(letters[at : at + _GROUP]) for at in range(0, _LETTERS, _GROUP)]
        words = [self.address, "-".join(groups)]
        return " ".join([*words, self.pin] if self.pin else words)

    @classmethod
    def decode(cls, text: str) -> EnrolmentCode:
        """Read a code as scanned or typed.

        Raises:
            CodeMistyped: not a code, or a character of it is wrong.
        """
        address, _, rest = text.strip().removeprefix(_SCHEME).strip().partition(" ")
        letters: list[int] = []
        position = 0
        for position, letter in enumerate(rest, 1):  # noqa: B007 - the pin begins after it
            if len(letters) == _LETTERS:
                break
            if letter in " -":
                continue
            if letter.upper() not in _READ:
                raise CodeMistyped("letter")
            letters.append(_READ[letter.upper()])
        if len(letters) != _LETTERS or not _is_address(address):
            raise CodeMistyped("length")
        number = 0
        for value in letters:
            number = number << 5 | value
        secret = (number >> _CHECK_BITS).to_bytes(SECRET_BYTES, "big")
        pin = rest[position:].strip() if len(rest) > position else ""
        if pin and not _PIN.fullmatch(pin):
            raise CodeMistyped("pin")
        code = cls(address.lower(), secret, pin)
        if code._check() != number & (1 << _CHECK_BITS) - 1:
            raise CodeMistyped("check")
        return code

    def _check(self) -> int:
        digest = hashlib.sha256(self.address.lower().encode() + b"\x00" + self.secret).digest()
        return int.from_bytes(digest[:2], "big") >> 16 - _CHECK_BITS


def pin_of(authority: x509.Certificate) -> str:
    """The pin of an authority: of its key alone, so that it may renew its certificate."""
    key = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.urlsafe_b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def is_loopback(address: str) -> bool:
    """Whether HOST:PORT is this very machine."""
    host = address.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(address: str) -> bool:
    host, _, port = address.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and 0 < int(port) < 65536
