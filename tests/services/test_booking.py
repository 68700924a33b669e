"""Residents book, change and give up appointments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hall.domain.booking_errors import (
    AppointmentCancelled,
    BadPhone,
    BookingLimit,
    BookingTooEarly,
    BookingTooLate,
    ChangesUsedUp,
    PersonMissing,
    SlotFull,
    SlotUnknown,
)
from hall.domain.errors import BadIdentityNumber, KeyReused, ServicesMixed, UnknownAppointment
from hall.domain.office_errors import ClosedToday
from hall.domain.people import Person
from hall.domain.texts import Text
from hall.services.office import Office
from tests.booking import LI, OFFER, BookableHall, id_number, lines
from tests.driver import DAY

MINUTE = 60_000
NEXT_DAY = "2026-11-25"


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url)


def test_a_place_is_taken_by_booking_and_the_last_one_only_once(hall: BookableHall) -> None:
    assert hall.left("10:00") == 2
    hall.book("10:00")
    assert hall.left("10:00") == 1
    hall.book("10:00")
    assert hall.left("10:00") == 0
    with pytest.raises(SlotFull):
        hall.book("10:00")
    assert hall.left("10:15") == 2


def test_nothing_is_booked_for_a_day_for_which_the_hall_was_closed(hall: BookableHall) -> None:
    booked, office = hall.book("10:00", day=NEXT_DAY), Office(hall.moves)
    office.close(hall.caller(), hall.id, Text("停电", "No power"), "power cut")
    with pytest.raises(ClosedToday) as refusal:
        hall.book("10:00")
    assert refusal.value.facts == {"zh": "停电", "en": "No power"}
    with pytest.raises(ClosedToday):
        hall.move(booked, "10:00")
    today = hall.slots.on(hall.id, "a", date.fromisoformat(DAY), hall.now)
    assert {slot.refusal for slot in today} == {"CLOSED_TODAY"}
    days = hall.slots.days(hall.id, "a", hall.now)
    assert (days[0].left, days[0].told) == (0, Text("停电", "No power"))
    assert days[1].left > 0 and days[1].told is None
    hall.book("11:00", day=NEXT_DAY)
    office.open(hall.caller(), hall.id, "again")
    hall.move(booked, "10:00")


def test_lines_have_places_of_their_own(hall: BookableHall) -> None:
    hall.book("10:00", "b1")
    with pytest.raises(SlotFull):
        hall.book("10:00", "b1")
    hall.book("10:00", "a1")


def test_only_slots_of_the_line_can_be_booked(hall: BookableHall) -> None:
    for time in ("10:05", "11:30", "12:00", "08:45"):
        with pytest.raises(SlotUnknown):
            hall.book(time)
    with pytest.raises(SlotUnknown):
        hall.book("10:00", day="2026-11-28")
    hall.change(lines=(replace(hall.hall.lines[0], appointments=None), hall.hall.lines[1]))
    with pytest.raises(SlotUnknown):
        hall.book("10:00")


def test_lead_times_are_kept_to_the_millisecond(hall: BookableHall) -> None:
    hall.at("09:00").book("10:00")
    hall.now += 1
    with pytest.raises(BookingTooLate) as refused:
        hall.book("10:00")
    assert refused.value.facts == {"until": hall.ms("09:00")}
    hall.at("23:59", "2026-11-09")
    with pytest.raises(BookingTooEarly) as early:
        hall.book("10:00")
    assert early.value.facts == {"from_": hall.ms("00:00", "2026-11-10")}
    hall.at("00:00", "2026-11-10").book("10:00")


def test_services_of_two_lines_need_two_appointments(hall: BookableHall) -> None:
    with pytest.raises(ServicesMixed):
        hall.book("10:00", "a1", "b1")
    assert hall.book("10:00", "a1", "a2").image["services"] == "a1,a2"


def test_a_person_has_so_many_appointments_a_day(hall: BookableHall) -> None:
    first = hall.book("10:00", person=LI)
    with pytest.raises(BookingLimit) as refused:
        hall.book("10:15", person=LI)
    assert refused.value.facts == {"limit": 1}
    hall.book("10:15", person=LI, day=NEXT_DAY)
    hall.cancel(first)
    hall.book("10:30", person=LI)


def test_who_books_by_phone_under_other_names_is_counted_as_one(hall: BookableHall) -> None:
    hall.book("10:00", person=Person("甲", "13812345678"))
    with pytest.raises(BookingLimit):
        hall.book("10:15", person=Person("乙", "+86 138-1234-5678"))
    hall.book("10:15", person=Person("乙", "13812345678", id_number()))


def test_an_appointment_needs_a_name_and_a_number_that_is_right(hall: BookableHall) -> None:
    for person, refusal in [
        (Person(phone="13812345678"), PersonMissing),
        (Person("王某"), PersonMissing),
        (Person("王某", "12345"), BadPhone),
        (Person("王某", id_number="310107196001010021"), BadIdentityNumber),
    ]:
        with pytest.raises(refusal):
            hall.book("10:00", person=person)
    assert hall.left("10:00") == 2


def test_the_same_request_key_books_once(hall: BookableHall) -> None:
    first = hall.book("10:00", person=LI, key="k1")
    again = hall.book("10:00", person=LI, key="k1")
    assert again == first
    assert hall.left("10:00") == 1
    with pytest.raises(KeyReused):
        hall.book("10:15", person=LI, key="k1")


def test_a_cancelled_place_is_free_after_a_random_time_within_the_range(hall: BookableHall) -> None:
    hall.change(lines=lines(replace(OFFER, capacity=1)))
    released = []
    for time in ("13:30", "14:00", "14:30"):
        booked = hall.book(time)
        hall.cancel(booked)
        assert hall.left(time) == 0
        due = hall.timers.next_due(hall.id, hall.now)
        assert due is not None
        released.append(due - hall.now)
        hall.now = due - 1
        assert hall.fire_due() == []
        hall.now = due
        assert hall.fire_due() == ["done"]
        assert hall.left(time) == 1
    assert all(10 * MINUTE <= delay <= 60 * MINUTE for delay in released)
    assert len(set(released)) == 3
    released_entries = [entry for entry in hall.journal() if entry.kind == "place_released"]
    assert released_entries[0].facts == {"line": "a", "slot": hall.ms("13:30"), "taken": 0}


def test_a_release_that_runs_twice_or_late_frees_one_place(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.book("10:00")
    hall.cancel(booked)
    hall.at("09:30")
    timer = f"release/{booked.image['id']}/a/{booked.image['slot']}"
    assert [hall.timers.fire(hall.id, timer, hall.now) for _ in range(2)] == ["done", "done"]
    assert hall.left("10:00") == 1
    assert hall.kinds().count("place_released") == 1


def test_a_moved_appointment_takes_the_new_place_at_once_and_gives_the_old_one_later(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    moved = hall.move(booked, "11:00")
    assert (moved.image["slot"], moved.image["changes"]) == (hall.ms("11:00"), 1)
    assert moved.desk_code == booked.desk_code
    assert (hall.left("10:00"), hall.left("11:00")) == (1, 1)
    hall.at("09:00").fire_due()
    assert (hall.left("10:00"), hall.left("11:00")) == (2, 1)


def test_who_moves_back_has_the_place_that_was_still_held(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.book("10:00")
    hall.move(booked, "11:00")
    hall.move(booked, "10:00")
    hall.at("09:30").fire_due()
    assert (hall.left("10:00"), hall.left("11:00")) == (0, 2)


def test_moving_to_a_full_slot_keeps_the_old_one(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.book("10:15")
    hall.book("10:15")
    with pytest.raises(SlotFull):
        hall.move(booked, "10:15")
    assert hall.state(booked)["slot"] == hall.ms("10:00")


def test_a_resident_moves_an_appointment_three_times_staff_always(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    for time in ("10:15", "10:30", "10:45"):
        hall.move(booked, time)
    with pytest.raises(ChangesUsedUp):
        hall.move(booked, "11:00")
    hall.move(booked, services=("a2",))
    assert hall.move(booked, "11:00", by="staff:ann").image["services"] == "a2"


def test_services_of_another_line_need_a_slot_there(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.book("10:00", "b1")
    with pytest.raises(SlotFull):
        hall.move(booked, services=("b1",))
    moved = hall.move(booked, "10:15", services=("b1",))
    assert (moved.image["line"], hall.left("10:15", "b")) == ("b", 0)


def test_a_move_keeps_the_limit_of_the_new_day(hall: BookableHall) -> None:
    hall.book("10:00", person=LI)
    other = hall.book("10:00", person=LI, day=NEXT_DAY)
    with pytest.raises(BookingLimit):
        hall.move(other, "11:00")
    hall.move(other, "11:00", day=NEXT_DAY)


def test_when_the_slot_has_come_it_is_too_late_to_cancel_or_move(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.at("10:00")
    for do in (lambda: hall.cancel(booked), lambda: hall.move(booked, "15:00")):
        with pytest.raises(BookingTooLate):
            do()


def test_a_cancelled_appointment_stays_cancelled(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.cancel(booked)
    for do in (lambda: hall.cancel(booked), lambda: hall.move(booked, "11:00"), lambda: hall.check_in(booked)):
        with pytest.raises(AppointmentCancelled):
            do()


def test_a_link_that_was_not_made_here_opens_nothing(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    link = hall.link(booked)
    assert hall.appointments.look(link)[1].image == booked.image
    last = "A" if link[-1] != "A" else "B"
    for bad in (link[:-1] + last, "", f"{hall.id}.0000000001", hall.secrets.ticket_token(hall.id, "0000000001")):
        with pytest.raises(UnknownAppointment):
            hall.appointments.look(bad)


def test_days_ahead_say_what_is_left_and_why_a_day_is_closed(hall: BookableHall) -> None:
    hall.book("10:00")
    days = hall.slots.days(hall.id, "a", hall.now)
    assert (days[0].date, days[-1].date) == (date(2026, 11, 24), date(2026, 12, 8))
    # 18 slots of 2 places; at 08:00 every slot from 09:00 on can be booked
    assert (days[0].slots, days[0].left) == (18, 35)
    assert (days[4].slots, days[4].left) == (0, 0)


def test_a_slot_says_why_it_cannot_be_booked(hall: BookableHall) -> None:
    for _ in range(2):
        hall.book("10:30")
    hall.at("09:01")
    found = {hall.ms("10:00"): "BOOKING_TOO_LATE", hall.ms("10:30"): "SLOT_FULL", hall.ms("10:45"): None}
    slots = {slot.start: slot.refusal for slot in hall.slots.on(hall.id, "a", date.fromisoformat(DAY), hall.now)}
    assert {start: slots[start] for start in found} == found


def test_no_two_appointments_have_one_desk_code(hall: BookableHall, monkeypatch: pytest.MonkeyPatch) -> None:
    first = hall.book("10:00")
    chance = iter([int(first.desk_code)] * 7 + [12345678])
    monkeypatch.setattr("secrets.randbelow", lambda _: next(chance))
    assert hall.book("10:00").desk_code == "12345678"
