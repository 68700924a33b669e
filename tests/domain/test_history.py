"""What the journal teaches about days to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from hall.domain.halls import Service
from hall.domain.history import History
from hall.domain.policy import MINUTE
from hall.services.calls import Finish, Target
from tests.driver import Driver, text


def learned(hall: Driver) -> History:
    history = History(hall.hall)
    for entry in hall.journal():
        history.follow(entry)
    return history


def serve(hall: Driver, called: str, started: str | None, finished: str, window: str = "w1") -> None:
    hall.at(called).next(window)
    if started:
        hall.at(started).calls.start(hall.caller(), hall.id, window)
    hall.at(finished).calls.finish(hall.caller(), hall.id, window, Finish())


def test_a_service_lasts_from_start_to_finish(hall: Driver) -> None:
    for _ in range(3):
        hall.at("09:00").issue("a1")
    serve(hall, "09:00", "09:01", "09:08")
    serve(hall, "09:09", "09:10", "09:15")
    hall.at("09:16").windows.close(hall.caller(), hall.id, "w1")

    durations = learned(hall).durations
    assert len(durations.services["a1"]) == 2
    assert durations.services["a1"].mean() == pytest.approx((5 * 8 + 7 + 5) * MINUTE / 7)
    assert len(durations.walk) == 2


def test_a_ticket_that_was_never_started_teaches_nothing_about_services(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    serve(hall, "09:00", None, "09:08")
    hall.windows.close(hall.caller(), hall.id, "w1")
    assert len(learned(hall).durations.services["a1"]) == 0


def test_an_end_that_was_taken_back_is_no_end(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    serve(hall, "09:00", "09:01", "09:02")
    hall.at("09:02:10").calls.undo(hall.caller(), hall.id, "w1")
    hall.at("09:11").calls.finish(hall.caller(), hall.id, "w1")
    hall.at("09:12").windows.close(hall.caller(), hall.id, "w1")

    durations = learned(hall).durations
    assert len(durations.services["a1"]) == 1
    assert durations.services["a1"].mean() == pytest.approx((5 * 8 + 10) * MINUTE / 6)


def test_an_end_that_was_taken_back_for_good_teaches_nothing(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    serve(hall, "09:00", "09:01", "09:02")
    hall.at("09:02:10").calls.undo(hall.caller(), hall.id, "w1")
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line")
    hall.windows.close(hall.caller(), hall.id, "w1")
    assert len(learned(hall).durations.services["a1"]) == 0


def test_a_service_the_hall_adds_is_known_from_then_on(hall: Driver) -> None:
    history = learned(hall)
    longer = tuple(replace(service, minutes=30) for service in hall.hall.services)
    history.describe(replace(hall.hall, services=(*longer, Service("a9", "a", text("a9"), minutes=20))))
    assert history.durations.services["a9"].assumed == 20 * MINUTE
    assert history.durations.services["a1"].assumed == 30 * MINUTE


def test_only_time_in_which_somebody_waited_is_a_gap_between_visitors(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.at("09:05").issue("a1")
    serve(hall, "09:00", "09:01", "09:08")
    serve(hall, "09:10", "09:10", "09:12")  # waited since 9:05: a gap of two minutes
    hall.at("09:20").issue("a1")
    serve(hall, "09:21", "09:21", "09:22")  # nobody was there before 9:20
    assert len(learned(hall).durations.gap) == 1


def test_those_who_did_not_come_are_counted(hall: Driver) -> None:
    before = learned(hall).durations.shows
    hall.at("09:00").issue("a1")
    hall.next("w1")
    hall.at("09:02").calls.miss(hall.caller(), hall.id, "w1")
    durations = learned(hall).durations
    assert durations.shows < before
    assert len(durations.missed) == 1


def test_a_pause_lasts_until_the_clerk_is_back(hall: Driver) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    hall.at("10:00").windows.pause(hall.caller(), hall.id, "w1")
    hall.at("10:30").windows.resume(hall.caller(), hall.id, "w1")
    assert learned(hall).durations.pause.mean() == pytest.approx((5 * 10 + 30) * MINUTE / 6)


def test_the_last_leave_of_a_day_counts_only_while_people_waited(make_hall: Callable[..., Driver]) -> None:
    for waits, counts in ((True, 1), (False, 0)):
        hall = make_hall()
        hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
        if waits:
            hall.issue("a1")
        hall.at("16:00").windows.close(hall.caller(), hall.id, "w1")
        (day,) = learned(hall).days.values()
        assert sum(not change.there for change in day.absences()) == counts


def test_days_keep_who_came_with_priority_and_how_early(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.issue("a2", claim="veteran")
    hall.issue("b1", slot="09:12")
    history = learned(hall)
    (day,) = history.days.values()
    assert [(came.line, came.services, came.green is not None, came.early) for came in day.came] == [
        ("a", "a2", True, None),
        ("b", "b1", False, 12 * MINUTE),
    ]
    assert {came.after for came in day.came} == {9 * 60 * MINUTE}
    assert history.early[-1] == 12 * MINUTE


def test_only_other_days_on_which_people_were_called_stand_for_today(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    assert learned(hall).past_days(date(2026, 11, 25)) == []
    hall.next("w1")
    assert len(learned(hall).past_days(date(2026, 11, 25))) == 1
    assert learned(hall).past_days(date(2026, 11, 24)) == []
