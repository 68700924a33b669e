"""What a resident does with a ticket: take it, look at it, ask for time, come back, give it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from hall.domain import identity
from hall.domain.callers import Caller
from hall.domain.errors import (
    ClaimNotProven,
    HallClosed,
    LineClosed,
    NoticesOff,
    UnknownAppointment,
)
from hall.domain.halls import Group, Hall, Line
from hall.domain.policy import MINUTE
from hall.domain.texts import plain
from hall.domain.tickets import Claim
from hall.services.moves import Args, Moves
from hall.services.secrets import Secrets

LANGUAGES = ("zh", "en")


class Booked(NamedTuple):
    """An appointment that checks in."""

    id: str
    slot: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who takes a number asks for. `override` is a manager's reason to pass hours and
    contingent."""

    services: tuple[str, ...]
    id_number: str | None = None
    claim: str | None = None
    appointment: str | None = None
    phone: str | None = None
    language: str = "zh"
    override: str | None = None
    slip: str | None = None
    #: an appointment already looked up
    booked: Booked | None = None


class Place(NamedTuple):
    """A ticket's image and, while it waits, how many are called before it by set."""

    ticket: dict[str, Any]
    ahead: dict[str, int] | None
    #: for staff only
    note: str | None = None
    #: how many are here, later by the rule now, whose booked time comes soon enough to be called before it
    may_still: int = 0

    @property
    def ahead_in_all(self) -> int | None:
        return None if self.ahead is None else sum(self.ahead.values())


