"""What queueing theory says, and long runs of the pure order to hold it against.

Service times are handed out in order of service start, so that every discipline sees the same ones: the laws
about two disciplines then hold on the very same path, and the known mean of one steadies the estimate of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from math import log, sqrt
from random import Random
from statistics import fmean, stdev
from typing import NamedTuple

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
    """The share of arrivals that wait in M/M/c; `load` is λ/(cμ). Erlang, "Solution of some problems in the theory of
    probabilities of significance in automatic telephone exchanges", 1917."""
    offered, blocked = windows * load, 1.0
    for n in range(1, windows + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1 - load * (1 - blocked))


def fifo_wait(windows: int, load: float) -> float:
    """Mean wait of M/M/c, ms."""
    return erlang_c(windows, load) * MEAN / (windows * (1 - load))


def strict_waits(windows: int, load: float, green: float) -> tuple[float, float]:
    """Mean waits (green, ordinary) under strict priority, a share `green` of the arrivals going first: Cobham,
    "Priority assignment in waiting line problems", Operations Research 2 (1954) 70-76, its part on several channels."""
    first = erlang_c(windows, load) * MEAN / windows / (1 - load * green)
    return first, first / (1 - load)


class Kind(NamedTuple):
    """Customers of M/G/1: their share of the arrivals, mean service (ms) and its squared coefficient of variation."""

    share: float
    mean: float
    variation: float

    def draw(self, chance: Random) -> int:
        """A lognormal service time."""
        spread = log(1 + self.variation)
        return round(chance.lognormvariate(log(self.mean) - spread / 2, sqrt(spread)))


class General(NamedTuple):
    """Mean waits in M/G/1, ms. `left` is what an arrival finds of the service under way, λE[S²]/2."""

    left: float
    load: float
    first_load: float

    @classmethod
    def of(cls, load: float, green: Kind, ordinary: Kind) -> General:
        kinds = (green, ordinary)
        rate = load / sum(kind.share * kind.mean for kind in kinds)
        second = sum(kind.share * kind.mean**2 * (1 + kind.variation) for kind in kinds)
        return cls(rate * second / 2, load, rate * green.share * green.mean)

    @property
    def fifo(self) -> float:
        """Pollaczek 1930, Khinchine 1932; as in Kleinrock, Queueing Systems I (1975), ch. 5."""
        return self.left / (1 - self.load)

    @property
    def strict(self) -> tuple[float, float]:
        """(green, ordinary), nobody interrupted: Cobham 1954, exact for one channel and any service times."""
        first = self.left / (1 - self.first_load)
        return first, first / (1 - self.load)

    def conserved(self, green: float, ordinary: float) -> float:
        """ρ_green·W_green + ρ_ordinary·W_ordinary is ρ·W_FIFO whatever the order, when it looks at no service time and
        never idles: Kleinrock, "A conservation law for a wide class of queueing disciplines", Naval Research Logistics
        Quarterly 12 (1965) 181-192. As a mean wait, weighed by the work each kind brings."""
        return (self.first_load * green + (self.load - self.first_load) * ordinary) / self.load


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
        come = zip(self.arrivals, self.green, strict=True)
        visitors = (Visitor(n, "a", at, head_start if green else None) for n, (at, green) in enumerate(come))
        starts = [0] * len(self.arrivals)
        desks = [Desk(f"w{n}", ("a",)) for n in range(self.windows)]
        for start in run(visitors, desks, self.takes()):
            starts[start.visitor.id] = start.at
        return starts

    def takes(self) -> Callable[[Visitor, int], int]:
        times: Iterator[int] = chain(self.services, repeat(MEAN))
        return lambda *_: next(times)

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


class OwnTimes(Path):
    """M/G/1: everybody brings a service time of their own, lognormal, longer or shorter by kind."""

    @classmethod
    def draw(cls, chance: Random, load: float, green: Kind, ordinary: Kind, count: int) -> OwnTimes:
        rate = load / (green.share * green.mean + ordinary.share * ordinary.mean)
        arrivals, now = [], 0.0
        for _ in range(count):
            now += chance.expovariate(rate)
            arrivals.append(round(now))
        kinds = [chance.random() < green.share for _ in range(count)]
        services = [(green if first else ordinary).draw(chance) for first in kinds]
        return cls(1, load, arrivals, kinds, services)

    def takes(self) -> Callable[[Visitor, int], int]:
        return lambda visitor, _: self.services[visitor.id]


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
