"""A hall that can be booked, for tests: lines a and b, weekdays 09:00-11:30 and 13:30-15:30, DAY is a Tuesday."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hall.domain.appointments import Booking, Offer
from hall.domain.calendar import Week
from hall.domain.halls import Line
from hall.domain.identity import check_character
from hall.domain.people import Person
from hall.services.appointments import Appointments, Change, Request
from hall.services.people import People
from hall.services.slots import Slots
from hall.services.tickets import Wish
from hall.store.appointments import Kept
from tests.driver import DAY, Driver, text

WEEK = Week(*[("09:00-11:30", "13:30-15:30")] * 5)
OFFER = Offer(WEEK, slot_minutes=15, capacity=2, earliest=14, latest=60, release=(10, 60))
LI_PHONE = "138 1234 5678"


def id_number(born: str = "19600101", serial: str = "002", area: str = "310107") -> str:
    """A made-up identity number with a right check digit."""
    return (first := f"{area}{born}{serial}") + check_character(first)


LI = Person("李小明", LI_PHONE, id_number())


def lines(offer: Offer = OFFER) -> tuple[Line, Line]:
    return (
        Line("a", "A", text("a"), appointments=offer),
        Line("b", "B", text("b"), appointments=replace(offer, capacity=1)),
    )


def _somebody() -> str:
    """The identity number of somebody no other process thinks of, born after 1959."""
    some = uuid.uuid4().int
    born = date(1960, 1, 1) + timedelta(days=some % 14000)
    return id_number(f"{born:%Y%m%d}", f"{some % 997:03}", f"{some % 899_981 + 100_000}")


class BookableHall(Driver):
    def __init__(self, url: str, **changes: Any) -> None:
        offer = changes.pop("offer", OFFER)
        super().__init__(url, **{"lines": lines(offer), "booking": Booking(), **changes})
        self.people = People(self.store, self.secrets)
        self.slots = Slots(self.moves)
        self.appointments = Appointments(self.moves, self.secrets)

    def ms(self, time: str, day: str = DAY) -> int:
        hours, minutes = (int(part) for part in time.split(":"))
        return self.hall.calendar.ms(date.fromisoformat(day), hours * 60 + minutes)

    def book(
        self,
        time: str = "10:00",
        *services: str,
        day: str = DAY,
        person: Person | None = None,
        by: str = "resident",
        key: str | None = None,
    ) -> Kept:
        """Book a slot: for somebody new each time, unless `person` says for whom."""
        who = person or Person("王某", id_number=_somebody())
        request = Request(services or ("a1",), self.ms(time, day), who)
        return self.appointments.book(self.caller(by, key), self.id, request)

    def link(self, booked: Kept) -> str:
        return self.secrets.appointment_token(self.id, booked.image["id"])

    def move(self, booked: Kept, time: str | None = None, by: str = "resident", day: str = DAY, **what: Any) -> Kept:
        """Change an appointment: its time, its services."""
        change = Change(slot=self.ms(time, day) if time else None, **what)
        return self.appointments.change(self.caller(by), self.link(booked), change)

    def cancel(self, booked: Kept) -> None:
        self.appointments.cancel(self.caller("resident"), self.link(booked))

    def state(self, booked: Kept) -> dict[str, Any]:
        return self.appointments.kept.get(self.id, booked.image["id"]).image

    def check_in(
        self, booked: Kept | None = None, *services: str, key: str | None = None, **wish: Any
    ) -> dict[str, Any]:
        """Check in by desk code, or as the wish says; the ticket."""
        code = booked.desk_code if booked else wish.pop("appointment", None)
        asked = Wish(services=services, appointment=code, **wish)
        ticket = self.tickets.issue(self.caller("device:kiosk", key), self.id, asked).ticket
        self.ids[ticket["number"]] = ticket["id"]
        return ticket

    def fire_due(self) -> list[str]:
        """Fire every timer that has come, as the follower does; what each says."""
        return [self.timers.fire(self.id, timer, self.now) for timer, _ in self.timers.due(self.id, self.now)]

    def left(self, time: str, line: str = "a", day: str = DAY) -> int:
        slots = self.slots.on(self.id, line, date.fromisoformat(day), self.now)
        return next(slot.left for slot in slots if slot.start == self.ms(time, day))
