"""What time does to appointments: reminders, the end of the day, and what no-shows cost."""

from __future__ import annotations

import pytest

from hall.domain.appointments import Booking, Penalty
from hall.domain.booking_errors import AppointmentOver, BookingBlocked
from tests.booking import LI, BookableHall
from tests.driver import DAY

MINUTE = 60_000
NEXT_DAY = "2026-11-25"


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url)


def test_three_no_shows_block_booking_for_a_while_and_nothing_else(hall: BookableHall) -> None:
    hall.change(booking=Booking(per_person_per_day=9, penalty=Penalty(no_shows=3, within=90, days=30)))
    booked = [hall.at("08:00").book(time, person=LI) for time in ("10:00", "10:15", "10:30")]
    hall.at("00:10", NEXT_DAY)
    assert hall.timers.close_day(hall.id, DAY, hall.now).no_shows == 3
    assert {hall.state(one)["state"] for one in booked} == {"no_show"}
    with pytest.raises(BookingBlocked) as refused:
        hall.book("10:00", person=LI, day=NEXT_DAY)
    over = hall.ms("10:30") + 30 * 24 * 60 * MINUTE
    assert refused.value.facts == {"until": over}
    assert hall.issue(id_number=LI.id_number) == "A001"
    hall.book("10:00", day=NEXT_DAY)
    hall.now = over
    hall.book("10:00", person=LI, day="2026-12-25")


def test_no_shows_that_lie_further_apart_do_not_block(hall: BookableHall) -> None:
    hall.change(booking=Booking(per_person_per_day=9, penalty=Penalty(no_shows=2, within=1, days=30)))
    for day, after in ((DAY, NEXT_DAY), ("2026-11-26", "2026-11-27")):
        hall.at("08:00", day).book("10:00", person=LI, day=day)
        hall.at("00:10", after)
        hall.timers.close_day(hall.id, day, hall.now)
    hall.book("10:00", person=LI, day="2026-11-27")


def test_penalties_are_off_unless_the_hall_wants_them(hall: BookableHall) -> None:
    hall.change(booking=Booking(per_person_per_day=9))
    for time in ("10:00", "10:15", "10:30"):
        hall.book(time, person=LI)
    hall.at("00:10", NEXT_DAY)
    hall.timers.close_day(hall.id, DAY, hall.now)
    hall.book("10:00", person=LI, day=NEXT_DAY)


def test_at_day_close_who_did_not_come_is_a_no_show_and_nobody_else(hall: BookableHall) -> None:
    came, missed, cancelled = hall.book("10:00"), hall.book("10:15"), hall.book("10:30")
    tomorrow = hall.book("10:00", day=NEXT_DAY)
    hall.cancel(cancelled)
    hall.at("09:30").check_in(came)
    hall.at("00:10", NEXT_DAY)
    hall.timers.close_day(hall.id, DAY, hall.now)
    states = [hall.state(one)["state"] for one in (came, missed, cancelled, tomorrow)]
    assert states == ["arrived", "no_show", "cancelled", "booked"]
    assert hall.kinds().count("no_show") == 1
    with pytest.raises(AppointmentOver):
        hall.check_in(missed)


def test_a_reminder_is_due_once_before_the_slot_and_follows_a_move(hall: BookableHall) -> None:
    hall.change(booking=Booking(reminder=120))
    booked, cancelled = hall.book("13:30"), hall.book("13:30")
    hall.cancel(cancelled)
    hall.move(booked, "14:30")
    hall.at("12:00").fire_due()
    assert hall.kinds().count("reminder_due") == 0
    hall.at("12:30").fire_due()
    hall.timers.fire(hall.id, f"reminder/{booked.image['id']}", hall.now)
    reminders = [entry for entry in hall.journal() if entry.kind == "reminder_due"]
    assert [entry.appointment["id"] for entry in reminders if entry.appointment] == [booked.image["id"]]


def test_a_cancelled_appointment_leaves_no_timer_but_its_release(hall: BookableHall) -> None:
    hall.change(booking=Booking(reminder=60))
    booked = hall.book("10:00")
    hall.cancel(booked)
    timers = [timer for timer, _ in hall.timers.due(hall.id, hall.now + 10**9)]
    assert timers == [f"release/{booked.image['id']}/a/{booked.image['slot']}"]


def test_a_day_that_is_closed_late_leaves_those_of_today_alone(hall: BookableHall) -> None:
    missed, late = hall.book("10:00"), hall.book("09:00", day=NEXT_DAY)
    hall.at("09:05", NEXT_DAY)
    assert hall.timers.close_day(hall.id, DAY, hall.now).no_shows == 1
    assert [hall.state(one)["state"] for one in (missed, late)] == ["no_show", "booked"]
    hall.check_in(late)
