"""How long people will wait: the hall as it stands, run forward many times.

Each run draws service times, the rest of the services at the windows, and one past day whose priority arrivals and
absences of windows follow. A range goes from the 20th to the 80th percentile of a ticket's calls, rounded outward to
five minutes. None where nobody could say: no window that serves it is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any, Final, NamedTuple

from hall.domain.durations import Chance, Draws
from hall.domain.halls import Hall, Window
from hall.domain.history import Day, History
from hall.domain.policy import MINUTE
from hall.domain.tickets import State
from hall.domain.virtual import NEVER, Desk, Visitor, run

RUNS: Final = 100
#: at most so many calls in all runs together: a refresh takes seconds even when thousands wait
CALLS: Final = 200_000
FEWEST_RUNS: Final = 20
LOW: Final = 0.2
HIGH: Final = 0.8
ROUND: Final = 5 * MINUTE
#: of those who booked; until they are here
SHOWS: Final = 0.9

Image = Mapping[str, Any]


class Range(NamedTuple):
    """Minutes from the moment of the forecast."""

    low: int
    high: int


class Expected(NamedTuple):
    """An appointment that has not checked in yet."""

    line: str
    services: str
    slot: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A hall at one moment: images by id, and who is booked for later (None: nobody knows)."""

    hall: Hall
    now: int
    tickets: Mapping[str, Image]
    windows: Mapping[str, Image]
    expected: Sequence[Expected] | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Ranges of waiting tickets by id, and of somebody who would come now, by line and lane (`general`, `green`,
    `appointment`: one whose slot is now)."""

    at: int
    tickets: dict[str, Range | None] = field(default_factory=dict)
    lines: dict[str, dict[str, Range | None]] = field(default_factory=dict)

    def for_new(self, ticket: Image) -> Range | None:
        """For a ticket that comes now: its line, its head start, and its slot if it came in time for that."""
        lanes = self.lines.get(ticket["line"], {})
        now, slot = ticket["arrived"], ticket.get("slot")
        own = lanes.get("general" if ticket.get("green") is None else "green")
        if slot is None or now > slot + ticket.get("grace", 0):
            return own
        at_slot = lanes.get("appointment")
        if own is None or at_slot is None:
            return own or at_slot
        # Called in its present place or, from its slot on, as an appointment: whatever comes first.
        ahead = max(0, slot - now)
        return Range(
            *(
                min(one, floor(ahead / ROUND) * (ROUND // MINUTE) + other)
                for one, other in zip(own, at_slot, strict=True)
            )
        )


def forecast(picture: Picture, history: History, chance: Chance) -> Forecast:
    """The same `chance` gives the same forecast."""
    return _Forecaster(picture, history, chance).result()


def span(waits: Sequence[int]) -> Range | None:
    """The range of sampled waits, ms; `NEVER` for one that did not end."""
    ordered = sorted(waits)
    low, high = ordered[int(LOW * len(ordered))], ordered[ceil(HIGH * len(ordered)) - 1]
    if high >= NEVER:
        return None
    first, last = floor(low / ROUND), ceil(high / ROUND)
    minutes = ROUND // MINUTE
    return Range(first * minutes, max(last, first + 1) * minutes)


class _Forecaster:
    def __init__(self, picture: Picture, history: History, chance: Chance) -> None:
        self.picture, self.hall, self.now = picture, picture.hall, picture.now
        self.history, self.chance = history, chance
        self.draws = Draws(history.durations, chance)
        today = self.hall.calendar.date_of(self.now)
        self.midnight = self.hall.calendar.ms(today, 0)
        self.days = history.past_days(today)
        waiting = [ticket for ticket in picture.tickets.values() if ticket["state"] == State.WAITING]
        self.waiting = {int(ticket["id"]): ticket for ticket in waiting}
        self.taken = {ticket["queue"] for ticket in waiting}
        self.services = {number: str(ticket["services"]) for number, ticket in self.waiting.items()}
        self.first_free = max(self.waiting, default=0) + 1
        self.probes = dict(enumerate(self._probes(), self.first_free))
        self.here = [visitor_of(ticket) for ticket in waiting] + list(self._probe_visitors())
        served = {queue for window in self.hall.windows for queue in self._queues(window) if self._is_open(window)}
        #: who is told a range; the others are played all the same, because their window may come back
        self.asked = {visitor.id for visitor in self.here if visitor.queue in served}

    def _probes(self) -> Iterator[tuple[str, str]]:
        for line in self.hall.lines:
            for lane in ("general", "green", "appointment"):
                yield line.id, lane

    def _probe_visitors(self) -> Iterator[Visitor]:
        """Somebody who would come now, in every line and lane; they hold up nobody."""
        start, policy = self.now, self.hall.policy
        for number, (line, lane) in self.probes.items():
            green = policy.head_start.green * MINUTE if lane == "green" else None
            slot = start if lane == "appointment" else None
            yield Visitor(number, line, start, green, slot, policy.head_start.appointment * MINUTE)

    def result(self) -> Forecast:
        sampled: dict[int, list[int]] = {number: [] for number in self.asked}
        runs = min(RUNS, max(FEWEST_RUNS, CALLS // max(1, len(self.here))))
        for _ in range(runs if self.asked else 0):
            waits = self._run()
            for number, waits_of in sampled.items():
                waits_of.append(waits.get(number, NEVER))
        ranges = {number: span(waits_of) for number, waits_of in sampled.items()}
        found = Forecast(self.now, {ticket["id"]: ranges.get(number) for number, ticket in self.waiting.items()})
        for number, (line, lane) in self.probes.items():
            found.lines.setdefault(line, {})[lane] = ranges.get(number)
        return found

    def _run(self) -> dict[int, int]:
        """One run: ms until the call of everybody who is asked about."""
        day = self.days[int(self.chance() * len(self.days))] if self.days else Day()
        services = dict(self.services)
        coming = sorted(self._coming(day, services), key=lambda visitor: visitor.arrived)
        waits: dict[int, int] = {}
        keeps, probes = self.draws.keeps, self.probes

        def serve(visitor: Visitor, _: int) -> int:
            return 0 if visitor.id in probes else keeps(services[visitor.id])

        for start in run([*self.here, *coming], self._desks(day), serve, self.now):
            if start.visitor.id in self.asked:
                waits[start.visitor.id] = start.at - self.now
                if len(waits) == len(self.asked):
                    break
        return waits

    def _coming(self, day: Day, services: dict[int, str]) -> Iterator[Visitor]:
        """Who may still come with a head start. Others who come later are called later, and need not be played."""
        number, policy = self.first_free + len(self.probes), self.hall.policy
        head_start, grace = policy.head_start.appointment * MINUTE, policy.grace * MINUTE
        booked = self.picture.expected
        for came in day.came:
            arrived = self.midnight + came.after
            if arrived > self.now and (came.early is None or booked is None):
                number += 1
                services[number] = came.services
                slot = None if came.early is None else arrived + came.early
                yield Visitor(number, came.line, arrived, came.green, slot, head_start, grace)
        for place in booked or ():
            comes = self._comes(place)
            if comes is not None:
                number += 1
                services[number] = place.services
                yield Visitor(number, place.line, comes, None, place.slot, head_start, grace)

    def _comes(self, place: Expected) -> int | None:
        """When somebody who booked comes, if at all."""
        if self.chance() > SHOWS:
            return None
        early = self.history.early
        for _ in range(5):  # a few tries: the later it is, the less likely they come
            comes = place.slot - early[int(self.chance() * len(early))]
            if comes > self.now:
                return comes
        return None

    def _desks(self, day: Day) -> list[Desk]:
        changes: dict[str, list[tuple[int, bool]]] = {}
        for change in day.absences():
            changes.setdefault(change.window, []).append((self.midnight + change.after, change.there))
        return [self._desk(window, changes.get(window.id, [])) for window in self.hall.windows]

    def _desk(self, window: Window, changes: list[tuple[int, bool]]) -> Desk:
        image = self._image(window)
        ticket = self.picture.tickets.get(image.get("ticket", ""))
        free, since = self.now, self.now
        if ticket is not None:
            free += self.draws.rest(ticket, self.now)
            since = min(self.now, ticket.get("called_at", self.now))
        elif image["state"] == "open" and any(t["queue"] in window.lines for t in self.waiting.values()):
            free += int(self.draws.gap() * self.chance())  # its clerk is about to call
        return Desk(window.id, self._queues(window), window.kind, free, self._away(image, changes, since))

    def _image(self, window: Window) -> Image:
        return self.picture.windows.get(window.id, {"state": "closed"})

    def _is_open(self, window: Window) -> bool:
        return bool(self._image(window)["state"] == "open")

    def _queues(self, window: Window) -> tuple[str, ...]:
        """What a window calls from: its lines, and what is addressed to it or its clerk, if anything is."""
        addressed = (f"@window/{window.id}", f"@clerk/{self._image(window).get('clerk')}")
        return (*window.lines, *(queue for queue in addressed if queue in self.taken))

    def _away(self, image: Image, changes: list[tuple[int, bool]], since: int) -> tuple[tuple[int, int], ...]:
        """When the window calls nobody: from its state now, and from what it did on the drawn day after the call of
        the ticket it has."""
        left = None if image["state"] == "open" else self.now
        spans: list[tuple[int, int]] = []
        back = None
        if image["state"] == "paused":
            back = self.now + self.draws.back_after(self.now - image.get("since", self.now))
            changes = sorted([(back, True), *(change for change in changes if change[0] > self.now)])
        for at, there in changes:
            if at <= since:
                continue
            if there and left is not None:
                spans.append((left, at))
                left = None
            elif not there and left is None:
                left = max(at, since)
        return (*spans, (left, NEVER)) if left is not None else tuple(spans)


def visitor_of(ticket: Image) -> Visitor:
    """A waiting ticket's image as the virtual run takes it."""
    return Visitor(
        int(ticket["id"]),
        ticket["queue"],
        ticket["arrived"],
        ticket.get("green"),
        ticket.get("slot"),
        ticket.get("slot_head_start", 0),
        ticket.get("grace", 0),
        ticket.get("shift", 0),
        ticket.get("slip", 0),
    )
