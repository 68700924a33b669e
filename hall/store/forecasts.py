"""The newest forecast of each hall. It expires by itself: a forecaster that has died means "unknown"."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from hall.domain.errors import StoreAway
from hall.domain.forecast import Forecast, Range
from hall.store.keys import Keys
from hall.store.store import Store

LIFE_MS: Final = 90_000


@dataclass(frozen=True, slots=True)
class ForecastStore:
    store: Store

    def put(self, hall_id: str, forecast: Forecast) -> None:
        """Replace the hall's forecast."""
        key = Keys(hall_id).of("forecast")
        fields = {
            "at": str(forecast.at),
            **{f"line/{line}": lanes for line, lanes in forecast.lines.items()},
            **forecast.tickets,
        }
        with self.store.moves.pipeline(transaction=True) as pipe:
            pipe.delete(key)
            pipe.hset(key, mapping={name: json.dumps(value) for name, value in fields.items()})
            pipe.pexpire(key, LIFE_MS)
            pipe.execute()

    def of_line(self, hall_id: str, line: str) -> Forecast | None:
        """The forecast for somebody who would come to a line now."""
        # Asked before every issue: a store that is away is told at once, as by the move itself.
        at, lanes = self._read(self.store.moves, hall_id, "at", f"line/{line}")
        if at is None or lanes is None:
            return None
        return Forecast(int(at), lines={line: {lane: _range(one) for lane, one in lanes.items()}})

    def of_ticket(self, hall_id: str, ticket: str) -> Forecast | None:
        """The forecast with one waiting ticket, which it may not know yet."""
        at, found = self._read(self.store.reads, hall_id, "at", ticket)
        return None if at is None else Forecast(int(at), tickets={} if found is None else {ticket: _range(found)})

    @staticmethod
    def _read(client: Redis, hall_id: str, *fields: str) -> list[Any]:
        try:
            texts = cast(list[str | None], client.hmget(Keys(hall_id).of("forecast"), list(fields)))
        except (RedisConnectionError, RedisTimeoutError) as error:
            raise StoreAway() from error
        return [None if text is None else json.loads(text) for text in texts]


def _range(pair: list[int] | None) -> Range | None:
    return None if pair is None else Range(*pair)
