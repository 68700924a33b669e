"""What a clerk does at a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hall.domain import order
from hall.domain.callers import Caller
from hall.domain.errors import ReasonMissing, TargetMissing, UnknownOutcome
from hall.domain.halls import Hall
from hall.domain.texts import plain
from hall.services.moves import Args, Moves

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finish:
    """How a service ended; `services` if other ones were done than the ticket says."""

    outcome: str = "done"
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a transfer goes: exactly one of the three. `origin`: it comes back here afterwards."""

    line: str | None = None
    window: str | None = None
    clerk: str | None = None
    origin: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What changes about a ticket; None leaves a field as it is. `known_note`: only if this is the note it has."""

    services: tuple[str, ...] | None = None
    language: str | None = None
    note: str | None = None
    known_note: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    moves: Moves

    def call_next(self, caller: Caller, hall_id: str, window: str, finish: Finish | None = None) -> Image | None:
        """Bring the first waiting ticket to the window; with `finish`, end the present one in the
        same step. None when nobody waits. Raises WINDOW_BUSY, WINDOW_PAUSED, WINDOW_TAKEN."""

        def prepare(hall: Hall) -> Args:
            place = hall.window(window)
            args: Args = {"window": place.id, "kind": place.kind, "queues": place.lines, "clerk": caller.clerk}
            if place.kind == "priority":
                args["guards"] = {line: hall.general_windows(line) for line in place.lines}
            if finish is not None:
                args["finish"] = _finish_args(hall, finish)
            return args

        answer = self.moves.run(hall_id, "call_next", caller, prepare, [window, finish])
        ticket: Image | None = answer.get("ticket")
        return ticket

    def upcoming(self, caller: Caller, hall_id: str, window: str, count: int) -> list[str]:
        """Numbers this window would call next, as things stand."""
        hall = self.moves.halls.get(hall_id)
        now = self.moves.now(caller)
        state = self.moves.store.snapshot(hall_id, now=caller.now)
        at = order.seat(hall, state.windows, window, now, caller.clerk)
        return [ticket["number"] for ticket in order.upcoming(state.tickets.values(), at, now, count)]

    def call(self, caller: Caller, hall_id: str, window: str, number: str, reason: str) -> Image:
        """Call a chosen ticket, out of order and with a reason. Raises UNKNOWN_TICKET, REASON_MISSING."""
        said = _reason(reason, "call")

        def prepare(hall: Hall) -> Args:
            return {**self._numbered(caller, hall, window, number), "reason": said}

        return self._ticket(hall_id, "call", caller, prepare, [window, number, reason])

    def unpark(self, caller: Caller, hall_id: str, window: str, number: str) -> Image:
        """Call a parked ticket again."""
        return self._ticket(
            hall_id, "unpark", caller, lambda hall: self._numbered(caller, hall, window, number), [window, number]
        )

    def recall(self, caller: Caller, hall_id: str, window: str) -> Image:
        """Ring again for the ticket at the window."""
        return self._plain("recall", caller, hall_id, window)

    def start(self, caller: Caller, hall_id: str, window: str) -> Image:
        """The person has come."""
        return self._plain("start", caller, hall_id, window)

    def finish(self, caller: Caller, hall_id: str, window: str, finish: Finish | None = None) -> Image:
        """The service has ended; a ticket sent here with return goes back where it came from."""
        how = finish or Finish()

        def prepare(hall: Hall) -> Args:
            return {**_at(caller, hall, window), "finish": _finish_args(hall, how)}

        return self._ticket(hall_id, "finish", caller, prepare, [window, finish])

    def miss(self, caller: Caller, hall_id: str, window: str) -> Image:
        """The person did not come."""
        return self._plain("miss", caller, hall_id, window)

    def park(self, caller: Caller, hall_id: str, window: str) -> Image:
        """Set the ticket aside; it is called by hand later."""
        return self._plain("park", caller, hall_id, window)

    def return_(self, caller: Caller, hall_id: str, window: str) -> Image:
        """Put the ticket back to its place in the queue."""
        return self._plain("return", caller, hall_id, window)

    def transfer(
        self, caller: Caller, hall_id: str, window: str, target: Target, reason: str, number: str | None = None
    ) -> Image:
        """Send the window's ticket, or a waiting one by number, elsewhere. Raises TARGET_MISSING,
        TARGET_CLOSED, REASON_MISSING."""
        said = _reason(reason, "transfer")
        if sum(goal is not None for goal in (target.line, target.window, target.clerk)) != 1:
            raise TargetMissing()

        def prepare(hall: Hall) -> Args:
            named = {"number": number, "date": self.moves.today(caller, hall)} if number else {}
            return {**_at(caller, hall, window), **named, **_target_args(hall, target), "reason": said}

        return self._ticket(hall_id, "transfer", caller, prepare, [window, target, reason, number])

    def undo(self, caller: Caller, hall_id: str, window: str) -> Image:
        """Take back the window's last move. Raises NOTHING_TO_UNDO."""
        return self._plain("undo", caller, hall_id, window)

    def verify(self, caller: Caller, hall_id: str, window: str, *, confirmed: bool, number: str | None = None) -> Image:
        """Confirm or refuse the claim of the window's ticket, or of one by number. Raises CLAIM_DECIDED."""

        def prepare(hall: Hall) -> Args:
            named = {"number": number, "date": self.moves.today(caller, hall)} if number else {}
            return {**_at(caller, hall, window), **named, "decision": "confirmed" if confirmed else "refused"}

        return self._ticket(hall_id, "verify", caller, prepare, [window, confirmed, number])

    def edit(self, caller: Caller, hall_id: str, number: str, edit: Edit) -> Image:
        """Change what is said of a ticket, never its place; a claim may be declared once. Raises NOTE_CHANGED."""

        def prepare(hall: Hall) -> Args:
            group = hall.group(edit.group) if edit.group else None
            return {
                "number": number,
                "date": self.moves.today(caller, hall),
                "services": _services(hall, edit.services) if edit.services else None,
                "language": edit.language,
                "note": None if edit.note is None else plain(edit.note, "note"),
                "known_note": edit.known_note,
                "group": group.id if group else None,
                "green": hall.green_ms(group) if group else None,
            }

        return self._ticket(hall_id, "edit", caller, prepare, [number, edit])

    def _numbered(self, caller: Caller, hall: Hall, window: str, number: str) -> Args:
        return {**_at(caller, hall, window), "number": number, "date": self.moves.today(caller, hall)}

    def _plain(self, move: str, caller: Caller, hall_id: str, window: str) -> Image:
        return self._ticket(hall_id, move, caller, lambda hall: _at(caller, hall, window), window)

    def _ticket(self, hall_id: str, move: str, caller: Caller, prepare: Any, asked: object) -> Image:
        image: Image = self.moves.run(hall_id, move, caller, prepare, asked)["ticket"]
        return image


def _at(caller: Caller, hall: Hall, window: str) -> Args:
    return {"window": hall.window(window).id, "clerk": caller.clerk}


def _services(hall: Hall, services: tuple[str, ...]) -> str:
    return ",".join(dict.fromkeys(hall.service(service).id for service in services))


def _finish_args(hall: Hall, finish: Finish) -> Args:
    if finish.outcome not in hall.outcomes:
        raise UnknownOutcome(outcome=finish.outcome, outcomes=list(hall.outcomes))
    args: Args = {"outcome": finish.outcome}
    if finish.services:
        args["services"] = _services(hall, finish.services)
    return args


def _target_args(hall: Hall, target: Target) -> Args:
    return {
        "line": hall.line(target.line).id if target.line else None,
        "to_window": hall.window(target.window).id if target.window else None,
        "clerk_to": target.clerk,
        "origin": target.origin or None,
    }


def _reason(reason: str, move: str) -> str:
    said = plain(reason, "reason", 200)
    if not said:
        raise ReasonMissing(move=move)
    return said
