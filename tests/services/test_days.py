"""Public holidays and make-up workdays in a hall's calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hall.domain.booking_errors import YearUnknown
from hall.domain.calendar import SpecialDay, Week
from hall.services.days import Days, public_days
from tests.booking import BookableHall

WEEK = replace(Week(*[("08:30-16:30",)] * 5), fri=("08:30-12:00",))


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url, hours=WEEK)


def seed(hall: BookableHall, year: int = 2026) -> Days:
    days = Days(hall.moves)
    days.seed(hall.caller("staff:boss"), hall.id, year)
    return days


def spans(hall: BookableHall, day: str) -> list[str]:
    return [str(span) for span in hall.halls.get(hall.id).calendar.spans(date.fromisoformat(day))]


def test_holidays_are_closed_and_make_up_days_work_like_their_neighbour(hall: BookableHall) -> None:
    seed(hall)
    assert spans(hall, "2026-02-17") == []  # the Spring Festival, a Tuesday
    assert spans(hall, "2026-02-14") == ["08:30-12:00"]  # a Saturday like Friday
    assert spans(hall, "2026-09-20") == ["08:30-16:30"]  # a Sunday like Monday
    assert spans(hall, "2026-02-07") == []
    assert spans(hall, "2026-02-24") == ["08:30-16:30"]
    special = hall.halls.get(hall.id).calendar.special[date(2026, 2, 14)]
    assert (special.why, special.seeded) == ("春节调休", True)


def test_appointments_follow_the_special_days(hall: BookableHall) -> None:
    seed(hall)
    assert len(hall.slots.on(hall.id, "a", date(2026, 2, 14), hall.now)) == 18
    assert hall.slots.on(hall.id, "a", date(2026, 2, 17), hall.now) == []


def test_what_a_manager_wrote_wins_and_stays_when_seeded_again(hall: BookableHall) -> None:
    by_hand = SpecialDay(date(2026, 2, 17), ("09:00-11:00",), why="春节值班")
    moved = SpecialDay(date(2026, 7, 1), why="hall is moved")
    hall.change(days=(by_hand, moved))
    days = seed(hall)
    seeded = days.seed(hall.caller(), hall.id, 2026)
    assert spans(hall, "2026-02-17") == ["09:00-11:00"]
    assert seeded.by_hand == (by_hand.date, moved.date)
    dates = [day.date for day in hall.halls.get(hall.id).days]
    assert dates == sorted(set(dates))
    assert len(seeded.written) == len(public_days(2026)) - 1


def test_other_years_stay(hall: BookableHall) -> None:
    seed(hall, 2025)
    seed(hall, 2026)
    assert {day.date.year for day in hall.halls.get(hall.id).days} == {2025, 2026}


def test_a_year_that_is_not_announced_is_said_so_and_nothing_changes(hall: BookableHall) -> None:
    before = hall.halls.get(hall.id)
    with pytest.raises(YearUnknown) as refused:
        seed(hall, 2099)
    assert refused.value.facts == {"year": 2099}
    assert hall.halls.get(hall.id) == before


def test_the_days_survive_a_round_through_the_file(hall: BookableHall) -> None:
    seed(hall)
    assert hall.halls.get(hall.id).days == tuple(public_days(2026))


def test_from_november_on_the_hall_is_warned_while_next_year_is_unknown(hall: BookableHall) -> None:
    days = Days(hall.moves)
    assert days.calendar_warning(hall.id, hall.at("23:59", "2026-10-31").now) is None
    assert days.calendar_warning(hall.id, hall.at("00:00", "2026-11-01").now) == 2027
    hall.halls.save(replace(hall.hall, days=(SpecialDay(date(2027, 1, 1)),)), hall.caller())
    assert days.calendar_warning(hall.id, hall.now) is None
