"""How fast days are played: `python -m bench.planning`. Goals: live < 2 s a day of 225 visitors, fast ≥ 100 days a
second, the staffing search of the study's hall < 60 s. Beside them, what a manager waits for on the planning pages."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from bench import staffing, study
from bench.report import Figure, median
from bench.reports import fill
from bench.year import FIRST, Year, hall
from hall.archive.archive import Archive
from hall.domain.office import Targets
from hall.simulator.day import Guest, Seat, fast
from hall.simulator.learned import learn, lived
from hall.simulator.live import LiveDay, throw_away
from hall.simulator.planner import house_of
from hall.simulator.staffing import DAYS
from hall.simulator.trial import Run, play


def guests(seed: int) -> list[Guest]:
    """The study's day as one of the year's hall."""
    midnight = hall().calendar.ms(FIRST, 0)
    day = staffing.a_day(Random(seed))
    moved = [g._replace(arrived=g.arrived + midnight, slot=None if g.slot is None else g.slot + midnight) for g in day]
    return [guest._replace(group="veteran") if guest.green is not None else guest for guest in moved]


def seats() -> list[Seat]:
    there = ((hall().calendar.ms(FIRST, study.OPENS), hall().calendar.ms(FIRST, 24 * 60)),)
    return [Seat(window.id, window.lines, "general", there) for window in hall().windows]


def trial(weeks: int, count: int) -> list[Figure]:
    """A plan tried beside today's over many Mondays: learned from the archive, played, told as ranges."""
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(
            f"sqlite:///{Path(directory) / 'archive.sqlite'}", b"a key of a bench, 32 bytes long..", migrate=True
        )
        fill(archive, Year(), 5 * weeks)
        today = FIRST + timedelta(weeks=weeks)
        began = time.perf_counter()
        days = lived(archive, hall(), "0", today)
        pattern = learn(archive, hall(), "0", days, today)
        learned = time.perf_counter() - began
        house = house_of(hall(), "0", days)
        for windows in (6, 5):
            run = Run(house.seats(dict.fromkeys(house.halves, windows)), hall().policy)
            assert len(play(pattern, run, Targets(), count)) == count
        took = time.perf_counter() - began
        archive.close()
    return [
        Figure(f"learning what Mondays are like from {weeks} of them", learned, "s"),
        Figure(f"a plan tried beside today's over {count} Mondays", took, "s"),
    ]


def measure(rounds: int, days: int) -> list[Figure]:
    """`rounds` live days, a trial, and a staffing search over `days` days."""
    took = []
    for seed in range(rounds):
        with throw_away() as sanban:
            began = time.perf_counter()
            calls = LiveDay(sanban, hall(), guests(seed), seats()).play()
            took.append(time.perf_counter() - began)
        assert calls == fast(guests(seed), seats(), hall().policy)
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
    return figures + (trial(8, 200) if days == DAYS else trial(3, days)) + staffing.measure(days)


if __name__ == "__main__":
    from bench.report import table

    print(table(measure(5, DAYS)))
