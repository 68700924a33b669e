"""The order of calling, as its definition reads: look at everybody, take the smallest.

The store keeps sorted sets so that a call need not look at everybody. This is what those sets must agree
with: the tests hold every call against it, and the console's "next three" come from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from hall.domain.halls import Hall
from hall.domain.tickets import Lane, Standing, State, standing

Image = Mapping[str, Any]


class Pick(NamedTuple):
    """The ticket a window calls, and by which rule (`next`, `priority`)."""

    ticket: Image
    rule: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A window that asks for the next ticket. `guarded`: its queues that an open general window serves."""

    kind: str
    queues: frozenset[str]
    guarded: frozenset[str]
    passed_over: frozenset[str]


def seat(hall: Hall, windows: Mapping[str, Image], window_id: str, now: int, clerk: str | None = None) -> Seat:
    """The seat of a window of the hall; `windows` are images by id, a window without one is closed."""
    window = hall.window(window_id)
    image = windows.get(window_id, {})
    # A closed window opens with its clerk; an open one knows who sits there.
    sits = image.get("clerk") if image.get("state", "closed") != "closed" else clerk
    queues = {*window.lines, f"@window/{window_id}"} | ({f"@clerk/{sits}"} if sits else set())
    guarded = {
        line
        for line in window.lines
        if any(windows.get(other, {}).get("state") == "open" for other in hall.general_windows(line))
    }
    passed = {ticket for ticket, until in (image.get("passed") or {}).items() if until > now}
    return Seat(window.kind, frozenset(queues), frozenset(guarded), frozenset(passed))


def stands(ticket: Image, now: int) -> Standing:
    """Where a waiting ticket stands at a moment, from its fields alone."""
    return standing(
        arrived=ticket["arrived"],
        now=now,
        green=ticket.get("green"),
        slot=ticket.get("slot"),
        slot_head_start=ticket.get("slot_head_start", 0),
        grace=ticket.get("grace", 0),
        shift=ticket.get("shift", 0),
        slip=ticket.get("slip", 0),
    )


def pick(tickets: Iterable[Image], at: Seat, now: int) -> Pick | None:
    """Whom a window calls next; None when nobody it may serve waits."""
    waiting = [t for t in tickets if t["state"] == State.WAITING and t["queue"] in at.queues]
    others = [t for t in waiting if t["id"] not in at.passed_over]
    # A ticket this window returned waits for others, unless nobody else is there.
    return _first(others, at, now) or _first(waiting, at, now)


def _first(waiting: list[Image], at: Seat, now: int) -> Pick | None:
    if at.kind == "general":
        return _smallest(waiting, now, "next")
    rule = "priority" if at.guarded else "next"
    first = [t for t in waiting if t["queue"] not in at.guarded or stands(t, now).lane == Lane.PRIORITY]
    return _smallest(first, now, rule) or _smallest(waiting, now, rule)


def _smallest(tickets: list[Image], now: int, rule: str) -> Pick | None:
    if not tickets:
        return None
    return Pick(min(tickets, key=lambda t: (stands(t, now).queue_time, t["id"])), rule)


def upcoming(tickets: Iterable[Image], at: Seat, now: int, count: int) -> list[Image]:
    """The next tickets the window would call if nothing else happened."""
    left = {ticket["id"]: ticket for ticket in tickets}
    coming: list[Image] = []
    while len(coming) < count and (found := pick(left.values(), at, now)):
        coming.append(left.pop(found.ticket["id"]))
    return coming
