"""A hall in a test: the real services on a real store, a clock that the test turns.

hall.at("09:00").issue("A001")           # times are local, on DAY
hall.next("w1")                          # → "A001"
"""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from typing import Any, Self

from bench.rig import daytime
from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.domain.halls import Group, Hall, Line, Service, Window
from hall.domain.texts import Text
from hall.services.access import Access
from hall.services.calls import Calls, Finish
from hall.services.halls import Halls
from hall.services.moves import Moves
from hall.services.secrets import Secrets
from hall.services.tickets import Booked, Place, Tickets, Wish
from hall.services.timers import Timers
from hall.services.windows import Windows
from hall.store.connect import connect
from hall.store.store import HallState, Store

ZONE = "Asia/Shanghai"
DAY = "2026-11-24"
ALWAYS = Week(*[("00:00-24:00",)] * 7)
KEY = b"a key for tests only, 32 bytes.."


def text(words: str) -> Text:
    return Text(zh=words, en=words)


def small_hall(hall_id: str, **changes: Any) -> Hall:
    """Lines a, b; windows w1, w2 (both lines), w3 (a only), p1 (priority, both lines)."""
    hall = Hall(
        id=hall_id,
        name=text("test"),
        zone=ZONE,
        hours=ALWAYS,
        lines=(Line("a", "A", text("a")), Line("b", "B", text("b"))),
        services=(Service("a1", "a", text("a1")), Service("a2", "a", text("a2")), Service("b1", "b", text("b1"))),
        windows=(
            Window("w1", "1", ("a", "b")),
            Window("w2", "2", ("a", "b")),
            Window("w3", "3", ("a",)),
            Window("p1", "P", ("a", "b"), kind="priority"),
        ),
        groups=(
            Group("aged", text("80+"), proof="card", from_age=80),
            Group("veteran", text("veteran"), evidence=text("veteran's card")),
        ),
    )
    return replace(hall, **changes)


def live_hall(hall_id: str, **changes: Any) -> Hall:
    """A small hall on the real clock, where it is daytime."""
    return small_hall(hall_id, zone=daytime(), **changes)


class Driver:
    """Sentences about one hall of its own."""

    def __init__(self, url: str, **changes: Any) -> None:
        self.id = f"t{uuid.uuid4().hex[:12]}"
        self.store = Store(connect(url, retries=False), connect(url, retries=True))
        self.halls = Halls(self.store, {})
        self.moves = Moves(self.store, self.halls, lambda: self.now)
        self.secrets = Secrets(KEY)
        self.tickets = Tickets(self.moves, self.secrets)
        self.calls = Calls(self.moves)
        self.windows = Windows(self.moves)
        self.timers = Timers(self.moves)
        self.access = Access(self.store, KEY)
        self.hall = small_hall(self.id, **changes)
        self.now = 0
        self.ids: dict[str, str] = {}
        self._keys = itertools.count()
        self.at("08:00")
        self.halls.save(self.hall, self.caller("setup"))

    def at(self, time: str, day: str = DAY) -> Self:
        """Set the clock: "09:30" or "09:30:15" on a date."""
        hours, minutes, *seconds = (int(part) for part in time.split(":"))
        from datetime import date

        base = self.hall.calendar.ms(date.fromisoformat(day), hours * 60 + minutes)
        self.now = base + (seconds[0] * 1000 if seconds else 0)
        return self

    def caller(self, by: str = "staff:ann", key: str | None = None, clerk: str | None = None) -> Caller:
        return Caller(by=by, key=key, now=self.now, clerk=clerk)

    def change(self, **changes: Any) -> None:
        """Change the hall's description while it runs."""
        self.hall = replace(self.hall, **changes)
        self.halls.save(self.hall, self.caller("manager"))

    def place(self, *services: str, slot: str | None = None, **wish: Any) -> Place:
        booked = None
        if slot:
            saved = self.now
            booked = Booked(f"b{next(self._keys)}", self.at(slot).now)
            self.now = saved
        asked = Wish(services=services or ("a1",), booked=wish.pop("booked", booked), **wish)
        place = self.tickets.issue(self.caller("device:kiosk"), self.id, asked)
        self.ids[place.ticket["number"]] = place.ticket["id"]
        return place

    def issue(self, *services: str, **wish: Any) -> str:
        """Take a number; `slot="10:30"` checks an appointment in, `claim="veteran"` declares a group."""
        return str(self.place(*services, **wish).ticket["number"])

    def next(self, window: str = "w1", finish: str | None = None) -> str | None:
        how = Finish(finish) if finish else None
        ticket = self.calls.call_next(self.caller(), self.id, window, how)
        return ticket["number"] if ticket else None

    def serve_all(self, window: str = "w1") -> list[str]:
        """Call and finish until nobody waits; the numbers in the order of calling."""
        numbers = []
        while number := self.next(window):
            numbers.append(number)
            self.calls.finish(self.caller(), self.id, window)
        return numbers

    def token(self, number: str) -> str:
        return self.secrets.ticket_token(self.id, self.ids[number])

    def ticket(self, number: str) -> dict[str, Any]:
        return self.tickets.find(self.caller(), self.id, number).ticket

    def snapshot(self) -> HallState:
        return self.store.snapshot(self.id, now=self.now)

    def journal(self) -> list[Any]:
        entries, last = [], "0-0"
        while batch := self.store.journal.after(self.id, last):
            entries += batch
            last = batch[-1].id
        return entries

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.journal()]
