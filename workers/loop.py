"""The life of a background process: turn after turn until a signal, patient while the store is away."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

_AWAY_SECONDS = 0.5
_log = structlog.get_logger()


def run(turn: Callable[[], None], done: Callable[[], None] = lambda: None) -> None:
    """Call `turn` until SIGTERM or SIGINT, then `done`."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    away = False
    while not stop.is_set():
        try:
            turn()
            away = False
        except (RedisError, OperationalError) as error:
            if not away:
                _log.warning("store or archive away", error=type(error).__name__)
            away = True
            stop.wait(_AWAY_SECONDS)
    try:
        done()
    except RedisError as error:
        _log.warning("store away at the end", error=type(error).__name__)
