"""A worked year of a hall as journal entries, from a seed: 250 days of 225 visitors on the virtual run, as the store
would have written them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, log, sqrt
from random import Random
from typing import Any, Final, NamedTuple

from hall.domain.calendar import Week
from hall.domain.halls import Group, Hall, Line, Service, Window
from hall.domain.policy import MINUTE
from hall.domain.texts import Text
from hall.domain.tickets import standing
from hall.domain.virtual import Desk, Visitor, run

FIRST: Final = date(2026, 1, 5)
OPENS, CLOSES = 8 * 60 + 30, 16 * 60
_SIGMA: Final = sqrt(log(1 + 0.7**2))
_OUTCOMES: Final = ("done",) * 16 + ("papers_missing",) * 3 + ("not_possible",)


def _text(words: str) -> Text:
    return Text(zh=words, en=words)


def hall(hall_id: str = "year") -> Hall:
    lines = tuple(Line(name, name.upper(), _text(name)) for name in "abc")
    services = tuple(Service(f"{line}{n}", line, _text(f"{line}{n}"), 10) for line in "abc" for n in (1, 2, 3))
    windows = tuple(Window(f"w{n}", str(n), ("a", "b", "c"), "priority" if n == 7 else "general") for n in range(1, 8))
    groups = (Group("aged", _text("80+"), proof="card", from_age=80), Group("veteran", _text("veteran")))
    hours = Week(*[("08:30-16:00",)] * 5)
    return Hall(hall_id, _text("year"), "Asia/Shanghai", hours, lines, services, windows, groups)


class Body(NamedTuple):
    """An entry before it has an id."""

    at: int
    body: dict[str, Any]


@dataclass
class Year:
    """`days(n)` yields a day's entries [(id, body)] at a time."""

    seed: int = 1
    visitors: int = 225
    hall: Hall = field(default_factory=hall)
    sequence: int = 0
    booked: int = 0
    rated: int = 0

    def days(self, count: int) -> Iterator[list[tuple[str, dict[str, Any]]]]:
        midnight = self.hall.calendar.ms(FIRST, 0)
        told = {"zone": self.hall.zone, "test": False, "bound": self.hall.bound, "version": 1}
        first = Body(midnight, {"kind": "configured", **told})
        day, done = FIRST, 0
        while done < count:
            if day.weekday() < 5:
                bodies = ([first] if done == 0 else []) + self._day(day, Random(f"{self.seed} {day}"))
                yield [(f"{at}-{n}", {"at": at, "by": "year", **body}) for n, (at, body) in enumerate(bodies)]
                done += 1
            day += timedelta(days=1)

    def _day(self, day: date, chance: Random) -> list[Body]:
        midnight = self.hall.calendar.ms(day, 0)
        tickets = {int(ticket["id"]): ticket for ticket in self._tickets(day, midnight, chance)}
        takes = {number: self._takes(chance) for number in tickets}
        desks = [Desk(w.id, w.lines, w.kind, midnight + OPENS * MINUTE) for w in self.hall.windows]
        visitors = [self._visitor(ticket) for ticket in tickets.values()]
        bodies = [Body(t["arrived"], _issued(t)) for t in tickets.values()]
        bodies += [Body(d.free - 1, _window(d.id, "open", d.free - 1)) for d in desks]
        for start in run(visitors, desks, lambda visitor, _: sum(takes[visitor.id]), midnight):
            bodies += self._visit(tickets[start.visitor.id], takes[start.visitor.id], start.desk, start.at, chance)
        end = max(body.at for body in bodies) + 1
        missing = chance.randint(0, 4)
        bodies += [Body(end, self._no_show(day, midnight, chance)) for _ in range(missing)]
        bodies += [Body(end, _window(d.id, "closed", end)) for d in desks]
        bodies.append(Body(end + 1, {"kind": "day_closed", "date": day.isoformat()}))
        return _resolved(sorted(bodies, key=lambda body: body.at), self.hall)

    def _takes(self, chance: Random) -> tuple[int, int]:
        """Walking and service, ms."""
        return 5_000 + int(chance.expovariate(1 / 25_000)), int(
            10 * MINUTE * exp(chance.gauss(-(_SIGMA**2) / 2, _SIGMA))
        )

    def _tickets(self, day: date, midnight: int, chance: Random) -> Iterator[dict[str, Any]]:
        comings = sorted(self._coming(midnight, chance) for _ in range(self.visitors))
        numbers: dict[str, int] = {}
        policy = self.hall.policy
        for arrived, kind in comings:
            self.sequence += 1
            service = chance.choice(self.hall.services)
            line = self.hall.line(service.line)
            numbers[line.id] = numbers.get(line.id, 0) + 1
            ticket: dict[str, Any] = {
                "id": f"{self.sequence:010d}",
                "number": f"{line.letter}{numbers[line.id]:03d}",
                "date": day.isoformat(),
                "line": line.id,
                "issued_line": line.id,
                "queue": line.id,
                "services": service.id,
                "arrived": arrived,
                "issued_at": arrived,
                "language": "zh",
                "state": "waiting",
            }
            low = chance.choice((0, 5, 10, 15, 20))
            if chance.random() < 0.9:
                ticket |= {"wait_low": low, "wait_high": low + 15}
            if kind == "green":
                group = chance.choice(self.hall.groups)
                ticket |= {"green": self.hall.green_ms(group), "group": group.id, "claim": "proven"}
            if kind == "booked":
                self.booked += 1
                slot = arrived + int(chance.gauss(5, 6)) * MINUTE
                ticket |= {"slot": slot, "appointment": f"{self.booked:010d}", "grace": policy.grace * MINUTE}
                ticket["slot_head_start"] = policy.head_start.appointment * MINUTE
            yield ticket

    def _coming(self, midnight: int, chance: Random) -> tuple[int, str]:
        minute = chance.triangular(OPENS, CLOSES - 10, 9 * 60 + 30)
        kind = chance.choices(("ordinary", "green", "booked"), (65, 10, 25))[0]
        return midnight + int(minute * MINUTE), kind

    def _visitor(self, ticket: dict[str, Any]) -> Visitor:
        names = ("green", "slot", "slot_head_start", "grace")
        return Visitor(
            int(ticket["id"]), ticket["queue"], ticket["arrived"], **{n: ticket[n] for n in names if n in ticket}
        )

    def _visit(
        self, ticket: dict[str, Any], takes: tuple[int, int], window: str, called: int, chance: Random
    ) -> Iterator[Body]:
        walk, service = takes
        at = {"window": window, "clerk": f"clerk-{window}", "called_at": called, "calls": 1}
        yield Body(called, {"kind": "called", "call": (ticket, window), "ticket": {**ticket, **at, "state": "called"}})
        if chance.random() < 0.03:
            gone = {**ticket, **at, "state": "missed", "missed_at": called + walk}
            yield Body(called + walk, {"kind": "missed", "ticket": gone, "window": _image(window)})
            return
        at["started_at"] = called + walk
        serving = {**ticket, **at, "state": "serving"}
        yield Body(called + walk, {"kind": "started", "ticket": serving, "window": _image(window)})
        end = called + walk + service
        outcome = chance.choice(_OUTCOMES)
        done = {**ticket, **at, "state": "done", "ended_at": end, "outcome": outcome}
        yield Body(end, {"kind": "finished", "ticket": done, "window": _image(window), "outcome": outcome})
        if chance.random() < 0.3:
            yield from self._rating(done, window, end, chance)

    def _rating(self, ticket: dict[str, Any], window: str, end: int, chance: Random) -> Iterator[Body]:
        self.rated += 1
        at = end + chance.randint(5, 600) * 1000
        level = chance.choices((1, 2, 3, 4, 5), (1, 2, 7, 20, 70))[0]
        rating = {name: ticket.get(name) for name in ("line", "services", "group")}
        rating |= {"id": self.rated, "at": at, "level": level, "items": [], "date": ticket["date"], "window": window}
        rating |= {"source": chance.choice(("pad", "phone", "staff")), "lane": lane_of(ticket)}
        if level <= 2:
            rating["due_at"] = at + 5 * 24 * 60 * MINUTE
        yield Body(at, {"kind": "rated", "rating": rating})

    def _no_show(self, day: date, midnight: int, chance: Random) -> dict[str, Any]:
        self.booked += 1
        service = chance.choice(self.hall.services)
        slot = midnight + chance.randrange(OPENS, CLOSES, 15) * MINUTE
        image = {"id": f"{self.booked:010d}", "state": "no_show", "line": service.line, "services": service.id}
        return {
            "kind": "no_show",
            "appointment": {**image, "slot": slot, "date": day.isoformat(), "booked_at": midnight},
        }


