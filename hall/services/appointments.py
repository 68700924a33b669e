"""Booking: who wants a slot, changes it, gives it up; what staff and the kiosk look up. Checking in is
`services/tickets.py`, because it gives a number."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from hall.domain import appointments as rules
from hall.domain.booking_errors import PersonMissing
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.domain.people import Person, masked
from hall.domain.policy import MINUTE
from hall.services.moves import Args, Moves
from hall.services.people import People, checked
from hall.services.secrets import Secrets
from hall.services.slots import check_now
from hall.store.appointments import AppointmentStore, Image, Kept

_DAY = 24 * 60 * MINUTE
#: of so many random desk codes one is free, however many appointments a hall has
_CODES = 8
RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to book, as typed. `slot` in ms UTC."""

    services: tuple[str, ...]
    slot: int
    person: Person
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class Change:
    """What changes of an appointment; None stays."""

    slot: int | None = None
    services: tuple[str, ...] | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What a row of a portal brings besides: keyed hashes of its own number and of its contents. Such an
    appointment was booked by the portal's rules: ours of lead time, limit and penalty do not apply."""

    external: str
    print: str


class Listed(NamedTuple):
    """An appointment for staff, its person masked; an erased person's fields are empty."""

    image: Image
    person: dict[str, str]


@dataclass(frozen=True, slots=True)
class Appointments:
    moves: Moves
    secrets: Secrets

    @property
    def people(self) -> People:
        return People(self.moves.store, self.secrets)

    @property
    def kept(self) -> AppointmentStore:
        return AppointmentStore(self.moves.store)

    def book(self, caller: Caller, hall_id: str, request: Request, imported: Imported | None = None) -> Kept:
        """Book a slot. Raises SLOT_UNKNOWN, SLOT_FULL, CLOSED_TODAY, BOOKING_TOO_EARLY, BOOKING_TOO_LATE,
        BOOKING_LIMIT, BOOKING_BLOCKED, PERSON_MISSING, BAD_PHONE, BAD_IDENTITY_NUMBER, SERVICES_MIXED,
        UNKNOWN_SERVICE."""
        codes = [f"{secrets.randbelow(10**8):08}" for _ in range(_CODES)]
        asked = [request.services, request.slot, request.language, self.people.print(hall_id, request.person), imported]

        def prepare(hall: Hall) -> Args:
            now = self.moves.now(caller)
            person = self._named(hall, request.person, now)
            args = self._slot_args(hall, request.services, request.slot, None if imported else now)
            args |= {"language": request.language, "codes": codes}
            args["record"] = self.people.record(hall.id, person, rename=caller.by != RESIDENT)
            if imported:
                return {**args, "external": imported.external, "print": imported.print}
            args["limits"] = self._limits(hall, request.slot, person)
            return {**args, "penalty": _penalty(hall)}

        answer = self.moves.run(hall_id, "book", caller, prepare, asked)
        return Kept(answer["appointment"], answer["code"], None)

    def look(self, token: str) -> tuple[str, Kept]:
        """(hall, appointment) behind a resident's link. Raises `UnknownAppointment`."""
        hall_id, appointment_id = self.secrets.read_appointment_token(token)
        return hall_id, self.kept.get(hall_id, appointment_id)

    def change(self, caller: Caller, token: str, change: Change) -> Kept:
        """Move an appointment, or change its services. Raises what `book` does, and CHANGES_USED_UP,
        APPOINTMENT_USED, APPOINTMENT_CANCELLED, APPOINTMENT_OVER."""
        hall_id, appointment_id = self.secrets.read_appointment_token(token)
        changes = self.moves.halls.get(hall_id).booking.changes if caller.by == RESIDENT else None
        return self.rebook(caller, hall_id, appointment_id, change, changes=changes)

    def rebook(
        self,
        caller: Caller,
        hall_id: str,
        appointment_id: str,
        change: Change,
        *,
        changes: int | None = None,
        person: Person | None = None,
        imported: Imported | None = None,
    ) -> Kept:
        """`change` by id; an import may bring a newer `person` too."""

        def prepare(hall: Hall) -> Args:
            now, old = self.moves.now(caller), self.kept.get(hall.id, appointment_id).image
            services = change.services or tuple(old["services"].split(","))
            slot = old["slot"] if change.slot is None else change.slot
            moved = slot != old["slot"] or hall.line_of(list(services)).id != old["line"]
            args: Args = {"services": _joined(hall, services), "language": change.language or old["language"]}
            if moved:
                args |= self._slot_args(hall, services, slot, None if imported else now)
            args |= {"appointment": appointment_id, "changes": changes, "release": _release(hall, old["line"])}
            if person is not None:
                args["record"] = self.people.record(hall.id, self._named(hall, person, now), rename=True)
            if imported is not None:
                return {**args, "print": imported.print}
            return {**args, "limits": self._limits(hall, slot, None)}

        hidden = self.people.print(hall_id, person) if person else None
        answer = self.moves.run(hall_id, "rebook", caller, prepare, [appointment_id, change, hidden, imported])
        return Kept(answer["appointment"], answer["code"], None)

    def cancel(self, caller: Caller, token: str) -> Image:
        """Give an appointment up; its place is free a little later. Raises BOOKING_TOO_LATE, APPOINTMENT_USED,
        APPOINTMENT_CANCELLED, APPOINTMENT_OVER."""
        return self.give_up(caller, *self.secrets.read_appointment_token(token))

    def give_up(self, caller: Caller, hall_id: str, appointment_id: str) -> Image:
        """`cancel` by id."""

        def prepare(hall: Hall) -> Args:
            line = self.kept.get(hall.id, appointment_id).image["line"]
            return {"appointment": appointment_id, "release": _release(hall, line)}

        image: Image = self.moves.run(hall_id, "cancel_booking", caller, prepare, appointment_id)["appointment"]
        return image

    def on_date(self, hall_id: str, day: date) -> list[Listed]:
        """Every appointment of a date for staff, in order of slot."""
        start, end = _bounds(self.moves.halls.get(hall_id), day)
        images = self.kept.between(hall_id, start, end)
        people = self.people.many(hall_id, [image["person"] for image in images])
        return [Listed(image, masked(people.get(image["person"], Person()))) for image in images]

    def today_for(self, hall_id: str, id_number: str, now: int | None = None) -> list[Image]:
        """The appointments of today, in any line, of whoever has this identity number: booked ones first, in
        order of slot. What a card swipe finds. Raises `BadIdentityNumber`."""
        hall, now = self.moves.halls.get(hall_id), now or self.moves.clock()
        card = checked(Person(id_number=id_number), hall.calendar.date_of(now)).id_number
        # The first slot of tomorrow may check in before midnight already.
        start, end = _bounds(hall, hall.calendar.date_of(now))
        end = max(end, now + hall.policy.early * MINUTE + 1)
        found = self.people.find(hall_id, id_number=card)
        images = [image for person in found for image in self.kept.of_person(hall_id, person, start, end)]
        return sorted(images, key=lambda image: (image["state"] != "booked", image["slot"], image["id"]))

    def _named(self, hall: Hall, person: Person, now: int) -> Person:
        plain = checked(person, hall.calendar.date_of(now))
        if not plain.name:
            raise PersonMissing(field="name")
        if not (plain.phone or plain.id_number):
            raise PersonMissing(field="phone")
        return plain

    def _slot_args(self, hall: Hall, services: tuple[str, ...], slot: int, now: int | None) -> Args:
        """A slot of the services' line; its lead time, and whether the hall is closed for that
        day, count when `now` is given."""
        line = hall.line_of(list(services))
        offer = rules.check_slot(hall.calendar, line.appointments, slot)
        if now is not None:
            check_now(hall, offer, slot, now)
        return {
            "line": line.id,
            "slot": slot,
            "date": hall.calendar.date_of(slot).isoformat(),
            "services": _joined(hall, services),
            "capacity": offer.capacity,
            "reminder": hall.booking.reminder * MINUTE or None,
        }

    def _limits(self, hall: Hall, slot: int, person: Person | None) -> Args:
        start, end = _bounds(hall, hall.calendar.date_of(slot))
        # A phone alone proves nobody: whoever books under several names with it is counted as one.
        others = self.people.with_phone(hall.id, person.phone) if person and not person.id_number else []
        return {"count": hall.booking.per_person_per_day, "from": start, "to": end, "others": others}


def _joined(hall: Hall, services: tuple[str, ...]) -> str:
    return ",".join(dict.fromkeys(hall.service(service).id for service in services))


def _bounds(hall: Hall, day: date) -> tuple[int, int]:
    return hall.calendar.ms(day, 0), hall.calendar.ms(day + timedelta(days=1), 0)


def _penalty(hall: Hall) -> Args | None:
    penalty = hall.booking.penalty
    if penalty == "off":
        return None
    return {"count": penalty.no_shows, "within": penalty.within * _DAY, "block": penalty.days * _DAY}


def _release(hall: Hall, line_id: str) -> int:
    """A random delay, ms. The line may be gone, or offer nothing any more."""
    offer = next((line.appointments for line in hall.lines if line.id == line_id), None)
    if offer is None:
        return 0
    least, most = offer.release
    return least * MINUTE + secrets.randbelow((most - least) * MINUTE + 1)
