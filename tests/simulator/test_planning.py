"""A recorded day played again, on both engines; and how many windows each half hour needs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest

from bench.year import FIRST, Year
from hall.archive.archive import Archive
from hall.domain.policy import MINUTE, Policy
from hall.simulator.day import Call, Guest, Seat, fast, overtaking
from hall.simulator.live import LiveDay, live, throw_away
from hall.simulator.questions import Target
from hall.simulator.recorded import BadPlan, NothingRecorded, Recorded, compare, recorded, with_plan
from hall.simulator.rosters import HALF_HOUR
from hall.simulator.staffing import Search, erlang_c, erlang_windows

HOUR = 60 * MINUTE


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Year, Archive]:
    year = Year(seed=3, visitors=120)
    archive = Archive(f"sqlite:///{tmp_path_factory.mktemp('year') / 'archive.sqlite'}", b"key", migrate=True)
    last = "0-0"
    for day in year.days(3):
        rows = [(entry, json.dumps(body)) for entry, body in day]
        archive.append("year", last, rows)
        last = rows[-1][0]
    return year, archive


@pytest.fixture
def day(year: tuple[Year, Archive]) -> Recorded:
    return recorded(year[1], year[0].hall, FIRST)


def test_a_recorded_day_has_everybody_who_was_called_and_every_window(
    year: tuple[Year, Archive], day: Recorded
) -> None:
    assert (len(day.guests), day.left) == (120, 0)
    assert [seat.id for seat in day.seats] == [f"w{n}" for n in range(1, 8)]
    assert {guest.green for guest in day.guests} == {None, 60 * MINUTE}
    with pytest.raises(NothingRecorded):
        recorded(year[1], year[0].hall, date(2025, 1, 1))


def test_the_recorded_windows_give_nearly_the_recorded_waits(year: tuple[Year, Archive], day: Recorded) -> None:
    found = compare(year[0].hall, day, None)
    assert list(found.rows) == ["recorded", "played"]
    for was, played in zip(found.rows["recorded"], found.rows["played"], strict=True):
        assert (was.lane, was.people) == (played.lane, played.people)
        # Who did not come kept the window shorter than the generated day had it.
        assert abs(was.mean - played.mean) < 2


def test_fewer_windows_make_longer_waits_and_more_make_shorter_ones(year: tuple[Year, Archive], day: Recorded) -> None:
    hall = year[0].hall
    fewer = with_plan(hall, FIRST, day.seats, '[[windows]]\nid = "w1"\nopen = []\n[[windows]]\nid = "w2"\nopen = []')
    assert [seat.id for seat in fewer] == ["w3", "w4", "w5", "w6", "w7"]
    rows = compare(hall, day, fewer).rows
    assert rows["plan"][0].mean > rows["played"][0].mean
    assert rows["plan"][0].people == rows["played"][0].people


def test_a_plan_may_say_hours_lines_and_kind(year: tuple[Year, Archive], day: Recorded) -> None:
    hall = year[0].hall
    text = '[[windows]]\nid = "w1"\nopen = ["13:00-16:00", "08:30-11:30"]\nlines = ["a"]\nkind = "priority"'
    (seat, *_) = with_plan(hall, FIRST, day.seats, text)
    midnight = hall.calendar.ms(FIRST, 0)
    assert (seat.lines, seat.kind) == (("a",), "priority")
    assert [(start - midnight, end - midnight) for start, end in seat.there] == [
        (int(8.5 * HOUR), int(11.5 * HOUR)),
        (13 * HOUR, 16 * HOUR),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[[windows",
        "windows = 3",
        "[[windows]]\nopen = []",
        '[[windows]]\nid = "w1"',
        '[[windows]]\nid = "w1"\nopen = ["9"]',
        '[[windows]]\nid = "w1"\nopen = []\nkind = "x"',
        '[[windows]]\nid = "w1"\nopen = []\ncolour = "x"',
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused(year: tuple[Year, Archive], day: Recorded, text: str) -> None:
    with pytest.raises(BadPlan):
        with_plan(year[0].hall, FIRST, day.seats, text)


def test_both_engines_give_the_same_schedule_on_a_recorded_day(year: tuple[Year, Archive], day: Recorded) -> None:
    guests = sorted(day.guests, key=lambda guest: (guest.arrived, guest.number))
    hall = year[0].hall
    assert live(hall, guests, day.seats) == fast(guests, day.seats, hall.policy)


def random_seats(year: Year, chance: Random) -> list[Seat]:
    """Some windows, some lines, coming and going."""
    midnight = year.hall.calendar.ms(FIRST, 0)
    seats = []
    for window in chance.sample(year.hall.windows, chance.randint(2, 7)):
        lines = tuple(chance.sample("abc", chance.randint(1, 3)))
        cut = sorted(midnight + chance.randrange(8 * 60, 17 * 60) * MINUTE + n for n in range(4))
        seats.append(Seat(window.id, lines, window.kind, ((cut[0], cut[1]), (cut[2], cut[3]))))
    end = midnight + 40 * HOUR
    return [*seats[1:], seats[0]._replace(lines=("a", "b", "c"), there=((midnight + 9 * HOUR, end),), kind="general")]


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 20))])
def test_both_engines_give_the_same_schedule_whatever_windows_come_and_go(
    year: tuple[Year, Archive], day: Recorded, seed: int
) -> None:
    guests = sorted(day.guests, key=lambda guest: (guest.arrived, guest.number))
    for n in range(5):
        seats = random_seats(year[0], Random(f"{seed} {n}"))
        with throw_away() as sanban:
            lived = LiveDay(sanban, year[0].hall, guests, seats).play()
        assert lived == fast(guests, seats, year[0].hall.policy), n


def test_overtaking_counts_later_arrivals_called_before_an_ordinary_visitor() -> None:
    guests = [Guest(1, 0, "a", "a1", 1), Guest(2, 5, "a", "a1", 1, green=10), Guest(3, 6, "a", "a1", 1, green=10)]
    assert overtaking(guests, [Call(2, "w", 6), Call(3, "w", 7), Call(1, "w", 8)], Policy()) == 2
    assert overtaking(guests, [Call(1, "w", 6), Call(2, "w", 7), Call(3, "w", 8)], Policy()) == 0


# Staffing ------------------------------------------------------------------------------------


def test_erlangs_formula_gives_the_values_of_the_tables() -> None:
    assert erlang_c(1, 0.8) == pytest.approx(0.8)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(6, 5.0) == pytest.approx(0.5875, abs=1e-4)
    assert erlang_c(3, 3.0) == 1.0
    assert erlang_windows(5.0, 10 * MINUTE, 20 * MINUTE, 0.9) == 6
    assert erlang_windows(5.0, 10 * MINUTE, 1 * MINUTE, 0.9) == 9


def rush(chance: Random) -> list[Guest]:
    """Two hours; in the second half hour three times as many come."""
    halves = chance.choices(range(4), (1, 3, 1, 1), k=36)
    comes = sorted(half * HALF_HOUR + chance.randrange(HALF_HOUR) for half in halves)
    return [
        Guest(
            n, at, "a", "a1", int(chance.expovariate(1 / (6 * MINUTE))), 60 * MINUTE if chance.random() < 0.1 else None
        )
        for n, at in enumerate(comes)
    ]


def search(days: int = 60, most: int = 30) -> Search:
    return Search(rush, 0, 2 * HOUR, days=days, most=most)


def test_the_search_reaches_its_targets_in_every_half_hour() -> None:
    one = search()
    found = one.find()
    assert found.met
    assert all(slot.met for slot in found.slots)
    assert found.hours == sum(slot.windows for slot in found.slots) / 2
    assert max(found.slots, key=lambda slot: slot.windows).start == HALF_HOUR
    for slot in found.slots:
        for lane, share in slot.shares.items():
            assert share is None or share >= 0.9, (slot.start, lane)


def test_no_window_of_the_plan_can_be_left_out() -> None:
    one = search()
    plan = {slot.start // HALF_HOUR: slot.windows for slot in one.find().slots}
    for half, windows in plan.items():
        if windows > 1:
            assert one.failing(one.shares({**plan, half: windows - 1})), half


def test_the_same_seed_gives_the_same_plan() -> None:
    assert search(30).find() == search(30).find()


def test_targets_that_cannot_be_reached_are_said_to_be_missed() -> None:
    found = search(30, most=2).find()
    assert not found.met
    assert all(slot.windows <= 2 for slot in found.slots)
    assert not all(slot.met for slot in found.slots)


def test_a_harder_target_takes_more_window_hours() -> None:
    easy = Search(rush, 0, 2 * HOUR, days=30, targets=(Target("ordinary", 30),)).find()
    hard = Search(rush, 0, 2 * HOUR, days=30, targets=(Target("ordinary", 2, 0.95),)).find()
    assert hard.hours > easy.hours


def test_progress_is_told_step_by_step() -> None:
    told: list[str] = []
    Search(rush, 0, 2 * HOUR, days=20, tell=told.append).find()
    assert told


def test_a_hall_that_closes_at_noon_is_searched_in_its_opening_alone() -> None:
    def split(chance: Random) -> list[Guest]:
        """The rush, its second hour in the afternoon."""
        return [one._replace(arrived=one.arrived + HOUR * (one.arrived >= HOUR)) for one in rush(chance)]

    one = Search(split, 0, 3 * HOUR, days=60, halves=(0, 1, 4, 5))
    found = one.find()
    assert [slot.start for slot in found.slots] == [0, HALF_HOUR, 4 * HALF_HOUR, 5 * HALF_HOUR]
    assert found.met
    # Who is there before the closing stays until the hall opens again, so that everybody is called.
    assert one.seats({0: 1, 1: 2, 4: 1, 5: 1})[1].there == ((HALF_HOUR, 4 * HALF_HOUR),)


def test_the_windows_of_a_plan_come_and_go_by_half_hour(tmp_path: Path) -> None:
    one = search(1)
    seats = one.seats({0: 1, 1: 3, 2: 1, 3: 2})
    assert [len(seat.there) for seat in seats] == [1, 2, 1]
    assert seats[1].there[0] == (HALF_HOUR, 2 * HALF_HOUR)
    assert seats[2].there == ((HALF_HOUR, 2 * HALF_HOUR),)
