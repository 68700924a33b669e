"""Refusals: what a clerk, a resident or a device may be told, each with a stable code."""

from __future__ import annotations

from typing import ClassVar


class HallError(Exception):
    """A refusal. Nothing was changed.

    `code` travels unchanged from Lua through JSON into the catalogues: never rename or reuse
    one. `facts` are what the text needs (a number, a time); never personal data.
    """

    code: ClassVar[str]
    by_code: ClassVar[dict[str, type[HallError]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.code in HallError.by_code:
            raise TypeError(f"the code {cls.code} belongs to {HallError.by_code[cls.code].__name__}")
        HallError.by_code[cls.code] = cls

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class UnknownHall(HallError):
    code = "UNKNOWN_HALL"


class UnknownService(HallError):
    code = "UNKNOWN_SERVICE"


class UnknownLine(HallError):
    code = "UNKNOWN_LINE"


class UnknownWindow(HallError):
    code = "UNKNOWN_WINDOW"


class UnknownZone(HallError):
    """No window of the hall is in the sound zone. Facts: `zone`."""

    code = "UNKNOWN_ZONE"


class UnknownTicket(HallError):
    code = "UNKNOWN_TICKET"


class UnknownGroup(HallError):
    code = "UNKNOWN_GROUP"


class UnknownAppointment(HallError):
    code = "UNKNOWN_APPOINTMENT"


class HallClosed(HallError):
    """The hall gives no numbers now. Facts: `opens` (ms UTC) when known."""

    code = "HALL_CLOSED"


class LineClosed(HallError):
    """The line gives no numbers now. Facts: `line`, `opens` (ms UTC) when known."""

    code = "LINE_CLOSED"


class ContingentFull(HallError):
    """The line's numbers for today are used up. Facts: `line`."""

    code = "CONTINGENT_FULL"


class TicketOpen(HallError):
    """The person already has an open ticket in this line. Facts: `number`."""

    code = "TICKET_OPEN"


class WindowBusy(HallError):
    """The window holds a ticket. Facts: `window`, `number`."""

    code = "WINDOW_BUSY"


class WindowEmpty(HallError):
    """The window holds no ticket for this move. Facts: `window`."""

    code = "WINDOW_EMPTY"


class WindowClosed(HallError):
    """The window is not open. Facts: `window`."""

    code = "WINDOW_CLOSED"


class WindowPaused(HallError):
    """The window is on a pause. Facts: `window`."""

    code = "WINDOW_PAUSED"


class WindowTaken(HallError):
    """Another clerk sits at the window. Facts: `window`, `clerk`."""

    code = "WINDOW_TAKEN"


class ClerkElsewhere(HallError):
    """The clerk sits at another window. Facts: `window`."""

    code = "CLERK_ELSEWHERE"


class MoveNotLegal(HallError):
    """The ticket's state does not allow the move. Facts: `move`, `state`, `number`."""

    code = "MOVE_NOT_LEGAL"


class NothingToUndo(HallError):
    """Nothing at this window can be taken back any more. Facts: `window`."""

    code = "NOTHING_TO_UNDO"


class MoreTimeUsedUp(HallError):
    """More time was asked for as often as it is given. Facts: `times`."""

    code = "MORE_TIME_USED_UP"


class ClaimDecided(HallError):
    """There is no claim to decide, or it was decided already. Facts: `number`."""

    code = "CLAIM_DECIDED"


class NoteChanged(HallError):
    """The ticket's note is not the one that was to be replaced. Facts: `number`."""

    code = "NOTE_CHANGED"


class ClaimNotProven(HallError):
    """The card does not prove the claim. Facts: `group`."""

    code = "CLAIM_NOT_PROVEN"


class TooEarly(HallError):
    """The appointment may not check in yet. Facts: `from_` (ms UTC)."""

    code = "TOO_EARLY"


class AppointmentUsed(HallError):
    """The appointment has checked in already. Facts: `number`."""

    code = "APPOINTMENT_USED"


class SlipUsed(HallError):
    """The return slip was used, or is of another day. Facts: none."""

    code = "SLIP_USED"


class ReasonMissing(HallError):
    """The move needs a reason. Facts: `move`."""

    code = "REASON_MISSING"


class TargetMissing(HallError):
    """A transfer needs exactly one of line, window, clerk. Facts: none."""

    code = "TARGET_MISSING"


class TargetClosed(HallError):
    """The window or clerk a ticket should be sent to is not there. Facts: `target`."""

    code = "TARGET_CLOSED"


class ServicesMixed(HallError):
    """A ticket needs at least one service, and all of one line. Facts: none."""

    code = "SERVICES_MIXED"


class BadIdentityNumber(HallError):
    """Facts: `why` (`length`, `characters`, `date`, `future`, `check`)."""

    code = "BAD_IDENTITY_NUMBER"


class UnknownOutcome(HallError):
    """Facts: `outcome`, `outcomes` (the hall's)."""

    code = "UNKNOWN_OUTCOME"


class NoticesOff(HallError):
    """The hall sends no notices, so a phone number would be kept for nothing."""

    code = "NOTICES_OFF"


class UnknownMaterial(HallError):
    """Facts: `service`, `material`."""

    code = "UNKNOWN_MATERIAL"


class NoPrinter(HallError):
    """There is no printer, or not the one that was named. Facts: `printer`."""

    code = "NO_PRINTER"


class TextNotPlain(HallError):
    """A text holds control characters or markup, or is too long. Facts: `field`."""

    code = "TEXT_NOT_PLAIN"


class PartInUse(HallError):
    """A part that the hall's new description lacks is in use. Facts: `part` ("lines.social"), `number` if a ticket."""

    code = "PART_IN_USE"


class BadHallFile(HallError):
    """The hall's file is wrong. Facts: `line`, `key`, `why`."""

    code = "BAD_HALL_FILE"


class PrinterPath(HallError):
    """A printer's path is neither a device nor a file in the directory of prints. Facts: `field`, `path`, `printer`."""

    code = "PRINTER_PATH"


class Forbidden(HallError):
    code = "FORBIDDEN"


class SignInNeeded(HallError):
    code = "SIGN_IN_NEEDED"


class SecondFactorMissing(HallError):
    """A role that needs a second factor, and whoever has it has not set one up yet."""

    code = "SECOND_FACTOR_MISSING"


class CodeUsed(HallError):
    """A one-time code is unknown, used or too old."""

    code = "CODE_USED"


class TooManyTries(HallError):
    """Wrong passwords. Facts: `seconds` to wait."""

    code = "TOO_MANY_TRIES"


class TooManyRequests(HallError):
    """Somebody asks more often than a limit allows. Facts: `seconds` to wait."""

    code = "TOO_MANY_REQUESTS"


class StaleConfig(HallError):
    """The hall's description changed since the call was prepared: prepare it again."""

    code = "STALE_CONFIG"


class StoreLayout(HallError):
    """The hall's keys are of another Sanban, or on their way; facts: has, needs."""

    code = "STORE_LAYOUT"


class KeyReused(HallError):
    """The same request key came with another request."""

    code = "KEY_REUSED"


class StoreFull(HallError):
    """Less than 200 MB of disk are free: nothing is accepted until there is room."""

    code = "STORE_FULL"


class StoreAway(HallError):
    """The store did not answer. The same request with the same key may be sent again."""

    code = "STORE_AWAY"
