"""A reader of the store written from `docs/store-format.md` alone: it imports nothing of ours."""

from __future__ import annotations

import hmac
import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = b"rinnalla\x00store/1\x00"


def hkdf(material: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(material)


class AnotherReader:
    """Opens a data directory with a PIN or a passphrase and reads every sealed row."""

    def __init__(self, directory: Path, kind: str, secret: str, keystore: Path) -> None:
        address = f"{(directory / 'store.db').absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            self._slots = connection.execute("SELECT name, blob FROM slot ORDER BY name").fetchall()
            self._meta = dict(connection.execute("SELECT name, value FROM meta"))
            self._rows = {
                table: connection.execute(f"SELECT * FROM {table}").fetchall()
                for table in ("sealed_setting", "envelope", "change_set", "draft", "summary_page")
            }
        self._data_key, key_id = self._open_slot(kind, secret, keystore)
        self._check_table(key_id)

    def _open_slot(self, kind: str, secret: str, keystore: Path) -> tuple[bytes, str]:
        for slot_id, blob in self._slots:
            clear, _, wrapped = blob.partition(b"\n")
            terms = json.loads(clear)
            if terms["kind"] != kind:
                continue
            half = (keystore / f"pin-{slot_id}.secret").read_bytes() if kind == "pin" else b""
            salt, cost = bytes.fromhex(terms["salt"]), terms["argon2id"]
            stretched = hash_secret_raw(
                secret.encode(),
                salt,
                cost["passes"],
                cost["memory_kib"],
                cost["lanes"],
                32,
                Type.ID,
                0x13,
            )
            wrapping = hkdf(stretched + half, salt, b"rinnalla/slot/1/" + kind.encode())
            additional = PREFIX + b"slot\x00" + slot_id.encode() + b"\x00" + clear
            try:
                key = AESGCM(wrapping).decrypt(bytes.fromhex(terms["nonce"]), wrapped, additional)
            except InvalidTag:
                continue
            return key, terms["key_id"]
        raise ValueError("no slot opens")

    def _check_table(self, key_id: str) -> None:
        mac = hmac.new(self._derived("slot-table"), PREFIX + b"slot\x00", "sha256")
        for slot_id, blob in self._slots:
            for part in (slot_id.encode(), blob):
                mac.update(struct.pack(">I", len(part)) + part)
        if mac.digest() != self._meta[f"slot_mac/{key_id}"]:
            raise ValueError("the slot table was altered")

    def _derived(self, purpose: str) -> bytes:
        return hkdf(self._data_key, None, b"rinnalla/key/1/" + purpose.encode())

    def payloads(self) -> dict[tuple[str, str], bytes]:
        """{(table, the row's name): payload} of every sealed row."""
        found = {}
        for table, rows in self._rows.items():
            for row in rows:
                register, name, scope = self._place(table, row)
                found[(table, name)] = self._open(register, name, scope, row[-1])
        return found

    def _place(self, table: str, row: tuple[object, ...]) -> tuple[str, str, str]:
        if table == "envelope":
            return str(row[1]), str(row[0]), str(row[2])
        kind, column = {
            "sealed_setting": ("@setting", 0),
            "change_set": ("@save", 1),
            "draft": ("@draft", 0),
            "summary_page": ("@summary", 0),
        }[table]
        return kind, str(row[column]), "device"

    def _open(self, register: str, name: str, scope: str, blob: object) -> bytes:
        if not isinstance(blob, bytes) or blob[:2] != b"\x01\x01":
            raise ValueError("another format")
        header = blob[:10]
        for text in (register, name, scope):
            header += bytes([len(text.encode())]) + text.encode()
        nonce = blob[len(header) : len(header) + 12]
        sealed = blob[len(header) + 12 :]
        key = AESGCM(self._derived(f"register/{register}"))
        padded = key.decrypt(nonce, sealed, PREFIX + b"envelope\x00" + header)
        (length,) = struct.unpack(">I", padded[:4])
        return padded[4 : 4 + length]
