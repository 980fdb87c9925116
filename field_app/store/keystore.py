"""The device's own secret, kept by what the device has for it.

A PIN of six digits is guessed in hours by whoever copies the store's files; mixed with 32 random
bytes that never leave the device's keystore it is not. The port is what the vault needs of a
keystore; phones bring their secure storage behind it, a desk keeps a file that only its user reads.

Keystores lose data (a reset on error, a failed migration): nothing may hang on this alone, the
passphrase opens the store without it.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import Protocol

from field_app.domain.errors import DeviceSecretMissing, KeystoreUnavailable

SECRET_BYTES = 32


class DeviceKeystore(Protocol):
    """Keeps 32-byte secrets by name. Every method may raise `KeystoreUnavailable`."""

    def load(self, name: str) -> bytes:
        """Return the secret.

        Raises:
            DeviceSecretMissing: nothing is kept under this name.
        """
        ...

    def store(self, name: str, secret: bytes) -> None:
        """Keep the secret; when this returns it survives a power cut."""
        ...

    def delete(self, name: str) -> None:
        """Forget the secret; forgetting what is not there is fine."""
        ...


class FileKeystore:
    """The desktop's keystore: one file a secret, readable by its user alone (0600)."""

    def __init__(self, directory: Path) -> None:
        """Keep the secrets in `directory` (made with 0700 when first needed)."""
        self._directory = directory

    def load(self, name: str) -> bytes:
        """Read the secret; refuses a file that others may read or that has another length."""
        path = self._path(name)
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if os.name == "posix" and mode & 0o077:
                    raise KeystoreUnavailable("the secret's file is open to others")
                secret = file.read(SECRET_BYTES + 1)
        except FileNotFoundError as missing:
            raise DeviceSecretMissing("no such secret") from missing
        except OSError as failure:
            raise KeystoreUnavailable(f"reading the secret: errno {failure.errno}") from failure
        if len(secret) != SECRET_BYTES:
            raise KeystoreUnavailable("the secret's file has a wrong length")
        return secret

    def store(self, name: str, secret: bytes) -> None:
        """Write beside, flush to the disk, then rename: never half a secret under the name."""
        path = self._path(name)
        beside = path.with_suffix(".new")
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                beside.unlink()
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secret)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            flush_directory(self._directory)
        except OSError as failure:
            raise KeystoreUnavailable(f"keeping the secret: errno {failure.errno}") from failure

    def delete(self, name: str) -> None:
        """Overwrite, then unlink. On flash the overwriting promises nothing; it costs nothing."""
        path = self._path(name)
        try:
            with path.open("r+b") as file:
                file.write(bytes(SECRET_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            flush_directory(self._directory)
        except FileNotFoundError:
            return
        except OSError as failure:
            raise KeystoreUnavailable(f"forgetting the secret: errno {failure.errno}") from failure

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").isalnum():
            raise KeystoreUnavailable("a secret's name has letters, digits and hyphens only")
        return self._directory / f"{name}.secret"


def flush_directory(directory: Path) -> None:
    """Make the directory's entries durable, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
