"""What two officers take along to a doorstep, and what became of it: rounds, substitutes, refused actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from hall.domain import visits as rules
from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.cases import Cases
from hall.services.visits import Pair, Visits
from hall.store.cases import Image


class Pack(NamedTuple):
    """A visit with its case, and who must be found: the person and the address that was said last, in clear."""

    visit: Image
    case: Image
    person: Person
    address: str


class Round(NamedTuple):
    """A pair's way through a date. `legs` are what is ahead; `visits` all of the date by id."""

    pair: Pair
    legs: list[rules.Leg]
    visits: dict[str, Image]


class Gap(NamedTuple):
    """A visit that one of its two officers cannot keep, and who could go instead, nearest first."""

    visit: Image
    gone: str
    others: list[str]


@dataclass(frozen=True, slots=True)
class Doorstep:
    visits: Visits

    @property
    def cases(self) -> Cases:
        return self.visits.cases

    def pack(self, caller: Caller, hall_id: str, visit_id: str, device: str) -> Pack:
        """A device takes a visit along; that it has learnt who the person is stands in the journal. Raises what `carry`
        does."""
        visit = self.visits.carry(caller, hall_id, visit_id, device)
        person, texts = self.cases.reveal(Caller(by=caller.by, now=caller.now), hall_id, visit["case"])
        places = sorted((int(key.partition("/")[0]), key) for key in texts if key.partition("/")[2] == "address")
        address = texts[places[-1][1]] if places else ""
        return Pack(visit, self.cases.kept.get(hall_id, visit["case"]), person, address)

    def rounds(self, hall_id: str, day: date) -> list[Round]:
        """Every pair that has visits on a date, with its way."""
        pairs: dict[Pair, dict[str, Image]] = {}
        for one in self.visits.on(hall_id, day):
            pairs.setdefault(Pair(one["centre"], one["near"]), {})[one["id"]] = one
        return [Round(pair, self.visits.day_round(hall_id, pair, day), found) for pair, found in sorted(pairs.items())]

    def gaps(self, hall_id: str, start: int, end: int) -> list[Gap]:
        """Visits that begin in [start, end) and are not under way, of which an officer is absent then or has left."""
        hall, kept = self.cases.moves.halls.get(hall_id), self.cases.kept
        known, away = {one.id for one in hall.officers}, list(kept.absences(hall_id).values())
        found = []
        for visit in kept.visits(hall_id, start, end):
            if visit["state"] != rules.VisitState.PLANNED:
                continue
            for officer in (visit["centre"], visit["near"]):
                if officer not in known:
                    found.append(Gap(visit, officer, []))
                elif rules.overlaps((visit["starts"], visit["ends"]), _spans(away, officer)):
                    found.append(Gap(visit, officer, self.visits.substitutes(hall_id, visit, officer)))
        return found

    def conflicts(self, hall_id: str, device: str = "") -> list[Image]:
        """Refused actions that nobody has settled, of one device or of all, by device and sequence; with the case
        they were about ("" when the visit is none)."""
        found = [one for one in self.cases.kept.conflicts(hall_id).values() if not device or one["device"] == device]
        visits = {one["id"]: one for one in self.cases.kept.many(hall_id, "visit", {one["visit"] for one in found})}
        told = [{**one, "case": visits.get(one["visit"], {}).get("case", "")} for one in found]
        return sorted(told, key=lambda one: (one["device"], one["sequence"]))

    def said(self, caller: Caller, hall_id: str, conflict: Image) -> dict[str, str]:
        """What a refused action said, by name, in clear; that somebody looked stands in the journal."""
        if not conflict["case"]:
            return {}
        case = self.cases.kept.get(hall_id, conflict["case"])
        self.cases.reveal(caller, hall_id, case["id"])
        return self.cases.texts.opened(hall_id, case["person"], conflict["action"].get("texts") or {})


def _spans(away: Iterable[dict[str, Any]], officer: str) -> list[rules.Span]:
    return [(one["from"], one["till"]) for one in away if one["officer"] == officer]
