"""Script time of call-next with few and with very many people waiting."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from bench.report import Figure, median
from bench.rig import CALLER, LINES, bench_hall
from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.services.calls import Finish
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from hall.store.keys import Keys

GOAL = "≤ 1.25"
WINDOW = "w0"
_CHUNK = 5000

# Copies of a ticket that the real script made, each a millisecond later: what issuing them one by one
# would leave, without its journal. EVAL, so that the server's count for EVALSHA is call-next alone.
_FILLER = """
local ticket, first, count = cjson.decode(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
for n = first, first + count - 1 do
  ticket.id = string.format('%010d', n)
  ticket.number = ARGV[4] .. n
  ticket.arrived, ticket.queue_time = ARGV[5] + n, ARGV[5] + n
  redis.call('SET', KEYS[4] .. ticket.id, cjson.encode(ticket))
  redis.call('ZADD', KEYS[2], ticket.queue_time, ticket.id)
  redis.call('HSET', KEYS[3], ticket.number, ticket.id)
  redis.call('SADD', KEYS[5], ticket.id)
end
redis.call('HSET', KEYS[1], 'sequence', first + count)
"""


class Crowd:
    """A hall in which always about as many people wait."""

    def __init__(self, sanban: Sanban, waiting: int) -> None:
        self.hall_id = f"crowd-{waiting}"
        self._sanban = sanban
        self._calls = 0
        self._next = 1000
        sanban.halls.save(bench_hall(self.hall_id, 1), CALLER)
        wishes = [Wish(services=(f"s{n}",)) for n in range(LINES)]
        self._models = [sanban.tickets.issue(CALLER, self.hall_id, wish).ticket for wish in wishes]
        sanban.calls.call_next(CALLER, self.hall_id, WINDOW)
        self.fill(waiting)

    def fill(self, count: int) -> None:
        """More people in every line."""
        for model in self._models:
            share = count // LINES
            for _ in range(share // _CHUNK):
                self._copy(model, _CHUNK)
            self._copy(model, share % _CHUNK)

    def _copy(self, model: dict[str, Any], count: int) -> None:
        keys = Keys(self.hall_id)
        names = [
            keys.hall,
            keys.of("queue", model["queue"], model["lane"]),
            keys.of("numbers", model["date"]),
            keys.of("ticket", ""),
            keys.of("open"),
        ]
        args = [json.dumps(model), self._next, count, model["number"][0], model["arrived"]]
        self._next += count
        self._sanban.store.moves.eval(_FILLER, len(names), *cast(list[str], [*names, *args]))

    def call(self, times: int) -> float:
        """Microseconds the server spends on one call-next that finishes the present ticket."""
        self._sanban.store.moves.config_resetstat()
        for _ in range(times):
            self._calls += 1
            caller = Caller(by="bench", key=f"call-{self._calls}")
            if self._sanban.calls.call_next(caller, self.hall_id, WINDOW, Finish()) is None:
                raise RuntimeError("nobody waits any more")
        stats = self._sanban.store.moves.info("commandstats")["cmdstat_evalsha"]
        if stats["calls"] != times:
            raise RuntimeError(f"{stats['calls']} scripts ran instead of {times}")
        return float(stats["usec_per_call"])


def measure(sizes: Sequence[int], rounds: int, batch: int = 20) -> list[Figure]:
    """The halls take turns in small batches: other work on the machine falls on all of them."""
    with tempfile.TemporaryDirectory(prefix="sanban-bench-") as directory:
        store = EmbeddedServer(Path(directory) / "store", durable=False).start()
        try:
            sanban = build(Settings.load({"SANBAN_DATA_DIR": directory, "SANBAN_REDIS_URL": store.url}))
            crowds = {size: Crowd(sanban, size) for size in sizes}
            found: dict[int, list[float]] = {size: [] for size in sizes}
            for turn in range(rounds + 1):
                for size, crowd in crowds.items():
                    micros = crowd.call(batch)
                    crowd.fill(batch)
                    if turn:  # the first one warms up
                        found[size].append(micros)
        finally:
            store.stop()
    return [_figure(size, found, sizes[0]) for size in sizes]


def _figure(size: int, found: dict[int, list[float]], least: int) -> Figure:
    value = median(found[size])
    first = size == least
    return Figure(
        name=f"script call-next with finish, {size:,} waiting",
        value=value,
        unit="µs",
        yardstick="" if first else f"{least:,} waiting",
        ratio=None if first else value / median(found[least]),
        goal="" if first else GOAL,
    )
