"""A day to be played: who comes, which windows are there when, and what came out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final, NamedTuple

from hall.domain.figures import percentile
from hall.domain.office import Targets
from hall.domain.policy import MINUTE, Policy
from hall.domain.virtual import NEVER, Desk, Visitor, run

LANES: Final = ("ordinary", "green", "appointment")


class Guest(NamedTuple):
    """Somebody who comes: when, for what, with which head start (`green`, ms) or slot, and how long they keep a
    window (`takes`, ms). `wait` is what they waited on the recorded day."""

    number: int
    arrived: int
    line: str
    services: str
    takes: int
    green: int | None = None
    slot: int | None = None
    group: str | None = None
    wait: int | None = None


class Seat(NamedTuple):
    """A window of a plan: which lines, and when it is there, [from, to) in ms; in order, not overlapping."""

    id: str
    lines: tuple[str, ...]
    kind: str
    there: tuple[tuple[int, int], ...]

    def desk(self) -> Desk:
        """The same as the engine takes it."""
        ends = [0, *(end for _, end in self.there)]
        starts = [*(start for start, _ in self.there), NEVER]
        away = tuple((end, start) for end, start in zip(ends, starts, strict=True) if end < start)
        return Desk(self.id, self.lines, self.kind, starts[0], away)


class Call(NamedTuple):
    number: int
    window: str
    at: int


def visitors(guests: Iterable[Guest], policy: Policy) -> Iterator[Visitor]:
    head_start, grace = policy.head_start.appointment * MINUTE, policy.grace * MINUTE
    for guest in guests:
        yield Visitor(guest.number, guest.line, guest.arrived, guest.green, guest.slot, head_start, grace)


def fast(guests: Sequence[Guest], seats: Sequence[Seat], policy: Policy) -> list[Call]:
    """Play a day on the domain's order; `guests` by arrival."""
    takes = {guest.number: max(1, guest.takes) for guest in guests}
    desks = [seat.desk() for seat in seats if seat.there]
    starts = run(visitors(guests, policy), desks, lambda visitor, _: takes[visitor.id])
    return [Call(start.visitor.id, start.desk, start.at) for start in starts]


def lane(guest: Guest, policy: Policy) -> str:
    if guest.slot is not None and guest.arrived <= guest.slot + policy.grace * MINUTE:
        return "appointment"
    return "green" if guest.green is not None else "ordinary"


def wait(guest: Guest, called: int, policy: Policy) -> int:
    """As reports count it: an appointment waits from its slot when that is later."""
    since = guest.arrived
    if guest.slot is not None and lane(guest, policy) == "appointment":
        since = max(since, guest.slot)
    return max(0, called - since)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison; times in minutes."""

    lane: str
    people: int
    mean: float
    p50: float
    p90: float
    most: float
    in_time: float


def summary(waits: Mapping[str, Sequence[int]], targets: Targets) -> list[Line]:
    """Waits (ms) by lane as figures; lanes without anybody are left out."""
    found = []
    for name in LANES:
        values = waits.get(name) or []
        if values:
            in_time = fmean(value <= targets.ms(name) for value in values)
            p50, p90 = (percentile(values, share) / MINUTE for share in (0.5, 0.9))
            found.append(Line(name, len(values), fmean(values) / MINUTE, p50, p90, max(values) / MINUTE, in_time))
    return found


def waits_of(guests: Sequence[Guest], calls: Iterable[Call], policy: Policy) -> dict[str, list[int]]:
    """Waits by lane; whom nobody called is left out."""
    known = {guest.number: guest for guest in guests}
    found: dict[str, list[int]] = {}
    for call in calls:
        guest = known[call.number]
        found.setdefault(lane(guest, policy), []).append(wait(guest, call.at, policy))
    return found


def overtaking(guests: Sequence[Guest], calls: Sequence[Call], policy: Policy) -> int:
    """The most later arrivals that were called before one ordinary visitor."""
    known = {guest.number: guest for guest in guests}
    called: list[int] = []
    worst = 0
    for call in calls:
        guest = known[call.number]
        if lane(guest, policy) == "ordinary":
            worst = max(worst, sum(other > guest.arrived for other in called))
        called.append(guest.arrived)
    return worst


def idle(seats: Sequence[Seat], guests: Sequence[Guest], calls: Iterable[Call]) -> int:
    """Window time without a visitor, ms."""
    takes = {guest.number: guest.takes for guest in guests}
    there = sum(end - start for seat in seats for start, end in seat.there)
    return max(0, there - sum(takes[call.number] for call in calls))


def table(rows: Mapping[str, Sequence[Line]]) -> str:
    """Comparisons below one another, for a terminal."""
    head = f"{'':12} {'lane':12} {'people':>6} {'mean':>6} {'p50':>6} {'p90':>6} {'most':>6} {'in time':>8}"
    lines = [head]
    for name, found in rows.items():
        for line in found:
            figures = "".join(f" {value:6.1f}" for value in (line.mean, line.p50, line.p90, line.most))
            lines.append(f"{name:12} {line.lane:12} {line.people:6}{figures} {line.in_time:8.0%}")
    return "\n".join(lines)


def as_rows(found: Sequence[Line]) -> list[dict[str, Any]]:
    """The same for pages."""
    names = ("lane", "people", "mean", "p50", "p90", "most", "in_time")
    return [{name: getattr(line, name) for name in names} for line in found]
