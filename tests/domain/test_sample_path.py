"""One line, alike windows: whatever the order, people start at the same times and wait as long in all."""

from __future__ import annotations

import heapq
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from hall.domain import order
from hall.domain.policy import MINUTE

MEAN = 8 * MINUTE
SEAT = order.Seat("general", frozenset({"a"}), frozenset({"a"}), frozenset())

visitors = st.lists(
    st.tuples(
        st.integers(0, 3 * MEAN),
        st.sampled_from([None, 0, 20 * MINUTE, 60 * MINUTE]),
        st.one_of(st.none(), st.integers(-15 * MINUTE, 40 * MINUTE)),
    ),
    min_size=1,
    max_size=40,
)
services = st.lists(st.integers(1, 3 * MEAN), min_size=40, max_size=40)


def arrivals(drawn: list[tuple[int, int | None, int | None]]) -> list[dict[str, Any]]:
    now, tickets = 0, []
    for n, (gap, green, slot) in enumerate(drawn):
        now += gap
        ticket: dict[str, Any] = {"id": f"{n:010}", "state": "waiting", "queue": "a", "arrived": now}
        if green is not None:
            ticket["green"] = green
        if slot is not None:
            ticket |= {"slot": now + slot, "slot_head_start": 45 * MINUTE, "grace": 10 * MINUTE}
        tickets.append(ticket)
    return tickets


def play(tickets: list[dict[str, Any]], times: list[int], windows: int, *, first_come: bool) -> list[tuple[int, str]]:
    """(start, ticket) of every visitor, in order of start; the n-th start takes the n-th service time."""
    coming, free = list(tickets), [0] * windows
    waiting: list[dict[str, Any]] = []
    starts: list[tuple[int, str]] = []
    while coming or waiting:
        now = free[0] if waiting else max(free[0], coming[0]["arrived"])
        while coming and coming[0]["arrived"] <= now:
            waiting.append(coming.pop(0))
        found = waiting[0] if first_come else _first(waiting, now)
        waiting.remove(found)
        starts.append((now, found["id"]))
        heapq.heapreplace(free, now + times[len(starts) - 1])
    return starts


def _first(waiting: list[dict[str, Any]], now: int) -> dict[str, Any]:
    found = order.pick(waiting, SEAT, now)
    assert found, "work conservation"
    return dict(found.ticket)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(drawn=visitors, times=services, windows=st.integers(1, 4))
def test_every_order_gives_the_same_start_times_and_the_same_wait_in_all(
    drawn: list[tuple[int, int | None, int | None]], times: list[int], windows: int
) -> None:
    tickets = arrivals(drawn)
    came = {ticket["id"]: ticket["arrived"] for ticket in tickets}
    by_rule = play(tickets, times, windows, first_come=False)
    by_arrival = play(tickets, times, windows, first_come=True)

    assert [start for start, _ in by_rule] == [start for start, _ in by_arrival]
    assert {ticket for _, ticket in by_rule} == set(came)
    waits = [sum(start - came[ticket] for start, ticket in played) for played in (by_rule, by_arrival)]
    assert waits[0] == waits[1]
