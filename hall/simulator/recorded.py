"""A recorded day, from the archive: who came and how long they kept a window, and when which window was there."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from hall.archive.archive import Archive
from hall.archive.tables import spans, tickets, visits
from hall.domain.calendar import Span
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.simulator.day import Call, Guest, Line, Seat, fast, lane, summary, wait, waits_of


class BadPlan(HallError):
    """The plan cannot be read. Facts: `why`."""

    code = "BAD_PLAN"


class NothingRecorded(HallError):
    """Nobody was called on the day. Facts: `date`."""

    code = "NOTHING_RECORDED"


class Recorded(NamedTuple):
    """`left`: how many were never called, and are not played."""

    guests: list[Guest]
    seats: list[Seat]
    left: int


def recorded(archive: Archive, hall: Hall, day: date) -> Recorded:
    """A day of the archive. Windows have the lines and kinds of the hall's description now. Raises
    `NothingRecorded`."""
    where = day.isoformat()
    with archive.engine.connect() as sql:
        came = sql.execute(
            select(tickets).where(tickets.c.hall == hall.id, tickets.c.date == where).order_by(tickets.c.id)
        ).mappings()
        people = [dict(row) for row in came]
        stays = sql.execute(
            select(visits.c.ticket, visits.c.called_at, visits.c.ended_at)
            .where(visits.c.hall == hall.id, visits.c.date == where, visits.c.undone.is_(False))
            .where(visits.c.ended_at.is_not(None))
        ).all()
        there = sql.execute(
            select(spans.c.window, spans.c.since, spans.c.till)
            .where(spans.c.hall == hall.id, spans.c.date == where, spans.c.state == "open")
            .order_by(spans.c.since)
        ).all()
    kept: dict[str, int] = {}
    for ticket, called, ended in stays:
        kept[ticket] = kept.get(ticket, 0) + ended - called
    guests = [
        _guest(row, kept[row["id"]], hall) for row in people if row["called_at"] is not None and row["id"] in kept
    ]
    if not guests:
        raise NothingRecorded(date=where)
    return Recorded(
        guests, _seats(hall, day, [(w, since, till) for w, since, till in there]), len(people) - len(guests)
    )


def _guest(row: Mapping[str, Any], takes: int, hall: Hall) -> Guest:
    number = int(row["id"])
    guest = Guest(
        number, row["issued_at"], row["issued_line"], row["services"], takes, row["green"], row["slot"], row["group"]
    )
    return guest._replace(wait=wait(guest, row["called_at"], hall.policy))


def _seats(hall: Hall, day: date, there: Sequence[tuple[str, int, int | None]]) -> list[Seat]:
    end = hall.calendar.closes_last(day)
    times: dict[str, list[tuple[int, int]]] = {}
    for window, since, till in there:
        times.setdefault(window, []).append((since, till if till is not None else end))
    return [Seat(w.id, w.lines, w.kind, tuple(times[w.id])) for w in hall.windows if w.id in times]


def with_plan(hall: Hall, day: date, seats: Sequence[Seat], text: str) -> list[Seat]:
    """The seats as a plan (TOML) has them: `[[windows]]` with `id`, `open` (spans of hours; none: not there), and if
    they differ from the hall's description `lines` and `kind`. Windows it does not name stay. Raises `BadPlan`,
    `UnknownWindow`, `UnknownLine`."""
    try:
        plans = tomllib.loads(text).get("windows", [])
        changed = {plan["id"]: _planned(hall, day, plan) for plan in plans}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadPlan(why=str(error)) from error
    known = {seat.id: seat for seat in seats} | changed
    return [known[window.id] for window in hall.windows if window.id in known and known[window.id].there]


def _planned(hall: Hall, day: date, plan: Mapping[str, Any]) -> Seat:
    window = hall.window(plan["id"])
    if unknown := set(plan) - {"id", "open", "lines", "kind"}:
        raise ValueError(f"{min(unknown)!r} is not part of a plan")
    kind = plan.get("kind", window.kind)
    if kind not in ("general", "priority"):
        raise ValueError(f"kind {kind!r} is neither general nor priority")
    lines = tuple(hall.line(line).id for line in plan.get("lines", window.lines))
    found = sorted((Span.parse(text) for text in plan["open"]), key=lambda span: span.opens)
    ms = tuple((hall.calendar.ms(day, span.opens), hall.calendar.ms(day, span.closes)) for span in found)
    return Seat(window.id, lines, kind, ms)


class Compared(NamedTuple):
    """Figures by lane: `recorded` as the day was, `played` as the engine plays it with the same windows, `plan` with
    the plan's. `not_called`: for whom the last of them had no window."""

    rows: dict[str, list[Line]]
    left: int
    not_called: int


Play = Callable[[Sequence[Guest], Sequence[Seat]], list[Call]]


def compare(hall: Hall, day: Recorded, planned: Sequence[Seat] | None, play: Play | None = None) -> Compared:
    """Waits before and after. `recorded` and `played` differ by what the engine does not know: what passes between two
    visitors, transfers, people who come back. Compare `plan` with `played`."""
    was: dict[str, list[int]] = {}
    for guest in day.guests:
        was.setdefault(lane(guest, hall.policy), []).append(guest.wait or 0)
    rows = {"recorded": summary(was, hall.targets)}
    guests = sorted(day.guests, key=lambda guest: (guest.arrived, guest.number))
    missing = 0
    for name, seats in (("played", day.seats), ("plan", planned)):
        if seats is not None:
            calls = play(guests, seats) if play else fast(guests, seats, hall.policy)
            rows[name] = summary(waits_of(guests, calls, hall.policy), hall.targets)
            missing = len(guests) - len(calls)
    return Compared(rows, day.left, missing)
