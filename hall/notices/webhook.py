"""Messages to a city's message centre, signed so that it knows whose they are."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from hall.notices import http
from hall.notices.message import Message, NotDelivered


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str | None
    key: bytes

    def reaches(self, message: Message) -> bool:
        return bool(message.phone)

    def send(self, message: Message) -> None:
        if self.url is None:
            raise NotDelivered("not_set_up")
        body = json.dumps(
            {
                "id": message.id,
                "hall": message.hall,
                "what": str(message.what),
                "language": message.language,
                "phone": message.phone,
                "text": message.text,
                "facts": dict(message.facts),
            },
            ensure_ascii=False,
        ).encode()
        at = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
            "X-Sanban-Timestamp": at,
            "X-Sanban-Signature": f"sha256={signature(self.key, at, body)}",
        }
        http.ask("POST", self.url, headers, data=body)


def signature(key: bytes, at: str, body: bytes) -> str:
    """HMAC-SHA-256, in hex, of the time, a full stop and the body."""
    return hmac.new(key, at.encode() + b"." + body, hashlib.sha256).hexdigest()
