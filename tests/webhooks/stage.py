"""A hall that tells a receiver of its events: the real services and store, and a clock that can be put forward."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.events import Entry
from hall.domain.webhooks import EVENTS, Webhook, event_of
from hall.services.calls import Finish
from hall.services.moves import wall_clock
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store.webhooks import Progress, Row
from tests.cases.desk import parts
from tests.driver import KEY, live_hall
from tests.notices.gateway import Gateway, Taken

LOOPBACK = (ip_network("127.0.0.0/8"),)
BOSS = Caller(by="staff:boss")
ANN = Caller(by="staff:ann")


def settings(directory: Path, url: str, **changes: Any) -> Settings:
    return Settings(
        **{"data_dir": directory, "secret_key": KEY, "redis_url": url, "webhook_networks": LOOPBACK, **changes}
    )


@dataclass
class WebhookHall:
    """`take()`, `call()` … as people do, `work()` as the process does; look at what the receiver has taken."""

    sanban: Sanban
    later: dict[str, int]
    receiver: Gateway
    id: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}")

    @classmethod
    def new(cls, made: Settings, receiver: Gateway, **webhook: Any) -> WebhookHall:
        later = {"ms": 0}
        hall = cls(build(made, lambda: wall_clock() + later["ms"]), later, receiver)
        hall.sanban.halls.save(replace(live_hall(hall.id), **parts()), Caller(by="setup"))
        hall.tell(**webhook)
        return hall

    def tell(self, *ids: str, **changes: Any) -> None:
        """The hall's webhooks from now on."""
        usual: dict[str, Any] = {"url": self.receiver.url, "events": tuple(EVENTS)}
        hooks = tuple(Webhook(**{"id": one, **usual, **changes}) for one in ids or ("city",))
        hall = replace(self.sanban.halls.get(self.id), webhooks=hooks)
        self.sanban.halls.save(hall, Caller(by="setup"))

    # What people do ------------------------------------------------------------------------------

    def take(self, **wish: Any) -> str:
        asked = Wish(**{"services": ("a1",), **wish})
        return str(self.sanban.tickets.issue(Caller(by="device:kiosk"), self.id, asked).ticket["number"])

    def open(self, window: str = "w1") -> None:
        self.sanban.windows.open(ANN, self.id, window)

    def call(self, window: str = "w1") -> None:
        busy = self.sanban.store.snapshot(self.id).windows[window].get("ticket")
        self.sanban.calls.call_next(ANN, self.id, window, Finish() if busy else None)

    # What the process does -----------------------------------------------------------------------

    def work(self, webhook: str = "city") -> int | None:
        """Until there is nothing to do; how long (ms)."""
        hook = next(one for one in self.sanban.halls.get(self.id).webhooks if one.id == webhook)
        while True:
            wait = self.sanban.webhooks.step(self.id, hook)
            if wait != 0:
                return wait

    def pass_time(self, seconds: float) -> None:
        self.later["ms"] += round(seconds * 1000)

    def pass_wait(self) -> float:
        """Until the next try; how many seconds."""
        wait = self.work()
        assert wait, "it waits for another try"
        self.pass_time(wait / 1000)
        return wait / 1000

    # What came of it -----------------------------------------------------------------------------

    @property
    def progress(self) -> Progress:
        progress = self.sanban.webhooks.kept.progress(self.id, "city")
        assert progress is not None
        return progress

    def log(self) -> list[Row]:
        """The oldest first."""
        return self.sanban.webhooks.kept.log(self.id, "city")[::-1]

    def journal(self) -> list[Entry]:
        return self.sanban.store.journal.after(self.id, "0-0", count=1_000_000)

    def events(self) -> list[tuple[str, str]]:
        """(message id, event) of everything that happened, in order."""
        return [(f"{self.id}-{one.id}", event) for one in self.journal() if (event := event_of(one))]

    def told(self) -> list[tuple[str, str]]:
        """The same, of what the receiver was told."""
        return [(one.json["id"], one.json["type"]) for one in self.receiver.taken]


def check(taken: Taken, *secrets: str) -> None:
    """That a request is signed with each of these secrets, in this order."""
    headers = {name.lower(): value for name, value in taken.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + taken.body
    assert headers["webhook-signature"].split() == [f"v1,{by_hand(secret, signed)}" for secret in secrets]
    assert headers["webhook-id"] == headers["idempotency-key"] == taken.json["id"]


def by_hand(secret: str, signed: bytes) -> str:
    """HMAC-SHA-256 as RFC 2104 writes it, in base64."""
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_")).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + signed).digest()
    return base64.b64encode(hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()).decode()


def fields(told: Mapping[str, Any]) -> set[str]:
    """Every name in a JSON object, at any depth."""
    inner = [one for value in told.values() for one in (value if isinstance(value, list) else [value])]
    return set(told).union(*(fields(one) for one in inner if isinstance(one, dict)))
