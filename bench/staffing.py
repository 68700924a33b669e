"""The staffing search of the study's hall: `python -m bench.staffing [days]`. Goal: < 60 s with 300 days."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random

from bench import study
from bench.report import Figure
from hall.domain.policy import MINUTE
from hall.simulator.day import Guest
from hall.simulator.staffing import DAYS, Search, Staffing, table


def a_day(chance: Random) -> list[Guest]:
    """A day of the study's hall."""
    green = study.POLICY.head_start.green * MINUTE
    return [
        Guest(number, guest.arrived, "a", "a1", guest.takes, green if guest.green else None, guest.slot)
        for number, guest in enumerate(study.a_day(chance))
    ]


def search(days: int = DAYS, tell: Callable[[str], None] = lambda _: None) -> Search:
    return Search(a_day, study.OPENS * MINUTE, study.CLOSES * MINUTE, days=days, tell=tell)


def fixed(found: Search) -> Staffing:
    """The study's seven windows all day."""
    return found.result(dict.fromkeys(found.halves, study.WINDOWS))


def measure(days: int = DAYS, tell: Callable[[str], None] = lambda _: None) -> list[Figure]:
    began = time.perf_counter()
    one = search(days, tell)
    found = one.find()
    took = time.perf_counter() - began
    seven = fixed(one)
    print(f"seven windows all day\n{table(seven)}\n\nthe plan found, {found.rounds} plans tried\n{table(found)}")
    kept = [sum(slot.met for slot in one_of.slots) for one_of in (seven, found)]
    halves, speed = len(found.slots), found.rounds * days / took
    return [
        Figure("staffing search of the study's hall", took, "s", "minute", took / 60, "≤ 1", fixed=True),
        Figure("half hours that reach their targets, seven windows", kept[0], "", "half hours", kept[0] / halves),
        Figure("half hours that reach their targets, plan found", kept[1], "", "half hours", kept[1] / halves, "≥ 1"),
        Figure("days played a second by the search", speed, "/s", "100", speed / 100, "≥ 1", fixed=True),
    ]


if __name__ == "__main__":
    from bench.report import table as figures

    print(figures(measure(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS, lambda text: print(text, file=sys.stderr))))
