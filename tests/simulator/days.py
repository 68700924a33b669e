"""Random days, and three ways to play one: the virtual run, the definition by brute force, the real services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any, cast

from hall.domain import order
from hall.domain.halls import Hall, Window
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


def _play(
    day: Played,
    arrive: Callable[[Visitor], None],
    pause: Callable[[str, bool], None],
    clock: Callable[[int], None],
    free: Callable[[str], None],
    call: Callable[[str], Found],
) -> Iterator[Call]:
    """The clockwork both slow ways share: moment by moment, arrivals, ends, breaks, then every free window calls."""
    coming = {visitor.id: visitor for visitor in day.visitors}
    moments = [(v.arrived, 0, v.id, "") for v in day.visitors]
    moments += [(at, 2, int(away), desk.id) for desk in day.desks for span in desk.away for away, at in enumerate(span)]
    heapify(moments)
    idle, gone = {desk.id for desk in day.desks}, set[str]()
    while moments:
        now = moments[0][0]
        clock(now)
        while moments and moments[0][0] == now:
            _, kind, number, desk = heappop(moments)
            if kind == 0:
                arrive(coming[number])
            elif kind == 1:
                free(desk)
                idle.add(desk)
            else:
                pause(desk, not number)
                (gone.discard if number else gone.add)(desk)
        for desk in [d.id for d in day.desks if d.id in idle and d.id not in gone]:
            found = call(desk)
            if found is not None:
                idle.discard(desk)
                end = now + day.takes[found[0]]
                heappush(moments, (end, 1, 0, desk))
                yield found[0], desk, now, end, found[1]


def by_definition(day: Played) -> list[Call]:
    """Every call by looking at everybody: hall/domain/order.py."""
    hall: Hall = small_hall("x", windows=day.windows)
    windows = {desk.id: {"id": desk.id, "state": "open"} for desk in day.desks}
    waiting: dict[int, dict[str, Any]] = {}
    now = 0

    def clock(at: int) -> None:
        nonlocal now
        now = at

    def pause(desk: str, away: bool) -> None:
        windows[desk]["state"] = "paused" if away else "open"

    def call(desk: str) -> Found:
        found = order.pick(waiting.values(), order.seat(hall, windows, desk, now), now)
        return (int(waiting.pop(found.ticket["id"])["id"]), found.rule) if found else None

    def arrive(visitor: Visitor) -> None:
        waiting[visitor.id] = {"state": State.WAITING, **visitor._asdict()}

    return list(_play(day, arrive, pause, clock, lambda desk: None, call))


def by_services(day: Played, hall: Driver) -> list[Call]:
    """Every move through the real services, on the driver's clock."""
    hall.change(windows=day.windows)
    names: dict[str, int] = {}

    def clock(at: int) -> None:
        hall.now = at

    def arrive(visitor: Visitor) -> None:
        booked = Booked(f"b{visitor.id}", visitor.slot) if visitor.slot is not None else None
        claim = "veteran" if visitor.green else None
        names[hall.issue(SERVICE[visitor.queue], booked=booked, claim=claim)] = visitor.id

    def pause(desk: str, away: bool) -> None:
        (hall.windows.pause if away else hall.windows.resume)(hall.caller(), hall.id, desk)

    def free(desk: str) -> None:
        hall.calls.finish(hall.caller(), hall.id, desk)

    def call(desk: str) -> Found:
        ticket = hall.calls.call_next(hall.caller(), hall.id, desk)
        return (names[ticket["number"]], ticket["rule"]) if ticket else None

    hall.now = day.visitors[0].arrived
    for desk in day.desks:
        hall.windows.open(hall.caller(), hall.id, desk.id)
    return list(_play(day, arrive, pause, clock, free, call))
