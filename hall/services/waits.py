"""How long people will wait, as far as anybody can say, and how often that came true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from hall.domain.durations import Chance
from hall.domain.forecast import Expected, Forecast, Picture, Range, forecast
from hall.domain.history import History
from hall.domain.hits import Hits
from hall.services.halls import Halls
from hall.store.appointments import AppointmentStore
from hall.store.store import Store

_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Waits:
    store: Store
    halls: Halls

    def for_ticket(self, hall_id: str, ticket: Mapping[str, Any]) -> Range | None:
        """For a waiting ticket, from now on; None: unknown, or it does not wait. One that the newest forecast
        does not know yet keeps the range it was shown when it was issued."""
        if ticket["state"] != "waiting":
            return None
        newest = self.store.forecasts.of_ticket(hall_id, ticket["id"])
        if newest is None:
            return None
        if ticket["id"] in newest.tickets:
            return newest.tickets[ticket["id"]]
        fresh = ticket["issued_at"] > newest.at and ticket.get("wait_high") is not None
        return Range(ticket["wait_low"], ticket["wait_high"]) if fresh else None

    def for_new(self, hall_id: str, ticket: Mapping[str, Any], now: int) -> Range | None:
        """For a ticket that is issued now; `line`, `green`, `slot` and `grace` as the ticket will have them.
        None: unknown."""
        newest = self.store.forecasts.of_line(hall_id, ticket["line"])
        return None if newest is None else newest.for_new({**ticket, "arrived": now})

    def refresh(self, hall_id: str, history: History, chance: Chance, now: int | None = None) -> Forecast:
        """Forecast the hall as it stands, and keep it for everybody who asks. `now`: a clock for simulations."""
        hall = self.halls.get(hall_id)
        state = self.store.snapshot(hall_id, now=now)
        tomorrow = hall.calendar.ms(hall.calendar.date_of(state.now) + timedelta(days=1), 0)
        awaited = AppointmentStore(self.store).awaited(hall_id, tomorrow)
        expected = [Expected(one["line"], one["services"], one["slot"]) for one in awaited]
        found = forecast(Picture(hall, state.now, state.tickets, state.windows, expected), history, chance)
        self.store.forecasts.put(hall_id, found)
        return found

    def hits(self, hall_id: str, day: date) -> Hits:
        """How often shown ranges came true among the calls of a date."""
        calendar = self.halls.get(hall_id).calendar
        start, end = calendar.ms(day, 0), calendar.ms(day + timedelta(days=1), 0)
        found = Hits()
        # A hall's clock may be ahead of the store's, by which entries are numbered.
        last = f"{max(0, min(start, self.store.clock()) - _DAY_MS)}-0"
        while entries := self.store.journal.after(hall_id, last):
            for entry in entries:
                if start <= entry.at < end:
                    found.follow(entry)
            last = entries[-1].id
        return found
