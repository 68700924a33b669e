"""Windows by half hours, of a day without a date: how many there were, and which ones a number of them is.

Times are ms after midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median_low
from typing import Final, NamedTuple

from hall.domain.calendar import Span
from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.simulator.day import Seat

HALF_HOUR: Final = 30 * MINUTE
#: later than every day's end
DAY_END: Final = 1 << 50


class Place(NamedTuple):
    """A window and the lines it serves."""

    id: str
    lines: tuple[str, ...]


def halves_of(spans: Iterable[Span]) -> list[int]:
    """The half hours of an opening, by their number in the day."""
    return sorted({half for span in spans for half in range(span.opens // 30, -(-span.closes // 30))})


def seats(
    places: Sequence[Place], kind: str, halves: Sequence[int], counts: Mapping[int, int], opens: int = 0
) -> list[Seat]:
    """The first places, as many as each half hour has. Who is there in the last half hour before a closing stays until
    everybody is served: until the hall opens again, or for good."""
    ends = {half: following * HALF_HOUR for half, following in pairwise(halves)}
    found = []
    for number, place in enumerate(places, 1):
        there: list[tuple[int, int]] = []
        for half in halves:
            if counts[half] < number:
                continue
            start, end = max(opens, half * HALF_HOUR), ends.get(half, DAY_END)
            if there and there[-1][1] == start:
                there[-1] = (there[-1][0], end)
            else:
                there.append((start, end))
        if there:
            found.append(Seat(place.id, place.lines, kind, tuple(there)))
    return found


def present(there: Sequence[Seat], kind: str, halves: Sequence[int]) -> dict[int, int]:
    """How many windows of a kind were there in each half hour, if only for a moment."""
    mine = [seat for seat in there if seat.kind == kind]
    return {half: sum(_in_half(seat, half) for seat in mine) for half in halves}


def _in_half(seat: Seat, half: int) -> bool:
    start, end = half * HALF_HOUR, (half + 1) * HALF_HOUR
    return any(min(end, till) > max(start, since) for since, till in seat.there)


@dataclass(frozen=True)
class House:
    """A hall's windows as they were on recorded days, in the half hours of its opening."""

    hall: Hall
    days: Sequence[Sequence[Seat]]
    halves: Sequence[int]

    def usual(self, kind: str = "general") -> dict[int, int]:
        """How many windows of a kind there were: the median of the days."""
        counted = [present(day, kind, self.halves) for day in self.days]
        return {half: median_low([day[half] for day in counted]) for half in self.halves}

    def counts(self, wanted: Sequence[int]) -> dict[int, int]:
        """Windows by half hour as wanted; where nothing is said, because the hours changed meanwhile, as usual."""
        given = [*wanted, *([None] * len(self.halves))]
        usual = self.usual()
        return {half: usual[half] if n is None else n for half, n in zip(self.halves, given, strict=False)}

    def places(self, kind: str = "general", count: int = 0) -> list[Place]:
        """Windows in the order in which they are opened: those that were there most often first, and so that few serve
        every line. When more are wanted than the hall has, new ones follow that serve every line."""
        often = {window.id: 0 for window in self.hall.windows if window.kind == kind}
        for seat in (seat for day in self.days for seat in day if seat.id in often):
            often[seat.id] += 1
        left = sorted((window for window in self.hall.windows if window.id in often), key=lambda one: -often[one.id])
        found: list[Place] = []
        missing: set[str] = set()
        while left:
            missing = missing & {line for window in left for line in window.lines} or {
                line for window in left for line in window.lines
            }
            best = max(left, key=lambda window: len(missing & set(window.lines)))
            left.remove(best)
            missing -= set(best.lines)
            found.append(Place(best.id, best.lines))
        every = tuple(line.id for line in self.hall.lines)
        return [*found, *(Place(f"new {n}", every) for n in range(len(found) + 1, count + 1))]

    @cached_property
    def priority(self) -> list[Seat]:
        """The priority windows, as many as usual."""
        return seats(self.places("priority"), "priority", self.halves, self.usual("priority"))

    def together(self, general: Iterable[Seat]) -> list[Seat]:
        """General and priority windows in the hall's order: of those that are free at one moment the first one calls
        first."""
        order = {window.id: number for number, window in enumerate(self.hall.windows)}
        return sorted([*general, *self.priority], key=lambda seat: order.get(seat.id, len(order)))

    def seats(self, counts: Mapping[int, int]) -> list[Seat]:
        """Windows of a plan."""
        places = self.places(count=max(counts.values(), default=0))
        return self.together(seats(places, "general", self.halves, counts))
