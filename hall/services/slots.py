"""What can be booked: the slots of a day, and the days ahead, with the places left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from hall.domain import appointments as rules
from hall.domain.errors import HallError
from hall.domain.halls import Hall, Line
from hall.domain.office_errors import ClosedToday
from hall.domain.texts import Text
from hall.services.moves import Moves
from hall.store.appointments import AppointmentStore


class Slot(NamedTuple):
    """`refusal`: the code that booking it now would get, None when it can be booked."""

    start: int
    left: int
    refusal: str | None


class Day(NamedTuple):
    """`slots`: how many a day has at all, `left`: the places of those that can be booked now."""

    date: date
    slots: int
    left: int
    why: str
    #: what everybody is told whose hall a manager closed for this day
    told: Text | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    moves: Moves

    def on(self, hall_id: str, line_id: str, day: date, now: int | None = None) -> list[Slot]:
        """The slots of a line on a date, in order. Raises `UnknownLine`."""
        hall = self.moves.halls.get(hall_id)
        return self._slots(hall, hall.line(line_id), [day], now or self.moves.clock())

    def days(self, hall_id: str, line_id: str, now: int | None = None) -> list[Day]:
        """Every date from today to the last one that can be booked. Raises `UnknownLine`."""
        hall = self.moves.halls.get(hall_id)
        line, now = hall.line(line_id), now or self.moves.clock()
        if line.appointments is None:
            return []
        today = hall.calendar.date_of(now)
        dates = [today + timedelta(days=n) for n in range(line.appointments.earliest + 1)]
        by_date: dict[date, list[Slot]] = {day: [] for day in dates}
        for slot in self._slots(hall, line, dates, now):
            by_date[hall.calendar.date_of(slot.start)].append(slot)
        return [
            Day(
                day,
                len(slots),
                sum(s.left for s in slots if s.refusal is None),
                _why(hall, day),
                hall.on(day).closed,
            )
            for day, slots in by_date.items()
        ]

    def _slots(self, hall: Hall, line: Line, days: list[date], now: int) -> list[Slot]:
        offer = line.appointments
        if offer is None:
            return []
        starts = [start for day in days for start in rules.slots(hall.calendar, offer, day)]
        taken = AppointmentStore(self.moves.store).taken(hall.id, line.id, starts)
        return [
            Slot(start, left := max(0, offer.capacity - count), _refusal(hall, offer, start, left, now))
            for start, count in zip(starts, taken, strict=True)
        ]


def check_now(hall: Hall, offer: rules.Offer, start: int, now: int) -> None:
    """Whether a slot may be booked at this moment, if it is free. Raises `ClosedToday` for one of a day for which a
    manager closed the hall, and as `check_lead`."""
    closed = hall.on(hall.calendar.date_of(start)).closed
    if closed is not None:
        raise ClosedToday(zh=closed.zh, en=closed.en)
    rules.check_lead(hall.calendar, offer, start, now)


def _refusal(hall: Hall, offer: rules.Offer, start: int, left: int, now: int) -> str | None:
    try:
        check_now(hall, offer, start, now)
    except HallError as refusal:
        return refusal.code
    return None if left else "SLOT_FULL"


def _why(hall: Hall, day: date) -> str:
    special = hall.calendar.special.get(day)
    return special.why if special else ""