def lane_of(ticket: dict[str, Any]) -> str:
    if "slot" in ticket and ticket["arrived"] <= ticket["slot"] + ticket["grace"]:
        return "appointment"
    return "green" if "green" in ticket else "ordinary"


def _issued(ticket: dict[str, Any]) -> dict[str, Any]:
    stand = _stands(ticket, ticket["arrived"])
    return {"kind": "issued", "ticket": {**ticket, "lane": str(stand.lane), "queue_time": stand.queue_time}}


def _stands(ticket: dict[str, Any], now: int) -> Any:
    return standing(
        arrived=ticket["arrived"],
        now=now,
        green=ticket.get("green"),
        slot=ticket.get("slot"),
        slot_head_start=ticket.get("slot_head_start", 0),
        grace=ticket.get("grace", 0),
        shift=0,
    )


def _image(window: str) -> dict[str, Any]:
    return {"id": window, "state": "open", "since": 0, "clerk": f"clerk-{window}"}


def _window(window: str, state: str, at: int) -> dict[str, Any]:
    kind = "window_opened" if state == "open" else "window_closed"
    return {"kind": kind, "window": {**_image(window), "state": state, "since": at}}


def _resolved(bodies: list[Body], of: Hall) -> list[Body]:
    """Fill in what a call says of the order: drained slots go before it, as the store writes them."""
    made: list[Body] = []
    booked: dict[str, dict[str, Any]] = {}
    rules = {window.id: "next" if window.kind == "general" else "priority" for window in of.windows}
    for at, body in bodies:
        if body["kind"] == "issued" and "slot" in body["ticket"] and body["ticket"]["slot"] > at:
            booked[body["ticket"]["id"]] = body["ticket"]
        if body["kind"] == "called":
            for name in [name for name, ticket in booked.items() if ticket["slot"] <= at]:
                ticket = booked.pop(name)
                stand = _stands(ticket, at)
                image = {**ticket, "lane": str(stand.lane), "queue_time": stand.queue_time}
                made.append(Body(at, {"kind": "slot_due", "ticket": image}))
            ticket, window = body.pop("call")
            booked.pop(ticket["id"], None)
            stand = _stands(ticket, at)
            body["ticket"] |= {"rule": rules[window], "queue_time": stand.queue_time, "lane": str(stand.lane)}
            body |= {"rule": rules[window], "queue_time": stand.queue_time, "arrived": ticket["arrived"]}
            body |= {"queues": ["a", "b", "c"], "window": _image(window)}
        made.append(Body(at, body))
    return made
