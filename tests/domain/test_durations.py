"""Times learned from history, and what is assumed before."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from statistics import fmean

import pytest

from hall.domain.durations import KEPT, Draws, Durations, Spread
from hall.domain.policy import MINUTE
from tests.driver import small_hall


def draws(spread: Spread, elapsed: int = 0, count: int = 4000) -> list[int]:
    chance = Random(1).random
    return [spread.draw(chance, elapsed=elapsed) for _ in range(count)]


def test_before_anything_is_seen_times_are_drawn_around_what_is_assumed() -> None:
    assert fmean(draws(Spread(8 * MINUTE))) == pytest.approx(8 * MINUTE, rel=0.05)


def test_what_was_seen_soon_outweighs_what_was_assumed() -> None:
    spread = Spread(8 * MINUTE)
    for _ in range(45):
        spread.add(3 * MINUTE)
    assert sum(time == 3 * MINUTE for time in draws(spread)) / 4000 == pytest.approx(0.9, abs=0.02)


def test_only_the_latest_times_count() -> None:
    spread = Spread(8 * MINUTE)
    for took in [60 * MINUTE] * 50 + [MINUTE] * KEPT:
        spread.add(took)
    assert len(spread) == KEPT
    assert spread.mean() < 2 * MINUTE


@pytest.mark.parametrize("seen", [[], [5 * MINUTE, 9 * MINUTE, 30 * MINUTE]])
@pytest.mark.parametrize("elapsed", [1, 6 * MINUTE, 29 * MINUTE, 600 * MINUTE])
def test_what_has_lasted_a_while_lasts_longer_than_that(seen: list[int], elapsed: int) -> None:
    spread = Spread(8 * MINUTE)
    for took in seen:
        spread.add(took)
    assert min(draws(spread, elapsed)) > elapsed


def test_a_hall_that_is_faster_than_its_file_says_is_so_in_services_not_seen_yet_too() -> None:
    durations = Durations(small_hall("x"))  # every service is said to take 8 minutes
    for _ in range(60):
        durations.served("a1", 4 * MINUTE)
    assert durations.pace == pytest.approx(0.54, abs=0.01)
    chance = Random(1).random
    assert fmean(Draws(durations, chance).serves("b1") for _ in range(4000)) == pytest.approx(4.3 * MINUTE, rel=0.05)


def test_a_visit_for_two_services_takes_the_time_of_both() -> None:
    durations = Durations(small_hall("x"))
    for _ in range(KEPT):
        durations.served("a1", 4 * MINUTE)
        durations.served("a2", 6 * MINUTE)
    chance = Random(1).random
    assert fmean(Draws(durations, chance).serves("a1,a2") for _ in range(2000)) == pytest.approx(10 * MINUTE, rel=0.05)


def test_a_visit_for_two_services_teaches_each_its_share() -> None:
    hall = small_hall("x")
    lengths = {"a1": 5, "a2": 15, "b1": 8}
    services = tuple(replace(service, minutes=lengths[service.id]) for service in hall.services)
    durations = Durations(replace(hall, services=services))
    for _ in range(KEPT):
        durations.served("a1,a2", 40 * MINUTE)
    assert durations.services["a1"].draw(lambda: 0.5) == 10 * MINUTE
    assert durations.services["a2"].draw(lambda: 0.5) == 30 * MINUTE


def test_a_service_under_way_keeps_its_window_for_what_is_left_of_it() -> None:
    durations = Durations(small_hall("x"))
    for _ in range(KEPT):
        durations.served("a1", 10 * MINUTE)
        durations.gap.add(1000)
    ticket = {"state": "serving", "services": "a1", "called_at": 0, "started_at": MINUTE}
    chance = Random(1).random
    left = sorted(Draws(durations, chance).rest(ticket, 7 * MINUTE) for _ in range(500))
    assert left[250] == 4 * MINUTE + 1000


def test_people_who_do_not_come_keep_a_window_for_a_moment_only() -> None:
    durations = Durations(small_hall("x"))
    for _ in range(KEPT):
        durations.did_not_come(90_000)
        durations.gap.add(1000)
    assert durations.shows == 0
    chance = Random(1).random
    assert sorted(Draws(durations, chance).keeps("a1") for _ in range(500))[250] == 91_000
