"""Ranges as residents are shown them, kept with the ticket, and measured afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from hall.domain.forecast import Range
from hall.domain.history import History
from hall.domain.hits import Hits
from hall.services.calls import Target
from hall.services.waits import Waits
from hall.store import forecasts
from hall.store.forecasts import LIFE_MS
from hall.store.keys import Keys
from tests.driver import DAY, Driver
from tests.services.people import YOUNG


def refresh(hall: Driver) -> Waits:
    waits = Waits(hall.store, hall.halls)
    waits.refresh(hall.id, History(hall.hall), Random(1).random, now=hall.now)
    return waits


def hits(hall: Driver) -> Hits:
    return Waits(hall.store, hall.halls).hits(hall.id, date.fromisoformat(DAY))


def test_without_a_forecast_nobody_is_told_a_time(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    ticket = hall.place("a1").ticket
    assert "wait_high" not in ticket
    assert Waits(hall.store, hall.halls).for_ticket(hall.id, ticket) is None


def test_a_number_is_issued_with_the_range_it_was_shown(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    for _ in range(6):
        hall.issue("a1")
    waits = refresh(hall)
    ticket = hall.place("a1").ticket
    assert ticket["wait_high"] >= ticket["wait_low"] + 5
    assert ticket["wait_low"] >= 20
    assert waits.for_new(hall.id, {"line": "a"}, hall.now) == (ticket["wait_low"], ticket["wait_high"])
    green = hall.place("a1", claim="veteran").ticket
    assert (green["wait_low"], green["wait_high"]) == (0, 5)


def test_a_waiting_ticket_has_a_range_of_its_own_until_it_is_called(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    first, *_ = [hall.issue("a1") for _ in range(5)]
    waits = refresh(hall)
    assert waits.for_ticket(hall.id, hall.ticket(first)) == (0, 5)
    hall.next("w1")
    assert waits.for_ticket(hall.id, hall.ticket(first)) is None


def test_a_new_number_keeps_its_range_until_the_next_forecast_knows_it(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    for _ in range(6):
        hall.issue("a1")
    waits = refresh(hall)
    number = hall.at("09:00:10").issue("a1")
    ticket = hall.ticket(number)
    assert waits.for_ticket(hall.id, ticket) == (ticket["wait_low"], ticket["wait_high"])
    hall.at("09:00:20").next("w1")
    assert isinstance(refresh(hall).for_ticket(hall.id, hall.ticket(number)), Range)


def test_when_the_last_window_closes_nobody_is_told_a_time(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    number = hall.issue("a1")
    assert refresh(hall).for_ticket(hall.id, hall.ticket(number))
    hall.windows.close(hall.caller(), hall.id, "w1")
    waits = refresh(hall)
    assert waits.for_ticket(hall.id, hall.ticket(number)) is None
    assert "wait_high" not in hall.place("a1").ticket


def test_an_appointment_attached_later_makes_the_shown_range_void(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    refresh(hall)
    assert "wait_high" in hall.place("a1", id_number=YOUNG).ticket
    assert "wait_high" not in hall.place("a1", id_number=YOUNG, slot="09:30").ticket


def test_a_forecast_nobody_renews_is_forgotten(hall: Driver) -> None:
    refresh(hall)
    left = hall.store.reads.pttl(Keys(hall.id).of("forecast"))
    assert 0 < int(str(left)) <= LIFE_MS == 90_000


def test_who_comes_within_a_second_is_told_the_same_forecast(hall: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasts, "_KEPT", 60.0)
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    refresh(hall)
    assert "wait_high" in hall.place("a1").ticket
    hall.store.moves.delete(Keys(hall.id).of("forecast"))
    assert "wait_high" in hall.place("a1").ticket


def test_a_forecast_is_forgotten_soon_after_it_is_gone(hall: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasts, "_KEPT", 0.0)
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    refresh(hall)
    assert "wait_high" in hall.place("a1").ticket
    hall.store.moves.delete(Keys(hall.id).of("forecast"))
    assert "wait_high" not in hall.place("a1").ticket


def test_a_called_ticket_leaves_the_forecast_with_the_next_one(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    number = hall.issue("a1")
    refresh(hall)
    hall.next("w1")
    refresh(hall)
    assert not hall.store.reads.hexists(Keys(hall.id).of("forecast"), hall.ids[number])


def shown_then_called(hall: Driver, called: str) -> str:
    """One who is shown 0 to 5 minutes at nine."""
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    refresh(hall)
    number = hall.issue("a1")
    assert hall.ticket(number)["wait_high"] == 5
    hall.at(called).next("w1")
    return number


@pytest.mark.parametrize(("called", "inside"), [("09:00", 1), ("09:05", 1), ("09:05:01", 0)])
def test_a_shown_range_is_a_hit_when_the_call_comes_within_it(hall: Driver, called: str, inside: int) -> None:
    shown_then_called(hall, called)
    found = hits(hall)
    assert (len(found.called), found.inside, found.rate, found.width) == (1, inside, inside, 5)


def test_the_hit_rate_is_of_one_day_and_of_ranges_that_were_shown(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.next("w1")
    assert hits(hall).rate is None
    assert len(hits(hall).unknown) == 1
    assert Waits(hall.store, hall.halls).hits(hall.id, date(2026, 11, 23)).unknown == set()


def test_a_call_that_was_taken_back_does_not_count_as_the_call(hall: Driver) -> None:
    shown_then_called(hall, "09:01")
    hall.at("09:01:10").calls.undo(hall.caller(), hall.id, "w1")
    hall.at("09:11").next("w1")
    assert (len(hits(hall).called), hits(hall).inside) == (1, 0)


def _more_time(hall: Driver, number: str) -> None:
    hall.tickets.more_time(hall.caller(), hall.token(number))


def _elsewhere(hall: Driver, number: str) -> None:
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line", number)


@pytest.mark.parametrize("change", [_more_time, _elsewhere])
def test_who_changed_places_meanwhile_is_left_out(hall: Driver, change: Callable[[Driver, str], None]) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    refresh(hall)
    change(hall, hall.issue("a1"))
    assert hall.at("09:01").next("w1")
    assert hits(hall).called == {}


def test_who_was_called_out_of_order_is_left_out(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    refresh(hall)
    hall.calls.call(hall.caller(), hall.id, "w1", hall.issue("a1"), "feels unwell")
    assert hits(hall).called == {}
