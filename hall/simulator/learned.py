"""Patterns from the archive: of one recorded day, or of the latest ones that worked like a weekday."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from sqlalchemy import select

from hall.archive.archive import Archive
from hall.archive.tables import appointments, spans, tickets, visits
from hall.domain.calendar import DAYS, Calendar, Span
from hall.domain.durations import Spread
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.history import EARLINESS, LONGEST_GAP
from hall.domain.policy import MINUTE
from hall.simulator.day import Guest, Seat
from hall.simulator.pattern import Pattern, Person
from hall.simulator.recorded import NothingRecorded, recorded
from hall.simulator.rosters import HALF_HOUR, halves_of

#: a forecast is made of so many days at least, and at most
FEWEST: Final = 3
MOST: Final = 8
#: of so few days the page warns
FEW: Final = 6
#: the latest days tell how long things take
TIMES_DAYS: Final = 20
#: older ones teach nothing of tomorrow
_REACH: Final = 300
#: a longer pause was planned: it is in the number of windows
_LONGEST_BREAK: Final = HALF_HOUR


class TooLittleHistory(HallError):
    """Too few such days are recorded for a forecast. Facts: `days`, `needed`."""

    code = "TOO_LITTLE_HISTORY"


class Lived(NamedTuple):
    """A recorded day; times in ms after midnight."""

    day: date
    guests: list[Guest]
    seats: list[Seat]


def works_like(calendar: Calendar, day: date) -> int:
    """The weekday (0 is Monday) whose hours a date has: another one on a make-up day."""
    special = calendar.special.get(day)
    return DAYS.index(special.like) if special and special.like else day.weekday()


def hours(hall: Hall, source: str) -> list[Span]:
    """When the hall is open on a recorded day or a weekday, as its calendar is now."""
    return hall.hours.on(int(source)) if len(source) == 1 else hall.calendar.spans(date.fromisoformat(source))


def recorded_days(archive: Archive, hall: Hall, today: date) -> list[date]:
    """The days before today on which anybody was called, newest first."""
    query = (
        select(tickets.c.date)
        .distinct()
        .where(tickets.c.hall == hall.id, tickets.c.test.is_(False), tickets.c.called_at.is_not(None))
        .where(tickets.c.date < today.isoformat())
        .order_by(tickets.c.date.desc())
        .limit(_REACH)
    )
    with archive.engine.connect() as sql:
        return [date.fromisoformat(text) for text in sql.execute(query).scalars()]


def lived(archive: Archive, hall: Hall, source: str, today: date) -> list[Lived]:
    """The recorded days that a source means, newest first. Raises `NothingRecorded`, `TooLittleHistory`."""
    if not hours(hall, source):
        raise NothingRecorded(date=source)
    if len(source) > 1:
        return [_lived(archive, hall, date.fromisoformat(source))]
    calendar = hall.calendar
    days = [day for day in recorded_days(archive, hall, today) if works_like(calendar, day) == int(source)][:MOST]
    if len(days) < FEWEST:
        raise TooLittleHistory(days=len(days), needed=FEWEST)
    return [_lived(archive, hall, day) for day in days]


def _lived(archive: Archive, hall: Hall, day: date) -> Lived:
    came, midnight = recorded(archive, hall, day), hall.calendar.ms(day, 0)
    guests = [
        one._replace(arrived=one.arrived - midnight, slot=None if one.slot is None else one.slot - midnight)
        for one in came.guests
    ]
    last, closes = max(guest.arrived for guest in guests), _closes(hall, day)
    seats = [
        seat._replace(
            there=tuple((since - midnight, _stayed(till - midnight, last, closes)) for since, till in seat.there)
        )
        for seat in came.seats
    ]
    return Lived(day, guests, seats)


def _closes(hall: Hall, day: date) -> int:
    return max((span.closes * MINUTE for span in hall.calendar.spans(day)), default=0)


def _stayed(till: int, last: int, closes: int) -> int:
    """Who left after the day's last visitor had come would have stayed until closing if others had."""
    return max(till, closes) if till >= last else till


