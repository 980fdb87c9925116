"""Only whole, well-tried constructions that every phone has; never a cipher put together here.

The phones' OpenSSL is 3.0: Argon2id and AES-GCM-SIV came to it with 3.2, so an app that uses them
works on the desk and fails in the street. Argon2id comes from `argon2-cffi` instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from lint.findings import Finding, SourceFile, names_used

ON_DEVICE = ("field_app/domain", "field_app/sync", "field_app/store", "field_app/views")

_PRIMITIVES = "cryptography.hazmat.primitives"

BANNED = {
    f"{_PRIMITIVES}.ciphers.aead.AESGCMSIV": "a phone's OpenSSL lacks it",
    f"{_PRIMITIVES}.kdf.argon2": "a phone's OpenSSL lacks it; use argon2.low_level",
    f"{_PRIMITIVES}.kdf.scrypt": "Argon2id is the one password hash here",
    f"{_PRIMITIVES}.kdf.pbkdf2": "Argon2id is the one password hash here",
    f"{_PRIMITIVES}.ciphers.Cipher": "a cipher without its seal; use an AEAD",
    f"{_PRIMITIVES}.ciphers.modes": "a cipher without its seal; use an AEAD",
    f"{_PRIMITIVES}.ciphers.algorithms": "a cipher without its seal; use an AEAD",
    f"{_PRIMITIVES}.padding": "a cipher without its seal; use an AEAD",
    "hashlib.scrypt": "Argon2id is the one password hash here",
    "hashlib.pbkdf2_hmac": "Argon2id is the one password hash here",
    "hashlib.md5": "broken; use hashlib.sha256",
    "hashlib.sha1": "broken; use hashlib.sha256",
    "Crypto": "cryptography is the one library",
    "Cryptodome": "cryptography is the one library",
    "nacl": "cryptography is the one library",
}


def own_cryptography(file: SourceFile) -> Iterator[Finding]:
    """Find primitives that phones lack, and building blocks for a cryptography of one's own."""
    if not file.within(*ON_DEVICE):
        return
    for name, node in names_used(file):
        for banned, reason in BANNED.items():
            if name == banned or name.startswith(f"{banned}."):
                yield file.finding(node, f"{name} is banned on devices: {reason}")
