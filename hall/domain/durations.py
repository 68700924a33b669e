"""How long things take at the windows, learned from what was seen lately.

Until there is enough of it, a share of the draws comes from what the hall's file assumes: a log-normal time
around a service's `minutes`, at the pace at which the hall's other services run.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable, Mapping
from math import exp, log, sqrt
from statistics import NormalDist, fmean
from typing import Any, Final

from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.domain.tickets import State

#: gives numbers from 0 to 1, like random.Random().random: the domain rolls no dice of its own
Chance = Callable[[], float]

#: what is assumed counts as so many observations
ASSUMED_WEIGHT: Final = 5
#: only the latest ones count
KEPT: Final = 200
#: standard deviation of assumed times, as a share of their mean
VARIATION: Final = 0.6
_SIGMA: Final = sqrt(log(1 + VARIATION**2))
_NORMAL: Final = NormalDist()
_ALMOST_ONE: Final = 1 - 1e-9


class Spread:
    """The latest observed times of one kind, ms, and an assumed mean for the time before there are enough."""

    def __init__(self, assumed: float) -> None:
        self.assumed = assumed
        self._latest: deque[int] = deque()
        self._sorted: list[int] = []

    def add(self, took: int) -> None:
        if len(self._latest) == KEPT:
            self._sorted.pop(bisect_right(self._sorted, self._latest.popleft()) - 1)
        self._latest.append(took)
        insort(self._sorted, took)

    def __len__(self) -> int:
        return len(self._latest)

    def mean(self, pace: float = 1.0) -> float:
        total = self.assumed * pace * ASSUMED_WEIGHT + sum(self._latest)
        return total / (ASSUMED_WEIGHT + len(self._latest))

    def draw(self, chance: Chance, pace: float = 1.0, elapsed: int = 0) -> int:
        """A whole time of this kind, given that it has lasted `elapsed` already."""
        if not elapsed:  # most draws
            where = chance() * (len(self._sorted) + ASSUMED_WEIGHT)
            return self._sorted[int(where)] if where < len(self._sorted) else self._assume(chance, pace)
        passed = bisect_right(self._sorted, elapsed)
        longer = len(self._sorted) - passed
        below = _NORMAL.cdf((log(elapsed) - self._middle(pace)) / _SIGMA)
        where = chance() * (longer + ASSUMED_WEIGHT * (1 - below))
        if where < longer:
            return self._sorted[passed + int(where)]
        if below > _ALMOST_ONE:  # longer than anything known: it may last on, in proportion
            return elapsed + int(elapsed * chance() / 2) + 1
        return max(elapsed + 1, self._assume(chance, pace, below))

    def _middle(self, pace: float) -> float:
        return log(self.assumed * pace) - _SIGMA**2 / 2

    def _assume(self, chance: Chance, pace: float, below: float = 0.0) -> int:
        """A draw from what is assumed, from its upper part."""
        within = min(max(below + (1 - below) * chance(), 1e-9), _ALMOST_ONE)
        return max(1, int(exp(self._middle(pace) + _SIGMA * _NORMAL.inv_cdf(within))))


class Durations:
    """Service times by service, and what passes between calls: walking, a clerk's gap, people who do not come."""

    def __init__(self, hall: Hall) -> None:
        self.services: dict[str, Spread] = {}
        self.describe(hall)
        self.walk = Spread(30_000)
        self.gap = Spread(15_000)
        self.missed = Spread(90_000)
        self.pause = Spread(10 * MINUTE)
        self._came: deque[bool] = deque([True] * 20 + [False], maxlen=KEPT)
        #: actual over assumed time, of the latest services of all kinds
        self._pace: deque[float] = deque([1.0] * ASSUMED_WEIGHT, maxlen=2 * KEPT)

    def describe(self, hall: Hall) -> None:
        """Take what the hall's file assumes; what was seen stays."""
        for service in hall.services:
            self.services.setdefault(service.id, Spread(0)).assumed = service.minutes * MINUTE

    def served(self, services: str, took: int) -> None:
        """One visit; its time is shared out over its services as the hall's file would."""
        spreads = self.spreads(services)
        assumed = sum(spread.assumed for spread in spreads)
        if not spreads or took <= 0:
            return
        self._pace.append(min(max(took / assumed, 0.1), 10.0))
        for spread in spreads:
            spread.add(max(1, round(took * spread.assumed / assumed)))

    def came(self, walked: int) -> None:
        self._came.append(True)
        self.walk.add(max(1, walked))

    def did_not_come(self, waited: int) -> None:
        self._came.append(False)
        self.missed.add(max(1, waited))

    @property
    def pace(self) -> float:
        return fmean(self._pace)

    @property
    def shows(self) -> float:
        """The share of people called who come."""
        return fmean(self._came)

    def mean(self, services: str) -> float:
        """Mean time a visit keeps a window, ms, with walking and gap."""
        pace = self.pace
        return sum(spread.mean(pace) for spread in self.spreads(services)) + self.walk.mean() + self.gap.mean()

    def spreads(self, services: str) -> list[Spread]:
        return [self.services[service] for service in services.split(",") if service in self.services]


class Draws:
    """Draws for one run of the hall, with everything that does not change within it worked out once."""

    def __init__(self, durations: Durations, chance: Chance) -> None:
        self._known = durations
        self._chance = chance
        self._pace = durations.pace
        self._shows = durations.shows

    def keeps(self, services: str) -> int:
        """How long a visitor called now keeps the window, until its next call."""
        if self._chance() > self._shows:
            return self._known.missed.draw(self._chance) + self.gap()
        return self._known.walk.draw(self._chance) + self.serves(services) + self.gap()

    def serves(self, services: str, elapsed: int = 0) -> int:
        """A whole service time. Of several services it is the sum, and the elapsed part is the first one's."""
        spreads = self._known.spreads(services) or list(self._known.services.values())[:1]
        first = spreads[0].draw(self._chance, self._pace, elapsed)
        return first + sum(spread.draw(self._chance, self._pace) for spread in spreads[1:])

    def gap(self) -> int:
        return self._known.gap.draw(self._chance)

    def rest(self, ticket: Mapping[str, Any], now: int) -> int:
        """How much longer a ticket keeps its window."""
        if ticket["state"] == State.SERVING and ticket.get("started_at"):
            elapsed = max(0, now - int(ticket["started_at"]))
            return max(0, self.serves(ticket["services"], elapsed) - elapsed) + self.gap()
        elapsed = max(0, now - int(ticket.get("called_at", now)))
        walk = self._known.walk.draw(self._chance, elapsed=elapsed)
        return max(0, walk - elapsed) + self.serves(ticket["services"]) + self.gap()

    def back_after(self, elapsed: int) -> int:
        """How much longer a pause lasts."""
        return max(1, self._known.pause.draw(self._chance, elapsed=elapsed) - elapsed)
