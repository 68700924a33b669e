"""The study's hall: what a head start gives and costs, on the pure order and through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from random import Random
from statistics import fmean

from bench.study import ORDERS, VISITORS, Result, a_day, p95, play, schedule, table, visitors, within
from hall.domain.virtual import Desk, Visitor
from tests.driver import DAY, Driver, small_hall
from tests.simulator.days import Played, by_services, by_virtual_run

OURS = ORDERS[-1]


@cache
def results() -> dict[str, Result]:
    found = play(days=200)
    print(f"\n{table(found)}")  # noqa: T201 - `pytest -s` shows the figures
    return found


def test_nearly_all_green_visitors_start_within_five_minutes() -> None:
    ours = results()[OURS.name]
    assert len(ours.ordinary) + len(ours.green) + len(ours.late) == 200 * VISITORS
    assert within(ours.green, 5) >= 0.95


def test_a_head_start_keeps_both_promises_at_less_cost_to_others_than_strict_priority() -> None:
    first_come, strict, _, ours = results().values()
    assert within(first_come.green, 5) < 0.6
    assert fmean(ours.late) < fmean(first_come.late) / 2
    assert within(ours.late, 10) > within(first_come.late, 10) + 0.2
    assert p95(ours.ordinary) < p95(strict.ordinary)
    assert fmean(ours.ordinary) < fmean(strict.ordinary)
    assert max(ours.overtaken) < max(strict.overtaken)


def test_first_come_first_served_overtakes_nobody() -> None:
    assert max(results()["first come"].overtaken) == 0


def test_twenty_days_go_through_the_services_with_the_same_schedule(make_hall: Callable[..., Driver]) -> None:
    for seed in range(20):
        guests = a_day(Random(f"1 {seed}"))
        midnight = small_hall("x").calendar.ms(date.fromisoformat(DAY), 0)
        coming = [_on(visitor, midnight) for visitor in visitors(guests, OURS)]
        desks = [Desk(f"w{n}", ("a",)) for n in range(1, 8)]
        day = Played(coming, desks, {number: guest.takes for number, guest in enumerate(guests)})
        played = by_services(day, make_hall())
        assert played == by_virtual_run(day)
        assert [(number, window, at - midnight) for number, window, at, *_ in played] == schedule(guests, OURS)


def _on(visitor: Visitor, midnight: int) -> Visitor:
    slot = None if visitor.slot is None else visitor.slot + midnight
    return visitor._replace(arrived=visitor.arrived + midnight, slot=slot)
