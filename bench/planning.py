"""How fast days are played: `python -m bench.planning`. Goals: live < 2 s a day of 225 visitors, fast ≥ 100 days a
second, the staffing search of the study's hall < 60 s."""

from __future__ import annotations

import time
from random import Random

from bench import staffing, study
from bench.report import Figure, median
from bench.year import FIRST, hall
from hall.simulator.day import Guest, Seat, fast
from hall.simulator.live import LiveDay, throw_away
from hall.simulator.staffing import DAYS


def guests(seed: int) -> list[Guest]:
    """The study's day as one of the year's hall."""
    midnight = hall().calendar.ms(FIRST, 0)
    day = staffing.a_day(Random(seed))
    moved = [g._replace(arrived=g.arrived + midnight, slot=None if g.slot is None else g.slot + midnight) for g in day]
    return [guest._replace(group="veteran") if guest.green is not None else guest for guest in moved]


def seats() -> list[Seat]:
    there = ((hall().calendar.ms(FIRST, study.OPENS), hall().calendar.ms(FIRST, 24 * 60)),)
    return [Seat(window.id, window.lines, "general", there) for window in hall().windows]


def measure(rounds: int, days: int) -> list[Figure]:
    """`rounds` live days, and a staffing search over `days` days."""
    took = []
    for seed in range(rounds):
        with throw_away() as sanban:
            began = time.perf_counter()
            lived = LiveDay(sanban, hall(), guests(seed), seats()).play()
            took.append(time.perf_counter() - began)
        assert lived == fast(guests(seed), seats(), hall().policy)
    played = [guests(seed) for seed in range(20)]
    began = time.perf_counter()
    for day in played:
        fast(day, seats(), hall().policy)
    speed = len(played) / (time.perf_counter() - began)
    live = median(took)
    figures = [
        Figure("a day of 225 visitors, live", live, "s", "2 seconds", live / 2, "≤ 1", fixed=True),
        Figure("days of 225 visitors, fast", speed, "/s", "100", speed / 100, "≥ 1", fixed=True),
    ]
    return figures + staffing.measure(days)


if __name__ == "__main__":
    from bench.report import table

    print(table(measure(5, DAYS)))
