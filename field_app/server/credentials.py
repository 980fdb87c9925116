"""Secrets at rest: hashes of codes and tokens, and the organisation's signing key.

Codes and tokens are random and at least 128 bits long: a plain SHA-256 of them cannot be guessed
back. The signing key lives in a file beside the database, never in it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from field_app.domain.clock import Entropy
from field_app.domain.errors import BadSignature, Malformed, NotAuthenticated, ServerError
from field_app.sync.admission import CERTIFICATE_PURPOSE
from field_app.sync.canonical import canonical_bytes, parse, sha256_hex
from field_app.sync.enrolment_code import pin_of

TOKEN_BYTES = 32
SEALING_PURPOSE = b"rinnalla sealing v1\x00"
"""Put before the key when the one that seals is derived from it."""


def new_token(entropy: Entropy) -> str:
    """A new opaque token, 256 random bits."""
    return base64.urlsafe_b64encode(entropy.bytes(TOKEN_BYTES)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return sha256_hex(token.encode())


def code_hash(secret: bytes) -> str:
    """What is stored of an enrolment code's secret."""
    return sha256_hex(secret)


def read_public_key(text: str) -> Ed25519PublicKey:
    """Read a device's public key: Ed25519, base64.

    Raises:
        Malformed: it is not such a key.
    """
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except ValueError:
        raise Malformed("public key") from None


def check_signature(public_key: str, signature: bytes, signed: bytes) -> None:
    """Check a device's signature.

    Raises:
        BadSignature: it does not fit.
    """
    try:
        read_public_key(public_key).verify(signature, signed)
    except InvalidSignature:
        raise BadSignature("signature") from None


def check_text_signature(public_key: str, signature: str, signed: bytes) -> None:
    """Check a device's signature that came as base64.

    Raises:
        BadSignature: it does not fit, or is not base64.
    """
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        raise BadSignature("signature") from None
    check_signature(public_key, raw, signed)


class OrganisationKey:
    """The key that signs device certificates, and seals what devices bring back as they got it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Hold the key."""
        self._private = private
        self._sealing = hashlib.sha256(SEALING_PURPOSE + private.private_bytes_raw()).digest()

    @classmethod
    def load_or_create(cls, path: Path) -> OrganisationKey:
        """Read the key's file, or make a new one that only its owner may read (0600).

        Raises:
            ServerError: the file cannot be read, written or understood.
        """
        try:
            if not path.exists():
                _create_key_file(path)
            private = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise ServerError(f"organisation key: {type(error).__name__}") from None
        if not isinstance(private, Ed25519PrivateKey):
            raise ServerError("organisation key: not Ed25519")
        return cls(private)

    def certify(self, statement: dict[str, str]) -> str:
        """A certificate: base64 of the statement's line and its signature's line."""
        line = canonical_bytes(statement)
        signature = self._private.sign(CERTIFICATE_PURPOSE + line)
        return base64.b64encode(line + b"\n" + base64.b64encode(signature)).decode()

    def read_certificate(self, certificate: str) -> dict[str, str]:
        """The statement of a certificate that this key made.

        Raises:
            NotAuthenticated: it is none, or by another key.
        """
        try:
            line, signature = base64.b64decode(certificate, validate=True).split(b"\n")
            signed = CERTIFICATE_PURPOSE + line
            self.public.verify(base64.b64decode(signature, validate=True), signed)
            statement = parse(line)
        except (ValueError, InvalidSignature):
            raise NotAuthenticated("certificate") from None
        return {name: str(value) for name, value in statement.items()}

    def seal(self, text: str) -> str:
        """A code over a text that only this key can make: 128 bits of HMAC-SHA-256, as hex."""
        return hmac.new(self._sealing, text.encode(), hashlib.sha256).hexdigest()[:32]

    @property
    def public(self) -> Ed25519PublicKey:
        """The key that checks certificates."""
        return self._private.public_key()


def _create_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another worker was first: its key is the organisation's
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def authority_pin(path: Path | None) -> str:
    """The pin of the certificate authority in this file (PEM), for codes; "" when none is named.

    Raises:
        ServerError: the file cannot be read or understood.
    """
    if path is None:
        return ""
    try:
        return pin_of(x509.load_pem_x509_certificate(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise ServerError(f"certificate authority: {type(error).__name__}") from None
