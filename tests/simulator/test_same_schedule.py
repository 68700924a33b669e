"""The virtual run, the definition and the real services call the same people at the same moments."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from hall.domain.virtual import NEVER, Desk, Start, Visitor, run
from tests.driver import Driver
from tests.simulator.days import Played, by_definition, by_services, by_virtual_run, random_day


@pytest.mark.parametrize("seed", range(150))
def test_the_virtual_run_calls_as_the_definition_says(seed: int) -> None:
    day = random_day(Random(seed))
    calls = by_virtual_run(day)
    assert calls == by_definition(day)
    assert len(calls) == len(day.visitors)


def check_services(make_hall: Callable[..., Driver], seeds: range) -> None:
    for seed in seeds:
        day = random_day(Random(seed), visitors=50)
        assert by_services(day, make_hall()) == by_virtual_run(day), seed


def test_the_services_give_the_same_schedule_on_a_hundred_random_days(make_hall: Callable[..., Driver]) -> None:
    check_services(make_hall, range(1000, 1100))


@pytest.mark.long
def test_the_services_give_the_same_schedule_on_many_more_days(make_hall: Callable[..., Driver]) -> None:
    check_services(make_hall, range(2000, 2500))


def test_a_probe_waits_like_others_and_holds_up_nobody() -> None:
    for seed in range(50):
        day = random_day(Random(seed))
        probes = [v._replace(id=v.id + 1000) for v in day.visitors[::7]]
        takes = {**day.takes, **{probe.id: 0 for probe in probes}}
        both = Played(sorted(day.visitors + probes, key=lambda v: (v.arrived, v.id)), day.desks, takes)

        calls = by_virtual_run(both)
        assert [call for call in calls if call[0] < 1000] == by_virtual_run(day)
        assert {call[0] for call in calls} == set(takes)


def test_a_visitor_whom_no_window_serves_is_left_out() -> None:
    assert list(run([Visitor(1, "a", 0), Visitor(2, "b", 0)], [Desk("w1", ("a",))], lambda *_: 1)) == [
        Start(Visitor(1, "a", 0), "w1", 0, 1, "next")
    ]


def test_a_window_that_is_away_for_good_calls_nobody() -> None:
    desks = [Desk("w1", ("a",), away=((0, NEVER),)), Desk("w2", ("a",), away=((0, 9),))]
    assert [(start.desk, start.at) for start in run([Visitor(1, "a", 0)], desks, lambda *_: 1)] == [("w2", 9)]
