"""Why a ticket stands where it stands: counts that point at nobody, and from when on nobody new comes before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hall.domain.halls import Hall
from hall.domain.order import Image, stands
from hall.domain.tickets import Lane, State


@dataclass(frozen=True, slots=True)
class Ahead:
    """Tickets of a waiting ticket's queue that a general window calls before it, as things stand.

    `came_earlier` stand in the general set, `counts_as_earlier` in the priority set: finer counts would
    point at persons. `may_still` are here too, later by the rule at this moment, but their booked time comes
    soon enough to put them before it.
    """

    came_earlier: int
    counts_as_earlier: int
    may_still: int

    @property
    def in_all(self) -> int:
        """Called before it if nothing else happened."""
        return self.came_earlier + self.counts_as_earlier


def until(hall: Hall, ticket: Image) -> int:
    """Whoever takes a number after this moment (ms UTC) is not called before the ticket at a general window.

    A ticket's queue time is at most the bound before its arrival, and the smallest queue time is called.
    """
    return int(ticket["queue_time"]) + hall.bound_ms


def ahead(tickets: Iterable[Image], of: Image, now: int) -> Ahead:
    """The same as the store counts, by looking at everybody: what it is tested against."""
    place = stands(of, now)
    mine = (place.queue_time, of["id"])
    counts = {"general": 0, "priority": 0, "booked": 0}
    for ticket in tickets:
        if ticket["state"] != State.WAITING or ticket["queue"] != of["queue"] or ticket["id"] == of["id"]:
            continue
        standing = stands(ticket, now)
        if (standing.queue_time, ticket["id"]) < mine:
            counts["priority" if standing.lane == Lane.PRIORITY else "general"] += 1
        elif standing.booked and (_at_slot(ticket), ticket["id"]) < mine:
            counts["booked"] += 1
    return Ahead(counts["general"], counts["priority"], counts["booked"])


def _at_slot(ticket: Mapping[str, Any]) -> int:
    return stands(ticket, ticket["slot"]).queue_time
