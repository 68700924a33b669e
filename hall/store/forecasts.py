"""The newest forecast of each hall. It expires by itself: a forecaster that has died means "unknown"."""

from __future__ import annotations

import json
import time
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from hall.domain.errors import StoreAway
from hall.domain.forecast import Forecast, Range
from hall.store.keys import Keys

LIFE_MS: Final = 90_000
#: seconds that one is kept in memory for those who take a number: it is made anew only every few
_KEPT: Final = 1.0


class Forecasts:
    def __init__(self, moves: Redis, reads: Redis) -> None:
        self._moves = moves
        self._reads = reads
        #: (hall, line) → until when it is kept, and the forecast
        self._kept: dict[tuple[str, str], tuple[float, Forecast | None]] = {}

    def put(self, hall_id: str, forecast: Forecast) -> None:
        """Replace the hall's forecast."""
        key = Keys(hall_id).of("forecast")
        fields = {
            "at": str(forecast.at),
            **{f"line/{line}": lanes for line, lanes in forecast.lines.items()},
            **forecast.tickets,
        }
        with self._moves.pipeline(transaction=True) as pipe:
            pipe.delete(key)
            pipe.hset(key, mapping={name: json.dumps(value) for name, value in fields.items()})
            pipe.pexpire(key, LIFE_MS)
            pipe.execute()
        self._kept.clear()

    def of_line(self, hall_id: str, line: str) -> Forecast | None:
        """The forecast for somebody who would come to a line now; as it was within the last second."""
        until, kept = self._kept.get((hall_id, line), (0.0, None))
        if time.monotonic() < until:
            return kept
        found = self._of_line(hall_id, line)
        self._kept[hall_id, line] = (time.monotonic() + _KEPT, found)
        return found

    def _of_line(self, hall_id: str, line: str) -> Forecast | None:
        # Asked before an issue: a store that is away is told at once, as by the move itself.
        at, lanes = self._read(self._moves, hall_id, "at", f"line/{line}")
        if at is None or lanes is None:
            return None
        return Forecast(int(at), lines={line: {lane: _range(one) for lane, one in lanes.items()}})

    def of_ticket(self, hall_id: str, ticket: str) -> Forecast | None:
        """The forecast with one waiting ticket, which it may not know yet."""
        at, found = self._read(self._reads, hall_id, "at", ticket)
        return None if at is None else Forecast(int(at), tickets={} if found is None else {ticket: _range(found)})

    def of_tickets(self, hall_id: str, tickets: list[str]) -> Forecast | None:
        """The forecast with those of these waiting tickets that it knows."""
        at, *found = self._read(self._reads, hall_id, "at", *tickets)
        if at is None:
            return None
        known = zip(tickets, found, strict=True)
        return Forecast(int(at), tickets={ticket: _range(pair) for ticket, pair in known if pair is not None})

    @staticmethod
    def _read(client: Redis, hall_id: str, *fields: str) -> list[Any]:
        try:
            texts = cast(list[str | None], client.hmget(Keys(hall_id).of("forecast"), list(fields)))
        except (RedisConnectionError, RedisTimeoutError) as error:
            raise StoreAway() from error
        return [None if text is None else json.loads(text) for text in texts]


def _range(pair: list[int] | None) -> Range | None:
    return None if pair is None else Range(*pair)
