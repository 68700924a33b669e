"""The store: moves, reads, and nothing above it knows Redis."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from redis import Redis
from redis.exceptions import ResponseError

from hall.domain.callers import Caller
from hall.domain.errors import HallError, StoreFull, UnknownHall
from hall.store.copies import server_of
from hall.store.forecasts import Forecasts
from hall.store.journal import Journal
from hall.store.keys import HALLS, Keys
from hall.store.planning import Planning
from hall.store.scripts import Scripts

#: Below this the server would soon fail at an append and exit.
FREE_BYTES = 200 * 1024 * 1024
_READER = Caller(by="reader")


@dataclass(frozen=True, slots=True)
class HallState:
    """A hall at one moment: images of open tickets and of windows, the last rings, and the
    journal id (`as_of`) all of it is true for."""

    as_of: str
    epoch: str
    now: int
    config: int
    closed_day: str | None
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    windows: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    #: printer id → {state, since}
    printers: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: kiosk id → {since, name}: where somebody asked for a person
    help: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: alarms, calls for help and messages by name
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def waiting(self) -> dict[str, int]:
        """Waiting tickets by queue."""
        counts: dict[str, int] = {}
        for ticket in self.tickets.values():
            if ticket["state"] == "waiting":
                counts[ticket["queue"]] = counts.get(ticket["queue"], 0) + 1
        return counts


class Store:
    """`moves` is a client without retries, `reads` one that may repeat itself. `disk` is the
    embedded server's directory, whose free space is watched; `copies`: how many replicas must have a move before it
    is answered."""

    def __init__(self, moves: Redis, reads: Redis, disk: Path | None = None, copies: int = 0) -> None:
        self.moves = moves
        self.reads = reads
        self.journal = Journal(reads)
        self.forecasts = Forecasts(moves, reads)
        self.planning = Planning(moves, reads)
        self._scripts = Scripts(moves, copies)
        self._read_scripts = Scripts(reads)
        self._disk = disk
        self._disk_checked = 0.0

    def run(
        self,
        hall_id: str,
        move: str,
        caller: Caller,
        args: dict[str, Any],
        *,
        config: int = 0,
        asked: object = None,
        script: str | None = None,
    ) -> dict[str, Any]:
        """Run one move; see `Scripts.run`. Raises `StoreFull` when the disk is nearly full."""
        self._check_disk()
        return self._scripts.run(hall_id, move, caller, args, config=config, asked=asked, script=script)

    def refuse(self, hall_id: str, move: str, caller: Caller, refusal: HallError, asked: object) -> dict[str, Any]:
        """What a request that is refused now was answered earlier under its key; raises the refusal
        when it was not."""
        args = {"code": refusal.code, "facts": refusal.facts}
        return self._scripts.run(hall_id, move, caller, args, asked=asked, script="refuse")

    def read(self, hall_id: str, script: str, args: dict[str, Any], now: int | None = None) -> dict[str, Any]:
        """Run a script that changes nothing."""
        return self._read_scripts.run(hall_id, script, Caller(by="reader", now=now), args)

    def snapshot(self, hall_id: str, *, now: int | None = None) -> HallState:
        """The whole hall, read atomically."""
        answer = self.read(hall_id, "snapshot", {}, now)
        if answer.get("epoch") in (None, False):
            raise UnknownHall(hall=hall_id)
        return HallState(
            as_of=answer["as_of"],
            epoch=answer["epoch"],
            now=answer["now"],
            config=answer["config"],
            closed_day=answer.get("closed_day"),
            tickets={ticket["id"]: ticket for ticket in answer["tickets"]},
            windows={window["id"]: window for window in answer["windows"]},
            calls=answer["calls"],
            printers=_pairs(answer.get("printers")),
            help=_pairs(answer.get("help")),
            notes=_pairs(answer.get("notes")),
        )

    def epoch(self, hall_id: str) -> str:
        """Changes when the hall's past may have changed (a restore): screens then start afresh."""
        return self.epochs([hall_id])[hall_id]

    def epochs(self, hall_ids: Sequence[str]) -> dict[str, str]:
        """Those of many halls, in one question."""
        with self.reads.pipeline(transaction=False) as pipe:
            for hall_id in hall_ids:
                pipe.hget(Keys(hall_id).hall, "epoch")
            return {hall_id: epoch or "" for hall_id, epoch in zip(hall_ids, pipe.execute(), strict=True)}

    def notice_server(self, hall_id: str) -> None:
        """For a store with replicas: after a failover the past may have changed, which makes a new epoch. Whoever
        notices first writes it; all write the same."""
        keys = Keys(hall_id)
        run = str(server_of(self.reads, keys.hall).info("server")["run_id"])
        if self.reads.hget(keys.hall, "server") != run:
            epoch = hashlib.sha256(f"{hall_id} {run}".encode()).hexdigest()[:16]
            self.moves.hset(keys.hall, mapping={"server": run, "epoch": epoch})

    def hall_ids(self) -> list[str]:
        return sorted(cast(set[str], self.reads.smembers(HALLS)))

    def configure(
        self,
        hall_id: str,
        caller: Caller,
        description: dict[str, Any],
        *,
        made_from: int = 0,
        gone: dict[str, Any] | None = None,
        why: dict[str, str] | None = None,
        told: dict[str, Any] | None = None,
    ) -> int:
        """Store a hall's description. Returns its new version. `made_from` is the version it was changed from
        (0: written afresh): raises `StaleConfig` when somebody else changed it meanwhile. `told`: what the journal
        says of it."""
        args = {
            "config": json.dumps(description, ensure_ascii=False),
            "epoch": os.urandom(8).hex(),
            **(why or {}),
            **(gone or {}),
            **(told or {}),
        }
        answer = self.run(hall_id, "configure", caller, args, config=made_from, asked=[description, why])
        self.moves.sadd(HALLS, hall_id)
        return int(answer["version"])

    def config(self, hall_id: str) -> tuple[int, dict[str, Any]]:
        """(version, description) of a hall. Raises `UnknownHall`."""
        keys = Keys(hall_id)
        with self.reads.pipeline(transaction=True) as pipe:
            pipe.hget(keys.hall, "config")
            pipe.get(keys.of("config"))
            version, text = pipe.execute()
        if not text:
            raise UnknownHall(hall=hall_id)
        return int(version), json.loads(text)

    def waiting(self, hall_id: str, lines: list[str]) -> dict[str, int]:
        """How many wait in each line's own queue, without reading them."""
        lanes = ("priority", "general", "booked")
        with self.reads.pipeline(transaction=False) as pipe:
            for line in lines:
                for lane in lanes:
                    pipe.zcard(Keys(hall_id).of("queue", line, lane))
            counts = pipe.execute()
        return {line: sum(counts[at * len(lanes) : (at + 1) * len(lanes)]) for at, line in enumerate(lines)}

    def due(self, hall_id: str, now: int, count: int = 200) -> list[tuple[str, int]]:
        """(timer, its time) of the timers that have come, earliest first."""
        rows = cast(
            Any,
            self.reads.zrange(
                Keys(hall_id).of("due"), cast(Any, "-inf"), now, byscore=True, offset=0, num=count, withscores=True
            ),
        )
        return [(name, int(at)) for name, at in rows]

    def next_due(self, hall_id: str, after: int | None = None) -> int | None:
        """The time of the earliest timer, of those later than `after`."""
        key, start = Keys(hall_id).of("due"), "-inf" if after is None else f"({after}"
        rows = cast(
            Any,
            self.reads.zrange(key, cast(Any, start), cast(Any, "+inf"), byscore=True, offset=0, num=1, withscores=True),
        )
        return int(rows[0][1]) if rows else None

    def drop_timer(self, hall_id: str, timer: str) -> None:
        """Forget a timer whose ticket is gone."""
        self.moves.zrem(Keys(hall_id).of("due"), timer)

    def closed_day(self, hall_id: str) -> str:
        """The last date whose day was closed, "" before the first."""
        return cast(str | None, self.reads.hget(Keys(hall_id).hall, "closed_day")) or ""

    def check_writable(self) -> None:
        """Raises a store's or `StoreFull` error when a move would be refused."""
        self._check_disk()
        self.moves.set("sanban:writable", "1", ex=60)

    def hall_clock(self, hall_id: str) -> int:
        """The last time a hall's script used, ms UTC; ahead of the store's clock when that fell back."""
        return int(cast(str | None, self.reads.hget(Keys(hall_id).hall, "now")) or 0)

    def hall_now(self, hall_id: str) -> int:
        """The hall's time now, ms UTC: the store's clock, or ahead of it after that fell back."""
        return int(self.read(hall_id, "clock", {})["now"])

    def leads(self, hall_id: str, task: str) -> bool:
        """Some process holds the lease on a hall's task."""
        return bool(self.reads.exists(Keys(hall_id).of("lease", task)))

    def clock(self) -> int:
        """The store's own clock, ms UTC."""
        seconds, micros = self.reads.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def forget_deleted(self) -> None:
        """Write the embedded server's file anew: what was deleted is then on the disk no more. A server of your own
        does it by its own rules."""
        if self._disk is None:
            return
        try:
            self.moves.bgrewriteaof()
        except ResponseError as error:
            if "in progress" not in str(error):
                raise  # the one that runs may have begun before: then the next one, as the file grows, forgets

    def _check_disk(self) -> None:
        if self._disk is None or time.monotonic() - self._disk_checked < 1:
            return
        free = os.statvfs(self._disk)
        if free.f_bavail * free.f_frsize < FREE_BYTES:
            raise StoreFull()
        self._disk_checked = time.monotonic()


def _pairs(pairs: Any) -> dict[str, dict[str, Any]]:
    """{id: {state, since}} from [id, JSON, id, JSON, …]; Lua writes an empty list as {}."""
    flat = list(pairs or [])
    return {name: json.loads(text) for name, text in zip(flat[::2], flat[1::2], strict=True)}
