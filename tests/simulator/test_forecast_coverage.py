"""What a forecast says is what happens, for about four waits of five, in halls whose habits it had to learn."""

from __future__ import annotations

import pytest

from tests.simulator.coverage import Score, score_days


def check(score: Score) -> None:
    print(score)  # noqa: T201 - `pytest -s` shows the figures
    assert 0.75 <= score.coverage <= 0.90
    assert score.unknown == 0
    assert score.error < score.naive_error / 2


def test_most_waits_of_twenty_days_are_as_forecast() -> None:
    check(score_days(halls=5, days=4, warm_up=5, tickets=24))


@pytest.mark.long
def test_most_waits_of_a_hundred_days_are_as_forecast() -> None:
    check(score_days(halls=20, days=5, warm_up=5, tickets=60, seed=1001))


def test_a_hall_without_any_history_still_covers_most_waits() -> None:
    """The first day: only the hall's file is known, which is wrong by up to a half."""
    first = score_days(halls=6, days=1, warm_up=0, tickets=30, seed=501)
    print(first)  # noqa: T201
    assert first.coverage > 0.65
