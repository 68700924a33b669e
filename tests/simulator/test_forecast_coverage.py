"""What a forecast says is what happens, for about four waits of five, in halls whose habits it had to learn."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.driver import Driver
from tests.simulator.coverage import Score, score_days
from tests.simulator.lived import Lived
from tests.simulator.world import World


def check(score: Score) -> None:
    print(score)  # noqa: T201 - `pytest -s` shows the figures
    assert 0.75 <= score.coverage <= 0.90
    assert score.unknown <= 0.02 * len(score.shown)  # at lunch a line may have no window open
    assert score.error < score.naive_error / 2


def test_most_waits_of_twenty_days_are_as_forecast() -> None:
    check(score_days(halls=5, days=4, warm_up=5, tickets=20))


@pytest.mark.long
def test_most_waits_of_a_hundred_days_are_as_forecast() -> None:
    check(score_days(halls=20, days=5, warm_up=5, tickets=30, seed=1001))


def test_a_hall_without_any_history_still_covers_most_waits() -> None:
    """The first day: only the hall's file is known, which is wrong by up to a half."""
    first = score_days(halls=6, days=1, warm_up=0, tickets=30, seed=501)
    print(first)  # noqa: T201
    assert first.coverage > 0.65


def test_a_day_lived_through_the_services_reports_its_hit_rate(make_hall: Callable[..., Driver]) -> None:
    """The whole way: moves, journal, history, snapshot, forecast, ticket, report."""
    world = World.make(7)
    hall = make_hall(lines=world.hall.lines, services=world.hall.services, windows=world.hall.windows)
    lived = Lived(hall)
    for number in range(3):
        lived.live(world.day(number), forecasts=False)
    last = world.day(3)
    lived.live(last, forecasts=True)

    hits = lived.waits.hits(hall.id, last.when)
    print(f"{len(hits.called)} called, {hits.rate:.1%} inside, mean width {hits.width:.1f} min")  # noqa: T201
    assert len(hits.called) == len(last.visits)
    assert not hits.unknown
    assert hits.rate is not None
    assert 0.7 < hits.rate < 0.95
