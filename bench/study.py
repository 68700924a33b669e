"""Why a head start: one hall's day under four orders of calling. Run `python -m bench.study [days]`.

225 visitors, 7 windows, 65 % ordinary, 10 % green channel, 25 % appointments; from 9 to 11 more work comes than the
windows can do (load 1.21). Every order sees the same visitors, each with the same service time.
"""

from __future__ import annotations

import sys
from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp, log, sqrt
from random import Random
from statistics import fmean
from typing import Final, NamedTuple

from hall.domain.policy import MINUTE, Policy
from hall.domain.virtual import Desk, Visitor, run

DAYS: Final = 200
VISITORS: Final = 225
WINDOWS: Final = 7
#: minutes after midnight
OPENS: Final = 8 * 60 + 30
CLOSES: Final = 16 * 60
RUSH: Final = (9 * 60, 11 * 60)
PEAK_LOAD: Final = 1.21
#: minutes, and the standard deviation as a share of it
SERVICE: Final = 12.5
VARIATION: Final = 0.7
GREEN: Final = 0.10
BOOKED: Final = 0.25
SLOT_EVERY: Final = 15
#: how early people come to their slot, mean and standard deviation
EARLY: Final = (2, 6)
#: an endless head start is strict priority
FOR_EVER: Final = 10**13
POLICY: Final = Policy()


class Order(NamedTuple):
    """Head starts in ms; None: none at all."""

    name: str
    green: int | None
    appointment: int | None


ORDERS: Final = (
    Order("first come", None, None),
    # green first, then appointments, then all others
    Order("strict", 2 * FOR_EVER, FOR_EVER),
    Order("head start 60/30", 60 * MINUTE, 30 * MINUTE),
    Order("head start 60/45", 60 * MINUTE, 45 * MINUTE),
)


class Guest(NamedTuple):
    """A visitor before any order: when they come, of which kind, how long they take; ms."""

    arrived: int
    green: bool
    slot: int | None
    takes: int


def a_day(chance: Random) -> list[Guest]:
    """One day of visitors, by arrival."""
    return sorted(_guest(chance) for _ in range(VISITORS))


def _guest(chance: Random) -> Guest:
    sigma = sqrt(log(1 + VARIATION**2))
    takes = max(1, round(SERVICE * MINUTE * exp(chance.gauss(-(sigma**2) / 2, sigma))))
    kind, comes = chance.random(), _moment(chance)
    if kind >= BOOKED:
        return Guest(comes, kind < BOOKED + GREEN, None, takes)
    slot = comes // (SLOT_EVERY * MINUTE) * SLOT_EVERY * MINUTE
    comes = slot - round(chance.gauss(*EARLY) * MINUTE)
    return Guest(max(comes, OPENS * MINUTE), False, slot, takes)


def _moment(chance: Random) -> int:
    rush, length = RUSH[0] * MINUTE, (RUSH[1] - RUSH[0]) * MINUTE
    if chance.random() < PEAK_LOAD * WINDOWS * length / (SERVICE * MINUTE) / VISITORS:
        return rush + chance.randrange(length)
    other = OPENS * MINUTE + chance.randrange((CLOSES - OPENS) * MINUTE - length)
    return other if other < rush else other + length


def visitors(guests: list[Guest], order: Order) -> Iterator[Visitor]:
    """The day's guests as tickets of an order."""
    for number, guest in enumerate(guests):
        green = order.green if guest.green else None
        slot = guest.slot if order.appointment is not None else None
        yield Visitor(number, "a", guest.arrived, green, slot, order.appointment or 0, POLICY.grace * MINUTE)


def schedule(guests: list[Guest], order: Order) -> list[tuple[int, str, int]]:
    """(guest, window, start) in the order of calling."""
    desks = [Desk(f"w{n}", ("a",)) for n in range(1, WINDOWS + 1)]
    starts = run(visitors(guests, order), desks, lambda visitor, _: guests[visitor.id].takes)
    return [(start.visitor.id, start.desk, start.at) for start in starts]


@dataclass
class Result:
    """What one order did; minutes."""

    ordinary: list[float] = field(default_factory=list)
    green: list[float] = field(default_factory=list)
    #: start − slot, not below 0: nobody is late who is called early
    late: list[float] = field(default_factory=list)
    #: by day, the most later arrivals that were called before one ordinary ticket
    overtaken: list[int] = field(default_factory=list)

    def add(self, guests: list[Guest], order: Order) -> None:
        called: list[int] = []
        worst = 0
        for number, _, start in schedule(guests, order):
            guest = guests[number]
            if guest.slot is not None:
                self.late.append(max(0, start - guest.slot) / MINUTE)
            else:
                (self.green if guest.green else self.ordinary).append((start - guest.arrived) / MINUTE)
            if guest.slot is None and not guest.green:
                worst = max(worst, len(called) - bisect_right(called, guest.arrived))
            insort(called, guest.arrived)
        self.overtaken.append(worst)


def play(days: int = DAYS, seed: int = 1) -> dict[str, Result]:
    """Results by order."""
    results = {order.name: Result() for order in ORDERS}
    for number in range(days):
        guests = a_day(Random(f"{seed} {number}"))
        for order in ORDERS:
            results[order.name].add(guests, order)
    return results


def within(values: list[float], minutes: float) -> float:
    return fmean(value <= minutes for value in values)


def p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


def table(results: dict[str, Result]) -> str:
    """Minutes, mean/95th percentile; worst overtaking of a day, mean/most."""
    rows = [
        "| order | ordinary wait | green wait (within 5 min) | start − slot (within 10 min) | worst overtaking |",
        "|---|---|---|---|---|",
    ]
    for name, one in results.items():
        ordinary, green, late = (f"{fmean(v):.1f}/{p95(v):.0f}" for v in (one.ordinary, one.green, one.late))
        rows.append(
            f"| {name} | {ordinary} | {green} ({within(one.green, 5):.0%}) | {late} ({within(one.late, 10):.0%}) "
            f"| {fmean(one.overtaken):.0f}/{max(one.overtaken)} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    days = int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    print(f"{days} days, minutes, mean/95th percentile\n\n{table(play(days))}")
