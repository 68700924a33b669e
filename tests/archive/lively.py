"""A worked year in which everything happens that a report counts: the bench's year, with calls taken back, numbers put
aside and called again, calls out of order, people known by their appointments who come again, return slips, numbers
given up or left over, outcomes of every kind, bad ratings answered in time and late, cases with visits and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from bench.year import Body, Year
from hall.domain.policy import MINUTE
from tests.archive.lively_cases import CaseDesk

DAY_MS = 24 * 60 * MINUTE
Json = dict[str, Any]


@dataclass
class LivelyYear(Year):
    people: int = 60
    #: tickets that ended with papers missing and have a slip to come back with
    slips: list[Json] = field(default_factory=list)
    bad: list[Json] = field(default_factory=list)
    desk: CaseDesk = field(default_factory=CaseDesk)

    def _day(self, day: date, chance: Random) -> list[Body]:
        bodies = super()._day(day, chance)
        for _, body in bodies:
            if rule := body.pop("own_rule", None):
                body["rule"] = body["ticket"]["rule"] = rule
            person = body.get("ticket", {}).pop("person", None)
            if body["kind"] == "issued" and person:
                names = ("line", "services", "slot")
                image = {"id": body["ticket"]["appointment"], "state": "arrived", "person": person}
                body["appointment"] = {**image, **{name: body["ticket"][name] for name in names}}
        end = bodies[-2].at  # before the day's close
        cases = self.desk.day(self.hall.calendar.ms(day, 0), end, chance)
        late = [Body(end, body) for body in (*self._answers(end, chance), *self._cancelled(day, chance), *cases)]
        return [*bodies[:-1], *late, bodies[-1]]

    def _tickets(self, day: date, midnight: int, chance: Random) -> Iterator[Json]:
        for ticket in super()._tickets(day, midnight, chance):
            if chance.random() < 0.08:
                line = [one.id for one in self.hall.services if one.line == ticket["line"]]
                ticket["services"] = ",".join(sorted(chance.sample(line, 2)))
            if self.slips and "slot" not in ticket and chance.random() < 0.3:
                old = self.slips.pop(0)
                if old["line"] == ticket["line"]:
                    ticket |= {"slip_of": old["id"], "services": old["services"]}
            if "appointment" in ticket and chance.random() < 0.7:
                ticket["person"] = f"p{chance.randrange(self.people)}"
            yield ticket

    def _visit(self, ticket: Json, takes: tuple[int, int], window: str, called: int, chance: Random) -> Iterator[Body]:
        first, *rest = super()._visit(ticket, takes, window, called, chance)
        if chance.random() < 0.05:  # called, taken back, and called again
            yield Body(first.at, {**first.body, "ticket": dict(first.body["ticket"])})
            waiting = {**ticket, "state": "waiting"}
            yield Body(first.at, {"kind": "undone", "undid": "call", "ticket": waiting, "window": _image(window)})
        if chance.random() < 0.03:
            first.body["own_rule"] = "chosen"
        yield first
        put_aside = rest[0].body["kind"] == "started" and chance.random() < 0.05
        for at, body in rest:
            yield Body(at, self._ended(body, at, chance))
            if put_aside and body["kind"] == "started":
                yield from self._put_aside(body["ticket"], ticket, window, at)
                put_aside = False
            if body["kind"] == "missed" and chance.random() < 0.6:
                yield self._over(body["ticket"], at, chance)

    def _put_aside(self, serving: Json, ticket: Json, window: str, at: int) -> Iterator[Body]:
        aside = {name: value for name, value in serving.items() if name != "started_at"} | {"state": "parked"}
        yield Body(at, {"kind": "parked", "ticket": aside, "window": _image(window)})
        again = {**aside, "state": "called", "calls": 2, "called_at": at}
        yield Body(at, {"kind": "called", "call": (ticket, window), "ticket": again, "own_rule": "unparked"})
        yield Body(at, {"kind": "started", "ticket": {**again, "state": "serving", "started_at": at}})

    def _ended(self, body: Json, at: int, chance: Random) -> Json:
        if body["kind"] == "rated" and body["rating"]["level"] <= 2:
            self.bad.append(body["rating"])
        if body["kind"] != "finished":
            return body
        if chance.random() < 0.05:
            outcome = chance.choice(("referred", "unclosed"))
            body = {**body, "outcome": outcome, "ticket": {**body["ticket"], "outcome": outcome}}
        if body["outcome"] == "papers_missing":
            self.slips.append(body["ticket"])
        return body

    def _over(self, missed: Json, at: int, chance: Random) -> Body:
        kind = chance.choice(("cancelled", "expired"))
        return Body(at + 1, {"kind": kind, "ticket": {**missed, "state": kind, "ended_at": at + 1}})

    def _answers(self, at: int, chance: Random) -> Iterator[Json]:
        for rating in list(self.bad):
            if chance.random() < 0.2:
                self.bad.remove(rating)
                yield {"kind": "rating_answered", "rating": {**rating, "answered_at": at}}

    def _cancelled(self, day: date, chance: Random) -> Iterator[Json]:
        """Somebody gives up an appointment of tomorrow, another one is known and does not come today."""
        midnight = self.hall.calendar.ms(day, 0)
        for state, slot in (("cancelled", midnight + DAY_MS), ("no_show", midnight)):
            self.booked += 1
            service = chance.choice(self.hall.services)
            image = {"id": f"{self.booked:010d}", "state": state, "line": service.line, "services": service.id}
            times = {"slot": slot + 10 * 60 * MINUTE, "booked_at": midnight, "person": "p0"}
            kind = "no_show" if state == "no_show" else "appointment_cancelled"
            yield {"kind": kind, "appointment": {**image, **times}}


def _image(window: str) -> Json:
    return {"id": window, "state": "open", "since": 0, "clerk": f"clerk-{window}"}
