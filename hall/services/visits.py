"""Home visits: planned for two officers at once, carried on a device, done on a doorstep without a network."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from hall.domain import cases as case_rules
from hall.domain import visits as rules
from hall.domain.callers import Caller
from hall.domain.case_errors import OfficerAway, UnknownItem, UnknownVisit
from hall.domain.errors import HallError, ReasonMissing
from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.services import case_parts as parts
from hall.services.case_parts import Wanted
from hall.services.cases import Cases, item_args
from hall.services.moves import Args
from hall.store.cases import Image

#: how many actions of a device may come before one that is missing
AHEAD: Final = 200
#: ms; no visit is longer
_A_DAY: Final = 24 * 60 * MINUTE
#: how a visit ended
ENDS: Final = ("done", "in_part", "nobody_home", "not_wanted", "other")
_ID: Final = re.compile(r"\d{10}")
_NUMBER: Final = re.compile(r"\d{1,4}")
MOVES: Final = ("arrive", "leave", "item", "add", "paper_in", "paper_back", "authorise", "note", "photo")


class Pair(NamedTuple):
    """The two who go together: `centre`, and `near` of a community."""

    centre: str
    near: str


class Plan(NamedTuple):
    """A visit that is wanted: who, when (ms UTC), how long (minutes; None: as the hall says)."""

    pair: Pair
    starts: int
    minutes: int | None = None


class Action(NamedTuple):
    """What was done on a doorstep: `move` is one of MOVES, `at` (ms UTC) by the device's clock, `facts` what the move
    needs, `text` what was said, `photo` a JPEG as base64 (both encrypted here)."""

    visit: str
    move: str
    at: int
    facts: Mapping[str, Any]
    text: str = ""
    photo: str = ""


class Taken(NamedTuple):
    """`next`: the device's sequence that is missing; `known`: this one was done before; `waiting`: came early."""

    next: int
    known: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class Visits:
    cases: Cases

    def plan(self, caller: Caller, hall_id: str, case_id: str, plan: Plan) -> Image:
        """A visit in a slot that both have free. Raises PAIR_WRONG, OFFICER_BUSY, OFFICER_AWAY, VISIT_AHEAD, NO_VISIT,
        CASE_CLOSED, UNKNOWN_OFFICER, NEXT_STEP_PAST."""
        case = self.cases.kept.get(hall_id, case_id)

        def prepare(hall: Hall) -> Args:
            return {"case": case_id, **self._args(hall, plan, case["community"])}

        return self._visit(caller, hall_id, "visit_plan", prepare, [case_id, plan])

    def replan(self, caller: Caller, hall_id: str, visit_id: str, plan: Plan, reason: str) -> Image:
        """Another time, or a substitute for one of the two. Raises what `plan` does, and REASON_MISSING."""
        visit = self.cases.kept.visit(hall_id, visit_id)
        texts = self._reason(hall_id, visit, reason, "replan")

        def prepare(hall: Hall) -> Args:
            return {"visit": visit_id, "texts": texts, **self._args(hall, plan, visit["community"])}

        return self._visit(caller, hall_id, "visit_plan", prepare, [visit_id, plan])

    def cancel(self, caller: Caller, hall_id: str, visit_id: str, next_at: int, reason: str) -> Image:
        """The visit does not take place; the case's next step is another one. Raises VISIT_MOVE_NOT_LEGAL."""
        visit = self.cases.kept.visit(hall_id, visit_id)
        args = {
            "visit": visit_id,
            "texts": self._reason(hall_id, visit, reason, "cancel"),
            "next_at": next_at,
            "next_step": "visit",
        }
        return self._visit(caller, hall_id, "visit_cancel", lambda _: args, [visit_id, next_at])

    def carry(self, caller: Caller, hall_id: str, visit_id: str, device: str) -> Image:
        """A device takes the visit along. Raises VISIT_ELSEWHERE, VISIT_MOVE_NOT_LEGAL."""
        args = {"visit": visit_id, "device": device}
        return self._visit(caller, hall_id, "visit_carry", lambda _: args, [visit_id, device])

    def act(self, caller: Caller, hall_id: str, device: str, sequence: int, action: Action) -> Taken:
        """One action of a device. A refusal is no error here: it is kept as a conflict in the action's place, so that
        nothing behind it has to wait. Raises OUTBOX_TOO_FAR."""

        def prepare(hall: Hall) -> Args:
            try:
                args = self._action(hall, action)
            except HallError as refusal:
                args = {"refused": refusal.code}
            now = self.cases.moves.now(caller)
            # What is no id of ours may be anything, a name too: it is not repeated.
            visit = action.visit if _ID.fullmatch(action.visit) else ""
            move = action.move if action.move in MOVES else "unknown"
            said = {"visit": visit, "move": move, "at": min(action.at, now)}
            return {"device": device, "sequence": sequence, "most": AHEAD, "action": {**args, **said}}

        answer = self.cases.moves.run(hall_id, "doorstep", caller, prepare, [device, sequence])
        return Taken(int(answer["next"]), bool(answer["known"]), int(answer["waiting"]))

    def settle(self, caller: Caller, hall_id: str, conflict: str) -> None:
        """Somebody has seen to a refused action. Raises `UnknownVisit`."""
        self.cases.moves.run(hall_id, "doorstep_settle", caller, lambda _: {"conflict": conflict}, conflict)

    def away(self, caller: Caller, hall_id: str, officer: str, start: int, end: int) -> list[Image]:
        """An officer is absent. Returns the visits that need a substitute."""

        def prepare(hall: Hall) -> Args:
            one = parts.officer(hall, officer).id
            return {"officer": one, "absence": os.urandom(6).hex(), "from": start, "till": end}

        self.cases.moves.run(hall_id, "officer_away", caller, prepare, [officer, start, end])
        return [one for one in self.of_officer(hall_id, officer, start - _A_DAY, end) if one["ends"] > start]

    def back(self, caller: Caller, hall_id: str, absence: str) -> None:
        """An officer is here after all. Raises UNKNOWN_OFFICER for an absence that is none."""
        args = {"officer": "", "absence": absence, "back": True}
        self.cases.moves.run(hall_id, "officer_away", caller, lambda _: args, [absence, "back"])

    def of_officer(self, hall_id: str, officer: str, start: int, end: int) -> list[Image]:
        """An officer's visits that are ahead, beginning in [start, end)."""
        return [one for one in self.cases.kept.visits(hall_id, start, end, officer) if one["state"] in rules.AHEAD]

    def on(self, hall_id: str, day: date, officer: str | None = None) -> list[Image]:
        """The visits of a date, cancelled ones left out."""
        start, end = bounds(self.cases.moves.halls.get(hall_id), day)
        found = self.cases.kept.visits(hall_id, start, end, officer)
        return [one for one in found if one["state"] != rules.VisitState.CANCELLED]

    def slots(self, hall_id: str, pair: Pair, day: date, minutes: int | None = None) -> list[int]:
        """When both can come on a date, ms UTC. Raises UNKNOWN_OFFICER, PAIR_WRONG."""
        hall = self.cases.moves.halls.get(hall_id)
        centre, near = parts.officer(hall, pair.centre), parts.officer(hall, pair.near)
        rules.check_pair(centre, near)
        taken = {one: self.taken(hall, one, day) for one in pair}
        return rules.free_slots(hall.calendar, (centre, near), day, minutes or hall.cases.visit, taken)

    def taken(self, hall: Hall, officer: str, day: date) -> list[rules.Span]:
        """When an officer has visits or is absent, around a date."""
        start, end = bounds(hall, day)
        visits = self.cases.kept.visits(hall.id, start - _A_DAY, end, officer)
        away = self.cases.kept.absences(hall.id).values()
        return [(one["starts"], one["ends"]) for one in visits] + [
            (one["from"], one["till"]) for one in away if one["officer"] == officer
        ]

    def substitutes(self, hall_id: str, visit: Image, officer: str) -> list[str]:
        """Who could go instead of one of the two: of the same kind, on duty and free then, nearest first."""
        hall = self.cases.moves.halls.get(hall_id)
        gone, wanted = parts.officer(hall, officer), (visit["starts"], visit["ends"])
        day, places = hall.calendar.date_of(visit["starts"]), parts.communities(hall)
        found = [
            one
            for one in hall.officers
            if one.of == gone.of and one.id not in (visit["centre"], visit["near"])
            if rules.is_on_duty(hall.calendar, one, wanted)
            if not rules.overlaps(wanted, self.taken(hall, one.id, day))
        ]
        found.sort(key=lambda one: (rules.travel_minutes(places, one.community, visit["community"]), one.id))
        return [one.id for one in found]

    def day_round(self, hall_id: str, pair: Pair, day: date) -> list[rules.Leg]:
        """A pair's way through a date, the nearest visit always next."""
        hall = self.cases.moves.halls.get(hall_id)
        own = [one for one in self.on(hall_id, day, pair.centre) if one["near"] == pair.near]
        return rules.day_round(parts.communities(hall), [one for one in own if one["state"] in rules.AHEAD])

    def _args(self, hall: Hall, plan: Plan, community: str) -> Args:
        centre, near = parts.officer(hall, plan.pair.centre), parts.officer(hall, plan.pair.near)
        rules.check_pair(centre, near)
        ends = plan.starts + (plan.minutes or hall.cases.visit) * MINUTE
        for officer in (centre, near):
            if not rules.is_on_duty(hall.calendar, officer, (plan.starts, ends)):
                raise OfficerAway(officer=officer.id)
        return {
            "centre": centre.id,
            "near": near.id,
            "community": community or near.community,
            "starts": plan.starts,
            "ends": ends,
        }

    def _reason(self, hall_id: str, visit: Image, reason: str, move: str) -> dict[str, str] | None:
        if not reason.strip():
            raise ReasonMissing(move=move)
        person = self.cases.kept.get(hall_id, visit["case"])["person"]
        return self.cases.texts.sealed(hall_id, person, {"reason": reason})

    def _action(self, hall: Hall, action: Action) -> Args:
        """What the script needs of an action. Raises whatever is wrong with it."""
        if action.move not in MOVES:
            raise UnknownVisit()
        visit = self.cases.kept.visit(hall.id, action.visit)
        case = self.cases.kept.get(hall.id, visit["case"])
        name = "reason" if action.move == "item" else "note"
        texts = self.cases.texts.sealed(hall.id, case["person"], {name: action.text}) or {}
        if action.move == "photo":
            texts["photo"] = self.cases.texts.sealed_photo(hall.id, case["person"], action.photo)
        return {**_facts(hall, case, action), **({"texts": texts} if texts else {})}

    def _visit(self, caller: Caller, hall_id: str, script: str, prepare: Any, asked: object) -> Image:
        image: Image = self.cases.moves.run(hall_id, script, caller, prepare, asked)["visit"]
        return image


