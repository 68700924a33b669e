"""Webhooks as stored: how far each is, what became of its events. Only scripts write it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from hall.domain.callers import Caller
from hall.domain.events import id_order
from hall.store.keys import Keys
from hall.store.store import Store

#: rows of a webhook's log
KEEP: Final = 100
#: sendings by hand that may wait
_MOST: Final = 20
#: id, event, about, state (sent, waiting, failed, left_out, lost), tries, at, again, why, took, by_hand
Row = dict[str, Any]
_CALLER: Final = Caller(by="webhooks")


class Progress(NamedTuple):
    """`cursor`: the entry it is done with; `event`: the one it tries; `at`: when it may try again, `stopped`: since
    when it tries no more, ms; `secret`: how many new secrets there were, the last at `secret_at`."""

    cursor: str
    event: str | None
    tries: int
    at: int
    stopped: int | None
    why: str | None
    secret: int
    secret_at: int | None


class Claim(NamedTuple):
    tries: int
    first: int


@dataclass(frozen=True, slots=True)
class WebhookStore:
    store: Store

    def progress(self, hall_id: str, webhook: str) -> Progress | None:
        """None: the hall has no such webhook (any more)."""
        kept = cast(dict[str, str], self.store.reads.hgetall(Keys(hall_id).of("webhook", webhook)))
        if "cursor" not in kept:
            return None
        numbers = {name: int(kept[name]) for name in ("tries", "at", "stopped", "secret", "secret_at") if name in kept}
        return Progress(
            cursor=kept["cursor"],
            event=kept.get("event"),
            tries=numbers.get("tries", 0),
            at=numbers.get("at", 0),
            stopped=numbers.get("stopped"),
            why=kept.get("why"),
            secret=numbers.get("secret", 0),
            secret_at=numbers.get("secret_at"),
        )

    def log(self, hall_id: str, webhook: str) -> list[Row]:
        """Its last events, the newest first."""
        rows = cast(list[str], self.store.reads.lrange(Keys(hall_id).of("webhook_log", webhook), 0, KEEP - 1))
        return [json.loads(row) for row in rows]

    def wanted(self, hall_id: str, webhook: str) -> list[str]:
        """What was asked for by hand and waits, the oldest first."""
        return cast(list[str], self.store.reads.lrange(Keys(hall_id).of("webhook_wanted", webhook), 0, -1))

    def oldest_unsent(self, hall_id: str, webhook: str) -> int | None:
        """When the oldest entry was written that it is not done with, ms UTC; None: it is done with all."""
        progress = self.progress(hall_id, webhook)
        entries = self.store.journal.after(hall_id, progress.cursor, 1) if progress else []
        return id_order(entries[0].id)[0] if entries else None

    def claim(self, hall_id: str, webhook: str, before: str, event: str, at: int, again: int) -> Claim | None:
        """Begin a try; None when another process has it, or it is not time."""
        args = {"webhook": webhook, "before": before, "event": event, "at": at, "again": again}
        answer = self.store.run(hall_id, "webhook_claim", _CALLER, args)
        return Claim(answer["tries"], answer["first"]) if "tries" in answer else None

    def settle(
        self,
        hall_id: str,
        webhook: str,
        before: str,
        tries: int,
        row: Row | None = None,
        *,
        cursor: str | None = None,
        again: int | None = None,
        why: str | None = None,
    ) -> bool:
        """Say what became of a try: `cursor` when the event is done with, `again` for the next try, else it stops, and
        `why`. False: too late."""
        args = {"webhook": webhook, "before": before, "tries": tries, "cursor": cursor, "again": again, "why": why}
        answer = self.store.run(hall_id, "webhook_settle", _CALLER, {**args, "row": row, "keep": KEEP})
        return bool(answer["settled"])

    def settle_wanted(self, hall_id: str, webhook: str, wanted: str, row: Row) -> None:
        """Say what became of a sending by hand."""
        self.store.run(
            hall_id, "webhook_once", _CALLER, {"webhook": webhook, "wanted": wanted, "row": row, "keep": KEEP}
        )

    def steer(
        self, hall_id: str, caller: Caller, webhook: str, what: str, event: str | None = None, reason: str | None = None
    ) -> bool:
        """Do what somebody in the office wants. False: there was nothing to do."""
        args = {"webhook": webhook, "what": what, "event": event, "reason": reason, "most": _MOST, "keep": KEEP}
        return bool(self.store.run(hall_id, "webhook_steer", caller, args)["changed"])
