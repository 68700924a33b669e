"""What a resident does with a ticket: take it, look at it, ask for time, come back, give it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from hall.domain import identity
from hall.domain.callers import Caller
from hall.domain.errors import (
    ClaimNotProven,
    HallClosed,
    LineClosed,
    NoticesOff,
)
from hall.domain.halls import Group, Hall, Line
from hall.domain.office_errors import ClosedToday, LinePaused, TooLateToday
from hall.domain.people import Person
from hall.domain.policy import MINUTE
from hall.domain.texts import plain
from hall.domain.tickets import Claim
from hall.services.appointments import Appointments
from hall.services.check_in import Arrival, CheckIn, group_by_number, slot_args
from hall.services.moves import Args, Moves
from hall.services.people import People, checked
from hall.services.secrets import Secrets
from hall.services.waits import Waits

LANGUAGES = ("zh", "en")


class Booked(NamedTuple):
    """An appointment that is kept elsewhere (a simulated day, another system) and checks in here."""

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
    #: instead of `appointment`: one that is kept elsewhere
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
        """Give a number, or check an appointment in: by code, or by the card of somebody who has one today; its
        services are those booked unless the wish names others. Raises HALL_CLOSED, LINE_CLOSED,
        CONTINGENT_FULL, TICKET_OPEN, SERVICES_MIXED, UNKNOWN_SERVICE, UNKNOWN_GROUP, BAD_IDENTITY_NUMBER,
        CLAIM_NOT_PROVEN, UNKNOWN_APPOINTMENT, TOO_MANY_TRIES, TOO_EARLY, APPOINTMENT_USED,
        APPOINTMENT_CANCELLED, APPOINTMENT_OVER, NOTICES_OFF, BAD_PHONE, SLIP_USED."""
        # A plain hash of the request could be searched for numbers of people; a keyed one cannot.
        asked = wish
        if wish.id_number:
            asked = replace(asked, id_number=self.secrets.person(hall_id, wish.id_number))
        if wish.phone:
            asked = replace(asked, phone=self.secrets.hidden("print", hall_id, wish.phone))
        arrival = self._arrival(caller, hall_id, wish)
        if arrival and not wish.services:
            wish = replace(wish, services=tuple(arrival.image["services"].split(",")))
        args = partial(self._issue_args, caller, wish, arrival)
        # One move for the request key: whether a card finds an appointment changes with the first answer.
        known = arrival or wish.booked or wish.phone
        answer = self.moves.run(hall_id, "issue", caller, args, asked, script="check_in" if known else None)
        return Place(answer["ticket"], answer.get("ahead"))

    def _arrival(self, caller: Caller, hall_id: str, wish: Wish) -> Arrival | None:
        check_in = CheckIn(Appointments(self.moves, self.secrets))
        if wish.appointment:
            return check_in.by_code(caller, hall_id, wish.appointment)
        if wish.id_number and not wish.booked:
            return check_in.by_card(caller, hall_id, wish.id_number, wish.services)
        return None

    def _issue_args(self, caller: Caller, wish: Wish, arrival: Arrival | None, hall: Hall) -> Args:
        line = hall.line_of(list(wish.services))
        now = self.moves.now(caller)
        override = plain(wish.override, "override", 200) if wish.override else None
        # Hours and contingent are for numbers without an appointment: a booked slot is a promise.
        if override is None and arrival is None:
            self._check_hours(hall, line, now)
            _check_today(hall, line, now)
        slip = self.secrets.read_ticket_token(wish.slip)[1] if wish.slip else None
        args = {
            "line": line.id,
            "letter": line.letter,
            "date": hall.calendar.date_of(now).isoformat(),
            "services": ",".join(dict.fromkeys(wish.services)),
            "language": wish.language,
            "contingent": None if override or arrival else hall.contingent(line, hall.calendar.date_of(now)),
            "override": override,
            "slip": slip,
            "slip_head_start": hall.policy.head_start.green * MINUTE,
            **self._person_args(hall, wish, arrival, now),
            **_slot_args(hall, wish.booked),
            **(slot_args(hall, arrival) if arrival else {}),
            **self._phone_args(hall, wish, arrival, now),
        }
        slot = {"slot": arrival.image["slot"]} if arrival else {}
        wait = Waits(self.moves.store, self.moves.halls).for_new(hall.id, {**args, **slot}, now)
        if override is None and arrival is None and wait is not None:
            _check_servable(hall, line, now, wait.low)
        return args if wait is None else {**args, "wait_low": wait.low, "wait_high": wait.high}

    def _phone_args(self, hall: Hall, wish: Wish, arrival: Arrival | None, now: int) -> Args:
        """A phone is kept with the person's record, for those who want to know when their call is near."""
        if not wish.phone:
            return {}
        if not hall.notices.called_soon:
            raise NoticesOff()
        person = checked(Person(phone=wish.phone, id_number=wish.id_number or ""), hall.calendar.date_of(now))
        known = arrival.image["person"] if arrival and arrival.person != Person() else None
        return {"record": People(self.moves.store, self.secrets).record(hall.id, person, known), "notice": True}

    def _person_args(self, hall: Hall, wish: Wish, arrival: Arrival | None, now: int) -> Args:
        """Person and claim: the card may prove a group by age; any other claim is declared."""
        person, proven = arrival.card_hash if arrival else None, None
        if wish.id_number:
            today = hall.calendar.date_of(now)
            card = identity.read(wish.id_number, today, by_hand=True)
            person = self.secrets.person(hall.id, card.number)
            proven = hall.group_by_age(identity.age(card.born, today))
        declared = hall.group(wish.claim) if wish.claim else None
        if declared and declared.proof == "card" and wish.id_number and declared != proven:
            raise ClaimNotProven(group=declared.id)
        if arrival and not proven:
            declared = declared or group_by_number(hall, arrival, now)
        return {"person": person, **_claim_args(hall, proven, declared)}

    def _check_hours(self, hall: Hall, line: Line, now: int) -> None:
        if not hall.calendar.is_open(now):
            raise HallClosed(opens=hall.calendar.opens_next(now))
        calendar = hall.calendar_of(line)
        if calendar is not hall.calendar and not calendar.is_open(now):
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


def _check_today(hall: Hall, line: Line, now: int) -> None:
    """What a manager changed for today."""
    today = hall.on(hall.calendar.date_of(now))
    if today.closed is not None:
        raise ClosedToday(zh=today.closed.zh, en=today.closed.en)
    if line.id in today.paused:
        told = today.paused[line.id]
        raise LinePaused(line=line.id, zh=told.zh, en=told.en)


def _check_servable(hall: Hall, line: Line, now: int, wait: int) -> None:
    """A number whose call, at the earliest that may be expected, comes after closing is a promise nobody can keep."""
    if not hall.stop.before_closing:
        return
    calendar, day = hall.calendar_of(line), hall.calendar.date_of(now)
    closes = max((calendar.ms(day, span.closes) for span in calendar.spans(day)), default=now)
    if now + (wait + hall.stop.reserve) * MINUTE > closes:
        raise TooLateToday(line=line.id)
