"""The moves as queue-policy reads, on plain dictionaries: what the store must agree with after every step.

A move either raises `Refused` with the code it expects, before it changes anything, or changes the model. Who
is called is not decided here but by hall/domain/order.py, the definition by brute force.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hall.domain import order
from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.domain.tickets import MOVES, OPEN

Row = dict[str, Any]
_NO_SUCH_FIELD = object()


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Model:
    hall: Hall
    now: int = 0
    tickets: dict[str, Row] = field(default_factory=dict)
    windows: dict[str, Row] = field(default_factory=dict)
    #: (person, line of issue) → ticket
    persons: dict[tuple[str, str], str] = field(default_factory=dict)
    #: (date, number) → ticket
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    counters: dict[tuple[str, str], int] = field(default_factory=dict)
    appointments: set[str] = field(default_factory=set)
    closed_day: str = ""

    # What is asked of the model ------------------------------------------------------------------

    @property
    def today(self) -> str:
        return self.hall.calendar.date_of(self.now).isoformat()

    def open_tickets(self) -> list[Row]:
        return [ticket for ticket in self.tickets.values() if ticket["state"] in OPEN]

    def waiting_for(self, window_id: str, clerk: str | None = None) -> list[Row]:
        queues = order.seat(self.hall, self.windows, window_id, self.now, clerk).queues
        return [t for t in self.tickets.values() if t["state"] == "waiting" and t["queue"] in queues]

    def key(self, ticket: Row) -> tuple[int, str]:
        return order.stands(ticket, self.now).queue_time, ticket["id"]

    def ahead(self, ticket: Row) -> dict[str, int]:
        """How many of the ticket's queue a general window would call before it, by set."""
        counts = {"priority": 0, "general": 0}
        for other in self.tickets.values():
            same_queue = other["state"] == "waiting" and other["queue"] == ticket["queue"]
            if same_queue and self.key(other) < self.key(ticket):
                counts[str(order.stands(other, self.now).lane)] += 1
        return counts

    # Parts of moves ------------------------------------------------------------------------------

    def window(self, window_id: str, clerk: str | None = None) -> Row:
        window = self.windows.setdefault(
            window_id, {"id": window_id, "state": "closed", "clerk": None, "ticket": None, "passed": {}, "undo": []}
        )
        if clerk and window["clerk"] and window["clerk"] != clerk:
            raise Refused("WINDOW_TAKEN")
        return window

    def free_window(self, window_id: str, clerk: str | None) -> Row:
        window = self.window(window_id, clerk)
        if window["ticket"]:
            raise Refused("WINDOW_BUSY")
        if window["state"] == "paused":
            raise Refused("WINDOW_PAUSED")
        return window

    def seat_of(self, clerk: str | None) -> Row | None:
        return next((w for w in self.windows.values() if clerk and w["clerk"] == clerk), None)

    def sit_down(self, window: Row, clerk: str | None) -> None:
        if window["state"] != "closed":
            return
        seat = self.seat_of(clerk)
        if seat and seat is not window:
            raise Refused("CLERK_ELSEWHERE")
        window["state"], window["clerk"] = "open", clerk

    def named(self, number: str) -> Row:
        ticket_id = self.numbers.get((self.today, number))
        if ticket_id is None:
            raise Refused("UNKNOWN_TICKET")
        return self.tickets[ticket_id]

    def check(self, ticket: Row, move: str) -> None:
        if ticket["state"] not in MOVES[move][0]:
            raise Refused("MOVE_NOT_LEGAL")

    def at(self, window: Row, move: str) -> Row:
        if not window["ticket"]:
            raise Refused("WINDOW_EMPTY")
        ticket = self.tickets[window["ticket"]]
        self.check(ticket, move)
        return ticket

    def is_there(self, queue: str) -> bool:
        kind, _, name = queue.partition("/")
        if kind == "@window":
            return name in self.windows and bool(self.windows[name]["state"] != "closed")
        return kind != "@clerk" or self.seat_of(name) is not None

    def enter(self, ticket: Row) -> None:
        ticket["state"] = "waiting"
        if not self.is_there(ticket["queue"]):
            ticket["queue"] = ticket["line"]

    def leave_window(self, window: Row, ticket: Row) -> None:
        window["ticket"], window["undo"] = None, []
        for name in ("window", "clerk"):
            ticket.pop(name, None)

    def remember(self, window: Row, move: str, ticket: Row, fields: tuple[str, ...]) -> None:
        before = {name: ticket.get(name, _NO_SUCH_FIELD) for name in (*fields, "state")}
        entry = {"move": move, "ticket": ticket["id"], "calls": ticket.get("calls", 0), "before": before}
        entry["until"] = self.now + self.hall.policy.undo_seconds * 1000
        window["undo"] = [entry, *window["undo"]][:3]

    def end(self, ticket: Row, state: str) -> None:
        ticket["state"] = state
        person = ticket.get("person")
        if person and self.persons.get((person, ticket["issued_line"])) == ticket["id"]:
            del self.persons[person, ticket["issued_line"]]

    def dissolve(self, queue: str) -> None:
        for ticket in self.tickets.values():
            if ticket["state"] == "waiting" and ticket["queue"] == queue:
                ticket["queue"] = ticket["line"]

    def shut(self, window: Row, *, clerk_moves: bool = False) -> None:
        clerk = window["clerk"]
        window.update(state="closed", clerk=None, passed={}, undo=[])
        self.dissolve(f"@window/{window['id']}")
        if clerk and not clerk_moves:
            self.dissolve(f"@clerk/{clerk}")

    def restore(self, ticket: Row, before: Row) -> None:
        for name, value in before.items():
            if value is _NO_SUCH_FIELD:
                ticket.pop(name, None)
            else:
                ticket[name] = value

    def minutes(self, name: str) -> int:
        value: int = getattr(self.hall.policy, name)
        return value * MINUTE
