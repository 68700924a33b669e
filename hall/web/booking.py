"""Booking in words, for residents and staff alike: days and times to choose from, what is wrong with a field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import qrcode
from flask import Flask, request
from flask_babel import format_date
from flask_babel import gettext as _
from qrcode.constants import ERROR_CORRECT_M

from hall.domain.booking_errors import BadPhone
from hall.domain.errors import BadIdentityNumber, HallError, TextNotPlain
from hall.domain.halls import Hall, Line, Service
from hall.domain.people import Person
from hall.services.people import checked
from hall.services.slots import Day, Slot
from hall.web.access import sanban
from hall.web.errors import said
from hall.web.problems import PROBLEMS

#: refusals that another time cures
OF_THE_SLOT = frozenset({"SLOT_FULL", "SLOT_UNKNOWN", "BOOKING_TOO_EARLY", "BOOKING_TOO_LATE", "CLOSED_TODAY"})
#: what is not shown at all: it is over, or the hall is closed
_GONE = ("BOOKING_TOO_LATE", "CLOSED_TODAY")
#: fields of a person, and the most characters that can be typed in each
FIELDS = {"name": 80, "phone": 40, "id_number": 40}
#: of the code's picture, in modules
_QUIET = 4


class Fault(NamedTuple):
    """What is wrong, said at its field (`field`: its id) and in the summary."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The services somebody books for, all of one line that can be booked."""

    services: tuple[Service, ...]
    line: Line

    @property
    def ids(self) -> list[str]:
        return [service.id for service in self.services]


def register(app: Flask) -> None:
    app.jinja_env.filters.update(day=day_text, time=lambda ms, hall: clock(hall, ms))


def bookable(hall: Hall) -> list[Service]:
    """The services whose line offers appointments, in the hall's order."""
    return [service for service in hall.services if hall.line(service.line).appointments is not None]


def chosen(hall: Hall, ids: list[str]) -> Chosen | None:
    """What the address says was chosen; None: nothing that can be booked together."""
    known = {service.id: service for service in bookable(hall)}
    services = tuple(known[one] for one in dict.fromkeys(ids) if one in known)
    if not services or len(services) != len(set(ids)) or len({one.line for one in services}) != 1:
        return None
    return Chosen(services, hall.line(services[0].line))


def days(hall: Hall, line: Line) -> list[Day]:
    return sanban().slots.days(hall.id, line.id)


def times(hall: Hall, line: Line, day: date) -> list[tuple[str, list[Slot]]]:
    """The slots of a day that is not over: morning, then afternoon, each with its name."""
    found = [slot for slot in sanban().slots.on(hall.id, line.id, day) if slot.refusal not in _GONE]
    noon = hall.calendar.ms(day, 12 * 60)
    halves = [
        (_("Morning"), [s for s in found if s.start < noon]),
        (_("Afternoon"), [s for s in found if s.start >= noon]),
    ]
    return [(name, slots) for name, slots in halves if slots]


def read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def read_slot(hall: Hall, text: str | None) -> tuple[int, date] | None:
    """A slot's start and its date, from an address."""
    if not (text and text.isascii() and text.isdigit() and len(text) <= 13 and int(text) <= 4_102_444_800_000):
        return None
    return int(text), hall.calendar.date_of(int(text))


def day_text(day: date) -> str:
    return str(format_date(day, "full"))


def slot_text(hall: Hall, start: int) -> str:
    """Date and time of a slot, for people."""
    return f"{day_text(hall.calendar.date_of(start))} {clock(hall, start)}"


def clock(hall: Hall, ms: int) -> str:
    return f"{hall.calendar.local(ms):%H:%M}"


# Refusals ------------------------------------------------------------------------------------

#: what no page can cure
_OUTAGES = frozenset({"STORE_AWAY", "STALE_CONFIG", "STORE_FULL", "UNKNOWN_APPOINTMENT", "UNKNOWN_HALL"})
#: facts that texts of booking name
_FACTS = ("number", "limit")
_FACT = re.compile(r"[A-Z]?[0-9]{1,6}")


