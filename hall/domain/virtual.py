"""The hall run forward: the order of calling with heaps instead of a look at everybody.

`hall.domain.order` is the definition. This is the same order fast enough to play a million visitors in
seconds, for forecasts, the planner and the laws of queueing theory; the tests hold the two together.
Times are integer milliseconds. What it leaves out: a window passing over what it returned itself.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from hall.domain.tickets import Lane, Standing, standing

#: later than everything
NEVER: Final = 1 << 62


class Visitor(NamedTuple):
    """A ticket that waits or will be taken; `id` is its sequence number."""

    id: int
    queue: str
    arrived: int
    green: int | None = None
    slot: int | None = None
    slot_head_start: int = 0
    grace: int = 0
    shift: int = 0
    slip: int = 0


class Desk(NamedTuple):
    """A window: free from `free` on, and `away` in spans [from, to) in which it calls nobody. A ticket that
    is there when a span begins is served to its end."""

    id: str
    queues: tuple[str, ...]
    kind: str = "general"
    free: int = 0
    away: tuple[tuple[int, int], ...] = ()

    def back(self, now: int) -> int:
        """When it may call again: `now` while it is there."""
        for start, end in self.away:
            if start <= now < end:
                return end
        return now


class Start(NamedTuple):
    """A call: the visitor keeps the window until `end`."""

    visitor: Visitor
    desk: str
    at: int
    end: int
    rule: str


Entry = tuple[int, int, Visitor]


class _Queue:
    """The waiting sets of one queue as heaps. A booked visitor whose slot has come is in two of them: `moved`
    and `called` say which entry no longer counts."""

    __slots__ = ("booked", "called", "general", "moved", "priority")

    def __init__(self) -> None:
        self.priority: list[Entry] = []
        self.general: list[Entry] = []
        self.booked: list[Entry] = []
        self.moved: set[int] = set()
        self.called: set[int] = set()

    def enter(self, visitor: Visitor, now: int) -> None:
        if visitor.slot is None:  # most visitors: standing() without its call
            key = visitor.arrived - max(visitor.green or 0, visitor.slip) + visitor.shift
            heappush(self.general if visitor.green is None else self.priority, (key, visitor.id, visitor))
            return
        lane, key, booked = _standing(visitor, now)
        heappush(self.priority if lane is Lane.PRIORITY else self.general, (key, visitor.id, visitor))
        if booked:
            heappush(self.booked, (visitor.slot, visitor.id, visitor))

    def drain(self, now: int) -> None:
        """Booked visitors whose slot has come go into the priority set, with their new key."""
        while self.booked and self.booked[0][0] <= now:
            visitor = heappop(self.booked)[2]
            self.moved.add(visitor.id)
            heappush(self.priority, (_standing(visitor, now).queue_time, visitor.id, visitor))

    def heads(self, now: int) -> tuple[list[Entry], list[Entry]]:
        """The priority and the general heap, each with one at its head who still waits."""
        if self.booked and self.booked[0][0] <= now:
            self.drain(now)
        if self.called or self.moved:
            while self.priority and self.priority[0][1] in self.called:
                heappop(self.priority)
            while self.general and self.general[0][1] in self.moved:
                heappop(self.general)
        return self.priority, self.general

    def take(self, heap: list[Entry]) -> Visitor:
        visitor = heappop(heap)[2]
        if visitor.slot is not None:
            self.called.add(visitor.id)
        return visitor


def _standing(visitor: Visitor, now: int) -> Standing:
    return standing(
        arrived=visitor.arrived,
        now=now,
        green=visitor.green,
        slot=visitor.slot,
        slot_head_start=visitor.slot_head_start,
        grace=visitor.grace,
        shift=visitor.shift,
        slip=visitor.slip,
    )


class _House:
    """Queues and desks; who is called next."""

    def __init__(self, desks: Sequence[Desk]) -> None:
        self.desks = desks
        self.queues: dict[str, _Queue] = {queue: _Queue() for desk in desks for queue in desk.queues}
        self.served = [[self.queues[queue] for queue in desk.queues] for desk in desks]
        #: general desks by queue: while one of them is open, a priority window takes priority visitors first
        self.general = {
            queue: [desk for desk in desks if desk.kind == "general" and queue in desk.queues] for queue in self.queues
        }
        self.waiting = 0

    def enter(self, visitor: Visitor, now: int) -> None:
        """A visitor whom no desk serves is left out."""
        queue = self.queues.get(visitor.queue)
        if queue is not None:
            queue.enter(visitor, now)
            self.waiting += 1

    def pick(self, number: int, now: int) -> tuple[Visitor, str] | None:
        """Whom the desk calls; `order.pick` with heaps."""
        if self.desks[number].kind == "general":
            found = self._first(self.served[number], now)
            return found and (found, "next")
        first, rule = [], "next"
        for name in self.desks[number].queues:
            queue = self.queues[name]
            priority, general = queue.heads(now)
            first.append((queue, priority))
            if any(desk.back(now) == now for desk in self.general[name]):
                rule = "priority"
            else:
                first.append((queue, general))
        found = self._smallest(first) or self._smallest([(queue, queue.general) for queue in self.served[number]])
        return found and (found, rule)

    def _first(self, queues: list[_Queue], now: int) -> Visitor | None:
        """`_smallest` of all heaps of the queues, without a list of them: most calls of most runs are made here."""
        best: Entry | None = None
        for queue in queues:
            if queue.booked or queue.called or queue.moved:
                queue.heads(now)
            for heap in (queue.priority, queue.general):
                if heap and (best is None or heap[0] < best):
                    best, place, theirs = heap[0], queue, heap
        if best is None:
            return None
        self.waiting -= 1
        return place.take(theirs)

    def _smallest(self, heaps: list[tuple[_Queue, list[Entry]]]) -> Visitor | None:
        best: tuple[_Queue, list[Entry]] | None = None
        for queue, heap in heaps:
            if heap and (best is None or heap[0] < best[1][0]):
                best = queue, heap
        if best is None:
            return None
        self.waiting -= 1
        return best[0].take(best[1])


def run(
    visitors: Iterable[Visitor], desks: Sequence[Desk], serve: Callable[[Visitor, int], int], begin: int = 0
) -> Iterator[Start]:
    """Play the hall from `begin` until nobody is left whom a desk may serve; yields every call in order.

    `visitors` come in order of arrival; those who came before `begin` wait already. `serve` gives how long a
    visitor called at a moment keeps the window: 0 for a probe, who waits like others and holds up nobody. At one
    moment, first those who arrive come in, then windows call in the order they are given.
    """
    house = _House(desks)
    busy = [(max(desk.free, begin), number) for number, desk in enumerate(desks)]
    heapify(busy)
    idle: list[int] = []
    coming = iter(visitors)
    visitor = next(coming, None)
    while visitor is not None or (house.waiting and busy):
        now = busy[0][0] if busy else NEVER
        if visitor is not None and (idle or not busy):
            now = min(now, max(visitor.arrived, begin))
        while visitor is not None and visitor.arrived <= now:
            house.enter(visitor, now)
            visitor = next(coming, None)
        while busy and busy[0][0] <= now:
            insort(idle, heappop(busy)[1])
        if house.waiting:
            free, idle = idle, []
            for number in free:
                yield from _call(house, number, now, serve, busy, idle)


def _call(
    house: _House,
    number: int,
    now: int,
    serve: Callable[[Visitor, int], int],
    busy: list[tuple[int, int]],
    idle: list[int],
) -> Iterator[Start]:
    """Let one free desk call; it is busy, idle or away afterwards."""
    desk = house.desks[number]
    back = desk.back(now) if desk.away else now
    if back > now:
        if back < NEVER:
            heappush(busy, (back, number))
        return
    end = now
    while end == now:
        found = house.pick(number, now)
        if found is None:
            idle.append(number)
            return
        end = now + serve(found[0], now)
        yield Start(found[0], desk.id, now, end, found[1])
    heappush(busy, (end, number))
