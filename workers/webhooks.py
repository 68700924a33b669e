"""Tells other programs of events. A receiver that hangs holds up its own webhook alone; what a crash interrupts is
tried again by whoever comes next."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from redis.exceptions import RedisError

from hall.bootstrap import Sanban
from hall.domain.errors import HallError
from hall.domain.webhooks import Webhook
from hall.store.journal import START

_BLOCK_MS = 500
#: webhooks that are told at the same time
_AT_ONCE = 16
#: one webhook's turn, so that many share the threads
_TURN_SECONDS = 5.0
#: an entry that comes while a webhook is looked at is found at the next look
_LOOK_SECONDS = 1.0
_log = structlog.get_logger()
Key = tuple[str, str]


class Courier:
    def __init__(self, sanban: Sanban) -> None:
        self._sanban = sanban
        self._pool = ThreadPoolExecutor(_AT_ONCE, "webhook")
        self._stop = threading.Event()
        self._busy: dict[Key, Future[float]] = {}
        self._due: dict[Key, float] = {}
        self._last: dict[str, str] = {}

    def turn(self) -> None:
        """Start what has something to do, then wait for the next entry."""
        for hall_id in self._sanban.halls.ids():
            if hall_id not in self._last:
                self._last[hall_id] = self._sanban.store.journal.bounds(hall_id)[1]
            try:
                for webhook in self._sanban.halls.get(hall_id).webhooks:
                    self._start(hall_id, webhook)
            except (HallError, ValueError):
                _log.error("hall not served", hall=hall_id, exc_info=True)
        for hall_id, entry in self._sanban.store.journal.tail(self._last or {"-": START}, _BLOCK_MS):
            if entry.kind == "configured":
                self._sanban.halls.forget(hall_id)
            self._last[hall_id] = entry.id
            self._due = {key: at for key, at in self._due.items() if key[0] != hall_id}

    def _start(self, hall_id: str, webhook: Webhook) -> None:
        key = (hall_id, webhook.id)
        running = self._busy.get(key)
        if running is not None:
            if not running.done():
                return
            del self._busy[key]
            self._due[key] = self._after(key, running)
        if time.monotonic() >= self._due.get(key, 0.0) and not self._stop.is_set():
            self._busy[key] = self._pool.submit(self._work, hall_id, webhook)

    def _after(self, key: Key, done: Future[float]) -> float:
        """When there is something to do again (monotonic), and a word for the log when something went wrong."""
        fault = done.exception()
        if fault is None:
            return done.result()
        known, error = isinstance(fault, (RedisError, HallError)), type(fault).__name__
        _log.warning("webhook not told", hall=key[0], webhook=key[1], error=error, exc_info=None if known else fault)
        return time.monotonic() + _LOOK_SECONDS

    def _work(self, hall_id: str, webhook: Webhook) -> float:
        """Tell a webhook what there is. Returns when to look again (monotonic)."""
        until = time.monotonic() + _TURN_SECONDS
        while not self._stop.is_set() and time.monotonic() < until:
            wait = self._sanban.webhooks.step(hall_id, webhook)
            if wait != 0:
                return time.monotonic() + min(_LOOK_SECONDS, _LOOK_SECONDS if wait is None else wait / 1000)
        return 0.0

    def end(self) -> None:
        """No new try; the ones under way come to their end, or begin again later."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
