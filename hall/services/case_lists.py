"""What an office asks of its cases: what is late, who has how much, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from hall.domain import cases as case_rules
from hall.domain import visits as visit_rules
from hall.domain.halls import Hall
from hall.domain.people import Person, masked
from hall.services.cases import Cases
from hall.store.cases import Image

_DAY = 86_400_000


class Alarm(NamedTuple):
    """Something somebody must look at now: `unowned` (a case whose officer has left), `overdue` (a next step whose time
    has passed), `relief` (an urgent item past its deadline), `overrun` (a visit nobody has heard of), `conflict` (a
    refused action of a doorstep)."""

    kind: str
    about: str
    since: int
    facts: dict[str, Any]


class Listed(NamedTuple):
    """A case for staff, its person masked; `done` and `all` count its items."""

    case: Image
    person: dict[str, str]
    done: int
    all: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class CaseLists:
    cases: Cases

    def alarms(self, hall_id: str, now: int | None = None) -> list[Alarm]:
        at, kept = now or self.cases.moves.clock(), self.cases.kept
        hall = self.cases.moves.halls.get(hall_id)
        open_cases = kept.open(hall_id)
        found = [_overdue(case) for case in open_cases if case["next_at"] <= at]
        found += [alarm for case in open_cases for alarm in _relief(case, at)]
        officers = {one.id for one in hall.officers}
        found += [_unowned(case) for case in open_cases if case["owner"] not in officers]
        found += self._overruns(hall, at)
        for one in kept.conflicts(hall_id).values():
            facts = {"code": one["code"], "move": one["move"], "visit": one["visit"]}
            found.append(Alarm("conflict", one["id"], one["action"]["at"], facts))
        return sorted(found, key=lambda alarm: (alarm.since, alarm.about))

    def listed(
        self, hall_id: str, *, mine: str = "", community: str = "", overdue: bool = False, now: int | None = None
    ) -> list[Listed]:
        """Open cases, the one that is due first at the top."""
        at = now or self.cases.moves.clock()
        found = [
            case
            for case in self.cases.kept.open(hall_id)
            if (not mine or case["owner"] == mine)
            and (not community or case["community"] == community)
            and (not overdue or case["next_at"] <= at)
        ]
        return self._masked(hall_id, found, at)

    def of_card(self, hall_id: str, id_number: str, now: int | None = None) -> list[Listed]:
        """The open cases of whoever has an identity number, for staff who read the card."""
        at, people = now or self.cases.moves.clock(), self.cases.people.find(hall_id, id_number=id_number)
        records = [one for person in people for one in self.cases.people.family(hall_id, person)]
        found = [case for one in records for case in self.cases.kept.of_person(hall_id, one)]
        return self._masked(hall_id, [case for case in found if case["state"] == "open"], at)

    def of_ticket(self, hall_id: str, ticket_id: str, now: int | None = None) -> list[Listed]:
        """The open cases of whoever holds a number: by the card that took it, or because it was taken for them."""
        at, kept = now or self.cases.moves.clock(), self.cases.kept
        holder = kept.holder(hall_id, ticket_id)
        records = self.cases.people.family(hall_id, holder) if holder else []

        def theirs(case: Image) -> bool:
            linked = {case.get("ticket"), *(item.get("ticket") for item in case["items"].values())}
            return ticket_id in linked or case["person"] in records

        return self._masked(hall_id, [case for case in kept.open(hall_id) if theirs(case)], at)

    def results(self, hall_id: str, start: int, end: int, by: str = "group") -> dict[str, case_rules.Results]:
        """成效 of the cases opened in [start, end), by `group`, `item` or `month` of opening; `` is all of them."""
        hall = self.cases.moves.halls.get(hall_id)
        cases = self.cases.kept.opened(hall_id, start, end)
        roots = self.cases.people.roots(hall_id, {case["person"] for case in cases})
        cases = [{**case, "person": roots[case["person"]]} for case in cases]
        found: dict[str, list[Image]] = {"": cases}
        for case in cases:
            for name, part in _parts(hall, case, by):
                found.setdefault(name, []).append(part)
        return {name: case_rules.results(part) for name, part in sorted(found.items())}

    def counts(self, hall_id: str, now: int | None = None) -> dict[str, Any]:
        """Numbers alone, for those who see no case."""
        at, cases = now or self.cases.moves.clock(), self.cases.kept.open(hall_id)
        kinds: dict[str, int] = {}
        for alarm in self.alarms(hall_id, at):
            kinds[alarm.kind] = kinds.get(alarm.kind, 0) + 1
        waiting = sum(case["next_step"] == "ask_papers" for case in cases)
        return {
            "open": len(cases),
            "waiting_for_papers": waiting,
            "alarms": kinds,
            "loads": self.cases.loads(hall_id),
        }

    def _overruns(self, hall: Hall, at: int) -> Iterable[Alarm]:
        for visit in self.cases.kept.visits(hall.id, at - 2 * _DAY, at):
            if visit_rules.overrun(visit, at, hall.cases.overrun):
                facts = {"case": visit["case"], "centre": visit["centre"], "near": visit["near"]}
                yield Alarm("overrun", visit["id"], visit["ends"], facts)

    def _masked(self, hall_id: str, cases: list[Image], at: int) -> list[Listed]:
        people = self.cases.people.many(hall_id, [case["person"] for case in cases])
        return [
            Listed(
                case,
                masked(people.get(case["person"], Person())),
                *case_rules.done_share(case),
                case["state"] == "open" and case["next_at"] <= at,
            )
            for case in cases
        ]


def _overdue(case: Image) -> Alarm:
    return Alarm("overdue", case["id"], case["next_at"], {"owner": case["owner"], "step": case["next_step"]})


def _unowned(case: Image) -> Alarm:
    return Alarm("unowned", case["id"], case["assigned_at"], {"owner": case["owner"]})


def _relief(case: Image, at: int) -> Iterable[Alarm]:
    """Urgent items that are not decided by their hour."""
    for number, item in case["items"].items():
        undecided = item["state"] not in (*case_rules.ENDED, case_rules.ItemState.DECIDED)
        if undecided and item.get("due", at + 1) <= at:
            facts = {"owner": case["owner"], "item": item["item"], "n": number}
            yield Alarm("relief", case["id"], item["due"], facts)


def _parts(hall: Hall, case: Image, by: str) -> Iterable[tuple[str, Image]]:
    if by == "item":
        for number, item in case["items"].items():
            yield item["item"], {**case, "items": {number: item}}
    elif by == "month":
        yield f"{hall.calendar.local(case['opened_at']):%Y-%m}", case
    else:
        yield case["group"], case
