"""Encryption of what is kept of people (AES-256-GCM): a key for each person, wrapped by one of the installation's
wrapping keys. Who destroys a person's key has destroyed the record. Copies in backups hold that key too, wrapped: they
are worthless once the wrapping key of their time is destroyed."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hall.services.key_ring import KeyRing

_NONCE = 12
_GENERATION = re.compile(r"g(\d{1,9}):(.*)", re.DOTALL)


class CannotOpen(ValueError):
    """The record was made with another installation's key or one that was destroyed, or moved to another person, or
    damaged."""


class Sealed(NamedTuple):
    """A record and its own key, both encrypted, as base64. Before the key stands which wrapping key it needs: `g2:`;
    nothing for generation 0."""

    blob: str
    key: str


@dataclass(frozen=True, slots=True)
class Sealer:
    installation_key: bytes
    ring: KeyRing = field(default_factory=KeyRing)

    def seal(self, owner: str, data: bytes, wrapped_key: str | None = None, what: str = "record") -> Sealed:
        """Encrypt a record of `owner` (hall and person), with its key of before or a new one. `what` else belongs to
        them opens only as that."""
        if wrapped_key is None:
            key = AESGCM.generate_key(256)
            wrapped_key = self._wrap(owner, key)
        else:
            key = self._unwrap(owner, wrapped_key)
            wrapped_key = self.rewrapped(owner, wrapped_key)
        return Sealed(_encrypt(key, data, f"{what} of {owner}"), wrapped_key)

    def open(self, owner: str, sealed: Sealed, what: str = "record") -> bytes:
        """Raises `CannotOpen`."""
        return _decrypt(self._unwrap(owner, sealed.key), sealed.blob, f"{what} of {owner}")

    def rewrapped(self, owner: str, wrapped_key: str) -> str:
        """The same key under the newest wrapping key; as it is when it has that already. Raises `CannotOpen`."""
        if generation_of(wrapped_key) >= self.ring.newest:
            return wrapped_key
        return self._wrap(owner, self._unwrap(owner, wrapped_key))

    def _wrap(self, owner: str, key: bytes) -> str:
        generation = self.ring.newest
        text = _encrypt(self._wrapping_key(generation), key, f"key of {owner}")
        return f"g{generation}:{text}" if generation else text

    def _unwrap(self, owner: str, wrapped_key: str) -> bytes:
        named = _GENERATION.fullmatch(wrapped_key)
        wrapping = self._wrapping_key(generation_of(wrapped_key))
        return _decrypt(wrapping, named[2] if named else wrapped_key, f"key of {owner}")

    def _wrapping_key(self, generation: int) -> bytes:
        try:
            salt = self.ring.salt(generation)
        except KeyError:
            raise CannotOpen(f"wrapping key {generation} is not there") from None
        return HKDF(SHA256(), 32, salt=salt, info=b"sanban: keys of people").derive(self.installation_key)


def generation_of(wrapped_key: str) -> int:
    """Which wrapping key a wrapped key needs."""
    named = _GENERATION.fullmatch(wrapped_key)
    return int(named[1]) if named else 0


def _encrypt(key: bytes, data: bytes, bound_to: str) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, data, bound_to.encode())).decode()


def _decrypt(key: bytes, text: str, bound_to: str) -> bytes:
    raw = base64.b64decode(text)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())
    except InvalidTag:
        raise CannotOpen(bound_to) from None