def _facts(hall: Hall, case: Image, action: Action) -> Args:
    facts = action.facts
    match action.move:
        case "leave":
            outcome = facts.get("outcome")
            return {"met": bool(facts.get("met", True)), "outcome": outcome if outcome in ENDS else "other"}
        case "item":
            return item_args(
                _number(facts.get("item")),
                str(facts.get("do")),
                reason=action.text,
                outcome=str(facts["outcome"]) if facts.get("outcome") else None,
                present=bool(facts.get("present", True)),
            )
        case "add":
            wanted = Wanted(tuple(map(str, facts.get("items", ()))), tuple(map(str, facts.get("bundles", ()))))
            return {"items": parts.wanted_items(hall, case["kind"], wanted)}
        case "paper_in":
            return {"paper": parts.paper(hall, str(facts.get("paper"))), "original": bool(facts.get("original", True))}
        case "paper_back":
            return {"n": _number(facts.get("n"))}
        case "authorise":
            if facts.get("how") not in case_rules.AUTHORISED_BY:
                raise ReasonMissing(move="authorise")
            return {"how": facts["how"]}
    return {}


def _number(value: object) -> str:
    """The number of an item or paper in its case."""
    text = str(value)
    if not _NUMBER.fullmatch(text):
        raise UnknownItem(item="")
    return text


def bounds(hall: Hall, day: date) -> tuple[int, int]:
    """A date, ms UTC."""
    return hall.calendar.ms(day, 0), hall.calendar.ms(day + timedelta(days=1), 0)
