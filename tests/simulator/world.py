"""A made-up hall with secrets: true service times, habits and breaks that a forecast must find out by itself.

A day is played by the virtual run; what happened is told as a journal, and as the hall's images at any moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, log, sqrt
from random import Random
from typing import Any, NamedTuple

from hall.domain.events import Entry
from hall.domain.forecast import Expected, Picture
from hall.domain.halls import Hall, Line, Service, Window
from hall.domain.policy import MINUTE
from hall.domain.virtual import Desk, Visitor, run
from tests.driver import small_hall, text

FIRST_DAY = date(2026, 11, 30)
OPENS, CLOSES = 8 * 60 + 30, 16 * 60 + 30
#: share of the day's walk-ins by hour from 8:30 on, heavy from 9 to 11
RUSH = [0.7, 1.9, 1.9, 0.9, 0.7, 0.8, 0.8, 0.6]


#: what comes first of things that happen in one millisecond
SEQUENCE = [
    "window_opened",
    "window_resumed",
    "window_paused",
    "issued",
    "started",
    "missed",
    "finished",
    "called",
    "window_closed",
]


class Moment(NamedTuple):
    """Something that happened to a visitor, at a window, or both."""

    at: int
    kind: str
    number: int
    window: str


@dataclass(frozen=True)
class Visit:
    """How one visitor's visit went; ms. `services` as on the ticket."""

    visitor: Visitor
    services: str
    walk: int
    service: int
    gap: int
    comes: bool

    @property
    def keeps(self) -> int:
        return self.walk + (self.service if self.comes else 0) + self.gap


@dataclass
class World:
    """One hall; `true` means in ms and the variation of service times are known to nobody."""

    hall: Hall
    true: dict[str, int]
    variation: float
    load: float
    breaks: dict[str, tuple[int, int]]
    chance: Random
    sequence: int = 0

    @classmethod
    def make(cls, seed: int) -> World:
        """Two to four lines, five to nine windows, some limited to lines, one perhaps a priority window; lunch in two
        shifts; the hall's file is wrong about service times by up to a half."""
        chance = Random(seed)
        lines = "abcd"[: chance.randint(2, 4)]
        true = {f"{line}{n}": int(chance.uniform(4, 16) * MINUTE) for line in lines for n in range(1, 4)}
        services = [
            Service(name, name[0], text(name), took / MINUTE * chance.uniform(0.6, 1.5)) for name, took in true.items()
        ]
        windows = [Window("w1", "1", tuple(lines))]
        for n in range(2, chance.randint(5, 9) + 1):
            some = tuple(lines) if chance.random() < 0.5 else tuple(sorted(chance.sample(lines, 2)))
            kind: Any = "priority" if n == 3 and chance.random() < 0.4 else "general"
            windows.append(Window(f"w{n}", str(n), some, kind))
        breaks = {}
        for n, window in enumerate(windows):
            if chance.random() < 0.8:
                leaves = (11 * 60 + 30 if n % 2 else 12 * 60 + 15) + chance.randint(-5, 5)
                breaks[window.id] = (leaves, leaves + chance.choice([30, 45]))
        hall = small_hall(
            f"world{seed}",
            lines=tuple(Line(c, c.upper(), text(c)) for c in lines),
            services=tuple(services),
            windows=tuple(windows),
        )
        return cls(hall, true, chance.uniform(0.5, 0.9), chance.uniform(0.75, 0.92), breaks, chance)

    def day(self, number: int) -> PlayedDay:
        """Play one working day."""
        when = FIRST_DAY + timedelta(days=number)
        midnight = self.hall.calendar.ms(when, 0)
        visits = {visit.visitor.id: visit for visit in self._visits(midnight)}
        desks = [self._desk(window, midnight) for window in self.hall.windows]
        visitors = sorted((visit.visitor for visit in visits.values()), key=lambda v: (v.arrived, v.id))
        played = PlayedDay(self.hall, when, midnight, visits, desks, self._booked)
        for start in run(visitors, desks, lambda visitor, _: visits[visitor.id].keeps, midnight):
            played.calls[start.visitor.id] = (start.at, start.desk)
        return played

    def _desk(self, window: Window, midnight: int) -> Desk:
        away = []
        if window.id in self.breaks:
            leaves, back = self.breaks[window.id]
            away = [
                (
                    midnight + (leaves + self.chance.randint(-2, 2)) * MINUTE,
                    midnight + (back + self.chance.randint(0, 4)) * MINUTE,
                )
            ]
        return Desk(window.id, window.lines, window.kind, midnight + OPENS * MINUTE, tuple(away))

    def _visits(self, midnight: int) -> Iterator[Visit]:
        work = sum(self.true.values()) / len(self.true) + 45_000
        count = int(
            self.load * self.chance.uniform(0.85, 1.15) * len(self.hall.windows) * (CLOSES - OPENS - 30) * MINUTE / work
        )
        self._booked: list[Expected] = []
        comings = []
        for _ in range(count):
            services = self.chance.choice(list(self.true))
            kind = self.chance.random()
            if kind < 0.25:
                comings += self._appointment(midnight, services)
            else:
                comings.append((self._walk_in(midnight), services, kind < 0.35, None))
        policy = self.hall.policy
        for at, services, green, slot in sorted(comings, key=lambda coming: coming[0]):
            self.sequence += 1
            head_start = policy.head_start.green * MINUTE if green else None
            visitor = Visitor(
                self.sequence,
                services[0],
                at,
                head_start,
                slot,
                policy.head_start.appointment * MINUTE,
                policy.grace * MINUTE,
            )
            yield self._visit(visitor, services)

    def _walk_in(self, midnight: int) -> int:
        hour = self.chance.choices(range(len(RUSH)), RUSH)[0]
        return midnight + OPENS * MINUTE + int((hour + self.chance.random()) * 60 * MINUTE)

    def _appointment(self, midnight: int, services: str) -> list[tuple[int, str, bool, int | None]]:
        slot = midnight + self.chance.randrange(OPENS + 30, CLOSES - 30, 15) * MINUTE
        self._booked.append(Expected(services[0], services, slot))
        if self.chance.random() < 0.08:
            return []
        return [(max(midnight + OPENS * MINUTE, slot - int(self.chance.gauss(8, 7) * MINUTE)), services, False, slot)]

    def _visit(self, visitor: Visitor, services: str) -> Visit:
        comes = self.chance.random() > 0.03
        walk = self._around(30_000, 0.5) if comes else self._around(90_000, 0.2)
        return Visit(
            visitor, services, walk, self._around(self.true[services], self.variation), self._around(20_000, 0.8), comes
        )

    def _around(self, mean: int, variation: float) -> int:
        sigma = sqrt(log(1 + variation**2))
        return max(1000, int(mean * exp(self.chance.gauss(-(sigma**2) / 2, sigma))))