def refused(refusal: HallError) -> dict[str, Any]:
    """A refusal as parts of an address: every form leads to a page that can be gone back to. Neither code nor
    facts are personal."""
    if refusal.code in _OUTAGES:
        raise refusal
    facts: dict[str, Any] = {name: refusal.facts[name] for name in _FACTS if name in refusal.facts}
    return {"refused": refusal.code, **facts}


def refusal_text() -> str:
    """What the address says was refused; empty: nothing."""
    code = request.args.get("refused", "")
    if code not in PROBLEMS:
        return ""
    facts = {name: value for name in _FACTS if _FACT.fullmatch(value := request.args.get(name, ""))}
    return said(PROBLEMS[code][1], facts)


def refusal_at(field: str) -> list[Fault]:
    """The same as the fault of a field."""
    text = refusal_text()
    return [Fault(field, text)] if text else []


def is_key(text: str) -> bool:
    """A request key that a form of ours holds."""
    return text.isascii() and text.isalnum() and len(text) <= 64


# A person as typed ---------------------------------------------------------------------------


def typed(form: Mapping[str, str]) -> Person:
    """At most what a field may hold, as its `maxlength` says too."""
    return Person(**{field: form.get(field, "")[:longest] for field, longest in FIELDS.items()})


def faults_of(hall: Hall, person: Person) -> list[Fault]:
    """Everything that is wrong with a person's fields, each said where it is."""
    today = hall.calendar.date_of(sanban().appointments.moves.clock())
    faults = []
    if not person.name.strip():
        faults.append(Fault("name", _("Enter the name of the person who comes.")))
    if not (person.phone.strip() or person.id_number.strip()):
        faults.append(Fault("phone", _("Enter a mobile number, or the identity number below.")))
    for one in (Person(name=person.name), Person(phone=person.phone), Person(id_number=person.id_number)):
        try:
            checked(one, today)
        except TextNotPlain:
            faults.append(Fault("name", _("Write the name in plain letters, at most 60.")))
        except BadPhone:
            faults.append(
                Fault("phone", _("Enter a phone number like 138 1234 5678, or a landline with its area code."))
            )
        except BadIdentityNumber as bad:
            faults.append(Fault("id_number", _identity_text(str(bad.facts.get("why")))))
    return faults


def _identity_text(why: str) -> str:
    texts = {
        "length": _("An identity number has 18 characters. Please count them again."),
        "characters": _("An identity number is 17 digits and one more digit or X. Please check it."),
        "date": _("Digits 7 to 14 are not a date of birth. Please check them."),
        "future": _("The date of birth in this number has not come yet. Please check digits 7 to 14."),
        "check": _("One digit is wrong or two are swapped. Please compare with the card."),
    }
    return str(texts.get(why) or PROBLEMS["BAD_IDENTITY_NUMBER"][1])


# The code ------------------------------------------------------------------------------------


def holder_url(token: str) -> str:
    """The address of an appointment, as its holder's code has it."""
    public = sanban().settings.public_url or request.url_root.rstrip("/")
    return f"{public}/a/{token}"


class Picture(NamedTuple):
    """A QR code as one path in a square of `size` modules."""

    size: int
    path: str


def picture(text: str) -> Picture:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return Picture(len(rows), "".join(dark))


def booked_facts(hall: Hall, image: dict[str, Any]) -> dict[str, Any]:
    """An appointment for a page: names instead of ids, and when one may come."""
    policy, start = hall.policy, image["slot"]
    services = [hall.service(one) for one in image["services"].split(",") if one in {s.id for s in hall.services}]
    return {
        "state": image["state"],
        "services": services,
        "when": slot_text(hall, start),
        "day": day_text(hall.calendar.date_of(start)),
        "time": clock(hall, start),
        "from": clock(hall, start - policy.early * 60_000),
        "until": clock(hall, start + policy.grace * 60_000),
        "number": image.get("number"),
        "slot": start,
        "line": image["line"],
    }
