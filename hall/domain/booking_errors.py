"""Refusals of booking, and of what is kept of people."""

from __future__ import annotations

from hall.domain.errors import HallError


class AppointmentCancelled(HallError):
    """The appointment was cancelled. Facts: none."""

    code = "APPOINTMENT_CANCELLED"


class AppointmentOver(HallError):
    """The appointment's time has passed. Facts: `slot` (ms UTC)."""

    code = "APPOINTMENT_OVER"


class SlotUnknown(HallError):
    """The line offers no such slot. Facts: `slot` (ms UTC)."""

    code = "SLOT_UNKNOWN"


class SlotFull(HallError):
    """Every place of the slot is taken. Facts: `slot` (ms UTC)."""

    code = "SLOT_FULL"


class BookingTooEarly(HallError):
    """The slot cannot be booked yet. Facts: `from_` (ms UTC)."""

    code = "BOOKING_TOO_EARLY"


class BookingTooLate(HallError):
    """The slot can no longer be booked, changed or cancelled. Facts: `until` (ms UTC)."""

    code = "BOOKING_TOO_LATE"


class BookingLimit(HallError):
    """The person has as many appointments that day as one may have. Facts: `limit`."""

    code = "BOOKING_LIMIT"


class ChangesUsedUp(HallError):
    """The appointment was moved as often as it may be. Facts: `limit`."""

    code = "CHANGES_USED_UP"


class BookingBlocked(HallError):
    """The person let appointments pass and cannot book for a while. Facts: `until` (ms UTC)."""

    code = "BOOKING_BLOCKED"


class PersonMissing(HallError):
    """An appointment needs a name, and a phone or identity number. Facts: `field`."""

    code = "PERSON_MISSING"


class UnknownPerson(HallError):
    code = "UNKNOWN_PERSON"


class BadEmail(HallError):
    """Not an address of mail. Facts: none."""

    code = "BAD_EMAIL"


class BadPhone(HallError):
    code = "BAD_PHONE"


class BadRow(HallError):
    """A row of an import lacks something or holds what cannot be read. Facts: `fields` (their names)."""

    code = "BAD_ROW"


class BadImport(HallError):
    """The imported file cannot be read at all. Facts: `why`."""

    code = "BAD_IMPORT"


class YearUnknown(HallError):
    """The public holidays of the year are not announced yet. Facts: `year`."""

    code = "YEAR_UNKNOWN"
