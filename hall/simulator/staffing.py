"""How many windows each half hour needs: not per day, where a quiet afternoon hides a bad morning.

The search plays the same seeded days again and again: it starts below the load, adds a window in the earliest half hour
that misses its targets, and takes away at the end what is not needed. Erlang's formula stands beside it as a check of
the size: it knows no half hours, no head starts and no appointments.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp
from random import Random
from typing import Final, NamedTuple

from hall.domain.policy import MINUTE, Policy
from hall.domain.virtual import Visitor, run
from hall.simulator import rosters
from hall.simulator.day import Guest, Seat, lane, visitors, wait
from hall.simulator.questions import TARGETS, Target
from hall.simulator.rosters import HALF_HOUR, Place

DAYS: Final = 300
#: of the load; the search starts below what is needed
START: Final = 0.8
#: of too few people no share is told
FEWEST: Final = 30
#: of the work, adding windows; taking them away is the rest
_ADDING: Final = 0.6

POLICY: Final = Policy()

#: half hour of the day → windows
Plan = dict[int, int]
Day = Callable[[Random], Sequence[Guest]]


#: the windows of one of the search's days, from those of the plan and the day's number
Roster = Callable[[Sequence[Seat], int], Sequence[Seat]]


class Slot(NamedTuple):
    """A half hour: its windows, what Erlang's formula would give it, the load, and the share in time by lane (None:
    too few came)."""

    start: int
    windows: int
    erlang: int
    load: float
    shares: dict[str, float | None]
    met: bool


@dataclass(frozen=True, slots=True)
class Staffing:
    """A plan and what it does. `hours` are window hours a day; `met`: every half hour reaches its targets."""

    slots: list[Slot]
    hours: float
    met: bool
    rounds: int


class Search:
    """One question: these days, these windows. Days are made once, from seeds, so that every plan sees the same ones.

    `places`: the windows in the order in which they are opened (else any number that serve `lines`), `most` of them at
    once; `roster` puts others beside them, and breaks into their day. `halves`: the half hours of the opening, by their
    number in the day. `tell` gets a text a step, `step` the share of the work that is done, at least once a day that is
    played."""

    def __init__(
        self,
        day: Day,
        opens: int,
        closes: int,
        *,
        lines: tuple[str, ...] = ("a",),
        places: Sequence[Place] | None = None,
        roster: Roster = lambda seats, _: seats,
        halves: Sequence[int] | None = None,
        policy: Policy = POLICY,
        targets: Sequence[Target] = TARGETS,
        days: int = DAYS,
        seed: int = 1,
        most: int = 30,
        tell: Callable[[str], None] = lambda _: None,
        step: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.opens, self.policy, self.targets, self.tell = opens, policy, targets, tell
        self.halves = tuple(halves or range(opens // HALF_HOUR, ceil(closes / HALF_HOUR)))
        self._places = places or [Place(f"w{number}", lines) for number in range(1, most + 1)]
        self.most = min(most, len(self._places))
        self._roster, self._step, self._done = roster, step, 0.0
        self.days: list[list[Guest]] = []
        for number in range(days):
            step(0.0)
            guests = day(Random(f"{seed} {number}"))  # noqa: S311 - the same days for every plan
            self.days.append(sorted(guests, key=lambda guest: (guest.arrived, guest.number)))
        self._visitors = [list(visitors(guests, policy)) for guests in self.days]
        self._takes = [{guest.number: max(1, guest.takes) for guest in guests} for guests in self.days]
        self._lanes = [{guest.number: lane(guest, policy) for guest in guests} for guests in self.days]
        self.rounds = 0

    # A plan ----------------------------------------------------------------------------------

    def load(self, half: int) -> float:
        """Windows' worth of work that comes in a half hour, a mean over the days."""
        work = sum(g.takes for guests in self.days for g in guests if self.half(g.arrived) == half)
        return work / len(self.days) / HALF_HOUR

    def half(self, at: int) -> int:
        return self.halves[max(0, bisect_right(self.halves, at // HALF_HOUR) - 1)]

    def seats(self, plan: Mapping[int, int]) -> list[Seat]:
        """The windows of a plan."""
        return rosters.seats(self._places, "general", self.halves, plan, self.opens)

    def shares(self, plan: Mapping[int, int]) -> dict[tuple[int, str], float | None]:
        """By half hour of arrival and lane: how many were called within their target."""
        self.rounds += 1
        limits = {target.lane: target.minutes * MINUTE for target in self.targets}
        in_time: dict[tuple[int, str], int] = {}
        came: dict[tuple[int, str], int] = {}
        seats = self.seats(plan)
        days = zip(self.days, self._visitors, self._takes, self._lanes, strict=True)
        for number, (guests, coming, takes, lanes) in enumerate(days):
            self._step(self._done)
            known = {guest.number: guest for guest in guests}
            desks = [seat.desk() for seat in self._roster(seats, number)]
            for start in run(coming, desks, _from(takes)):
                name = lanes[start.visitor.id]
                if name in limits:
                    key = (self.half(start.visitor.arrived), name)
                    came[key] = came.get(key, 0) + 1
                    waited = wait(known[start.visitor.id], start.at, self.policy)
                    in_time[key] = in_time.get(key, 0) + (waited <= limits[name])
        return {key: in_time[key] / count if count >= FEWEST else None for key, count in came.items()}

    def failing(self, shares: Mapping[tuple[int, str], float | None]) -> list[int]:
        """Half hours that miss a target, the earliest first."""
        wanted = {target.lane: target.share for target in self.targets}
        return sorted({half for (half, name), share in shares.items() if share is not None and share < wanted[name]})

    # The search ------------------------------------------------------------------------------

    def find(self) -> Staffing:
        """The plan with few windows that reaches the targets in every half hour, as far as `most` windows can."""
        plan = {half: min(self.most, max(1, ceil(START * self.load(half)))) for half in self.halves}
        shares = self.shares(plan)
        while failing := self.failing(shares):
            later = (half for half in self.halves if half >= failing[0] and plan[half] < self.most)
            where = next(later, None)
            if where is None:
                break
            self._done = max(self._done, _ADDING * self.halves.index(failing[0]) / len(self.halves))
            plan[where] += 1
            shares = self.shares(plan)
            self.tell(f"{_clock(where)}: {plan[where]} windows; {len(failing)} half hours missed their targets")
        return self.result(self._pruned(plan))

    def _pruned(self, plan: Plan) -> Plan:
        """Take away every window that is not needed, the largest half hours first."""
        if self.failing(self.shares(plan)):
            return plan
        for number, half in enumerate(sorted(self.halves, key=lambda one: (-plan[one], one))):
            self._done = _ADDING + (1 - _ADDING) * number / len(self.halves)
            while plan[half] > 1:
                fewer = {**plan, half: plan[half] - 1}
                if self.failing(self.shares(fewer)):
                    break
                plan = fewer
                self.tell(f"{_clock(half)}: {plan[half]} windows are enough")
        return plan

    def result(self, plan: Mapping[int, int]) -> Staffing:
        """What a plan does, half hour by half hour."""
        shares = self.shares(plan)
        failing = set(self.failing(shares))
        mean = sum(guest.takes for guests in self.days for guest in guests) / max(1, sum(map(len, self.days)))
        slots = []
        for half in self.halves:
            load = self.load(half)
            told = {target.lane: shares.get((half, target.lane)) for target in self.targets}
            erlang = erlang_windows(load, mean, self.targets[0].minutes * MINUTE, self.targets[0].share)
            slots.append(Slot(half * HALF_HOUR, plan[half], erlang, load, told, half not in failing))
        return Staffing(slots, sum(plan.values()) / 2, not failing, self.rounds)


def _from(takes: Mapping[int, int]) -> Callable[[Visitor, int], int]:
    return lambda visitor, _: takes[visitor.id]


def erlang_c(windows: int, offered: float) -> float:
    """The share of arrivals that wait in M/M/c; 1 when the windows cannot do the work (`offered`, in windows)."""
    if offered >= windows:
        return 1.0
    blocked = 1.0
    for n in range(1, windows + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1 - offered / windows * (1 - blocked))


def erlang_windows(offered: float, mean: float, within: float, share: float) -> int:
    """The fewest windows of M/M/c at which this share is called within a time (ms, as the mean service time)."""
    windows = max(1, ceil(offered))
    while offered >= windows or erlang_c(windows, offered) * exp(-(windows - offered) * within / mean) > 1 - share:
        windows += 1
    return windows


def _clock(half: int) -> str:
    return f"{half // 2:02}:{half % 2 * 30:02}"


def table(found: Staffing) -> str:
    """For a terminal."""
    lanes = list(found.slots[0].shares)
    lines = [f"{'from':6} {'windows':>7} {'Erlang C':>8} {'load':>5} " + " ".join(f"{name:>9}" for name in lanes)]
    for slot in found.slots:
        shares = ["" if slot.shares[name] is None else f"{slot.shares[name]:.0%}" for name in lanes]
        clock = _clock(slot.start // HALF_HOUR)
        told = " ".join(f"{text:>9}" for text in shares)
        lines.append(
            f"{clock:6} {slot.windows:7} {slot.erlang:8} {slot.load:5.1f} {told}{'' if slot.met else '  missed'}"
        )
    lines.append(f"{found.hours:.1f} window hours a day; {'all targets met' if found.met else 'targets missed'}")
    return "\n".join(lines)
