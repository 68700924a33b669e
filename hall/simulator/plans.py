"""A plan by half hours: how many windows are there, and what people then wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import fmean
from typing import NamedTuple

from hall.domain.halls import Hall, Window
from hall.domain.policy import MINUTE
from hall.simulator.day import Call, Guest, Seat, fast, wait

HALF = 30


class Halves(NamedTuple):
    """`starts`: local minutes after midnight at which half hours begin; values by half hour."""

    starts: list[int]
    counts: list[int]


def counted(hall: Hall, day: date, seats: Sequence[Seat]) -> Halves:
    """How many general windows were there in each half hour of a day's opening."""
    starts = [
        minute
        for span in hall.calendar.spans(day)
        for minute in range(span.opens - span.opens % HALF, span.closes, HALF)
    ]
    starts = sorted(set(starts))
    edges = [(hall.calendar.ms(day, start), hall.calendar.ms(day, start + HALF)) for start in starts]
    general = [seat for seat in seats if seat.kind == "general"]
    return Halves(starts, [sum(_kept(seat, *edge) > 0 for seat in general) for edge in edges])


def _kept(seat: Seat, since: int, till: int) -> int:
    """How long a window was there between two moments, ms."""
    return sum(max(0, min(till, end) - max(since, start)) for start, end in seat.there)


def planned(hall: Hall, day: date, seats: Sequence[Seat], wanted: Halves) -> list[Seat]:
    """The seats so that as many general windows are there as wanted: first those that were there on the day, then
    others by the hall's order. Priority windows stay as they were. Who is there in the last half hour stays until
    everybody is served."""
    if wanted == counted(hall, day, seats):
        return list(seats)
    were = {seat.id: seat for seat in seats if seat.kind == "general"}
    spare = [window for window in hall.windows if window.kind == "general" and window.id not in were]
    order: list[Seat | Window] = [*were.values(), *spare]
    kept = [seat for seat in seats if seat.kind != "general"]
    for place, one in enumerate(order):
        spans = _spans(hall, day, [start for start, n in zip(*wanted, strict=True) if n > place])
        if spans:
            if wanted.counts[-1] > place:
                spans = (*spans[:-1], (spans[-1][0], hall.calendar.closes_last(day)))
            kept.append(Seat(one.id, one.lines, "general", spans))
    by_id = {seat.id: seat for seat in kept}
    return [by_id[window.id] for window in hall.windows if window.id in by_id]


def _spans(hall: Hall, day: date, starts: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Half hours that touch are one span."""
    spans: list[tuple[int, int]] = []
    for start in starts:
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], start + HALF)
        else:
            spans.append((start, start + HALF))
    return tuple((hall.calendar.ms(day, since), hall.calendar.ms(day, till)) for since, till in spans)


def waits_by_half(
    hall: Hall, guests: Sequence[Guest], calls: Sequence[Call], starts: Sequence[int]
) -> list[float | None]:
    """Mean wait in minutes of those who came within each half hour; None: nobody was called."""
    known = {guest.number: guest for guest in guests}
    found: dict[int, list[int]] = {}
    for call in calls:
        guest = known[call.number]
        minute = hall.calendar.minutes(guest.arrived)
        found.setdefault(minute - minute % HALF, []).append(wait(guest, call.at, hall.policy))
    return [fmean(found[start]) / MINUTE if start in found else None for start in starts]


def idle_minutes(
    hall: Hall, day: date, seats: Sequence[Seat], guests: Sequence[Guest], calls: Sequence[Call], starts: Sequence[int]
) -> int:
    """Window time without a visitor while the hall is open."""
    opens, closes = hall.calendar.ms(day, starts[0]), hall.calendar.ms(day, starts[-1] + HALF)
    takes = {guest.number: guest.takes for guest in guests}
    busy = sum(max(0, min(closes, call.at + takes[call.number]) - max(opens, call.at)) for call in calls)
    return max(0, sum(_kept(seat, opens, closes) for seat in seats) - busy) // MINUTE


def played(hall: Hall, guests: Sequence[Guest], seats: Sequence[Seat]) -> list[Call]:
    """A day on the engine's order; guests in any order."""
    return fast(sorted(guests, key=lambda guest: (guest.arrived, guest.number)), seats, hall.policy)
