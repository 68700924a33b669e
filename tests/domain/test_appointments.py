"""Slots of a line, and when they can be booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hall.domain.appointments import Offer, bookable_from, bookable_until, check_lead, check_slot, slots
from hall.domain.booking_errors import BookingTooEarly, BookingTooLate, SlotUnknown
from hall.domain.calendar import Calendar, SpecialDay, Week

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = replace(Week(*[("09:00-11:30", "13:30-15:00")] * 5), fri=("09:00-10:00",))
TUESDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 11, day) for day in (24, 27, 28, 29))


def calendar(*special: SpecialDay, zone: ZoneInfo = SHANGHAI, week: Week | None = None) -> Calendar:
    return Calendar(zone, week or Week(*[("08:30-16:30",)] * 5), {day.date: day for day in special})


def times(of: Calendar, offer: Offer, day: date) -> list[str]:
    return [f"{of.local(slot):%H:%M}" for slot in slots(of, offer, day)]


def test_slots_fill_the_spans_and_leave_the_lunch_break() -> None:
    found = times(calendar(), Offer(WEEK, slot_minutes=30), TUESDAY)
    assert found == ["09:00", "09:30", "10:00", "10:30", "11:00", "13:30", "14:00", "14:30"]


def test_a_slot_that_would_reach_beyond_the_span_is_none() -> None:
    assert times(calendar(), Offer(WEEK, slot_minutes=40), TUESDAY) == ["09:00", "09:40", "10:20", "13:30", "14:10"]
    assert times(calendar(), Offer(WEEK, slot_minutes=70), FRIDAY) == []


def test_a_day_without_appointment_hours_has_no_slots() -> None:
    assert times(calendar(), Offer(WEEK), SATURDAY) == []


def test_a_holiday_has_no_slots() -> None:
    assert times(calendar(SpecialDay(TUESDAY, why="春节")), Offer(WEEK), TUESDAY) == []


def test_a_short_day_cuts_the_appointment_hours() -> None:
    short = SpecialDay(TUESDAY, ("10:00-14:00",))
    assert times(calendar(short), Offer(WEEK, slot_minutes=30), TUESDAY) == ["10:00", "10:30", "11:00", "13:30"]


def test_a_make_up_day_has_the_slots_of_the_weekday_it_works_like() -> None:
    works = calendar(SpecialDay(SATURDAY, like="fri"), SpecialDay(SUNDAY, like="mon"))
    assert times(works, Offer(WEEK, slot_minutes=30), SATURDAY) == ["09:00", "09:30"]
    assert len(times(works, Offer(WEEK, slot_minutes=30), SUNDAY)) == 8
    assert [str(span) for span in works.spans(SATURDAY)] == ["08:30-16:30"]


def test_a_short_make_up_day_has_its_own_hours_and_the_slots_within_them() -> None:
    works = calendar(SpecialDay(SUNDAY, ("10:00-11:00",), like="mon"))
    assert times(works, Offer(WEEK, slot_minutes=30), SUNDAY) == ["10:00", "10:30"]
    assert [str(span) for span in works.spans(SUNDAY)] == ["10:00-11:00"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # clocks go forward at 02:00: 02:00 and 02:30 do not exist
        (date(2026, 3, 29), ["01:00", "01:30", "03:00", "03:30"]),
        # clocks go back at 03:00: 02:00 comes twice, and is offered once
        (date(2026, 10, 25), ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]),
    ],
)
def test_where_clocks_change_every_slot_exists_once(day: date, expected: list[str]) -> None:
    berlin = calendar(zone=ZoneInfo("Europe/Berlin"))
    offer = Offer(Week(sun=("01:00-04:00",)), slot_minutes=30)
    assert times(berlin, offer, day) == expected
    starts = slots(berlin, offer, day)
    assert starts == sorted(set(starts))


def test_a_slot_in_the_hour_that_does_not_exist_is_none() -> None:
    berlin = calendar(zone=ZoneInfo("Europe/Berlin"))
    offer = Offer(Week(sun=("01:00-04:00",)), slot_minutes=40)
    assert times(berlin, offer, date(2026, 3, 29)) == ["01:00", "01:40", "03:00"]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp() * 1000)


def test_a_slot_can_be_booked_from_a_midnight_until_so_many_minutes_before() -> None:
    offer, slot = Offer(WEEK, earliest=7, latest=120), at("2026-11-24 10:00")
    assert bookable_from(calendar(), offer, slot) == at("2026-11-17 00:00")
    assert bookable_until(offer, slot) == at("2026-11-24 08:00")
    for moment in ("2026-11-17 00:00", "2026-11-20 23:00", "2026-11-24 08:00"):
        check_lead(calendar(), offer, slot, at(moment))
    with pytest.raises(BookingTooEarly):
        check_lead(calendar(), offer, slot, at("2026-11-17 00:00") - 1)
    with pytest.raises(BookingTooLate):
        check_lead(calendar(), offer, slot, at("2026-11-24 08:00") + 1)


def test_only_a_time_that_is_a_slot_is_one() -> None:
    offer = Offer(WEEK, slot_minutes=30)
    assert check_slot(calendar(), offer, at("2026-11-24 10:30")) is offer
    for text in ("2026-11-24 10:15", "2026-11-24 12:00", "2026-11-28 10:00"):
        with pytest.raises(SlotUnknown):
            check_slot(calendar(), offer, at(text))
    with pytest.raises(SlotUnknown):
        check_slot(calendar(), None, at("2026-11-24 10:30"))


@pytest.mark.parametrize(
    "wrong", [{"slot_minutes": 4}, {"capacity": 0}, {"earliest": -1}, {"latest": -1}, {"release": (60, 10)}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Offer(WEEK, **wrong)  # type: ignore[arg-type]  # on purpose
