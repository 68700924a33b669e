"""Which appointment somebody has come for: by link, desk code or identity card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from hall.domain import identity
from hall.domain.callers import Caller
from hall.domain.errors import TooManyTries, UnknownAppointment
from hall.domain.halls import Group, Hall
from hall.domain.people import Person
from hall.domain.policy import MINUTE
from hall.services.appointments import Appointments
from hall.services.moves import Args
from hall.store.access import AccessStore

_DESK_CODE = re.compile(r"[0-9]{8}")
#: wrong desk codes a device may try within so many seconds
_TRIES, _SECONDS = 10, 900


@dataclass(frozen=True, slots=True)
class Arrival:
    """An appointment that checks in, and what is known of its person."""

    image: dict[str, Any]
    person: Person
    card_hash: str | None


@dataclass(frozen=True, slots=True)
class CheckIn:
    appointments: Appointments

    def by_code(self, caller: Caller, hall_id: str, code: str) -> Arrival:
        """By link (or the address its QR code holds) or desk code. Raises UNKNOWN_APPOINTMENT, and
        TOO_MANY_TRIES for a device that guesses desk codes."""
        digits = re.sub(r"[\s-]", "", code)
        if _DESK_CODE.fullmatch(digits):
            return self._arrival(hall_id, self._desk(caller, hall_id, digits))
        of_hall, appointment_id = self.appointments.secrets.read_appointment_token(code.rpartition("/")[2].strip())
        if of_hall != hall_id:
            raise UnknownAppointment()
        return self._arrival(hall_id, appointment_id)

    def by_card(self, caller: Caller, hall_id: str, id_number: str, services: tuple[str, ...]) -> Arrival | None:
        """What a card finds: the next appointment of today, in the line of `services` when there are some. One
        that checked in counts only when nothing else was asked for: the store says then which number it got."""
        hall, now = self.appointments.moves.halls.get(hall_id), self.appointments.moves.now(caller)
        line = hall.line_of(list(services)).id if services else None
        for image in self.appointments.today_for(hall_id, id_number, now):
            near = now >= image["slot"] - hall.policy.early * MINUTE
            if line is None or (image["line"] == line and image["state"] == "booked" and near):
                return self._arrival(hall_id, image["id"])
        return None

    def _desk(self, caller: Caller, hall_id: str, code: str) -> str:
        access, who = AccessStore(self.appointments.moves.store), f"desk/{caller.by}"
        if access.tries(hall_id, who) >= _TRIES:
            raise TooManyTries(seconds=_SECONDS)
        appointment_id = self.appointments.kept.by_desk_code(hall_id, code)
        if appointment_id is None:
            access.count_try(hall_id, who, _SECONDS)
            raise UnknownAppointment()
        access.forget_tries(hall_id, who)
        return appointment_id

    def _arrival(self, hall_id: str, appointment_id: str) -> Arrival:
        image = self.appointments.kept.get(hall_id, appointment_id).image
        people = self.appointments.people
        person = people.many(hall_id, [image["person"]]).get(image["person"], Person())
        return Arrival(image, person, people.card_hash(hall_id, image["person"]))


def slot_args(hall: Hall, arrival: Arrival) -> Args:
    """The policy an appointment checks in under."""
    policy = hall.policy
    return {
        "appointment": arrival.image["id"],
        "slot_head_start": policy.head_start.appointment * MINUTE,
        "grace": policy.grace * MINUTE,
        "early": policy.early * MINUTE,
        "notice": bool(hall.notices.called_soon and arrival.person.phone) or None,
    }


def group_by_number(hall: Hall, arrival: Arrival, now: int) -> Group | None:
    """The group that the booked identity number speaks for. Nobody has seen the card: it is declared."""
    if not arrival.person.id_number:
        return None
    today = hall.calendar.date_of(now)
    return hall.group_by_age(identity.age(identity.read(arrival.person.id_number, today).born, today))
