"""A day of the made-up world, lived through the real services and the real store."""

from __future__ import annotations

from random import Random

from hall.domain.history import History
from hall.services.tickets import Booked
from hall.services.waits import Waits
from tests.driver import Driver
from tests.simulator.world import Moment, PlayedDay


class Lived:
    """The driver's hall follows the played day; a forecast is made before every number that is issued."""

    def __init__(self, hall: Driver) -> None:
        self.hall = hall
        self.waits = Waits(hall.store, hall.halls)
        self.history = History(hall.hall)
        self._read = "0-0"
        self._chance = Random(1)

    def live(self, day: PlayedDay, *, forecasts: bool) -> None:
        names: dict[str, int] = {}
        for moment in day.moments():
            self.hall.now = moment.at
            if moment.kind == "issued":
                if forecasts:
                    self.forecast()
                names[self._issue(day, moment)] = moment.number
            elif moment.kind == "called":
                called = self.hall.next(moment.window)
                assert called
                assert names[called] == moment.number
            else:
                self._at_window(moment)

    def forecast(self) -> None:
        """What the forecaster does, on the driver's clock."""
        while entries := self.hall.store.journal.after(self.hall.id, self._read):
            for entry in entries:
                self.history.follow(entry)
            self._read = entries[-1].id
        self.waits.refresh(self.hall.id, self.history, self._chance.random, now=self.hall.now)

    def _issue(self, day: PlayedDay, moment: Moment) -> str:
        visit = day.visits[moment.number]
        slot, green = visit.visitor.slot, visit.visitor.green
        booked = None if slot is None else Booked(f"b{moment.number}", slot)
        return self.hall.issue(visit.services, booked=booked, claim=None if green is None else "veteran")

    def _at_window(self, moment: Moment) -> None:
        calls, windows, hall = self.hall.calls, self.hall.windows, self.hall
        move = {
            "started": calls.start,
            "finished": calls.finish,
            "missed": calls.miss,
            "window_opened": windows.open,
            "window_closed": windows.close,
            "window_paused": windows.pause,
            "window_resumed": windows.resume,
        }[moment.kind]
        move(hall.caller(), hall.id, moment.window)
