"""What time does: slots that come, calls nobody answers, the end of the day. Jobs call these; each is
harmless when it comes late or twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from hall.domain.callers import Caller
from hall.domain.errors import UnknownAppointment, UnknownTicket
from hall.services.moves import Args, Moves


class DayClosed(NamedTuple):
    closed: bool
    tickets: int
    no_shows: int


def _move_of(timer: str) -> tuple[str, Args]:
    kind, *parts = timer.split("/")
    match kind:
        case "slot":
            return "slot_due", {"ticket": parts[0]}
        case "unanswered":
            return "unanswered", {"ticket": parts[0], "calls": int(parts[1])}
        case "release":
            return "release_place", {"appointment": parts[0], "line": parts[1], "slot": int(parts[2])}
        case "reminder":
            return "remind", {"appointment": parts[0]}
    raise ValueError(f"not a timer: {timer}")


@dataclass(frozen=True, slots=True)
class Timers:
    moves: Moves

    def due(self, hall_id: str, now: int) -> list[tuple[str, int]]:
        """(timer, its time in ms) of timers that have come: `slot/<ticket>`, `unanswered/<ticket>/<calls>`,
        `release/<appointment>/<line>/<slot>`, `reminder/<appointment>`."""
        return self.moves.store.due(hall_id, now)

    def next_due(self, hall_id: str, after: int | None = None) -> int | None:
        """When the earliest timer comes, or the earliest one after a moment; ms UTC."""
        return self.moves.store.next_due(hall_id, after)

    def fire(self, hall_id: str, timer: str, now: int | None = None) -> str:
        """Do what a timer says. Returns what became of it, for the job's log."""
        move, args = _move_of(timer)
        try:
            answer = self.moves.run(hall_id, move, Caller(by="timer", now=now), lambda _: args)
        except (UnknownTicket, UnknownAppointment):
            self.moves.store.drop_timer(hall_id, timer)
            return "gone"
        image = answer.get("ticket") or answer.get("appointment")
        return str(image["state"]) if image else "done"

    def day_to_close(self, hall_id: str, now: int) -> str | None:
        """The latest local date that is over and not closed yet."""
        hall = self.moves.halls.get(hall_id)
        over = (hall.calendar.date_of(now) - timedelta(days=1)).isoformat()
        return over if self.moves.store.closed_day(hall_id) < over else None

    def close_day(self, hall_id: str, date: str, now: int | None = None) -> DayClosed:
        """End what is left of a date as expired. Once, whoever asks and however often."""
        answer = self.moves.run(hall_id, "close_day", Caller(by="timer", now=now), lambda _: {"date": date})
        return DayClosed(bool(answer["closed"]), int(answer["tickets"]), int(answer["no_shows"]))
