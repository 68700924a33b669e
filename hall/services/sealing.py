"""Encryption of what is kept of people: a key for each person, wrapped by one that is derived from the
installation's. Who destroys a person's key has destroyed every copy of the record, backups too."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class CannotOpen(ValueError):
    """The record was made with another installation's key, or moved to another person, or damaged."""


class Sealed(NamedTuple):
    """A record and its own key, both encrypted, as base64."""

    blob: str
    key: str


@dataclass(frozen=True, slots=True)
class Sealer:
    installation_key: bytes

    def seal(self, owner: str, data: bytes, wrapped_key: str | None = None, what: str = "record") -> Sealed:
        """Encrypt a record of `owner` (hall and person), with its key of before or a new one. `what` else belongs to
        them opens only as that."""
        if wrapped_key is None:
            key = AESGCM.generate_key(256)
            wrapped_key = _encrypt(self._wrapping_key(), key, f"key of {owner}")
        else:
            key = _decrypt(self._wrapping_key(), wrapped_key, f"key of {owner}")
        return Sealed(_encrypt(key, data, f"{what} of {owner}"), wrapped_key)

    def open(self, owner: str, sealed: Sealed, what: str = "record") -> bytes:
        """Raises `CannotOpen`."""
        key = _decrypt(self._wrapping_key(), sealed.key, f"key of {owner}")
        return _decrypt(key, sealed.blob, f"{what} of {owner}")

    def _wrapping_key(self) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"sanban: keys of people").derive(self.installation_key)


def _encrypt(key: bytes, data: bytes, bound_to: str) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, data, bound_to.encode())).decode()


def _decrypt(key: bytes, text: str, bound_to: str) -> bytes:
    raw = base64.b64decode(text)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())
    except InvalidTag:
        raise CannotOpen(bound_to) from None