@dataclass(frozen=True, slots=True)
class Tickets:
    moves: Moves
    secrets: Secrets

    def issue(self, caller: Caller, hall_id: str, wish: Wish) -> Place:
        """Give a number. Raises HALL_CLOSED, LINE_CLOSED, CONTINGENT_FULL, TICKET_OPEN, SERVICES_MIXED,
        UNKNOWN_SERVICE, UNKNOWN_GROUP, BAD_IDENTITY_NUMBER, CLAIM_NOT_PROVEN, TOO_EARLY, APPOINTMENT_USED,
        SLIP_USED."""
        asked = wish
        if wish.id_number:
            # A plain hash of the request could be searched for identity numbers; a keyed one cannot.
            asked = replace(wish, id_number=self.secrets.person(hall_id, wish.id_number))
        answer = self.moves.run(hall_id, "issue", caller, lambda hall: self._issue_args(caller, hall, wish), asked)
        return Place(answer["ticket"], answer.get("ahead"))

    def _issue_args(self, caller: Caller, hall: Hall, wish: Wish) -> Args:
        if wish.phone:
            raise NoticesOff()
        if wish.appointment:
            raise UnknownAppointment()
        line = hall.line_of(list(wish.services))
        now = self.moves.now(caller)
        override = plain(wish.override, "override", 200) if wish.override else None
        if override is None:
            self._check_hours(hall, line, now)
        slip = self.secrets.read_ticket_token(wish.slip)[1] if wish.slip else None
        return {
            "line": line.id,
            "letter": line.letter,
            "date": hall.calendar.date_of(now).isoformat(),
            "services": ",".join(dict.fromkeys(wish.services)),
            "language": wish.language,
            "contingent": None if override else line.contingent,
            "override": override,
            "slip": slip,
            "slip_head_start": hall.policy.head_start.green * MINUTE,
            **self._person_args(hall, wish, now),
            **_slot_args(hall, wish.booked),
        }

    def _person_args(self, hall: Hall, wish: Wish, now: int) -> Args:
        """Person and claim: the card may prove a group by age; any other claim is declared."""
        person, proven = None, None
        if wish.id_number:
            today = hall.calendar.date_of(now)
            card = identity.read(wish.id_number, today, by_hand=True)
            person = self.secrets.person(hall.id, card.number)
            proven = hall.group_by_age(identity.age(card.born, today))
        declared = hall.group(wish.claim) if wish.claim else None
        if declared and declared.proof == "card" and person and declared != proven:
            raise ClaimNotProven(group=declared.id)
        return {"person": person, **_claim_args(hall, proven, declared)}

    def _check_hours(self, hall: Hall, line: Line, now: int) -> None:
        if not hall.calendar.is_open(now):
            raise HallClosed(opens=hall.calendar.opens_next(now))
        calendar = hall.calendar_of(line)
        if not calendar.is_open(now):
            raise LineClosed(line=line.id, opens=calendar.opens_next(now))

    def look(self, token: str, now: int | None = None) -> tuple[str, Place]:
        """(hall, place) of the ticket behind a resident's token. Raises `UnknownTicket`."""
        hall_id, ticket_id = self.secrets.read_ticket_token(token)
        answer = self.moves.store.read(hall_id, "ticket", {"ticket": ticket_id}, now)
        return hall_id, Place(answer["ticket"], answer.get("ahead"), None, answer.get("may_still", 0))

    def find(self, caller: Caller, hall_id: str, number: str) -> Place:
        """Today's ticket with a number, with its note: for staff. Raises `UnknownTicket`."""
        hall = self.moves.halls.get(hall_id)
        args = {"number": number, "date": self.moves.today(caller, hall)}
        answer = self.moves.store.read(hall_id, "ticket", args, caller.now)
        return Place(answer["ticket"], answer.get("ahead"), answer.get("note"), answer.get("may_still", 0))

    def more_time(self, caller: Caller, token: str) -> Place:
        """Step back a little. Raises MORE_TIME_USED_UP, MOVE_NOT_LEGAL."""
        return self._by_token(caller, token, "more_time", _more_time_args)

    def come_back(self, caller: Caller, token: str) -> Place:
        """Wait again after a missed call. Raises MOVE_NOT_LEGAL."""
        return self._by_token(caller, token, "come_back", _come_back_args)

    def cancel(self, caller: Caller, token: str) -> Place:
        """Give up the place. Raises MOVE_NOT_LEGAL."""
        return self._by_token(caller, token, "cancel", _no_args)

    def _by_token(self, caller: Caller, token: str, move: str, more: Callable[[Hall], Args]) -> Place:
        hall_id, ticket_id = self.secrets.read_ticket_token(token)
        answer = self.moves.run(hall_id, move, caller, lambda hall: {"ticket": ticket_id, **more(hall)}, ticket_id)
        return Place(answer["ticket"], answer.get("ahead"))

    def staff_move(self, caller: Caller, hall_id: str, number: str, move: str) -> Place:
        """`come_back`, `more_time` or `cancel` by staff, for a person who stands before them."""
        more = _BY_STAFF[move]

        def prepare(hall: Hall) -> Args:
            return {"number": number, "date": self.moves.today(caller, hall), **more(hall)}

        answer = self.moves.run(hall_id, move, caller, prepare, number)
        return Place(answer["ticket"], answer.get("ahead"))

    def shown(self, caller: Caller, hall_id: str, ticket_id: str, calls: int) -> None:
        """A display acknowledges that it showed ring number `calls` of a ticket."""
        self.moves.run(hall_id, "show", caller, lambda _: {"ticket": ticket_id, "calls": calls})


def _claim_args(hall: Hall, proven: Group | None, declared: Group | None) -> Args:
    group = proven or declared
    if group is None:
        return {}
    if proven and declared and hall.green_ms(declared) > hall.green_ms(proven):
        group = declared
    claim = Claim.PROVEN if group is proven else Claim.DECLARED
    return {"group": group.id, "green": hall.green_ms(group), "claim": claim}


def _slot_args(hall: Hall, booked: Booked | None) -> Args:
    if booked is None:
        return {}
    policy = hall.policy
    return {
        "appointment": booked.id,
        "slot": booked.slot,
        "slot_date": hall.calendar.date_of(booked.slot).isoformat(),
        "slot_head_start": policy.head_start.appointment * MINUTE,
        "grace": policy.grace * MINUTE,
        "early": policy.early * MINUTE,
    }


def _more_time_args(hall: Hall) -> Args:
    return {"shift": hall.policy.more_time_shift * MINUTE, "times": hall.policy.more_time_times}


def _come_back_args(hall: Hall) -> Args:
    return {"within": hall.policy.come_back_within * MINUTE, "shift": hall.policy.come_back_shift * MINUTE}


def _no_args(_: Hall) -> Args:
    return {}


_BY_STAFF: dict[str, Callable[[Hall], Args]] = {
    "come_back": _come_back_args,
    "more_time": _more_time_args,
    "cancel": _no_args,
}
