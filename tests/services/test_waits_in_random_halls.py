"""Forecasts in halls where everything happens: parked, transferred, returned, private queues, odd groups."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from hall.domain.history import History
from hall.services.waits import Waits
from tests.driver import DAY
from tests.services.random_hall import RandomHall


class ForecastHall(RandomHall):
    """A random hall that is forecast now and then, by what its journal taught until then."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = Waits(self.driver.store, self.driver.halls)
        self.history = History(self.driver.hall)
        self.read = "0-0"

    @precondition(lambda self: self.sound)
    @rule()
    def forecast(self) -> None:
        hall = self.driver
        for entry in hall.store.journal.after(hall.id, self.read, 10_000):
            self.history.follow(entry)
            self.read = entry.id
        found = self.waits.refresh(hall.id, self.history, Random(1).random, now=hall.now)
        waiting = {one["id"]: one for one in hall.snapshot().tickets.values() if one["state"] == "waiting"}
        assert set(found.tickets) == set(waiting)
        assert set(found.lines) == {line.id for line in hall.hall.lines}
        ranges = [one for lanes in found.lines.values() for one in lanes.values()]
        for wait in [*found.tickets.values(), *ranges]:
            assert wait is None or 0 <= wait.low < wait.high
        for ticket in waiting.values():
            assert self.waits.for_ticket(hall.id, ticket) == found.tickets[ticket["id"]]

    def teardown(self) -> None:
        if self.sound:
            hits = self.waits.hits(self.driver.id, date.fromisoformat(DAY))
            assert all(low < high and wait >= 0 for low, high, wait in hits.called.values())
        super().teardown()


def test_a_hall_where_everything_happens_can_be_forecast_at_any_moment(store_url: str) -> None:
    ForecastHall.url = store_url
    run_state_machine_as_test(
        ForecastHall,
        settings=settings(
            max_examples=12,
            stateful_step_count=60,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
