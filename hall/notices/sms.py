"""Short messages through whatever HTTP gateway a hall has: its fields are data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hall.domain.notices import FACTS, FIELDS, Sms
from hall.notices import http
from hall.notices.message import Message, NotDelivered

#: a landline of the mainland hears no short message
_LANDLINE = re.compile(r"\+86(?!1[3-9]\d{9}$)")


@dataclass(frozen=True, slots=True)
class SmsGateway:
    settings: Sms
    url: str | None
    token: str

    def reaches(self, message: Message) -> bool:
        return bool(message.phone) and not _LANDLINE.match(message.phone)

    def send(self, message: Message) -> None:
        if self.url is None:
            raise NotDelivered("not_set_up")
        setting, places = self.settings, self._places(message)
        headers = {name: text.format_map(places) for name, text in setting.headers.items()}
        fields = {name: text.format_map(places) for name, text in setting.fields.items()}
        what: dict[str, Any] = {"json": _nested(fields)} if setting.body == "json" else {"data": fields}
        if setting.body == "query":
            what = {"params": fields}
        _check(http.ask(setting.method, self.url, headers, **what), setting.ok)

    def _places(self, message: Message) -> dict[str, str]:
        facts = {name: message.facts.get(name, "") for name in FACTS}
        own = {
            "id": message.id,
            "phone": message.phone,
            "mobile": message.phone.removeprefix("+86"),
            "text": message.text,
            "what": str(message.what),
            "language": message.language,
            "template": self.settings.templates.get(f"{message.what}.{message.language}", ""),
            "params": json.dumps({name: text for name, text in facts.items() if text}, ensure_ascii=False),
            "token": self.token,
        }
        return dict.fromkeys(FIELDS, "") | facts | own


def _nested(fields: Mapping[str, str]) -> dict[str, Any]:
    """{"to.phone": …} as {"to": {"phone": …}}."""
    tree: dict[str, Any] = {}
    for name, value in fields.items():
        *parents, last = name.split(".")
        here = tree
        for parent in parents:
            here = here.setdefault(parent, {})
        here[last] = value
    return tree


def _check(answer: bytes, wanted: Mapping[str, str]) -> None:
    """Many gateways say "not sent" with status 200."""
    if not wanted:
        return
    try:
        body = json.loads(answer)
    except (ValueError, RecursionError):
        raise NotDelivered("answer") from None
    for name, value in wanted.items():
        here: Any = body
        for part in name.split("."):
            here = here.get(part) if isinstance(here, dict) else None
        if here is None or _plain(here) != value:
            raise NotDelivered("answer")


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
