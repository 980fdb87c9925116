"""What unlocking gives: the keys of every register, for as long as the store is open.

The data key never seals anything itself. Each register ("common", "social", "health") and each of
the store's own kinds of row ("@draft", "@setting", …; a register's name never begins with "@") has
a key of its own, derived when first needed and kept until the store is locked.

While a data key is being rotated the keyring also opens what the previous one sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from field_app.domain.clock import Entropy
from field_app.domain.errors import StoreLocked
from field_app.store.envelope import (
    KEY_ID_BYTES,
    SEALS_PER_KEY_MAX,
    RegisterKey,
    read_header,
)

DATA_KEY_BYTES = 32
_KEY_ID_AT = slice(2, 2 + KEY_ID_BYTES)


def derive(data_key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose from the data key (HKDF-SHA256, no salt)."""
    info = b"rinnalla/key/1/" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(data_key)


class DataKey:
    """A 256-bit random key and the id that names it in clear."""

    __slots__ = ("key_id", "secret")

    def __init__(self, key_id: bytes, secret: bytes) -> None:
        """Take both as they are."""
        self.key_id = key_id
        self.secret = secret

    @classmethod
    def new(cls, entropy: Entropy) -> Self:
        """Make one."""
        return cls(entropy.bytes(KEY_ID_BYTES), entropy.bytes(DATA_KEY_BYTES))

    def __repr__(self) -> str:
        """Never the secret."""
        return f"DataKey({self.key_id.hex()})"


class Keyring:
    """Seals and opens rows; drops every key when closed."""

    def __init__(
        self,
        current: DataKey,
        entropy: Entropy,
        *,
        previous: DataKey | None = None,
        seals_so_far: Callable[[str], int] = lambda register: 0,
        seals_max: int = SEALS_PER_KEY_MAX,
    ) -> None:
        """Seal under `current`; open also what `previous` sealed.

        Args:
            current: The data key in force.
            entropy: Where nonces come from.
            previous: The key before it, while a rotation is not finished.
            seals_so_far: The persisted count of seals of a register under `current`.
            seals_max: Seals after which a register's key is refused.
        """
        self.key_id = current.key_id
        self._current: DataKey | None = current
        self._previous = previous
        self._entropy = entropy
        self._seals_so_far = seals_so_far
        self._seals_max = seals_max
        self._sealing: dict[str, RegisterKey] = {}
        self._opening_previous: dict[str, RegisterKey] = {}
        self._written: dict[str, int] = {}

    def register_key(self, register: str) -> RegisterKey:
        """The ready key of one register, for loops over many rows.

        Raises:
            StoreLocked: the keyring was closed.
        """
        key = self._sealing.get(register)
        if key is None:
            data_key = self._open_key()
            seals = self._written[register] = self._seals_so_far(register)
            key = RegisterKey(
                derive(data_key.secret, f"register/{register}"),
                data_key.key_id,
                register,
                self._entropy,
                seals,
                self._seals_max,
            )
            self._sealing[register] = key
        return key

    def seal(self, register: str, record_id: str, scope: str, payload: bytes) -> bytes:
        """Seal a payload for exactly this row; see `RegisterKey.seal`."""
        return self.register_key(register).seal(record_id, scope, payload)

    def open(self, register: str, record_id: str, scope: str, blob: bytes) -> bytes:
        """Open an envelope found in this row; see `RegisterKey.open`."""
        key = self.register_key(register)
        if self._previous is not None and blob[_KEY_ID_AT] == self._previous.key_id:
            key = self._previous_key(register, self._previous)
        return key.open(record_id, scope, blob)

    def reseal(self, blob: bytes) -> bytes:
        """Seal anew under the current key, for the row its own header names.

        Raises:
            EnvelopeDamaged: it does not open.
        """
        header, _ = read_header(blob)
        payload = self.open(header.register, header.record_id, header.scope, blob)
        return self.seal(header.register, header.record_id, header.scope, payload)

    def derived(self, purpose: str) -> bytes:
        """A key for a purpose other than sealing rows, e.g. the MAC over the slot table."""
        return derive(self._open_key().secret, purpose)

    def unwritten_counts(self) -> Iterator[tuple[str, int]]:
        """Registers that sealed since the last call, with their whole count."""
        for register, key in list(self._sealing.items()):
            if key.seals != self._written[register]:
                self._written[register] = key.seals
                yield register, key.seals

    def adopt(self, current: DataKey, previous: DataKey) -> None:
        """Go over to a new data key; what `previous` sealed still opens.

        Envelopes are sealed inside the transaction that writes them: then none can come with the
        old key after a rotation has passed by.
        """
        for key in self._sealing.values():
            key.drop()
        self._sealing.clear()
        self._written.clear()
        self._seals_so_far = lambda register: 0
        self._current, self._previous = current, previous
        self.key_id = current.key_id

    def forget_previous(self) -> None:
        """Drop the previous data key: a rotation is done."""
        for key in self._opening_previous.values():
            key.drop()
        self._opening_previous.clear()
        self._previous = None

    def close(self) -> None:
        """Drop every key. Python cannot erase memory: keys are dropped, not wiped."""
        self.forget_previous()
        for key in self._sealing.values():
            key.drop()
        self._sealing.clear()
        self._current = None

    @property
    def is_open(self) -> bool:
        """Whether there are keys; a mere statement, nothing is guarded by it."""
        return self._current is not None

    def _open_key(self) -> DataKey:
        if self._current is None:
            raise StoreLocked("the keyring was closed")
        return self._current

    def _previous_key(self, register: str, previous: DataKey) -> RegisterKey:
        key = self._opening_previous.get(register)
        if key is None:
            secret = derive(previous.secret, f"register/{register}")
            key = RegisterKey(secret, previous.key_id, register, self._entropy, seals_max=0)
            self._opening_previous[register] = key
        return key

    def __enter__(self) -> Self:
        """Usable as a context: closed at its end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop the keys."""
        self.close()

    def __repr__(self) -> str:
        """Which data key, never the keys."""
        return f"Keyring({self.key_id.hex()}, open={self.is_open})"
