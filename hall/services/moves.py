"""What every use case shares: prepare a move with the hall's description, run it, prepare it
once more when the description changed under it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hall.domain.callers import Caller
from hall.domain.errors import HallError, StaleConfig
from hall.domain.halls import Hall
from hall.domain.policy import DAY, MINUTE, Policy
from hall.services.halls import Halls
from hall.store.store import Store

Args = dict[str, Any]


def wall_clock() -> int:
    """ms UTC."""
    return time.time_ns() // 1_000_000


def common(policy: Policy) -> Args:
    """Settings that images and rings need in every move."""
    return {
        "undo_ms": policy.undo_seconds * 1000,
        "walk_ms": policy.walk_seconds * 1000,
        "walk_green_ms": policy.walk_seconds_green * 1000,
        "pass_over": policy.pass_over * MINUTE,
    }


def lives(hall: Hall) -> Args:
    """How long (ms) what a move writes is kept."""
    kept = hall.retention
    return {
        "keep_tickets": kept.ticket_days * DAY,
        "keep_appointments": kept.appointment_days * DAY,
        "keep_visits": kept.visit_days * DAY,
    }


@dataclass(frozen=True, slots=True)
class Moves:
    store: Store
    halls: Halls
    clock: Callable[[], int] = wall_clock

    def now(self, caller: Caller) -> int:
        return caller.now or self.clock()

    def today(self, caller: Caller, hall: Hall) -> str:
        return hall.calendar.date_of(self.now(caller)).isoformat()

    def run(
        self,
        hall_id: str,
        move: str,
        caller: Caller,
        prepare: Callable[[Hall], Args],
        asked: object = None,
        script: str | None = None,
    ) -> dict[str, Any]:
        """Run a move with the arguments `prepare` makes of the hall's description. `asked` is the
        request itself, which a request key stands for; `script` runs in the move's place."""
        version, hall = self.halls.current(hall_id)
        try:
            return self._once(hall, version, move, caller, prepare, asked, script)
        except StaleConfig:
            self.halls.forget(hall_id)
            version, hall = self.halls.current(hall_id)
            return self._once(hall, version, move, caller, prepare, asked, script)

    def _once(
        self,
        hall: Hall,
        version: int,
        move: str,
        caller: Caller,
        prepare: Callable[[Hall], Args],
        asked: object,
        script: str | None,
    ) -> dict[str, Any]:
        try:
            args = {**common(hall.policy), **lives(hall), **prepare(hall)}
        except HallError as refusal:
            if caller.key is None:
                raise
            # The answer may have been lost on its way, and the hall may have closed since.
            return self.store.refuse(hall.id, move, caller, refusal, asked)
        return self.store.run(hall.id, move, caller, args, config=version, asked=asked, script=script)
