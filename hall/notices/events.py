"""Events to other programs, signed as "Standard Webhooks" says, so that a receiver can check them with a library."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hall.notices import http
from hall.settings import Network

#: an answer that asks for nothing more, ever
GONE: Final = "status 410"


def send(
    url: str, keys: Sequence[bytes], message: Mapping[str, Any], seconds: int, networks: Sequence[Network]
) -> None:
    """Hand an event over, signed with each key at this time (UNIX). Raises `NotDelivered`."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    name = str(message["id"])
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Sanban",
        "Idempotency-Key": name,
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signature(key, name, seconds, body) for key in keys),
    }
    http.tell(url, headers, body, networks)


def signature(key: bytes, name: str, seconds: int, body: bytes) -> str:
    """Of the id, the time and the body, with full stops between them: HMAC-SHA-256 in base64, and `v1`."""
    mac = hmac.digest(key, f"{name}.{seconds}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(mac).decode()}"


def secret(key: bytes) -> str:
    """A key as the receiver is given it."""
    return f"whsec_{base64.b64encode(key).decode()}"
