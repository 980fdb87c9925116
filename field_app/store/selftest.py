"""Each cryptographic primitive proves itself on this device before it is trusted with anything.

The answers are those of the standards: SHA-256 (FIPS 180-4), HMAC and HKDF (RFC 4231, RFC 5869),
AES-256-GCM (test case 16 of McGrew and Viega), Ed25519 (RFC 8032), Argon2id (the reference
implementation's own test, version 1.3).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from field_app.domain.errors import CryptographyBroken
from field_app.store.stretching import Argon2Cost, stretch

_hex = bytes.fromhex


def sha256_holds() -> bool:
    """SHA-256 of "abc"."""
    answer = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    return hashlib.sha256(b"abc").hexdigest() == answer


def hmac_holds() -> bool:
    """RFC 4231, test case 2."""
    answer = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    return hmac.new(b"Jefe", b"what do ya want for nothing?", "sha256").hexdigest() == answer


def hkdf_holds() -> bool:
    """RFC 5869, test case 1."""
    derivation = HKDF(
        algorithm=SHA256(),
        length=42,
        salt=_hex("000102030405060708090a0b0c"),
        info=_hex("f0f1f2f3f4f5f6f7f8f9"),
    )
    answer = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    return derivation.derive(_hex("0b" * 22)).hex() == answer


def aes_gcm_holds() -> bool:
    """Seals as test case 16 says, opens it again, and refuses it with one bit changed."""
    cipher = AESGCM(_hex("feffe9928665731c6d6a8f9467308308" * 2))
    nonce = _hex("cafebabefacedbaddecaf888")
    plain = _hex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    additional = _hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    answer = _hex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    sealed = cipher.encrypt(nonce, plain, additional)
    if sealed != answer or cipher.decrypt(nonce, sealed, additional) != plain:
        return False
    try:
        cipher.decrypt(nonce, sealed[:-1] + bytes((sealed[-1] ^ 1,)), additional)
    except InvalidTag:
        return True
    return False


def ed25519_holds() -> bool:
    """RFC 8032, test 2: signs as told, verifies it, and refuses another message."""
    key = Ed25519PrivateKey.from_private_bytes(
        _hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    )
    answer = _hex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    if key.sign(b"\x72") != answer:
        return False
    key.public_key().verify(answer, b"\x72")
    try:
        key.public_key().verify(answer, b"\x73")
    except InvalidSignature:
        return True
    return False


def argon2id_holds() -> bool:
    """The reference implementation's test: 256 KiB, 2 passes, 1 lane."""
    answer = "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"
    return stretch("password", b"somesalt", Argon2Cost(256, 2)).hex() == answer


PROOFS: dict[str, Callable[[], bool]] = {
    "SHA-256": sha256_holds,
    "HMAC-SHA256": hmac_holds,
    "HKDF-SHA256": hkdf_holds,
    "AES-256-GCM": aes_gcm_holds,
    "Ed25519": ed25519_holds,
    "Argon2id": argon2id_holds,
}


def run_proofs(proofs: dict[str, Callable[[], bool]]) -> None:
    """Run the proofs.

    Raises:
        CryptographyBroken: one does not hold; `values["primitive"]` says which.
    """
    for primitive, holds in proofs.items():
        try:
            held = holds()
        except Exception as failure:
            raise CryptographyBroken("it raises", primitive=primitive) from failure
        if not held:
            raise CryptographyBroken("another answer", primitive=primitive)


@cache
def prove_primitives() -> None:
    """Prove every primitive, once a process (a few milliseconds)."""
    run_proofs(PROOFS)