@dataclass
class PlayedDay:
    """What happened: calls by visitor (when, which window)."""

    hall: Hall
    when: date
    midnight: int
    visits: dict[int, Visit]
    desks: list[Desk]
    booked: list[Expected]
    calls: dict[int, tuple[int, str]] = field(default_factory=dict)

    def wait(self, number: int) -> int:
        return self.calls[number][0] - self.visits[number].visitor.arrived

    def image(self, number: int, at: int) -> dict[str, Any]:
        """A ticket as the store would have it at a moment."""
        visit = self.visits[number]
        visitor, (called, window) = visit.visitor, self.calls[number]
        fields = visitor._asdict()
        image = {name: value for name, value in fields.items() if value is not None} | {"id": f"{number:010d}"}
        image |= {"line": visitor.queue, "services": visit.services, "state": "waiting", "issued_at": visitor.arrived}
        if at >= called:
            image |= {"state": "called", "called_at": called, "window": window}
            if not visit.comes:
                return image | ({"state": "missed"} if at >= called + visit.walk else {})
            if at >= called + visit.walk:
                image |= {"state": "serving", "started_at": called + visit.walk}
            if at >= called + visit.walk + visit.service:
                image |= {"state": "done", "ended_at": called + visit.walk + visit.service}
        return image

    def picture(self, at: int) -> Picture:
        """The hall at a moment, as a snapshot of the store would show it."""
        here = [number for number, visit in self.visits.items() if visit.visitor.arrived <= at]
        images = {image["id"]: image for image in (self.image(number, at) for number in here)}
        tickets = {name: image for name, image in images.items() if image["state"] != "done"}
        windows = {desk.id: self._window(desk, at) for desk in self.desks}
        for ticket in tickets.values():
            if ticket["state"] in ("called", "serving"):
                windows[ticket["window"]]["ticket"] = ticket["id"]
        come = Counter((self.visits[number].services, self.visits[number].visitor.slot) for number in here)
        expected = [place for place in self.booked if place.slot > at - 10 * MINUTE and not _take(come, place)]
        return Picture(self.hall, at, tickets, windows, expected)

    def _window(self, desk: Desk, at: int) -> dict[str, Any]:
        if at < desk.free:
            return {"id": desk.id, "state": "closed", "since": self.midnight}
        if desk.back(at) > at:
            return {"id": desk.id, "state": "paused", "since": desk.away[0][0]}
        return {"id": desk.id, "state": "open", "since": desk.free}

    def moments(self) -> list[Moment]:
        """What happened, in order."""
        moments = []
        for number, visit in self.visits.items():
            called, window = self.calls[number]
            came = called + visit.walk
            moments += [Moment(visit.visitor.arrived, "issued", number, ""), Moment(called, "called", number, window)]
            if visit.comes:
                moments.append(Moment(came, "started", number, window))
                moments.append(Moment(came + visit.service, "finished", number, window))
            else:
                moments.append(Moment(came, "missed", number, window))
        end = max([moment.at for moment in moments] + [self.midnight + CLOSES * MINUTE]) + MINUTE
        for desk in self.desks:
            moments += [Moment(desk.free, "window_opened", 0, desk.id), Moment(end, "window_closed", 0, desk.id)]
            for leaves, back in desk.away:
                moments.append(Moment(leaves, "window_paused", 0, desk.id))
                moments.append(Moment(back, "window_resumed", 0, desk.id))
        return sorted(moments, key=lambda moment: (moment.at, SEQUENCE.index(moment.kind), moment.number))

    def journal(self) -> list[Entry]:
        """The same as entries."""
        return list(self._entries(self.moments()))

    def _entries(self, moments: list[Moment]) -> Iterator[Entry]:
        waiting = dict.fromkeys((line.id for line in self.hall.lines), 0)
        by_id = {desk.id: desk for desk in self.desks}
        for n, (at, kind, number, window) in enumerate(moments):
            ticket = self.image(number, at) if number else None
            if ticket and kind in ("issued", "called"):
                waiting[ticket["line"]] += 1 if kind == "issued" else -1
            image = {**self._window(by_id[window], at)} if window else None
            if image and kind == "window_closed":
                image["state"] = "closed"
            yield Entry(f"{at}-{n}", kind, at, "test", ticket, image, dict(waiting))


def _take(come: Counter[tuple[str, int | None]], place: Expected) -> bool:
    """Whether somebody who is here holds this place; each one here holds one."""
    if not come[place.services, place.slot]:
        return False
    come[place.services, place.slot] -= 1
    return True
