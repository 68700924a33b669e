"""Opening hours on the hall's own dates, also where the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hall.domain.calendar import Calendar, Span, SpecialDay, Week

HOUR = 3_600_000
OFFICE = ("08:30-11:30", "13:00-16:30")
WEEK = Week(mon=OFFICE, tue=OFFICE, wed=OFFICE, thu=OFFICE, fri=OFFICE, sat=("09:00-11:00",))
MONDAY = date(2026, 11, 23)


def calendar(zone: str = "Asia/Shanghai", week: Week = WEEK, *special: SpecialDay) -> Calendar:
    return Calendar(ZoneInfo(zone), week, {day.date: day for day in special})


def at(where: Calendar, text: str) -> int:
    """ms UTC of a local time "2026-11-23 08:30"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=where.zone).timestamp() * 1000)


@pytest.mark.parametrize(
    ("time", "is_open"),
    [
        ("08:29:59", False),
        ("08:30", True),
        ("11:29:59.999", True),
        ("11:30", False),
        ("12:59", False),
        ("13:00", True),
        ("16:30", False),
    ],
)
def test_a_lunch_break_gives_no_numbers(time: str, is_open: bool) -> None:
    hours = calendar()
    assert hours.is_open(at(hours, f"2026-11-23 {time}")) is is_open


def test_the_next_opening_is_told() -> None:
    hours = calendar()
    assert hours.opens_next(at(hours, "2026-11-23 11:30")) == at(hours, "2026-11-23 13:00")
    assert hours.opens_next(at(hours, "2026-11-28 11:00")) == at(hours, "2026-11-30 08:30"), "over a Sunday"
    assert calendar("Asia/Shanghai", Week()).opens_next(at(hours, "2026-11-23 08:00")) is None


def test_special_days_go_before_the_week() -> None:
    holiday, make_up = SpecialDay(date(2026, 10, 1)), SpecialDay(date(2026, 10, 11), ("09:00-12:00",), "make-up day")
    hours = calendar("Asia/Shanghai", WEEK, holiday, make_up)
    assert not hours.is_open(at(hours, "2026-10-01 09:00")), "a Thursday, but a holiday"
    assert hours.is_open(at(hours, "2026-10-11 09:00")), "a Sunday, but worked"
    assert hours.opens_next(at(hours, "2026-09-30 17:00")) == at(hours, "2026-10-02 08:30")


def test_the_date_is_the_halls_own() -> None:
    hours = calendar()
    assert hours.date_of(at(hours, "2026-11-23 00:00")) == MONDAY
    assert hours.date_of(at(hours, "2026-11-23 00:00") - 1) == date(2026, 11, 22)
    assert datetime.fromtimestamp(at(hours, "2026-11-23 00:00") / 1000, UTC).date() == date(2026, 11, 22)


@pytest.mark.parametrize(("day", "hours_long"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_is_as_long_as_its_zone_makes_it(day: str, hours_long: int) -> None:
    hours = calendar("Europe/Berlin", Week(*[("00:00-24:00",)] * 7))
    begins, ends = hours.ms(date.fromisoformat(day), 0), hours.closes_last(date.fromisoformat(day))
    assert (ends - begins) / HOUR == hours_long
    assert hours.is_open(begins)
    assert hours.is_open(ends - 1)
    assert hours.date_of(ends - 1) == date.fromisoformat(day)


def test_hours_stay_wall_clock_times_when_the_clock_is_changed() -> None:
    hours = calendar("Europe/Berlin", Week(sat=("08:00-12:00",), sun=("08:00-12:00",)))
    for day in ("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"):
        assert hours.is_open(at(hours, f"{day} 08:00"))
        assert not hours.is_open(at(hours, f"{day} 07:59"))
        assert not hours.is_open(at(hours, f"{day} 12:00"))


def test_a_time_that_is_skipped_or_repeated_is_read_once() -> None:
    hours = calendar("Europe/Berlin")
    assert hours.ms(date(2026, 3, 29), 150) == at(hours, "2026-03-29 03:30"), "02:30 is skipped"
    assert hours.ms(date(2026, 10, 25), 150) + HOUR == at(hours, "2026-10-25 03:30") - HOUR, "the first 02:30"


def test_a_hall_west_of_greenwich_has_its_own_evening() -> None:
    hours = calendar("America/New_York", Week(mon=("18:00-24:00",)))
    assert hours.is_open(at(hours, "2026-11-23 23:59:59"))
    assert not hours.is_open(at(hours, "2026-11-24 00:00"))


@pytest.mark.parametrize("text", ["", "8", "08:30", "08:30-08:30", "11:30-08:30", "08:30-24:01", "08:60-09:00", "a-b"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"08:30"):
        Span.parse(text)


def test_a_span_is_written_as_it_is_read() -> None:
    assert str(Span.parse("8:05-24:00")) == "08:05-24:00"
