"""A backup's file: named parts in encrypted pieces. Its key is derived from the installation's and is not in it.

    one line of JSON   {"sanban_backup": 1, "made" (UTC), "salt", "check"}
    pieces             length (4 bytes, big endian), AES-256-GCM of: kind (1 byte), data

The nonce is the piece's number and the first line is bound to every piece, so that nothing can be changed, moved,
left out or cut off unseen. Kinds: `N` the name of a part, `D` its data, `E` its end {"bytes", "sha256"}, `Z` the end of
all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = 1
_CHUNK = 1024 * 1024
_LONGEST = _CHUNK + 64


class BadBackup(ValueError):
    """The file cannot be used; the text says why."""


def _keys(key: bytes, salt: bytes) -> tuple[AESGCM, str]:
    """What encrypts, and what tells another key from a damaged file."""
    made = HKDF(SHA256(), 64, salt=salt, info=b"sanban: backup").derive(key)
    return AESGCM(made[:32]), hmac.digest(made[32:], b"check", "sha256").hex()[:16]


class Writer:
    def __init__(self, file: IO[bytes], key: bytes, made: str) -> None:
        self._file = file
        salt = os.urandom(32)
        self._cipher, check = _keys(key, salt)
        first = {"sanban_backup": _VERSION, "made": made, "salt": base64.b64encode(salt).decode(), "check": check}
        self._head = json.dumps(first).encode() + b"\n"
        self._pieces = 0
        file.write(self._head)

    def part(self, name: str, data: Iterable[bytes]) -> None:
        """Write one part, of whatever length."""
        self._piece(b"N", name.encode())
        digest, size, held = hashlib.sha256(), 0, bytearray()
        for chunk in data:
            digest.update(chunk)
            size += len(chunk)
            held += chunk
            while len(held) >= _CHUNK:
                self._piece(b"D", bytes(held[:_CHUNK]))
                del held[:_CHUNK]
        if held:
            self._piece(b"D", bytes(held))
        self._piece(b"E", json.dumps({"bytes": size, "sha256": digest.hexdigest()}).encode())

    def close(self) -> None:
        self._piece(b"Z", b"")

    def _piece(self, kind: bytes, data: bytes) -> None:
        sealed = self._cipher.encrypt(self._pieces.to_bytes(12, "big"), kind + data, self._head)
        self._pieces += 1
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)


class Reader:
    """Raises `BadBackup`, at the latest when the last part has been read."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        self._file = file
        self._head = file.readline(4096)
        try:
            first: dict[str, Any] = json.loads(self._head)
            version, salt = first["sanban_backup"], base64.b64decode(first["salt"])
            self.made = str(first["made"])
        except (ValueError, KeyError, TypeError):
            raise BadBackup("this is no backup of Sanban") from None
        if version != _VERSION:
            raise BadBackup(f"its format is {version}, this Sanban reads {_VERSION}: use the Sanban that made it")
        self._cipher, check = _keys(key, salt)
        if not hmac.compare_digest(check, str(first.get("check"))):
            raise BadBackup("it was made with another key: set SANBAN_SECRET_KEY to the one of that time")
        self._pieces = 0

    def parts(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """(name, data) of every part; the data of one is read before the next."""
        while True:
            kind, data = self._piece()
            if kind == b"Z":
                if self._file.read(1):
                    raise BadBackup("something was added to its end")
                return
            yield data.decode(), self._data()

    def _data(self) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        while True:
            kind, data = self._piece()
            if kind == b"E":
                if json.loads(data) != {"bytes": size, "sha256": digest.hexdigest()}:
                    raise BadBackup("a part is not what was written")
                return
            digest.update(data)
            size += len(data)
            yield data

    def _piece(self) -> tuple[bytes, bytes]:
        length = self._file.read(4)
        size = int.from_bytes(length, "big")
        sealed = self._file.read(size) if len(length) == 4 and size <= _LONGEST else b""
        if len(sealed) != size or not sealed:
            raise BadBackup("it is cut off or damaged")
        try:
            plain = self._cipher.decrypt(self._pieces.to_bytes(12, "big"), sealed, self._head)
        except InvalidTag:
            raise BadBackup("it is damaged, or was changed") from None
        self._pieces += 1
        return plain[:1], plain[1:]
