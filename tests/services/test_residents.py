"""What a resident may do with a ticket: come back, ask for time, give it up, bring a missing paper."""

from __future__ import annotations

import pytest

from hall.domain.errors import MoreTimeUsedUp, MoveNotLegal, SlipUsed, UnknownTicket
from hall.domain.policy import MINUTE
from hall.services.calls import Finish, Target
from hall.store.keys import Keys
from tests.driver import Driver
from tests.services.people import OLD, YOUNG


def miss(hall: Driver, number: str, *, shown: bool = True) -> None:
    hall.calls.call(hall.caller(), hall.id, "w1", number, "told to")
    if shown:
        hall.tickets.shown(hall.caller(), hall.id, hall.ids[number], hall.ticket(number)["calls"])
    hall.calls.miss(hall.caller(), hall.id, "w1")


def back(hall: Driver, number: str) -> int:
    """Come back; the new queue time."""
    return int(hall.tickets.come_back(hall.caller(), hall.token(number)).ticket["queue_time"])


def minutes_past(hall: Driver, time: str, queue_time: int) -> float:
    now = hall.now
    base = hall.at(time).now
    hall.now = now
    return (queue_time - base) / MINUTE


def test_who_missed_a_shown_call_comes_back_fifteen_minutes_later(hall: Driver) -> None:
    hall.at("09:00").issue()
    miss(hall.at("09:10"), "A001")
    assert minutes_past(hall, "09:00", back(hall.at("09:40"), "A001")) == 15


def test_a_call_no_display_ever_showed_costs_nothing(hall: Driver) -> None:
    hall.at("09:00").issue()
    miss(hall.at("09:10"), "A001", shown=False)
    assert minutes_past(hall, "09:00", back(hall.at("09:40"), "A001")) == 0


def test_who_comes_back_later_than_half_an_hour_is_a_new_arrival_with_the_same_number(hall: Driver) -> None:
    hall.at("09:00").issue(claim="veteran")
    miss(hall.at("09:10"), "A001")
    hall.at("09:40").now += 1
    assert back(hall, "A001") == hall.now - 60 * MINUTE
    ticket = hall.ticket("A001")
    assert (ticket["arrived"], ticket.get("shift")) == (hall.now, None)


def test_who_comes_back_a_second_time_is_a_new_arrival(hall: Driver) -> None:
    hall.at("09:00").issue()
    miss(hall, "A001")
    back(hall, "A001")
    miss(hall.at("09:05"), "A001")
    assert minutes_past(hall, "09:06", back(hall.at("09:06"), "A001")) == 0


def test_more_time_is_given_twice_and_ten_minutes_each(hall: Driver) -> None:
    hall.at("09:00").issue()
    token = hall.token("A001")
    assert [
        minutes_past(hall, "09:00", hall.tickets.more_time(hall.caller(), token).ticket["queue_time"]) for _ in range(2)
    ] == [10, 20]
    with pytest.raises(MoreTimeUsedUp) as refusal:
        hall.tickets.more_time(hall.caller(), token)
    assert refusal.value.facts == {"times": 2}


def test_a_ticket_cancelled_at_a_window_frees_the_window(hall: Driver) -> None:
    hall.issue()
    hall.issue()
    hall.next("w1")
    hall.tickets.cancel(hall.caller("resident"), hall.token("A001"))
    entry = hall.journal()[-1]
    assert (entry.kind, "ticket" in entry.window) == ("cancelled", False)
    assert hall.next("w1") == "A002"


def test_a_ticket_that_is_served_cannot_be_cancelled(hall: Driver) -> None:
    hall.issue()
    hall.next("w1")
    hall.calls.start(hall.caller(), hall.id, "w1")
    with pytest.raises(MoveNotLegal) as refusal:
        hall.tickets.cancel(hall.caller(), hall.token("A001"))
    assert refusal.value.facts == {"move": "cancel", "state": "serving", "number": "A001"}


def test_numbers_go_on_with_four_digits_after_999(hall: Driver) -> None:
    hall.store.moves.hset(Keys(hall.id).of("counters", "2026-11-24"), "a", "998")
    assert [hall.issue(), hall.issue(), hall.issue()] == ["A999", "A1000", "A1001"]
    assert hall.serve_all() == ["A999", "A1000", "A1001"]


def test_numbers_start_again_on_the_next_date_and_old_ones_are_not_found(hall: Driver) -> None:
    hall.at("23:59").issue()
    hall.at("00:00", day="2026-11-25")
    with pytest.raises(UnknownTicket):
        hall.ticket("A001")
    assert hall.issue() == "A001"
    assert hall.ticket("A001")["date"] == "2026-11-25"


# Slips: papers missing -----------------------------------------------------------------------------


