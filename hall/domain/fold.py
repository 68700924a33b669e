"""A hall rebuilt from its journal: replay, the fault checker and the simulator share this one function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hall.domain.appointments import AppointmentState
from hall.domain.events import Entry
from hall.domain.tickets import OPEN, State
from hall.domain.visits import AHEAD

Image = dict[str, Any]


@dataclass(slots=True)
class CallFact:
    """What one call did to others: `over` tickets with smaller keys stayed waiting, `passed` earlier
    arrivals were overtaken, `lead` is how much later (ms) it arrived than the earliest of them counts as
    arrived: who asked for more time agreed to be overtaken by that much more."""

    entry: str
    number: str
    window: str
    rule: str
    over: int
    passed: int
    lead: int


@dataclass(slots=True)
class Folded:
    """Open tickets, windows, booked appointments, and what the calls did."""

    tickets: dict[str, Image] = field(default_factory=dict)
    windows: dict[str, Image] = field(default_factory=dict)
    appointments: dict[str, Image] = field(default_factory=dict)
    #: open cases, visits that have not ended
    cases: dict[str, Image] = field(default_factory=dict)
    visits: dict[str, Image] = field(default_factory=dict)
    calls: list[CallFact] = field(default_factory=list)
    closed_day: str | None = None
    config: int = 0
    as_of: str = "0-0"

    def waiting(self) -> dict[str, int]:
        """Waiting tickets by queue."""
        counts: dict[str, int] = {}
        for ticket in self.tickets.values():
            if ticket["state"] == State.WAITING:
                counts[ticket["queue"]] = counts.get(ticket["queue"], 0) + 1
        return counts


def fold(state: Folded, entry: Entry) -> Folded:
    """Apply one entry, in place. Images are complete, so the newest one is the truth."""
    if entry.kind == "called":
        state.calls.append(_call_fact(state, entry))
    if entry.ticket is not None:
        if entry.ticket["state"] in OPEN:
            state.tickets[entry.ticket["id"]] = entry.ticket
        else:
            state.tickets.pop(entry.ticket["id"], None)
    if entry.window is not None:
        state.windows[entry.window["id"]] = entry.window
    if entry.appointment is not None:
        if entry.appointment["state"] == AppointmentState.BOOKED:
            state.appointments[entry.appointment["id"]] = entry.appointment
        else:
            state.appointments.pop(entry.appointment["id"], None)
    _keep(state.cases, entry.case, ("open",))
    _keep(state.visits, entry.visit, AHEAD)
    if entry.kind == "day_closed":
        state.closed_day = entry.facts["date"]
    if entry.kind == "configured":
        state.config = entry.facts["version"]
    state.as_of = entry.id
    return state


def _keep(images: dict[str, Image], image: Image | None, while_in: Sequence[str]) -> None:
    if image is None:
        return
    if image["state"] in while_in:
        images[image["id"]] = image
    else:
        images.pop(image["id"], None)


def left_waiting(state: Folded, entry: Entry) -> list[Image]:
    """Whom a call left waiting in the window's queues; asked before the entry is applied. What the window itself
    returned a moment ago is passed over on purpose and not counted."""
    called = entry.ticket or {}
    queues = set(entry.facts.get("queues") or [called["queue"]])
    skipped = set(entry.facts.get("skipped") or [])
    return [
        ticket
        for ticket in state.tickets.values()
        if ticket["state"] == State.WAITING
        and ticket["queue"] in queues
        and ticket["id"] != called["id"]
        and ticket["id"] not in skipped
    ]


def _call_fact(state: Folded, entry: Entry) -> CallFact:
    """Compare a call with those who stayed waiting."""
    called, others = entry.ticket or {}, left_waiting(state, entry)
    key = (entry.facts["queue_time"], called["id"])
    arrived = entry.facts["arrived"]
    overtaken = [ticket["queue_time"] for ticket in others if ticket["arrived"] < arrived]
    return CallFact(
        entry=entry.id,
        number=called["number"],
        window=entry.window["id"] if entry.window else "",
        rule=entry.facts["rule"],
        over=sum((ticket["queue_time"], ticket["id"]) < key for ticket in others),
        passed=len(overtaken),
        lead=max(0, arrived - min(overtaken, default=arrived)),
    )
