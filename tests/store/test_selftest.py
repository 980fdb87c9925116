"""A primitive that gives another answer stops everything."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from field_app.domain.errors import CryptographyBroken
from field_app.store import selftest
from field_app.store.selftest import PROOFS, prove_primitives, run_proofs


@pytest.mark.parametrize("primitive", sorted(PROOFS))
def test_the_primitive_gives_the_standards_answer(primitive: str) -> None:
    assert PROOFS[primitive]()


def test_every_primitive_in_use_is_proved() -> None:
    prove_primitives()
    assert set(PROOFS) == {
        "SHA-256",
        "HMAC-SHA256",
        "HKDF-SHA256",
        "AES-256-GCM",
        "Ed25519",
        "Argon2id",
    }


def test_another_answer_stops_everything_and_names_the_primitive() -> None:
    with pytest.raises(CryptographyBroken) as broken:
        run_proofs({"SHA-256": lambda: False})
    assert broken.value.values == {"primitive": "SHA-256"}


def test_a_primitive_that_raises_is_broken_too() -> None:
    def raises() -> bool:
        raise OSError("no such algorithm")

    with pytest.raises(CryptographyBroken):
        run_proofs({"Argon2id": raises})


def test_a_cipher_that_accepts_anything_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = AESGCM

    class Careless:
        def __init__(self, key: bytes) -> None:
            self._real = real(key)
            self._plain = b""

        def encrypt(self, nonce: bytes, data: bytes, additional: bytes) -> bytes:
            self._plain = data
            return self._real.encrypt(nonce, data, additional)

        def decrypt(self, nonce: bytes, data: bytes, additional: bytes) -> bytes:
            return self._plain

    monkeypatch.setattr(selftest, "AESGCM", Careless)
    assert not selftest.aes_gcm_holds()
