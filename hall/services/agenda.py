"""Who is booked for a day, found as people say it at a desk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hall.domain.people import Person
from hall.services.appointments import Appointments, Listed


@dataclass(frozen=True, slots=True)
class Agenda:
    appointments: Appointments

    def find(self, hall_id: str, day: date, wanted: str = "") -> list[Listed]:
        """The appointments of a date in order of slot; those alone whose desk code, number or end of the phone or
        identity number (4 characters at least), or beginning of the name is `wanted`."""
        listed = self.appointments.on_date(hall_id, day)
        text = re.sub(r"[\s-]", "", wanted).casefold()
        if not text:
            return listed
        people = self.appointments.people.many(hall_id, [one.image["person"] for one in listed])
        by_code = self.appointments.kept.by_desk_code(hall_id, text)
        return [
            one
            for one in listed
            if one.image["id"] == by_code
            or one.image.get("number", "").casefold() == text
            or _is(people.get(one.image["person"], Person()), text)
        ]


def _is(person: Person, text: str) -> bool:
    ends = len(text) >= 4 and any(number.casefold().endswith(text) for number in (person.phone, person.id_number))
    return ends or "".join(person.name.split()).casefold().startswith(text)
