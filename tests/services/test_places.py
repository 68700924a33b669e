"""How many are before a ticket, and what an idle hall is told."""

from __future__ import annotations

from hall.domain import order
from tests.driver import Driver


def ahead(hall: Driver, number: str) -> dict[str, int] | None:
    return hall.tickets.look(hall.token(number), hall.now)[1].ahead


def test_those_before_a_ticket_are_counted_by_set(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:10").issue()
    hall.at("09:20").issue(claim="veteran")
    assert hall.at("09:30").place().ahead == {"priority": 1, "general": 2}
    assert ahead(hall, "A003") == {"priority": 0, "general": 0}
    assert ahead(hall, "A001") == {"priority": 1, "general": 0}


def test_equal_queue_times_count_in_order_of_issue(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("10:00").issue(claim="veteran")  # counts as 09:00
    assert ahead(hall, "A001") == {"priority": 0, "general": 0}
    assert ahead(hall, "A002") == {"priority": 0, "general": 1}


def test_a_slot_that_has_come_counts_before_anybody_moved_the_ticket(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:20").issue()
    hall.at("09:30").issue(slot="10:00")
    assert ahead(hall, "A003") == {"priority": 0, "general": 2}

    hall.at("10:00")  # the booked one now counts as 09:15
    assert hall.kinds()[-1] == "issued", "nothing has moved it yet"
    assert ahead(hall, "A003") == {"priority": 0, "general": 1}
    assert ahead(hall, "A002") == {"priority": 1, "general": 1}
    assert hall.place().ahead == {"priority": 1, "general": 2}
    assert hall.serve_all() == ["A001", "A003", "A002", "A004"]


def test_the_next_ones_told_to_the_clerk_are_the_next_ones_called(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:30").issue(slot="10:00")
    hall.issue("b1", claim="veteran")
    hall.at("10:00").issue()
    coming = hall.calls.upcoming(hall.caller(), hall.id, "w1", 9)
    assert coming == ["B001", "A001", "A002", "A003"]
    assert hall.serve_all() == coming


def test_an_open_window_is_not_lent_the_private_queue_of_a_clerk_who_sits_elsewhere(hall: Driver) -> None:
    hall.windows.open(hall.caller(clerk="ann"), hall.id, "w1")
    hall.windows.open(hall.caller(), hall.id, "w2")
    seat = order.seat(hall.hall, hall.snapshot().windows, "w2", hall.now, "ann")
    assert "@clerk/ann" not in seat.queues


def test_a_slot_that_comes_is_told_once(hall: Driver) -> None:
    hall.at("09:30").issue(slot="10:00")
    assert hall.timers.next_due(hall.id, hall.now) == hall.at("10:00").now
    for _ in range(2):
        for timer in (f"slot/{hall.ids['A001']}",):
            assert hall.timers.fire(hall.id, timer, hall.now) == "waiting"
    assert hall.kinds().count("slot_due") == 1
    assert hall.timers.due(hall.id, hall.now) == []
