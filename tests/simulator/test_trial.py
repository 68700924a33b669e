"""Days learned from recorded ones, and plans tried on many of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from bench.reports import fill
from bench.year import FIRST, Year
from hall.archive.archive import Archive
from hall.domain.calendar import SpecialDay
from hall.domain.durations import Spread
from hall.domain.halls import Window
from hall.domain.office import Targets
from hall.domain.policy import MINUTE, HeadStart, Policy
from hall.simulator import trial
from hall.simulator.day import Guest, Seat, fast, lane
from hall.simulator.learned import Lived, TooLittleHistory, learn, lived, recorded_days, works_like
from hall.simulator.pattern import Mix, Pattern, Person
from hall.simulator.planner import house_of
from hall.simulator.recorded import NothingRecorded, recorded
from hall.simulator.rosters import DAY_END, HALF_HOUR, House, Place, halves_of, present, seats
from hall.simulator.trial import Between, Run, between, play, summed

TODAY = FIRST + timedelta(days=60)
MONDAY = "0"


class Past:
    """A hall with four weeks in its archive."""

    def __init__(self, directory: Path) -> None:
        self.year = Year(seed=5, visitors=90)
        self.hall = self.year.hall
        self.archive = Archive(f"sqlite:///{directory / 'archive.sqlite'}", b"key", migrate=True)
        fill(self.archive, self.year, 20)

    def lived(self, source: str) -> list[Lived]:
        return lived(self.archive, self.hall, source, TODAY)

    def pattern(self, source: str) -> Pattern:
        return learn(self.archive, self.hall, source, self.lived(source), TODAY)

    def house(self, source: str) -> House:
        return house_of(self.hall, source, self.lived(source))


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    return Past(tmp_path_factory.mktemp("past"))


def day(pattern: Pattern, seed: int, mix: Mix = Mix(), policy: Policy = Policy()) -> list[Guest]:  # noqa: B008 - values
    return pattern.day(Random(seed), policy, mix)


# What days are like --------------------------------------------------------------------------


def test_the_latest_mondays_make_a_forecast_of_a_monday(past: Past) -> None:
    days = past.lived(MONDAY)
    assert [one.day for one in days] == [FIRST + timedelta(days=7 * n) for n in (3, 2, 1, 0)]
    assert recorded_days(past.archive, past.hall, TODAY)[0] == FIRST + timedelta(days=25)
    assert recorded_days(past.archive, past.hall, FIRST) == []
    assert all(0 <= guest.arrived < 24 * 60 * MINUTE for one in days for guest in one.guests)


def test_a_make_up_day_counts_as_the_weekday_it_works_like(past: Past) -> None:
    made_up = FIRST + timedelta(days=3)  # a Thursday
    hall = replace(past.hall, days=(SpecialDay(made_up, like="mon"),))
    assert works_like(hall.calendar, made_up) == 0
    assert made_up in [one.day for one in lived(past.archive, hall, MONDAY, TODAY)]
    assert made_up not in [one.day for one in lived(past.archive, hall, "3", TODAY)]


def test_two_such_days_are_no_history_and_no_opening_is_none(past: Past) -> None:
    with pytest.raises(TooLittleHistory) as refused:
        lived(past.archive, past.hall, MONDAY, FIRST + timedelta(days=14))
    assert refused.value.facts == {"days": 2, "needed": 3}
    for source in ("6", "2025-01-06", "2026-01-10"):
        with pytest.raises(NothingRecorded):
            past.lived(source)


def test_days_of_a_test_hall_teach_nothing(tmp_path: Path) -> None:
    year, archive = Year(seed=1, visitors=20), Archive(f"sqlite:///{tmp_path / 'a.sqlite'}", b"key", migrate=True)
    (first,) = year.days(1)
    rows = [
        (entry, json.dumps(body | ({"test": True} if body["kind"] == "configured" else {}))) for entry, body in first
    ]
    archive.append("year", "0-0", rows)
    assert recorded_days(archive, year.hall, TODAY) == []
    archive.close()


def test_days_like_a_recorded_one_have_its_people_in_its_half_hours(past: Past) -> None:
    pattern, (recorded,) = past.pattern(str(FIRST)), past.lived(str(FIRST))
    drawn = day(pattern, 1)
    assert len(drawn) == len(recorded.guests)
    assert sorted((one.line, one.services, one.group or "") for one in drawn) == sorted(
        (one.line, one.services, one.group or "") for one in recorded.guests
    )
    walk_ins = [[g.arrived // HALF_HOUR for g in guests if g.slot is None] for guests in (drawn, recorded.guests)]
    assert sorted(walk_ins[0]) == sorted(walk_ins[1])
    assert [one.takes for one in drawn] != [one.takes for one in day(pattern, 2)]
    assert drawn == day(pattern, 1)


def test_a_forecast_draws_about_as_many_people_who_stay_about_as_long(past: Past) -> None:
    pattern, days = past.pattern(MONDAY), past.lived(MONDAY)
    drawn = [day(pattern, seed) for seed in range(200)]
    assert fmean(map(len, drawn)) == pytest.approx(fmean(len(one.guests) for one in days), rel=0.03)
    assert len({len(one) for one in drawn}) > 10
    every = [one for weekday in "01234" for one in past.lived(weekday)]
    known = fmean(guest.takes for one in every for guest in one.guests)
    assert fmean(guest.takes for guests in drawn for guest in guests) == pytest.approx(known, rel=0.05)
    rush = [sum(9 * 60 * MINUTE <= guest.arrived < 11 * 60 * MINUTE for guest in one) for one in drawn]
    mornings = [sum(9 * 60 * MINUTE <= g.arrived < 11 * 60 * MINUTE for g in one.guests) for one in days]
    assert fmean(rush) == pytest.approx(fmean(mornings), rel=0.1)


def kinds(guests: list[Guest]) -> list[str]:
    return [lane(guest, Policy()) for guest in guests]


def test_another_share_of_appointments_brings_the_same_people_who_stay_as_long(past: Past) -> None:
    pattern = past.pattern(MONDAY)
    usual, none, half = day(pattern, 7), day(pattern, 7, Mix(0)), day(pattern, 7, Mix(50))
    people = [sorted((g.number, g.line, g.takes, g.green) for g in guests) for guests in (usual, none, half)]
    assert people[0] == people[1] == people[2]
    assert not any(guest.slot for guest in none)
    many = [guest for seed in range(100) for guest in day(pattern, seed, Mix(50))]
    assert sum(guest.slot is not None for guest in many) / len(many) == pytest.approx(0.5, abs=0.02)
    assert all(guest.green is None for guest in many if guest.slot is not None)


def test_appointments_may_lie_evenly_over_the_day(past: Past) -> None:
    pattern = past.pattern(MONDAY)

    def morning(mix: Mix) -> float:
        slots = [one.slot for seed in range(60) for one in day(pattern, seed, mix) if one.slot is not None]
        return fmean(slot < 11 * 60 * MINUTE for slot in slots)

    assert morning(Mix(40, even=True)) == pytest.approx(5 / 15, abs=0.04)
    assert morning(Mix(40)) > morning(Mix(40, even=True)) + 0.05


def test_a_head_start_is_the_policy_s_but_for_groups_with_their_own() -> None:
    people = {17: (Person(17, "a", "a1", True, "aged"), Person(17, "a", "a1", True, "veteran"), Person(17, "a", "a1"))}
    hall = Year().hall
    own = replace(hall, groups=(replace(hall.groups[0], head_start=20), hall.groups[1]))
    pattern = Pattern(own, (17,), people, 1, True, {"a1": Spread(MINUTE)}, Spread(1000), (0,))
    drawn = {guest.group: guest.green for guest in day(pattern, 1, policy=Policy(HeadStart(30, 45)))}
    assert drawn == {"aged": 20 * MINUTE, "veteran": 30 * MINUTE, None: None}


def test_clerks_pause_as_often_as_they_did() -> None:
    there = (Seat("w1", ("a",), "general", ((17 * HALF_HOUR, DAY_END),)),)
    rate = 1 / (2 * 60 * MINUTE)
    one = Pattern(Year().hall, tuple(range(17, 32)), {}, 1, True, {}, Spread(1), (0,), (10 * MINUTE,), rate)
    count = 0
    for seed in range(300):
        (seat,) = one.paused(there, Random(seed))
        assert seat.there[0][0] >= 17 * HALF_HOUR and seat.there[-1][1] == DAY_END
        gaps = [after[0] - before[1] for before, after in zip(seat.there, seat.there[1:], strict=False)]
        assert set(gaps) <= {10 * MINUTE}
        count += len(gaps)
    # 7.5 open hours, less the pauses themselves
    assert count / 300 == pytest.approx(7.5 * 60 / 130, rel=0.06)
    assert replace(one, breaks=()).paused(there, Random(1)) == list(there)


# Windows by half hours -----------------------------------------------------------------------


def test_the_first_windows_serve_every_line_and_new_ones_follow() -> None:
    hall = Year().hall
    windows = (
        Window("w1", "1", ("a",)),
        Window("w2", "2", ("b", "c")),
        Window("w3", "3", ("a", "b")),
        Window("p", "9", ("a",), "priority"),
    )
    house = House(replace(hall, windows=windows), [], (17,))
    assert [place.id for place in house.places()] == ["w2", "w1", "w3"]
    assert house.places(count=5)[3:] == [Place("new 4", ("a", "b", "c")), Place("new 5", ("a", "b", "c"))]
    often = [[Seat("w3", ("a", "b"), "general", ((17 * HALF_HOUR, 18 * HALF_HOUR),))]]
    assert [place.id for place in replace(house, days=often).places()] == ["w3", "w2", "w1"]


def test_who_is_there_before_a_closing_stays_until_everybody_is_served() -> None:
    halves = [17, 18, 26, 27]  # open from 8:30 to 9:30 and from 13:00 to 14:00
    there = seats([Place("w1", ("a",)), Place("w2", ("a",))], "general", halves, {17: 2, 18: 1, 26: 1, 27: 2})
    assert there[0].there == ((17 * HALF_HOUR, DAY_END),)
    assert there[1].there == ((17 * HALF_HOUR, 18 * HALF_HOUR), (27 * HALF_HOUR, DAY_END))
    assert present(there, "general", halves) == {17: 2, 18: 1, 26: 1, 27: 2}
    until_noon = seats([Place("w1", ("a",))], "general", halves, {17: 0, 18: 1, 26: 0, 27: 0})
    assert until_noon[0].there == ((18 * HALF_HOUR, 26 * HALF_HOUR),)


def test_a_clerk_who_left_when_the_last_visitor_had_come_would_have_stayed_for_another(past: Past) -> None:
    (one,) = past.lived(str(FIRST))
    came = recorded(past.archive, past.hall, FIRST)
    midnight, closing = past.hall.calendar.ms(FIRST, 0), 16 * 60 * MINUTE
    assert max(seat.there[-1][1] for seat in came.seats) - midnight < closing
    assert {seat.there[-1][1] for seat in one.seats} == {closing}


def test_the_usual_windows_are_the_median_of_the_days(past: Past) -> None:
    house = past.house(MONDAY)
    assert list(house.usual().values()) == [6] * 15
    assert list(house.usual("priority").values()) == [1] * 15
    assert [seat.id for seat in house.seats(house.usual())] == [window.id for window in past.hall.windows]
    assert house.counts([1, 2]) == {**house.usual(), 17: 1, 18: 2}
    assert halves_of(past.hall.hours.on(0)) == list(range(17, 32))


# A trial -------------------------------------------------------------------------------------


def test_the_figures_of_a_day_are_what_a_second_count_says(past: Past) -> None:
    pattern, policy, targets = past.pattern(MONDAY), Policy(), Targets()
    guests, there = day(pattern, 3), past.house(MONDAY).seats(dict.fromkeys(range(17, 32), 3))
    calls = fast(guests, there, policy)
    found = trial.figures(pattern, guests, there, calls, policy, targets)
    at = {call.number: call.at for call in calls}
    ordinary = [guest for guest in guests if lane(guest, policy) == "ordinary"]
    waits = [(at[guest.number] - guest.arrived) / MINUTE for guest in ordinary]
    assert found.waits["ordinary"]["mean"] == pytest.approx(fmean(waits))
    assert found.waits["ordinary"]["in_time"] == fmean(wait <= 20 for wait in waits)
    order = {call.number: n for n, call in enumerate(calls)}
    passed = [
        sum(order[other.number] < order[one.number] and other.arrived > one.arrived for other in guests)
        for one in ordinary
    ]
    assert found.passed[0] == pytest.approx(fmean(passed))
    assert found.passed[1] == max(passed)
    minutes = range(17 * 30, 32 * 30)  # minute by minute: which windows are there without anybody
    busy: dict[str, list[tuple[int, int]]] = {seat.id: [] for seat in there}
    for call, guest in ((call, next(g for g in guests if g.number == call.number)) for call in calls):
        busy[call.window].append((call.at, call.at + guest.takes))
    idle = sum(
        any(since <= minute * MINUTE < till for since, till in seat.there)
        and not any(since <= minute * MINUTE < till for since, till in busy[seat.id])
        for seat in there
        for minute in minutes
    )
    assert found.idle == pytest.approx(idle, rel=0.05)
    end = max(call.at + next(g.takes for g in guests if g.number == call.number) for call in calls)
    assert found.over == pytest.approx(max(0, end - 32 * HALF_HOUR) / MINUTE)
    assert (found.left, sum(found.people.values())) == (0, len(guests))


def test_whom_no_window_serves_is_counted(past: Past) -> None:
    pattern = past.pattern(MONDAY)
    only_a = [Seat("w1", ("a",), "general", ((17 * HALF_HOUR, DAY_END),))]
    (found,) = play(pattern, Run(only_a, Policy()), Targets(), 1)
    guests = pattern.day(Random("day 0"), Policy())
    assert found.left == sum(guest.line != "a" for guest in guests) > 0


def test_a_plan_that_changes_nothing_changes_nothing_and_fewer_windows_do(past: Past) -> None:
    pattern, house = past.pattern(MONDAY), past.house(MONDAY)

    def tried(count: int) -> dict[str, Between]:
        run = Run(house.seats(dict.fromkeys(house.halves, count)), Policy())
        found: dict[str, Between] = summed(pattern, play(pattern, run, Targets(), 30))["lanes"]["ordinary"]
        return found

    assert tried(3) == tried(3)
    assert tried(2)["mean"].low > tried(3)["mean"].middle
    assert tried(2)["in_time"].middle < tried(3)["in_time"].middle


def test_a_head_start_shifts_waits_between_kinds(past: Past) -> None:
    pattern, house = past.pattern(MONDAY), past.house(MONDAY)
    there = house.seats(dict.fromkeys(house.halves, 2))
    with_it, without = (
        summed(pattern, play(pattern, Run(there, Policy(HeadStart(green, 0))), Targets(), 30)) for green in (60, 0)
    )
    assert with_it["lanes"]["green"]["mean"].middle < without["lanes"]["green"]["mean"].middle
    assert with_it["passed"]["mean"].middle > without["passed"]["mean"].middle


def test_today_s_plan_in_the_trial_waits_about_as_long_as_was_recorded(past: Past) -> None:
    pattern, house, days = past.pattern(MONDAY), past.house(MONDAY), past.lived(MONDAY)
    played = play(pattern, Run(house.seats(house.usual()), Policy()), Targets(), 60)
    found = fmean(one.waits["ordinary"]["mean"] for one in played)
    waits = [g.wait or 0 for one in days for g in one.guests if lane(g, Policy()) == "ordinary"]
    assert found == pytest.approx(fmean(waits) / MINUTE, abs=1.0)


def test_of_ten_days_one_is_below_and_one_above() -> None:
    assert between([float(n) for n in range(1, 11)]) == Between(1, 5, 9)
    assert between([3.0]) == Between(3, 3, 3)
    assert between([]) is None


def test_each_day_is_told(past: Past) -> None:
    told: list[int] = []
    play(past.pattern(MONDAY), Run([], Policy()), Targets(), 5, told.append)
    assert told == [0, 1, 2, 3, 4]
