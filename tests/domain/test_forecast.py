"""The range somebody is shown."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from hall.domain.forecast import Expected, Forecast, Picture, Range, forecast, span
from hall.domain.halls import Hall
from hall.domain.history import Came, Change, Day, History
from hall.domain.policy import MINUTE
from hall.domain.virtual import NEVER
from tests.driver import small_hall

HALL = small_hall("x")
NOON = 1_790_000_000_000 // 86_400_000 * 86_400_000 + 4 * 3_600_000  # 12:00 in Shanghai
MIDNIGHT = NOON - 12 * 3_600_000
YESTERDAY = HALL.calendar.date_of(NOON - 86_400_000)


def ticket(number: int, queue: str = "a", minutes_ago: float = 0, **fields: Any) -> dict[str, Any]:
    arrived = NOON - int(minutes_ago * MINUTE)
    about = {"id": f"{number:010d}", "line": queue, "queue": queue, "services": f"{queue}1", "state": "waiting"}
    return {**about, "arrived": arrived, **fields}


def picture(*tickets: dict[str, Any], windows: dict[str, Any] | None = None, hall: Hall = HALL) -> Picture:
    """The hall at noon; `windows`: state or (open window's) ticket id, the others are closed."""
    images = {}
    for name, what in (windows if windows is not None else {"w1": "open"}).items():
        known = what in ("open", "paused", "closed")
        images[name] = {"id": name, "state": what if known else "open", "since": NOON}
        if not known:
            images[name]["ticket"] = what
    return Picture(hall, NOON, {one["id"]: one for one in tickets}, images)


def settled() -> History:
    """Every service takes ten minutes, nobody dawdles."""
    history = History(HALL)
    for _ in range(200):
        for service in ("a1", "a2", "b1"):
            history.durations.served(service, 10 * MINUTE)
        history.durations.came(1000)
        history.durations.gap.add(1)
    return history


def shown(now: Picture, history: History | None = None) -> Forecast:
    return forecast(now, history or settled(), Random(1).random)


def test_a_range_goes_outward_to_five_minutes_and_is_never_empty() -> None:
    minutes = [*range(1, 101)]
    assert span([n * MINUTE for n in minutes]) == Range(20, 80)
    assert span([(n + 1) * MINUTE for n in minutes]) == Range(20, 85)
    assert span([0] * 100) == Range(0, 5)
    assert span([10 * MINUTE] * 100) == Range(10, 15)


def test_when_many_runs_never_come_to_a_call_nobody_can_say() -> None:
    assert span([0] * 81 + [NEVER] * 19) == Range(0, 5)
    assert span([0] * 79 + [NEVER] * 21) is None


def test_people_are_told_by_how_many_are_before_them() -> None:
    found = shown(picture(*(ticket(n, minutes_ago=30 - n) for n in range(1, 6))))
    assert [found.tickets[f"{n:010d}"] for n in range(1, 6)] == [(0, 5), (10, 15), (20, 25), (30, 35), (40, 45)]
    assert found.lines["a"]["general"] == (50, 55)
    assert found.lines["a"]["green"] == (0, 5)
    assert found.lines["a"]["appointment"] == (0, 5)


def test_who_is_served_already_is_waited_for_as_long_as_it_is_likely_to_last() -> None:
    here = ticket(1, minutes_ago=20, state="serving", called_at=NOON - 4 * MINUTE, started_at=NOON - 4 * MINUTE)
    found = shown(picture(here, ticket(2), windows={"w1": here["id"]}))
    assert found.tickets == {"0000000002": (5, 10)}


def test_no_window_and_no_word_of_one_is_unknown() -> None:
    found = shown(picture(ticket(1), windows={}))
    assert found.tickets == {"0000000001": None}
    assert found.lines["a"] == {"general": None, "green": None, "appointment": None}


def test_a_line_no_open_window_serves_is_unknown_while_others_are_known() -> None:
    found = shown(picture(ticket(1, "a"), ticket(2, "b"), windows={"w3": "open"}))  # w3 serves line a alone
    assert found.tickets == {"0000000001": (0, 5), "0000000002": None}


def beside_a_busy_window(state: str, history: History) -> Range | None:
    """What the second of two who wait is told: w3 has just begun a service, w1 is in some state."""
    busy = ticket(3, state="serving", called_at=NOON, started_at=NOON)
    windows = {"w1": state, "w3": busy["id"]}
    return shown(picture(ticket(1), ticket(2), busy, windows=windows), history).tickets["0000000002"]


def test_a_paused_window_is_expected_back_as_after_other_pauses() -> None:
    history = settled()
    for _ in range(200):
        history.durations.pause.add(12 * MINUTE)
    assert beside_a_busy_window("open", history) == (10, 15)
    assert beside_a_busy_window("paused", history) == (10, 15)
    assert beside_a_busy_window("closed", history) == (20, 25)


def test_a_window_closed_now_is_expected_when_it_opened_on_other_days() -> None:
    history = settled()
    history.days = {YESTERDAY: Day([], [Change(NOON - MIDNIGHT + 12 * MINUTE, "w1", True, True)], 1)}
    assert beside_a_busy_window("closed", history) == (10, 15)


def test_while_the_only_window_is_away_nobody_is_told_a_time() -> None:
    history = settled()
    history.days = {YESTERDAY: Day([], [Change(NOON - MIDNIGHT + 12 * MINUTE, "w1", True, True)], 1)}
    for state in ("paused", "closed"):
        found = shown(picture(ticket(1), windows={"w1": state}), history)
        assert found.tickets == {"0000000001": None}
        assert found.lines["a"]["general"] is None


def test_a_window_that_left_at_noon_on_other_days_is_waited_for() -> None:
    history = settled()
    at = NOON - MIDNIGHT
    changes = [Change(at + MINUTE, "w1", False, False), Change(at + 41 * MINUTE, "w1", True, False)]
    history.days = {YESTERDAY: Day([], changes, 1)}
    found = shown(picture(ticket(1, minutes_ago=2), ticket(2, minutes_ago=1)), history)
    assert found.tickets == {"0000000001": (0, 5), "0000000002": (40, 45)}


def test_a_window_that_is_still_busy_goes_to_its_lunch_afterwards() -> None:
    history = settled()
    at = NOON - MIDNIGHT
    changes = [Change(at - MINUTE, "w1", False, False), Change(at + 31 * MINUTE, "w1", True, False)]
    history.days = {YESTERDAY: Day([], changes, 1)}
    here = ticket(1, state="serving", called_at=NOON - 8 * MINUTE, started_at=NOON - 8 * MINUTE)
    assert shown(picture(here, ticket(2), windows={"w1": here["id"]}), history).tickets == {"0000000002": (30, 35)}


def test_green_visitors_who_may_still_come_are_reckoned_with() -> None:
    history = settled()
    came = [Came(NOON - MIDNIGHT + minute * MINUTE, "a", "a1", 60 * MINUTE, None) for minute in (2, 4, 6)]
    history.days = {YESTERDAY: Day(came, [], 1)}
    now = picture(ticket(1, minutes_ago=2), ticket(2, minutes_ago=1))
    assert shown(now).tickets["0000000002"] == (10, 15)
    assert shown(now, history).tickets["0000000002"] == (40, 45)


def test_those_who_booked_and_are_not_here_yet_are_reckoned_with() -> None:
    history = settled()
    history.early.extend([5 * MINUTE] * 200)
    now = picture(ticket(1, minutes_ago=2), ticket(2, minutes_ago=1))
    slots = [Expected("a", "a1", NOON + 6 * MINUTE), Expected("a", "a1", NOON + 7 * MINUTE)]
    later = shown(replace(now, expected=slots), history).tickets["0000000002"]
    assert later is not None
    assert later.high == 35


def test_a_priority_window_is_no_help_to_the_general_line_while_it_has_its_own() -> None:
    green = [ticket(n, green=60 * MINUTE, minutes_ago=5) for n in range(1, 4)]
    others = [ticket(9, minutes_ago=100)]
    busy = ticket(20, state="serving", called_at=NOON, started_at=NOON)
    found = shown(picture(*green, *others, busy, windows={"p1": "open", "w1": busy["id"]}))
    assert found.tickets["0000000009"] == (10, 15)
    assert found.tickets["0000000001"] == (0, 5)


def test_the_same_dice_give_the_same_forecast() -> None:
    now = picture(*(ticket(n, minutes_ago=n) for n in range(1, 20)))
    history = History(HALL)
    assert forecast(now, history, Random(5).random) == forecast(now, history, Random(5).random)
    assert forecast(now, history, Random(5).random) != forecast(now, history, Random(6).random)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (30, 45)),
        ({"green": 60 * MINUTE}, (0, 5)),
        ({"slot": NOON - 5 * MINUTE}, (5, 10)),
        ({"slot": NOON + 12 * MINUTE}, (15, 20)),  # as an appointment from its slot on
        ({"slot": NOON + 55 * MINUTE}, (30, 45)),  # called in its place before the slot comes
        ({"slot": NOON - 11 * MINUTE}, (30, 45)),  # too late for the slot
        ({"slot": NOON + 12 * MINUTE, "green": 1}, (0, 5)),
    ],
)
def test_a_newcomer_is_told_the_range_of_the_lane_it_will_stand_in(fields: dict[str, Any], expected: Range) -> None:
    lanes = {"general": Range(30, 45), "green": Range(0, 5), "appointment": Range(5, 10)}
    found = Forecast(NOON, lines={"a": dict(lanes)})
    assert found.for_new({"line": "a", "arrived": NOON, "grace": 10 * MINUTE, **fields}) == expected


def test_a_newcomer_to_a_line_nobody_forecast_is_told_nothing() -> None:
    assert Forecast(NOON).for_new({"line": "a", "arrived": NOON}) is None
