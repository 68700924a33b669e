"""What time does: slots that come, calls nobody answers, the end of the day. Jobs call these; each is
harmless when it comes late or twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from hall.domain.callers import Caller
from hall.domain.errors import UnknownTicket
from hall.services.moves import Moves


class DayClosed(NamedTuple):
    closed: bool
    tickets: int


@dataclass(frozen=True, slots=True)
class Timers:
    moves: Moves

    def due(self, hall_id: str, now: int) -> list[tuple[str, int]]:
        """(timer, its time in ms) of timers that have come: `slot/<ticket>`, `unanswered/<ticket>/<calls>`."""
        return self.moves.store.due(hall_id, now)

    def next_due(self, hall_id: str, now: int) -> int | None:
        """When the next timer after `now` comes, ms UTC."""
        return self.moves.store.next_due(hall_id, now)

    def fire(self, hall_id: str, timer: str, now: int | None = None) -> str:
        """Do what a timer says. Returns what became of it, for the job's log."""
        kind, _, rest = timer.partition("/")
        ticket, _, calls = rest.partition("/")
        caller = Caller(by="timer", now=now)
        args = {"ticket": ticket, "calls": int(calls)} if kind == "unanswered" else {"ticket": ticket}
        move = {"slot": "slot_due", "unanswered": "unanswered"}[kind]
        try:
            state = self.moves.run(hall_id, move, caller, lambda _: args)["ticket"]["state"]
        except UnknownTicket:
            self.moves.store.drop_timer(hall_id, timer)
            return "gone"
        return str(state)

    def day_to_close(self, hall_id: str, now: int) -> str | None:
        """The latest local date that is over and not closed yet."""
        hall = self.moves.halls.get(hall_id)
        over = (hall.calendar.date_of(now) - timedelta(days=1)).isoformat()
        return over if self.moves.store.closed_day(hall_id) < over else None

    def close_day(self, hall_id: str, date: str, now: int | None = None) -> DayClosed:
        """End what is left of a date as expired. Once, whoever asks and however often."""
        answer = self.moves.run(hall_id, "close_day", Caller(by="timer", now=now), lambda _: {"date": date})
        return DayClosed(bool(answer["closed"]), int(answer["tickets"]))
