"""就近能办: what every hall of the installation offers right now, for somebody who chooses where to go. Nothing of any
person, and no groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hall.domain.halls import Hall
from hall.services.moves import Moves
from hall.services.waits import Waits

Row = dict[str, Any]


def hours_text(hall: Hall, now: int) -> str:
    """Today's hours, "8:30–11:30 13:00–16:30"; empty when the hall is closed all day."""
    spans = hall.calendar.spans(hall.calendar.date_of(now))
    return " ".join(str(span).replace("-", "–") for span in spans)


def _over(hall: Hall, now: int) -> int:
    """The last moment of today: whoever closed the hall closed it for the day, whatever its hours say."""
    return hall.calendar.closes_last(hall.calendar.date_of(now)) - 1


@dataclass(frozen=True, slots=True)
class Nearby:
    moves: Moves
    waits: Waits

    def all(self) -> list[Row]:
        """Every hall with its lines, in order of id; test halls are left out unless there is nothing else."""
        halls = [self.moves.halls.get(hall_id) for hall_id in self.moves.halls.ids()]
        real = [hall for hall in halls if not hall.test]
        return [self._row(hall, self.moves.clock()) for hall in real or halls]

    def _row(self, hall: Hall, now: int) -> Row:
        waiting = self.moves.store.snapshot(hall.id).waiting()
        today = hall.on(hall.calendar.date_of(now))
        is_open = hall.calendar.is_open(now) and today.closed is None
        return {
            "id": hall.id,
            "name": hall.name,
            "address": hall.address,
            "position": {"lat": hall.position.lat, "lon": hall.position.lon} if hall.position else None,
            "open": is_open,
            "opens": None if is_open else hall.calendar.opens_next(_over(hall, now) if today.closed else now),
            "why": today.closed,
            "hours": hours_text(hall, now),
            "bookable": any(line.appointments for line in hall.lines),
            "lines": [self._line(hall, line.id, waiting, now) for line in hall.lines],
        }

    def _line(self, hall: Hall, line_id: str, waiting: dict[str, int], now: int) -> Row:
        line = hall.line(line_id)
        today = hall.on(hall.calendar.date_of(now))
        why = today.paused.get(line.id)
        stopped = today.closed is not None or why is not None
        is_open = hall.calendar.is_open(now) and hall.calendar_of(line).is_open(now) and not stopped
        wait = self.waits.for_new(hall.id, {"line": line.id}, now) if is_open else None
        return {
            "id": line.id,
            "letter": line.letter,
            "name": line.name,
            "open": is_open,
            "why": why,
            "waiting": waiting.get(line.id, 0),
            "wait": {"low": wait.low, "high": wait.high} if wait else None,
        }
