"""The promises of the order on random halls: the real services and store against the definition."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.random_hall import RandomHall

#: moves of one hall
STEPS = 80


def play(url: str, halls: int, *, derandomize: bool) -> None:
    RandomHall.url = url
    run_state_machine_as_test(
        RandomHall,
        settings=settings(
            max_examples=halls,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=derandomize,
            database=None,
            print_blob=True,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(900)  # a failure is made small before it is told
def test_random_halls_keep_every_promise(store_url: str, halls: int | None) -> None:
    """200 halls, always the same ones, so that a failure can be repeated; `--halls N` plays N new ones."""
    play(store_url, halls or 200, derandomize=halls is None)


@pytest.mark.long
def test_thousands_of_new_random_halls_keep_every_promise(store_url: str, halls: int | None) -> None:
    play(store_url, halls or 5000, derandomize=False)
