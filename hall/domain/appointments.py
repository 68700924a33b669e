"""Appointments: which slots a line offers, when each may be booked, and what may happen to one that was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

from hall.domain.booking_errors import BookingTooEarly, BookingTooLate, SlotUnknown
from hall.domain.calendar import Calendar, Week
from hall.domain.policy import MINUTE


class AppointmentState(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


_B = AppointmentState.BOOKED

#: The only list of legal moves: from which state each starts, and where it ends (None: the same state).
#: The Lua prelude is rendered from it.
APPOINTMENT_MOVES: Final[dict[str, tuple[AppointmentState, AppointmentState | None]]] = {
    "rebook": (_B, None),
    "cancel": (_B, AppointmentState.CANCELLED),
    "arrive": (_B, AppointmentState.ARRIVED),
    "no_show": (_B, AppointmentState.NO_SHOW),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a line offers for booking. `earliest` in days ahead, `latest` in minutes before the slot; a place
    that was cancelled is free again after a random time within `release` (minutes), or places get traded."""

    __pydantic_config__ = {"extra": "forbid"}

    hours: Week
    slot_minutes: int = 15
    capacity: int = 1
    earliest: int = 14
    latest: int = 60
    release: tuple[int, int] = (10, 60)

    def __post_init__(self) -> None:
        if not 5 <= self.slot_minutes <= 480:
            raise ValueError("slot_minutes must be from 5 to 480")
        if not 1 <= self.capacity <= 1000:
            raise ValueError("capacity must be from 1 to 1000")
        if not 0 <= self.earliest <= 365:
            raise ValueError("earliest must be from 0 to 365 days")
        if not 0 <= self.latest <= 7 * 24 * 60:
            raise ValueError("latest must be from 0 to 10080 minutes")
        if not 0 <= self.release[0] <= self.release[1] <= 7 * 24 * 60:
            raise ValueError("release must be two numbers of minutes, the smaller one first")


@dataclass(frozen=True, slots=True)
class Penalty:
    """Who let `no_shows` appointments pass `within` days cannot book for `days` days. Numbers taken in the
    hall are never touched by it."""

    __pydantic_config__ = {"extra": "forbid"}

    no_shows: int = 3
    within: int = 90
    days: int = 30

    def __post_init__(self) -> None:
        if min(self.no_shows, self.within, self.days) < 1 or max(self.within, self.days) > 366:
            raise ValueError("a penalty needs no_shows, within and days, each at least 1")


@dataclass(frozen=True, slots=True)
class Booking:
    """The hall's rules of booking. `changes`: how often a resident may move one appointment; `reminder` in
    minutes before the slot, 0 for none."""

    __pydantic_config__ = {"extra": "forbid"}

    per_person_per_day: int = 1
    changes: int = 3
    penalty: Penalty | Literal["off"] = "off"
    reminder: int = 0

    def __post_init__(self) -> None:
        if self.per_person_per_day < 1:
            raise ValueError("per_person_per_day must be at least 1")
        if not 0 <= self.reminder <= 14 * 24 * 60:
            raise ValueError("reminder must be from 0 to 20160 minutes")


def slots(calendar: Calendar, offer: Offer, day: date) -> list[int]:
    """The slots of a date, ms UTC, each wholly within one span of the appointment hours."""
    found = []
    for span in calendar.spans_within(offer.hours, day):
        for minutes in range(span.opens, span.closes - offer.slot_minutes + 1, offer.slot_minutes):
            slot = calendar.ms(day, minutes)
            # When clocks go forward, an hour of wall time does not exist: nobody can come then.
            if calendar.minutes(slot) == minutes:
                found.append(slot)
    return sorted(set(found))


def bookable_from(calendar: Calendar, offer: Offer, slot: int) -> int:
    """The first moment (ms UTC) at which a slot may be booked: a midnight."""
    return calendar.ms(calendar.date_of(slot) - timedelta(days=offer.earliest), 0)


def bookable_until(offer: Offer, slot: int) -> int:
    """The last moment (ms UTC) at which a slot may be booked."""
    return slot - offer.latest * MINUTE


def check_slot(calendar: Calendar, offer: Offer | None, slot: int) -> Offer:
    """The offer that a slot belongs to. Raises `SlotUnknown` for a time that is no slot of the line."""
    if offer is None or slot not in slots(calendar, offer, calendar.date_of(slot)):
        raise SlotUnknown(slot=slot)
    return offer


def check_lead(calendar: Calendar, offer: Offer, slot: int, now: int) -> None:
    """Raises `BookingTooEarly`, `BookingTooLate`."""
    if now < bookable_from(calendar, offer, slot):
        raise BookingTooEarly(from_=bookable_from(calendar, offer, slot))
    if now > bookable_until(offer, slot):
        raise BookingTooLate(until=bookable_until(offer, slot))
