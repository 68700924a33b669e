"""Random days, and three ways to play one: the virtual run, the definition by brute force, the real services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any, Protocol, cast

from hall.domain import order
from hall.domain.halls import Window
from hall.domain.policy import MINUTE
from hall.domain.tickets import State
from hall.domain.virtual import Desk, Visitor, run
from hall.services.tickets import Booked
from tests.driver import DAY, Driver, small_hall

#: one call: visitor, window, when, until when, by which rule
Call = tuple[int, str, int, int, str]
#: whom a window calls, and by which rule
Found = tuple[int, str] | None
POLICY = small_hall("policy").policy
GREEN = POLICY.head_start.green * MINUTE
SLOT = {"slot_head_start": POLICY.head_start.appointment * MINUTE, "grace": POLICY.grace * MINUTE}
SERVICE = {"a": "a1", "b": "b1"}


@dataclass(frozen=True)
class Played:
    """A day to play: who comes, who sits where, how long each visitor takes."""

    visitors: list[Visitor]
    desks: list[Desk]
    takes: dict[int, int]

    @property
    def windows(self) -> tuple[Window, ...]:
        return tuple(Window(desk.id, desk.id, desk.queues, cast(Any, desk.kind)) for desk in self.desks)


def random_day(chance: Random, visitors: int = 80) -> Played:
    """Two lines, one to four windows of both kinds with pauses, all kinds of visitors, often at the same moment."""
    opens = small_hall("x").calendar.ms(date.fromisoformat(DAY), 9 * 60)
    grain = chance.choice([1, 1000, MINUTE])
    desks = [_random_desk(chance, n, opens) for n in range(chance.randint(1, 4))]
    mean = len(desks) * 300 / visitors * chance.uniform(0.6, 1.3)
    arrivals = sorted(opens + chance.randrange(300 * MINUTE) // grain * grain for _ in range(visitors))
    coming = [_random_visitor(chance, n, at) for n, at in enumerate(arrivals, 1)]
    takes = {v.id: max(1, int(chance.expovariate(1 / mean) * MINUTE) // grain) * grain for v in coming}
    return Played(coming, desks, takes)


def _random_desk(chance: Random, number: int, opens: int) -> Desk:
    # The first one serves everything and stays, so that everybody is called.
    away = []
    if number and chance.random() < 0.5:
        start = opens + chance.randrange(240) * MINUTE
        away.append((start, start + chance.randrange(1, 90) * MINUTE))
    queues = ("a", "b") if number == 0 else chance.choice([("a", "b"), ("a",), ("b",)])
    return Desk(f"w{number}", queues, chance.choice(["general", "general", "priority"]), opens, tuple(away))


def _random_visitor(chance: Random, number: int, at: int) -> Visitor:
    green = GREEN if chance.random() < 0.2 else None
    if chance.random() < 0.3:  # from an hour early to half an hour late
        slot = at + chance.randint(-30, 60) * MINUTE
        return Visitor(number, chance.choice("ab"), at, green, slot, **SLOT)
    return Visitor(number, chance.choice("ab"), at, green)


def by_virtual_run(day: Played) -> list[Call]:
    starts = run(day.visitors, day.desks, lambda visitor, _: day.takes[visitor.id], day.visitors[0].arrived)
    return [(start.visitor.id, start.desk, start.at, start.end, start.rule) for start in starts]


class Way(Protocol):
    """One slow way to play a day, moment by moment."""

    def clock(self, now: int) -> None: ...
    def arrive(self, visitor: Visitor) -> None: ...
    def pause(self, desk: str, away: bool) -> None: ...
    def free(self, desk: str) -> None: ...
    def call(self, desk: str) -> Found: ...


def play(day: Played, way: Way) -> list[Call]:
    """At every moment: arrivals, ends and breaks first, then every free window calls."""
    coming = {visitor.id: visitor for visitor in day.visitors}
    moments = [(v.arrived, 0, v.id, "") for v in day.visitors]
    moments += [(at, 2, int(back), desk.id) for desk in day.desks for span in desk.away for back, at in enumerate(span)]
    heapify(moments)
    idle, gone, calls = {desk.id for desk in day.desks}, set[str](), []
    while moments:
        now = moments[0][0]
        way.clock(now)
        while moments and moments[0][0] == now:
            _, kind, number, desk = heappop(moments)
            if kind == 0:
                way.arrive(coming[number])
            elif kind == 1:
                way.free(desk)
                idle.add(desk)
            else:
                way.pause(desk, not number)
                (gone.discard if number else gone.add)(desk)
        for desk in [d.id for d in day.desks if d.id in idle and d.id not in gone]:
            found = way.call(desk)
            if found is not None:
                idle.discard(desk)
                end = now + day.takes[found[0]]
                heappush(moments, (end, 1, 0, desk))
                calls.append((found[0], desk, now, end, found[1]))
    return calls


class ByDefinition:
    """Every call by looking at everybody: hall/domain/order.py."""

    def __init__(self, day: Played) -> None:
        self.hall = small_hall("x", windows=day.windows)
        self.windows = {desk.id: {"id": desk.id, "state": "open"} for desk in day.desks}
        self.waiting: dict[int, dict[str, Any]] = {}
        self.now = 0

    def clock(self, now: int) -> None:
        self.now = now

    def arrive(self, visitor: Visitor) -> None:
        self.waiting[visitor.id] = {"state": State.WAITING, **visitor._asdict()}

    def pause(self, desk: str, away: bool) -> None:
        self.windows[desk]["state"] = "paused" if away else "open"

    def free(self, desk: str) -> None:
        """Nothing to do: the window holds nobody here."""

    def call(self, desk: str) -> Found:
        found = order.pick(self.waiting.values(), order.seat(self.hall, self.windows, desk, self.now), self.now)
        return (int(self.waiting.pop(found.ticket["id"])["id"]), found.rule) if found else None


class ByServices:
    """Every move through the real services, on the driver's clock."""

    def __init__(self, day: Played, hall: Driver) -> None:
        self.hall = hall
        self.names: dict[str, int] = {}
        hall.change(windows=day.windows)
        hall.now = day.visitors[0].arrived
        for desk in day.desks:
            hall.windows.open(hall.caller(), hall.id, desk.id)

    def clock(self, now: int) -> None:
        self.hall.now = now

    def arrive(self, visitor: Visitor) -> None:
        booked = Booked(f"b{visitor.id}", visitor.slot) if visitor.slot is not None else None
        claim = None if visitor.green is None else "veteran"
        self.names[self.hall.issue(SERVICE[visitor.queue], booked=booked, claim=claim)] = visitor.id

    def pause(self, desk: str, away: bool) -> None:
        (self.hall.windows.pause if away else self.hall.windows.resume)(self.hall.caller(), self.hall.id, desk)

    def free(self, desk: str) -> None:
        self.hall.calls.finish(self.hall.caller(), self.hall.id, desk)

    def call(self, desk: str) -> Found:
        ticket = self.hall.calls.call_next(self.hall.caller(), self.hall.id, desk)
        return (self.names[ticket["number"]], ticket["rule"]) if ticket else None


def by_definition(day: Played) -> list[Call]:
    return play(day, ByDefinition(day))


def by_services(day: Played, hall: Driver) -> list[Call]:
    return play(day, ByServices(day, hall))