def send_for_papers(hall: Driver, number: str = "A001") -> str:
    """The person is sent for a missing paper; the slip."""
    hall.calls.call(hall.caller(), hall.id, "w1", number, "told to")
    hall.calls.finish(hall.caller(), hall.id, "w1", Finish("papers_missing"))
    return hall.token(number)


def test_a_slip_gives_the_old_place_back(hall: Driver) -> None:
    hall.at("09:00").issue()
    slip = send_for_papers(hall.at("09:20"))
    hall.at("09:30").issue()
    assert hall.at("09:59").issue(slip=slip) == "A003"
    assert minutes_past(hall, "09:00", hall.ticket("A003")["queue_time"]) == 0
    assert hall.serve_all() == ["A003", "A002"]


def test_a_slip_gives_no_more_than_a_green_head_start(hall: Driver) -> None:
    hall.at("09:00").issue()
    slip = send_for_papers(hall.at("09:20"))
    hall.at("11:00").issue(slip=slip)
    assert minutes_past(hall, "10:00", hall.ticket("A002")["queue_time"]) == 0
    assert hall.ticket("A002")["lane"] == "general"


def test_a_slip_never_makes_the_place_worse_than_a_new_number(hall: Driver) -> None:
    hall.at("09:00").issue()
    for _ in range(2):
        hall.tickets.more_time(hall.caller(), hall.token("A001"))
    slip = send_for_papers(hall.at("09:05"))
    hall.at("09:10").issue(slip=slip)
    assert hall.ticket("A002")["queue_time"] == hall.now


def test_slip_and_head_start_do_not_add_up(hall: Driver) -> None:
    hall.at("09:00").issue(id_number=OLD)
    slip = send_for_papers(hall.at("09:20"))
    hall.at("09:30").issue(id_number=OLD, slip=slip)
    assert minutes_past(hall, "08:30", hall.ticket("A002")["queue_time"]) == 0
    hall.calls.verify(hall.caller(), hall.id, "w1", confirmed=False, number="A002")
    assert minutes_past(hall, "08:30", hall.ticket("A002")["queue_time"]) == 0, "the old place stays"


def test_a_refused_claim_leaves_the_place_of_the_slip(hall: Driver) -> None:
    hall.at("09:00").issue()
    slip = send_for_papers(hall.at("09:20"))
    hall.at("09:30").issue(slip=slip, claim="veteran")
    assert minutes_past(hall, "08:30", hall.ticket("A002")["queue_time"]) == 0
    hall.calls.verify(hall.caller(), hall.id, "w1", confirmed=False, number="A002")
    assert minutes_past(hall, "09:00", hall.ticket("A002")["queue_time"]) == 0


def test_slip_and_slot_do_not_add_up(hall: Driver) -> None:
    hall.at("09:00").issue()
    slip = send_for_papers(hall.at("09:20"))
    hall.at("10:30").issue(slip=slip, slot="10:30")
    assert minutes_past(hall, "09:30", hall.ticket("A002")["queue_time"]) == 0


def test_a_slip_is_good_once(hall: Driver) -> None:
    hall.issue()
    slip = send_for_papers(hall)
    hall.issue(slip=slip)
    with pytest.raises(SlipUsed):
        hall.issue(slip=slip)


def test_a_slip_is_good_on_its_day_alone(hall: Driver) -> None:
    hall.at("23:59").issue()
    slip = send_for_papers(hall)
    with pytest.raises(SlipUsed):
        hall.at("00:01", day="2026-11-25").issue(slip=slip)


def test_a_ticket_that_ended_otherwise_is_no_slip(hall: Driver) -> None:
    hall.issue()
    hall.next("w1")
    hall.calls.finish(hall.caller(), hall.id, "w1")
    with pytest.raises(SlipUsed):
        hall.issue(slip=hall.token("A001"))


def test_a_slip_counts_from_its_return_in_another_line(hall: Driver) -> None:
    hall.at("09:00").issue()
    slip = send_for_papers(hall.at("09:20"))
    hall.at("09:30").issue("b1", slip=slip)
    assert hall.ticket("B001")["queue_time"] == hall.now


def test_the_line_of_a_slip_is_the_one_that_sent_for_the_paper(hall: Driver) -> None:
    hall.at("09:00").issue(id_number=YOUNG)
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line", "A001")
    slip = send_for_papers(hall.at("09:20"))
    hall.at("09:30").issue("b1", slip=slip)
    assert minutes_past(hall, "09:00", hall.ticket("B001")["queue_time"]) == 0


def test_a_slips_place_is_gone_for_who_comes_back_as_a_new_arrival(hall: Driver) -> None:
    hall.at("09:00").issue()
    slip = send_for_papers(hall.at("09:20"))
    hall.at("09:30").issue(slip=slip)
    miss(hall, "A002")
    assert back(hall.at("10:30"), "A002") == hall.now
