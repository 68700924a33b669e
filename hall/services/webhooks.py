"""Events to other programs: each webhook is told in the order of the journal, and of the next event only when it took
the one before."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hall.domain import webhooks as rules
from hall.domain.callers import Caller
from hall.domain.errors import ReasonMissing
from hall.domain.events import Entry, id_order
from hall.domain.policy import DAY
from hall.domain.texts import plain
from hall.domain.webhooks import Webhook
from hall.notices import events
from hall.notices.message import NotDelivered
from hall.services.moves import Moves
from hall.services.secrets import Secrets
from hall.settings import Settings
from hall.store.webhooks import Progress, Row, WebhookStore

_BATCH: Final = 500
#: name of a message that means nothing
_TEST: Final = "test-"


@dataclass(frozen=True, slots=True)
class Webhooks:
    moves: Moves
    secrets: Secrets
    settings: Settings

    @property
    def kept(self) -> WebhookStore:
        return WebhookStore(self.moves.store)

    # Telling --------------------------------------------------------------------------------------

    def step(self, hall_id: str, webhook: Webhook) -> int | None:
        """Do one thing that is to be done. Returns how long (ms) there is nothing: 0, there may be more at once; None,
        until another entry comes. Any process may do it at any time: of two one has the try."""
        progress = self.kept.progress(hall_id, webhook.id)
        if progress is None:
            return None
        if wanted := self.kept.wanted(hall_id, webhook.id):
            self._by_hand(hall_id, webhook, progress, wanted[0])
            return 0
        now = self.moves.clock()
        if not webhook.on or progress.stopped is not None:
            return None
        if progress.at > now:
            return progress.at - now
        entries = self.moves.store.journal.after(hall_id, progress.cursor, _BATCH)
        if not entries:
            return None
        self._tell_gap(hall_id, webhook, progress, entries[0])
        entry = next((one for one in entries if rules.event_of(one) in webhook.events), None)
        if entry is None:
            self.kept.settle(hall_id, webhook.id, progress.cursor, progress.tries, cursor=entries[-1].id)
        else:
            self._try(hall_id, webhook, progress, entry, now)
        return 0

    def _try(self, hall_id: str, webhook: Webhook, progress: Progress, entry: Entry, now: int) -> None:
        claim = self.kept.claim(hall_id, webhook.id, progress.cursor, entry.id, now, now + rules.TRY_MS)
        if claim is None:
            return
        row = {**_row(entry), "tries": claim.tries, "at": now}
        why, took = self._send(hall_id, webhook, progress, rules.message(hall_id, entry))
        row = {**row, "took": took, "why": why}
        after: dict[str, Any] = {"cursor": entry.id}
        if why is not None:
            now = self.moves.clock()
            again = None if why == events.GONE else rules.next_try(claim.tries, claim.first, now, random.random())  # noqa: S311 - spreads tries, keeps no secret
            after = {"again": again} if again else {"why": why}
        state = "sent" if why is None else "waiting" if after.get("again") else "failed"
        row |= {"state": state, **({"again": after["again"]} if state == "waiting" else {})}
        self.kept.settle(hall_id, webhook.id, progress.cursor, claim.tries, row, **after)

    def _by_hand(self, hall_id: str, webhook: Webhook, progress: Progress, wanted: str) -> None:
        """Once, whatever becomes of it."""
        now = self.moves.clock()
        row: Row = {"id": wanted, "event": rules.TEST, "tries": 1, "at": now, "by_hand": True}
        message = rules.trial(hall_id, wanted, now)
        if not wanted.startswith(_TEST):
            entry = self.moves.store.journal.entry(hall_id, wanted)
            if entry is None or rules.event_of(entry) is None:
                self.kept.settle_wanted(hall_id, webhook.id, wanted, {**row, "event": "", "state": "lost"})
                return
            row, message = {**row, **_row(entry)}, rules.message(hall_id, entry)
        why, took = self._send(hall_id, webhook, progress, message)
        row = {**row, "took": took, "why": why, "state": "sent" if why is None else "failed"}
        self.kept.settle_wanted(hall_id, webhook.id, wanted, row)

    def _send(
        self, hall_id: str, webhook: Webhook, progress: Progress, message: Mapping[str, Any]
    ) -> tuple[str | None, int]:
        """(why it did not arrive, ms it took)."""
        began, why = time.monotonic(), None
        keys = self._keys(hall_id, webhook.id, progress)
        try:
            seconds = self.moves.clock() // 1000
            events.send(webhook.url, keys, message, seconds, self.settings.webhook_networks)
        except NotDelivered as fault:
            why = fault.why
        return why, round((time.monotonic() - began) * 1000)

    def _keys(self, hall_id: str, webhook: str, progress: Progress) -> list[bytes]:
        """What signs now: the secret, and for a day the one before it."""
        old = progress.secret_at is not None and self.moves.clock() - progress.secret_at < rules.OLD_SECRET_MS
        numbers = [progress.secret, progress.secret - 1] if old else [progress.secret]
        return [self.secrets.webhook_key(hall_id, webhook, number) for number in numbers]

    def _tell_gap(self, hall_id: str, webhook: Webhook, progress: Progress, first: Entry) -> None:
        """Whoever took nothing for longer than the store keeps the journal is not told of what went meanwhile."""
        cursor_at, first_at = id_order(progress.cursor)[0], id_order(first.id)[0]
        if first_at - cursor_at < DAY:
            return
        if id_order(progress.cursor) < id_order(self.moves.store.journal.bounds(hall_id)[0]):
            row: Row = {"id": f"{progress.cursor}-", "event": "", "state": "lost", "at": first_at, "since": cursor_at}
            self.kept.settle(hall_id, webhook.id, progress.cursor, progress.tries, row, cursor=f"{first_at - 1}-0")

    # What the office does ---------------------------------------------------------------------------

    def resume(self, hall_id: str, caller: Caller, webhook: str) -> bool:
        """Try again the event at which it stopped. False: it had not stopped."""
        return self.kept.steer(hall_id, caller, webhook, "resumed")

    def leave_out(self, hall_id: str, caller: Caller, webhook: str, reason: str) -> bool:
        """Go on after the event at which it stopped. Raises `ReasonMissing`."""
        said = plain(reason, "reason", 200)
        if not said:
            raise ReasonMissing(move="left_out")
        return self.kept.steer(hall_id, caller, webhook, "left_out", reason=said)

    def send_again(self, hall_id: str, caller: Caller, webhook: str, entry_id: str) -> bool:
        """Send an event of the log once more, with the same id. False: it is not in the log, or too many wait."""
        known = any(row["id"] == entry_id for row in self.kept.log(hall_id, webhook) if row.get("event"))
        return known and self.kept.steer(hall_id, caller, webhook, "sent_again", entry_id)

    def test(self, hall_id: str, caller: Caller, webhook: str) -> bool:
        """Send a message that means nothing, though it may be off or have stopped. False: too many wait."""
        return self.kept.steer(hall_id, caller, webhook, "tested", f"{_TEST}{self.moves.clock()}")

    def secret(self, hall_id: str, caller: Caller, webhook: str, *, new: bool = False) -> str:
        """What the receiver checks signatures with; a `new` one is good at once, the old one for a day more."""
        self.kept.steer(hall_id, caller, webhook, "secret_new" if new else "secret_shown")
        progress = self.kept.progress(hall_id, webhook)
        return events.secret(self.secrets.webhook_key(hall_id, webhook, progress.secret if progress else 0))


def _row(entry: Entry) -> Row:
    return {"id": entry.id, "event": rules.event_of(entry), "about": rules.about(entry)}
