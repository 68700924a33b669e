"""Booked appointments check in: early, in time, within grace, late; by code, link, card; onto an open ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hall.domain.appointments import Booking
from hall.domain.booking_errors import AppointmentOver
from hall.domain.calendar import Week
from hall.domain.errors import (
    AppointmentUsed,
    NoticesOff,
    ServicesMixed,
    TicketOpen,
    TooEarly,
    TooManyTries,
    UnknownAppointment,
)
from hall.domain.notices import Notices
from hall.domain.people import Person
from tests.booking import LI, BookableHall, id_number, lines
from tests.driver import DAY

MINUTE = 60_000


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url)


def test_an_early_one_stands_as_a_walk_in_until_the_slot_comes(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    ticket = hall.at("09:15").check_in(booked)
    assert (ticket["lane"], ticket["queue_time"]) == ("general", hall.ms("09:15"))
    hall.at("10:00").fire_due()
    ticket = hall.ticket(ticket["number"])
    assert (ticket["lane"], ticket["queue_time"]) == ("priority", hall.ms("09:15"))


def test_the_slot_counts_as_taken_45_minutes_before_it(hall: BookableHall) -> None:
    booked = hall.book("10:30")
    for time in ("09:44", "09:46"):
        hall.at(time).issue("a1")
    hall.at("10:20").check_in(booked)
    assert hall.at("10:30").serve_all() == ["A001", "A003", "A002"]


@pytest.mark.parametrize(
    ("arrives", "lane", "counts_from"), [("10:10", "priority", "09:15"), ("10:11", "general", "10:11")]
)
def test_within_grace_the_slot_is_kept_later_it_is_an_ordinary_ticket(
    hall: BookableHall, arrives: str, lane: str, counts_from: str
) -> None:
    booked = hall.book("10:00")
    ticket = hall.at(arrives).check_in(booked)
    assert (ticket["lane"], ticket["queue_time"]) == (lane, hall.ms(counts_from))
    assert hall.state(booked)["state"] == "arrived"


def test_too_early_is_refused_with_the_time(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.at("08:59")
    with pytest.raises(TooEarly) as refused:
        hall.check_in(booked)
    assert refused.value.facts == {"from_": hall.ms("09:00")}
    hall.at("09:00").check_in(booked)


def test_the_day_after_it_is_over(hall: BookableHall) -> None:
    booked = hall.book("15:15")
    hall.at("00:01", "2026-11-25")
    with pytest.raises(AppointmentOver):
        hall.check_in(booked)


def test_an_appointment_checks_in_once_and_says_which_number_it_got(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    number = hall.at("09:30").check_in(booked)["number"]
    with pytest.raises(AppointmentUsed) as refused:
        hall.check_in(booked)
    assert refused.value.facts == {"number": number}


def test_the_same_request_key_checks_in_once(hall: BookableHall) -> None:
    hall.book("10:00", person=LI)
    hall.at("09:30")
    wish = {"key": "k1", "id_number": LI.id_number}
    assert hall.check_in(None, **wish)["number"] == hall.check_in(None, **wish)["number"] == "A001"


def test_a_ticket_and_its_appointment_know_each_other_in_one_entry(hall: BookableHall) -> None:
    booked = hall.book("10:00", "a1", "a2")
    ticket = hall.at("09:30").check_in(booked)
    entry = hall.journal()[-1]
    assert entry.kind == "issued"
    assert entry.ticket == ticket
    assert entry.appointment == hall.state(booked)
    assert (entry.appointment["ticket"], entry.appointment["number"]) == (ticket["id"], ticket["number"])
    assert (ticket["appointment"], ticket["services"]) == (booked.image["id"], "a1,a2")


def test_link_and_address_of_the_qr_code_check_in_too(hall: BookableHall) -> None:
    first, second = hall.book("10:00"), hall.book("10:00")
    hall.at("09:30").check_in(None, appointment=hall.link(first))
    hall.check_in(None, appointment=f"https://hall.example.org/a/{hall.link(second)}")


def test_a_desk_code_may_be_typed_with_spaces(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    assert len(booked.desk_code) == 8
    code = f"{booked.desk_code[:4]} {booked.desk_code[4:]}"
    hall.at("09:30").check_in(None, appointment=code)


def test_a_link_of_another_hall_is_unknown(hall: BookableHall, store_url: str) -> None:
    other = BookableHall(store_url)
    booked, own = other.book("10:00"), hall.book("10:00")
    assert booked.image["id"] == own.image["id"]
    with pytest.raises(UnknownAppointment):
        hall.at("09:30").check_in(None, appointment=other.link(booked))


def test_a_device_cannot_guess_desk_codes(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.at("09:30")
    wrong = f"{(int(booked.desk_code) + 1) % 10**8:08}"
    for _ in range(10):
        with pytest.raises(UnknownAppointment):
            hall.check_in(None, appointment=wrong)
    with pytest.raises(TooManyTries):
        hall.check_in(booked)


def test_a_card_finds_todays_appointment_in_any_line(hall: BookableHall) -> None:
    hall.book("10:00", "b1", person=LI)
    ticket = hall.at("09:30").check_in(None, id_number=LI.id_number)
    assert (ticket["line"], ticket["slot"]) == ("b", hall.ms("10:00"))


def test_a_card_without_an_appointment_still_has_to_choose_a_service(hall: BookableHall) -> None:
    with pytest.raises(ServicesMixed):
        hall.at("09:30").check_in(None, id_number=id_number())


def test_a_card_that_takes_a_number_in_the_line_uses_the_appointment_when_it_may(hall: BookableHall) -> None:
    booked = hall.book("10:00", person=LI)
    for early in ("a1", "b1"):
        number = hall.at("08:30").issue(early, id_number=LI.id_number)
        assert "slot" not in hall.ticket(number)
    hall.tickets.cancel(hall.caller(), hall.token("A001"))
    ticket = hall.at("09:30").place("a2", id_number=LI.id_number).ticket
    assert (ticket["slot"], ticket["services"]) == (hall.ms("10:00"), "a2")
    assert hall.state(booked)["state"] == "arrived"


def test_the_first_of_two_appointments_checks_in_first(hall: BookableHall) -> None:
    hall.change(booking=Booking(per_person_per_day=2))
    hall.book("10:30", "a1", person=LI)
    hall.book("10:00", "b1", person=LI)
    hall.at("09:45")
    assert [hall.check_in(None, id_number=LI.id_number)["line"] for _ in range(2)] == ["b", "a"]
    with pytest.raises(AppointmentUsed):
        hall.check_in(None, id_number=LI.id_number)


def test_the_slot_is_attached_to_the_open_ticket_of_the_line(hall: BookableHall) -> None:
    hall.at("08:05").issue("a1")
    number = hall.at("08:10").issue("a1", id_number=LI.id_number)
    booked = hall.book("09:30", person=LI)
    ticket = hall.at("09:00").check_in(booked)
    assert ticket["number"] == number
    entry = hall.journal()[-1]
    assert (entry.kind, entry.appointment and entry.appointment["state"]) == ("checked_in", "arrived")
    hall.at("09:30").fire_due()
    assert hall.ticket(number)["lane"] == "priority"
    with pytest.raises(TicketOpen):
        hall.issue("a1", id_number=LI.id_number)


def test_booked_people_check_in_whatever_walk_in_hours_and_contingent_say(hall: BookableHall) -> None:
    booked = hall.book("10:00")
    hall.change(hours=Week(), lines=tuple(replace(line, contingent=1) for line in lines()))
    hall.at("09:30").issue("a1", override="a test")
    hall.check_in(booked)


def test_the_booked_number_of_somebody_aged_declares_the_group(hall: BookableHall) -> None:
    booked = hall.book("10:00", person=Person("王奶奶", id_number=id_number("19400101")))
    ticket = hall.at("09:30").check_in(booked)
    assert (ticket["group"], ticket["claim"]) == ("aged", "declared")


def test_the_card_of_somebody_aged_proves_it_at_check_in(hall: BookableHall) -> None:
    card = id_number("19400101")
    hall.book("10:00", person=Person("王奶奶", id_number=card))
    ticket = hall.at("09:30").check_in(None, id_number=card)
    assert (ticket["group"], ticket["claim"]) == ("aged", "proven")


def test_a_phone_is_kept_only_where_it_is_used(hall: BookableHall) -> None:
    hall.at("09:00")
    with pytest.raises(NoticesOff):
        hall.issue("a1", phone="13812345678")
    hall.change(notices=Notices(called_soon=True))
    ticket = hall.place("a1", phone="138 1234 5678").ticket
    assert ticket["notice"] is True
    person = hall.store.reads.hget(f"hall:{{{hall.id}}}:private:{ticket['id']}", "record")
    assert hall.people.get(hall.id, str(person)).phone == "+8613812345678"


def test_who_booked_with_a_phone_is_told_when_the_call_is_near(hall: BookableHall) -> None:
    hall.change(notices=Notices(called_soon=True))
    with_phone, without = hall.book("10:00", person=LI), hall.book("10:00")
    hall.at("09:30")
    assert hall.check_in(with_phone)["notice"] is True
    assert "notice" not in hall.check_in(without)


def test_the_list_of_a_day_shows_masked_people_in_order(hall: BookableHall) -> None:
    hall.book("10:15", person=Person("张三", "13900001111"))
    hall.book("10:00", "b1", person=LI)
    hall.book("10:00", day="2026-11-25")
    listed = hall.appointments.on_date(hall.id, date.fromisoformat(DAY))
    assert [one.person for one in listed] == [
        {"name": "李**", "phone": "138****5678", "id_number": f"310***********{id_number()[-4:]}"},
        {"name": "张*", "phone": "139****1111", "id_number": ""},
    ]