def learn(archive: Archive, hall: Hall, source: str, days: Sequence[Lived], today: date) -> Pattern:
    """What those days are like. How long things take is learned from the latest days of any weekday."""
    known = {one.day: one for one in days}
    latest = [day for day in recorded_days(archive, hall, today)[:TIMES_DAYS] if day not in known]
    everything = [*days, *(_lived(archive, hall, day) for day in latest)]
    halves = tuple(halves_of(hours(hall, source)))
    gaps, breaks, away = _passing(archive, hall, [one.day for one in everything])
    there = sum(till - since for one in everything for seat in one.seats for since, till in _within(seat, halves))
    early = [one.slot - one.arrived for day in everything for one in day.guests if one.slot is not None]
    return Pattern(
        hall=hall,
        halves=halves,
        people=_people(days, halves),
        days=len(days),
        exact=len(source) > 1,
        times=_times(hall, everything),
        gap=_spread(15_000, gaps),
        early=(*EARLINESS, *early),
        breaks=tuple(breaks),
        rate=len(breaks) / max(1, there),
        away=away,
    )


def _within(seat: Seat, halves: Sequence[int]) -> Iterable[tuple[int, int]]:
    """A window's times while the hall was open."""
    opens, closes = halves[0] * HALF_HOUR, (halves[-1] + 1) * HALF_HOUR
    return [(max(since, opens), min(till, closes)) for since, till in seat.there if since < closes and till > opens]


def _people(days: Sequence[Lived], halves: Sequence[int]) -> dict[int, tuple[Person, ...]]:
    found: dict[int, list[Person]] = {}
    for one in (guest for day in days for guest in day.guests):
        at = (one.arrived if one.slot is None else one.slot) // HALF_HOUR
        half = min(halves, key=lambda half: abs(half - at))
        person = Person(half, one.line, one.services, one.green is not None, one.group, one.slot)
        found.setdefault(half, []).append(person)
    return {half: tuple(people) for half, people in found.items()}


def _times(hall: Hall, days: Sequence[Lived]) -> dict[str, Spread]:
    """How long a window is kept, by services, walking included."""
    assumed = {service.id: service.minutes * MINUTE for service in hall.services}
    found: dict[str, Spread] = {}
    for one in (guest for day in reversed(days) for guest in day.guests):
        if one.services not in found:
            names = one.services.split(",")
            found[one.services] = Spread(sum(assumed.get(name, 8 * MINUTE) for name in names))
        found[one.services].add(max(1, one.takes))
    return found


def _spread(assumed: float, values: Iterable[int]) -> Spread:
    spread = Spread(assumed)
    for value in values:
        spread.add(value)
    return spread


def _passing(archive: Archive, hall: Hall, days: Sequence[date]) -> tuple[list[int], list[int], float | None]:
    """What passed between two visitors while somebody waited, short pauses (ms), and the share of booked people that
    did not come."""
    dates = [day.isoformat() for day in days]
    with archive.engine.connect() as sql:
        stays = sql.execute(
            select(visits.c.window, visits.c.called_at, visits.c.ended_at, tickets.c.arrived)
            .join(tickets, (tickets.c.hall == visits.c.hall) & (tickets.c.id == visits.c.ticket))
            .where(visits.c.hall == hall.id, visits.c.date.in_(dates), visits.c.undone.is_(False))
            .where(visits.c.ended_at.is_not(None))
            .order_by(visits.c.window, visits.c.called_at)
        ).all()
        pauses = sql.execute(
            select(spans.c.since, spans.c.till).where(
                spans.c.hall == hall.id, spans.c.date.in_(dates), spans.c.state == "paused", spans.c.till.is_not(None)
            )
        ).all()
        states = sql.execute(
            select(appointments.c.state).where(appointments.c.hall == hall.id, appointments.c.date.in_(dates))
        ).scalars()
        came = [state for state in states if state in ("arrived", "no_show")]
    gaps = [
        max(1, after.called_at - before.ended_at)
        for before, after in pairwise(stays)
        if before.window == after.window
        and after.arrived <= before.ended_at <= after.called_at
        and after.called_at - before.ended_at <= LONGEST_GAP
    ]
    breaks = [till - since for since, till in pauses if 0 < till - since < _LONGEST_BREAK]
    return gaps, breaks, came.count("no_show") / len(came) if came else None
