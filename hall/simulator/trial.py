"""A plan over many days: the figures of each, and between what they lie."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from statistics import fmean
from typing import Any, Final, NamedTuple

from hall.domain.figures import percentile
from hall.domain.office import Targets
from hall.domain.policy import MINUTE, Policy
from hall.simulator.day import LANES, Call, Guest, Seat, fast, lane, wait
from hall.simulator.pattern import UNCHANGED, Mix, Pattern
from hall.simulator.rosters import HALF_HOUR

#: of a hundred days, ten are below and ten above
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
#: what a lane's waits are told by
FIGURES: Final = ("mean", "p90", "in_time")


class Between(NamedTuple):
    """On eight of ten days from `low` to `high`, on a typical one `middle`."""

    low: float
    middle: float
    high: float


def between(values: Sequence[float]) -> Between | None:
    """None of no values."""
    ordered = sorted(values)
    if not ordered:
        return None
    return Between(*(ordered[max(0, ceil(share * len(ordered)) - 1)] for share in (LOW, MIDDLE, HIGH)))


class Run(NamedTuple):
    """One way to run the hall: its windows, its policy, who comes."""

    seats: Sequence[Seat]
    policy: Policy
    mix: Mix = UNCHANGED


@dataclass(frozen=True, slots=True)
class Figures:
    """One day. Minutes, but `people`, `in_time` (a share), `passed` (by how many later arrivals an ordinary visitor was
    overtaken, on average and at most) and `left` (for whom there was no window). `halves`: ordinary visitors' mean wait
    by the half hour in which they came. `over`: after closing until the last was served."""

    people: dict[str, int]
    waits: dict[str, dict[str, float]]
    passed: tuple[float, int]
    idle: float
    over: float
    left: int
    halves: dict[int, float]


def play(
    pattern: Pattern, run: Run, targets: Targets, days: int, step: Callable[[int], None] = lambda _: None
) -> list[Figures]:
    """Play days from seeds: with another plan the same people come, and stay as long. `step` is told each day."""
    found = []
    for number in range(days):
        step(number)
        chance, clerks = Random(f"day {number}"), Random(f"clerks {number}")  # noqa: S311 - the same days for every plan
        guests = pattern.day(chance, run.policy, run.mix)
        seats = pattern.paused(run.seats, clerks)
        found.append(figures(pattern, guests, seats, fast(guests, seats, run.policy), run.policy, targets))
    return found


def figures(
    pattern: Pattern,
    guests: Sequence[Guest],
    seats: Sequence[Seat],
    calls: Sequence[Call],
    policy: Policy,
    targets: Targets,
) -> Figures:
    """What a day was like."""
    known = {guest.number: guest for guest in guests}
    waits: dict[str, list[int]] = {}
    halves: dict[int, list[int]] = {}
    for call in calls:
        guest = known[call.number]
        name, waited = lane(guest, policy), wait(guest, call.at, policy)
        waits.setdefault(name, []).append(waited)
        if name == "ordinary":
            halves.setdefault(guest.arrived // HALF_HOUR, []).append(waited)
    ends = [call.at + known[call.number].takes for call in calls]
    return Figures(
        people={name: sum(lane(guest, policy) == name for guest in guests) for name in LANES},
        waits={name: _waits(values, targets.ms(name)) for name, values in waits.items()},
        passed=_passed(known, calls, policy),
        idle=_idle(pattern, seats, known, calls) / MINUTE,
        over=max(0, max(ends, default=0) - pattern.closes) / MINUTE,
        left=len(guests) - len(calls),
        halves={half: fmean(values) / MINUTE for half, values in halves.items()},
    )


def _waits(values: Sequence[int], target: int) -> dict[str, float]:
    in_time = fmean(value <= target for value in values)
    return {"mean": fmean(values) / MINUTE, "p90": percentile(values, 0.9) / MINUTE, "in_time": in_time}


def _passed(known: Mapping[int, Guest], calls: Sequence[Call], policy: Policy) -> tuple[float, int]:
    called: list[int] = []
    found = []
    for call in calls:
        guest = known[call.number]
        if lane(guest, policy) == "ordinary":
            found.append(len(called) - bisect_right(called, guest.arrived))
        insort(called, guest.arrived)
    return (fmean(found), max(found)) if found else (0.0, 0)


def _idle(pattern: Pattern, seats: Sequence[Seat], known: Mapping[int, Guest], calls: Sequence[Call]) -> int:
    """Time of windows that were there in opening hours without anybody; a visitor may stay beyond both."""
    idle = 0
    busy: dict[str, list[tuple[int, int]]] = {seat.id: [] for seat in seats}
    for call in calls:
        busy[call.window].append((call.at, call.at + known[call.number].takes))
    opening = [(half * HALF_HOUR, (half + 1) * HALF_HOUR) for half in pattern.halves]
    for seat in seats:
        there = _cut(list(seat.there), opening)
        idle += sum(till - since for since, till in there)
        idle -= sum(till - since for since, till in _cut(busy[seat.id], there))
    return idle


def _cut(spans: list[tuple[int, int]], within: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of spans that lie within others; both in order, not overlapping among themselves."""
    found, at = [], 0
    for since, till in spans:
        while at < len(within) and within[at][1] <= since:
            at += 1
        number = at
        while number < len(within) and within[number][0] < till:
            found.append((max(since, within[number][0]), min(till, within[number][1])))
            number += 1
    return found


def summed(pattern: Pattern, played: Sequence[Figures]) -> dict[str, Any]:
    """Days as ranges, as plain data: by lane `people` and its `FIGURES`, `passed` (`mean`, `most`), `idle`, `over`,
    `left`, `halves` in the pattern's order."""
    lanes = {
        name: {
            "people": between([day.people[name] for day in played]),
            **{which: between([day.waits[name][which] for day in played if name in day.waits]) for which in FIGURES},
        }
        for name in LANES
        if any(day.people[name] for day in played)
    }
    return {
        "lanes": lanes,
        "passed": {"mean": between([one.passed[0] for one in played]), "most": between([o.passed[1] for o in played])},
        "idle": between([one.idle for one in played]),
        "over": between([one.over for one in played]),
        "left": between([one.left for one in played]),
        "halves": [between([day.halves[half] for day in played if half in day.halves]) for half in pattern.halves],
    }
