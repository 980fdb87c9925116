"""Time and randomness come in as arguments: `Clock` and `Entropy` of `domain/clock.py`.

A merge that reads the clock cannot be tested; a key that is made by itself cannot be replayed.
"""

from __future__ import annotations

from collections.abc import Iterator

from lint.findings import Finding, SourceFile, names_used

PURE = ("field_app/domain", "field_app/sync", "field_app/store")

BANNED = {
    "datetime.datetime.now": "Clock.now()",
    "datetime.datetime.utcnow": "Clock.now()",
    "datetime.datetime.today": "Clock.now()",
    "datetime.date.today": "Clock.now()",
    "time.time": "Clock.now()",
    "time.time_ns": "Clock.now()",
    "time.gmtime": "Clock.now()",
    "time.localtime": "Clock.now()",
    "time.monotonic": "Clock.monotonic()",
    "time.monotonic_ns": "Clock.monotonic()",
    "time.perf_counter": "Clock.monotonic()",
    "os.urandom": "Entropy.bytes()",
    "os.getrandom": "Entropy.bytes()",
    "uuid.uuid1": "Entropy.new_id()",
    "uuid.uuid4": "Entropy.new_id()",
    "uuid.uuid7": "Entropy.new_id()",
    "secrets": "Entropy.bytes()",
    "random": "Entropy.bytes()",
    "argon2.PasswordHasher": "argon2.low_level with a salt of Entropy.bytes()",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM.generate_key": "Entropy.bytes()",
    "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey.generate": (
        "from_private_bytes(Entropy.bytes(32))"
    ),
    "cryptography.hazmat.primitives.asymmetric.x25519.X25519PrivateKey.generate": (
        "from_private_bytes(Entropy.bytes(32))"
    ),
}


def impure_calls(file: SourceFile) -> Iterator[Finding]:
    """Find clocks and random sources that were not handed in."""
    if not file.within(*PURE):
        return
    for name, node in names_used(file):
        for banned, instead in BANNED.items():
            if name == banned or name.startswith(f"{banned}."):
                yield file.finding(node, f"{name} is banned here: take {instead}")
