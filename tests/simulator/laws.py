"""What queueing theory says, and long runs of the pure order to hold it against.

Service times are handed out in order of service start, so that every discipline sees the same ones: the laws
about two disciplines then hold on the very same path, and the known mean of one steadies the estimate of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from math import sqrt
from random import Random
from statistics import fmean, stdev

from hall.domain.virtual import Desk, Visitor, run

#: mean service time, ms
MEAN = 480_000
#: a head start nobody can make up for: strict priority
FOR_EVER = 10**15
BATCHES = 40
#: of the customers, played first and left out: the hall opens empty
WARM_UP = 0.05
#: two-sided 95 % of Student's t with BATCHES − 1 degrees of freedom
T95 = 2.023


def erlang_c(windows: int, load: float) -> float:
    """The share of arrivals that wait in M/M/c; `load` is λ/(cμ)."""
    offered, blocked = windows * load, 1.0
    for n in range(1, windows + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1 - load * (1 - blocked))


def fifo_wait(windows: int, load: float) -> float:
    """Mean wait of M/M/c, ms."""
    return erlang_c(windows, load) * MEAN / (windows * (1 - load))


def strict_waits(windows: int, load: float, green: float) -> tuple[float, float]:
    """Mean waits (green, ordinary) under strict priority, a share `green` of the arrivals going first."""
    first = erlang_c(windows, load) * MEAN / windows / (1 - load * green)
    return first, first / (1 - load)


@dataclass(frozen=True)
class Path:
    """Arrivals, who of them is green, and service times in order of service start; ms."""

    windows: int
    load: float
    arrivals: list[int]
    green: list[bool]
    services: list[int]

    @classmethod
    def sample(cls, chance: Random, windows: int, load: float, green: float, count: int) -> Path:
        arrivals, now, rate = [], 0.0, windows * load / MEAN
        for _ in range(count):
            now += chance.expovariate(rate)
            arrivals.append(round(now))
        kinds = [chance.random() < green for _ in range(count)]
        return cls(windows, load, arrivals, kinds, [round(chance.expovariate(1 / MEAN)) for _ in range(count)])

    def starts(self, head_start: int | None) -> list[int]:
        """When each customer's service starts; None: first come, first served."""
        times: Iterator[int] = chain(self.services, repeat(MEAN))
        come = zip(self.arrivals, self.green, strict=True)
        visitors = (Visitor(n, "a", at, head_start if green else None) for n, (at, green) in enumerate(come))
        starts = [0] * len(self.arrivals)
        desks = [Desk(f"w{n}", ("a",)) for n in range(self.windows)]
        for start in run(visitors, desks, lambda *_: next(times)):
            starts[start.visitor.id] = start.at
        return starts

    def waits(self, head_start: int | None) -> list[int]:
        return [start - arrived for start, arrived in zip(self.starts(head_start), self.arrivals, strict=True)]

    def batch_means(self, values: Sequence[float], green: bool | None = None) -> list[float]:
        """Means over `BATCHES` stretches of customers, of one kind or of all."""
        size = int(len(values) * (1 - WARM_UP)) // BATCHES
        first = len(values) - size * BATCHES
        return [
            fmean(values[n] for n in range(start, start + size) if green is None or self.green[n] == green)
            for start in range(first, len(values), size)
        ]

    def drift(self) -> list[float]:
        """By batch, how much more work came than usual; its true mean is 0."""
        gaps = [0, *(after - before for before, after in pairwise(self.arrivals))]
        pairs = zip(self.batch_means(self.services), self.batch_means(gaps), strict=True)
        return [service - self.windows * self.load * gap for service, gap in pairs]


@dataclass(frozen=True)
class Estimate:
    """A mean with half the width of its 95 % interval."""

    mean: float
    half: float

    @property
    def precision(self) -> float:
        return self.half / abs(self.mean)

    def agrees(self, theory: float) -> bool:
        """Within the interval, and half as much again: one of twenty true means lies outside of it."""
        return abs(self.mean - theory) < 1.5 * self.half


def estimate(means: Sequence[float], control: Sequence[float] | None = None, known: float = 0.0) -> Estimate:
    """The mean of batch means; a `control` whose true mean is `known` takes out the noise they share."""
    if control is not None:
        average, mid = fmean(means), fmean(control)
        shared = sum((m - average) * (c - mid) for m, c in zip(means, control, strict=True))
        slope = shared / sum((c - mid) ** 2 for c in control)
        means = [m - slope * (c - known) for m, c in zip(means, control, strict=True)]
    return Estimate(fmean(means), T95 * stdev(means) / sqrt(len(means)))
