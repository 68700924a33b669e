"""The forecaster: learns from the journal, says something new every quarter of a minute, sooner when much happens and
later when nothing does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.halls import Service
from hall.services.tickets import Wish
from hall.store.lease import Lease
from tests.driver import text
from workers import forecaster
from workers.follower import Follower
from workers.forecaster import Forecaster

New = Callable[..., str]
CLERK = Caller(by="staff:ann")


def issue(sanban: Sanban, hall: str, now: int | None = None) -> dict[str, object]:
    return sanban.tickets.issue(Caller(by="kiosk", now=now), hall, Wish(services=("a1",))).ticket


def serve(sanban: Sanban, hall: str, seconds: int, now: int) -> None:
    sanban.calls.call_next(replace(CLERK, now=now), hall, "w1")
    sanban.calls.start(replace(CLERK, now=now), hall, "w1")
    sanban.calls.finish(replace(CLERK, now=now + seconds * 1000), hall, "w1")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The forecaster's own clock, in seconds."""
    time = [1000.0]
    monkeypatch.setattr(forecaster, "monotonic", lambda: time[0])
    return time


def test_people_are_told_a_time_soon_after_the_hall_opened(sanban: Sanban, new_hall: New) -> None:
    hall = new_hall()
    sanban.windows.open(CLERK, hall, "w1")
    first = issue(sanban, hall)
    assert "wait_high" not in first
    assert Forecaster(sanban).turn(hall)
    assert sanban.waits.for_ticket(hall, first) == (0, 5)
    assert issue(sanban, hall)["wait_high"]


def test_a_forecast_is_renewed_every_quarter_of_a_minute_while_something_happens(
    sanban: Sanban, new_hall: New, clock: list[float]
) -> None:
    hall, ours = new_hall(), Forecaster(sanban)
    assert [ours.turn(hall), ours.turn(hall)] == [True, False]
    clock[0] += 44.9
    assert not ours.turn(hall)
    clock[0] += 0.2
    assert ours.turn(hall)
    issue(sanban, hall)
    clock[0] += 14.9
    assert not ours.turn(hall)
    clock[0] += 0.2
    assert ours.turn(hall)


def test_it_is_renewed_sooner_when_many_come(sanban: Sanban, new_hall: New, clock: list[float]) -> None:
    hall, ours = new_hall(), Forecaster(sanban)
    ours.turn(hall)
    clock[0] += 5
    assert not ours.turn(hall)
    for _ in range(10):
        issue(sanban, hall)
    assert ours.turn(hall)


def test_it_is_renewed_sooner_when_a_window_opens(sanban: Sanban, new_hall: New, clock: list[float]) -> None:
    hall, ours = new_hall(), Forecaster(sanban)
    ours.turn(hall)
    sanban.windows.open(CLERK, hall, "w1")
    clock[0] += 3
    assert not ours.turn(hall)
    clock[0] += 2
    assert ours.turn(hall)


def test_what_was_learned_is_rebuilt_from_the_journal(sanban: Sanban, new_hall: New) -> None:
    now = sanban.store.clock() - 3_600_000
    hall = new_hall(past=now)
    for at in range(now, now + 3_000_000, 100_000):
        issue(sanban, hall, now=at)
        serve(sanban, hall, seconds=60, now=at)
    for _ in range(6):
        issue(sanban, hall)
    Forecaster(sanban).turn(hall)  # 8 minutes each by the hall's file, one minute in truth
    wait = sanban.waits.for_new(hall, {"line": "a"}, sanban.store.clock())
    assert wait is not None
    assert wait.high <= 20


def test_a_changed_description_is_followed_at_once(sanban: Sanban, new_hall: New, clock: list[float]) -> None:
    hall, ours = new_hall(), Forecaster(sanban)
    sanban.windows.open(CLERK, hall, "w3")  # serves line a alone
    ours.turn(hall)
    assert sanban.waits.for_new(hall, {"line": "b"}, 0) is None
    described = sanban.halls.get(hall)
    windows = tuple(replace(window, lines=("a", "b")) for window in described.windows)
    services = (*described.services, Service("a9", "a", text("a9")))
    sanban.halls.save(replace(described, windows=windows, services=services), Caller(by="manager"))
    sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a9", "a1")))
    assert ours.turn(hall)
    assert sanban.waits.for_new(hall, {"line": "b"}, 0) is not None


def test_the_leading_follower_keeps_forecasts_fresh(
    sanban: Sanban, new_hall: New, jobs: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    led, other = new_hall(), new_hall()
    assert Lease(sanban.store, other, "follower").hold()
    for hall in (led, other):
        sanban.windows.open(CLERK, hall, "w1")
    monkeypatch.setattr("workers.follower._TURN_MS", 1)
    Follower(sanban, jobs).turn()
    assert sanban.waits.for_new(led, {"line": "a"}, 0) == (0, 5)
    assert sanban.waits.for_new(other, {"line": "a"}, 0) is None


def test_timers_do_not_wait_for_every_halls_forecast(
    sanban: Sanban, new_hall: New, jobs: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    halls = sorted(new_hall() for _ in range(3))
    for hall in halls:
        sanban.windows.open(CLERK, hall, "w1")
    monkeypatch.setattr("workers.follower._TURN_MS", 1)
    monkeypatch.setattr("workers.follower._FORECAST_SECONDS", 0.0)
    follower = Follower(sanban, jobs)
    known = []
    for _ in range(len(halls) + 1):
        known.append(sum(sanban.waits.for_new(hall, {"line": "a"}, 0) is not None for hall in halls))
        follower.turn()
    assert known == [0, 1, 2, 3]
