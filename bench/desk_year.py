"""A year of the case desk on a virtual clock, through the services: `python -m bench.desk_year [days]`. Goal: < 60 s.

The example hall's 43 officers, 20 assisted people a year, 60 home visits a month, made from a seed: slots, pairs,
officers who are ill and their substitutes, doorsteps whose actions come out of order and twice, decisions, closing."""

from __future__ import annotations

import heapq
import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.report import Figure, table
from hall.domain.callers import Caller
from hall.domain.cases import ENDED
from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.domain.people import Person
from hall.domain.visits import AHEAD
from hall.processes import ROOT
from hall.services import hall_file
from hall.services.case_lists import CaseLists
from hall.services.case_parts import Wanted
from hall.services.cases import Cases, Opening
from hall.services.doorstep import Doorstep
from hall.services.halls import Halls
from hall.services.moves import Moves
from hall.services.secrets import Secrets
from hall.services.visits import Action, Pair, Plan, Visits, bounds
from hall.store.cases import Image
from hall.store.connect import connect
from hall.store.embedded import EmbeddedServer
from hall.store.store import Store

FIRST: Final = date(2026, 1, 1)
DAYS: Final = 365
ASSISTED_A_YEAR, VISITS_A_MONTH = 20, 60
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_WAY: Final = ("accept", "take", "submit")


def example(hall_id: str = "desk-year") -> Hall:
    """The example hall under another id."""
    text = (ROOT / "examples" / "changshou" / "hall.toml").read_text("utf-8")
    return replace(hall_file.parse(text), id=hall_id)


@dataclass
class DeskYear:
    """`play(days)` lives through them; `done` counts what was done."""

    url: str
    hall: Hall = field(default_factory=example)
    seed: int = 1
    now: int = 0
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        store = Store(connect(self.url, retries=False), connect(self.url, retries=True))
        self.moves = Moves(store, Halls(store, {}), lambda: self.now)
        self.cases = Cases(self.moves, Secrets(b"a key of a bench, 32 bytes long.."))
        self.visits = Visits(self.cases)
        self.doorstep = Doorstep(self.visits)
        self.lists = CaseLists(self.cases)
        self._numbers, self._due = itertools.count(1), list[tuple[int, int, Callable[[], None]]]()

    def play(self, days: int = DAYS) -> None:
        self.now = self.hall.calendar.ms(FIRST, 0)
        self.moves.halls.save(self.hall, self._caller())
        open_days = [day for day in (FIRST + timedelta(days=n) for n in range(days)) if self.hall.calendar.spans(day)]
        for _ in range(max(1, round(ASSISTED_A_YEAR * days / DAYS))):
            self._at(self._moment(self.chance.choice(open_days)), self._assisted)
        for _ in range(round(VISITS_A_MONTH * 12 * days / DAYS)):
            self._at(self._moment(self.chance.choice(open_days)), self._request)
        for day in open_days:
            self._at(self.hall.calendar.ms(day, 8 * 60), self._morning)
        end = self.hall.calendar.ms(FIRST + timedelta(days=days), 0)
        while self._due and self._due[0][0] < end:
            self.now, _, step = heapq.heappop(self._due)
            step()

    def _at(self, moment: int, step: Callable[[], None]) -> None:
        heapq.heappush(self._due, (moment, next(self._numbers), step))

    def _moment(self, day: date) -> int:
        return self.hall.calendar.ms(day, self.chance.randrange(9 * 60, 11 * 60))

    def _caller(self) -> Caller:
        return Caller(by="staff:c1", now=self.now)

    def _open(self, kind: Any, groups: tuple[str, ...], wanted: Wanted, items: list[str]) -> Image:
        n = next(self._numbers)
        community = self.chance.choice(self.hall.communities).id
        found = self.cases.suggest(self.hall.id, community=community, items=items, now=self.now)
        opening = Opening(
            kind=kind,
            source="patrol" if kind == "assisted" else "phone",
            group=self.chance.choice(groups),
            owner=found[0].officer,
            community=community,
            wanted=wanted,
            person=Person(name=f"居民{n}", phone=f"138{n:08d}") if self.chance.random() < 0.9 else Person(),
            texts={"address": f"{n} road"},
            next_at=self.now + 3 * _DAY,
        )
        self.done[kind] += 1
        return self.cases.open(self._caller(), self.hall.id, opening)

    def _assisted(self) -> None:
        wanted = Wanted((), ("homeless",)) if self.chance.random() < 0.5 else Wanted(("social-card", "care-subsidy"))
        group = "homeless" if wanted.bundles else "elder-alone"
        case = self._open("assisted", (group,), wanted, list(wanted.items))
        self.cases.authorise(self._caller(), self.hall.id, case["id"], "fingerprint")
        self.cases.paper_in(self._caller(), self.hall.id, case["id"], "id-card")
        for number in case["items"]:
            for move in _WAY:
                self.cases.move_item(self._caller(), self.hall.id, case["id"], number, move)
        self._later(case["id"])

    def _request(self) -> None:
        items = self.chance.sample(["pension-app", "pension-card", "long-term-care", "online-other"], 2)
        groups = ("extreme-hardship", "elder-alone", "disabled-veteran", "bedridden")
        case = self._open("home_visit", groups, Wanted(tuple(items)), items)
        self._plan(case["id"])

    def _plan(self, case_id: str) -> None:
        """The first slot of a suitable pair within the next days."""
        case = self.cases.kept.get(self.hall.id, case_id)
        near = [one.id for one in self.hall.officers if one.community == case["community"]]
        centre = [one.id for one in self.hall.officers if one.of == "centre"]
        pair = Pair(self.chance.choice(centre), self.chance.choice(near))
        today = self.hall.calendar.date_of(self.now)
        for later in range(1, 30):
            if slots := self.visits.slots(self.hall.id, pair, today + timedelta(days=later)):
                starts = self.chance.choice(slots)
                visit = self.visits.plan(self._caller(), self.hall.id, case_id, Plan(pair, starts))
                self.done["planned"] += 1
                self._at(starts, partial(self._visit, visit["id"], starts))
                return
        raise AssertionError(f"no slot in a month for {pair}")

    def _morning(self) -> None:
        """Somebody may be ill; visits of the day get a substitute, or another day."""
        if self.chance.random() > 0.15:
            return
        ill = self.chance.choice(self.hall.officers).id
        start, end = bounds(self.hall, self.hall.calendar.date_of(self.now))
        self.visits.away(self._caller(), self.hall.id, ill, self.now, end)
        self.done["absences"] += 1
        for gap in self.doorstep.gaps(self.hall.id, start, end):
            visit = gap.visit
            if gap.others:
                other = gap.others[0]
                pair = Pair(*(other if visit[part] == gap.gone else visit[part] for part in ("centre", "near")))
                plan = Plan(pair, visit["starts"], (visit["ends"] - visit["starts"]) // _MINUTE)
                self.visits.replan(self._caller(), self.hall.id, visit["id"], plan, "ill")
                self.done["substitutes"] += 1
            else:
                self.visits.cancel(self._caller(), self.hall.id, visit["id"], self.now + _DAY, "ill")
                self.done["cancelled"] += 1
                self._at(self.now + _HOUR, partial(self._plan, visit["case"]))

    def _visit(self, visit_id: str, starts: int) -> None:
        """What two officers do, brought by a network that mixes and repeats."""
        visit = self.cases.kept.visit(self.hall.id, visit_id)
        if visit["state"] not in AHEAD or visit["starts"] != starts:
            return
        device = f"{visit['near']}device{visit_id}"
        self.visits.carry(self._caller(), self.hall.id, visit_id, device)
        met = self.chance.random() > 0.05
        posts = list(enumerate(self._story(visit, met), 1))
        posts += self.chance.sample(posts, len(posts) // 3)
        self.chance.shuffle(posts)
        for sequence, action in posts:
            self.visits.act(self._caller(), self.hall.id, device, sequence, action)
        self.done["visits"] += 1
        if met:
            self._later(visit["case"])
        else:
            self._at(self.now + _HOUR, partial(self._plan, visit["case"]))

    def _story(self, visit: Image, met: bool) -> Iterable[Action]:
        yield Action(visit["id"], "arrive", self.now, {})
        for number in self.cases.kept.get(self.hall.id, visit["case"])["items"] if met else ():
            for move in _WAY:
                yield Action(visit["id"], "item", self.now, {"item": number, "do": move, "present": True})
        outcome = "in_part" if met else "nobody_home"
        yield Action(visit["id"], "leave", self.now, {"met": met, "outcome": outcome}, "a word")

    def _later(self, case_id: str) -> None:
        days = self.chance.randint(2, 20)
        self.cases.next_step(self._caller(), self.hall.id, case_id, self.now + days * _DAY, "ask_office")
        self._at(self.now + days * _DAY - _HOUR, partial(self._decide, case_id))

    def _decide(self, case_id: str) -> None:
        case = self.cases.kept.get(self.hall.id, case_id)
        caller, hall_id = self._caller(), self.hall.id
        for number, item in case["items"].items():
            if item["state"] in ENDED:
                continue
            if self.chance.random() < 0.1:
                move = self.chance.choice(("refuse", "withdraw"))
                self.cases.move_item(caller, hall_id, case_id, number, move, reason="why")
            else:
                self.cases.move_item(caller, hall_id, case_id, number, "decide", outcome="granted")
                self.cases.move_item(caller, hall_id, case_id, number, "deliver")
        for number in case["papers"]:
            self.cases.paper_back(caller, hall_id, case_id, number)
        self.cases.close(caller, hall_id, case_id)
        self.done["closed"] += 1


def told(entries: Iterable[Entry]) -> dict[str, Counter[str]]:
    """What the journal says: items by how they ended, cases and people, by group of the case; "" is all of them."""
    found: dict[str, Counter[str]] = {"": Counter()}
    helped: dict[str, set[str]] = {}
    for entry in entries:
        case = entry.case
        if case is None or entry.kind not in ("case_opened", "case_item_moved"):
            continue
        for name in ("", case["group"]):
            counts = found.setdefault(name, Counter())
            if entry.kind == "case_opened":
                counts["cases"] += 1
            elif entry.facts["to"] in ENDED:
                counts[entry.facts["to"]] += 1
                if entry.facts["to"] == "delivered":
                    helped.setdefault(name, set()).add(case["person"])
                    counts["people"] = len(helped[name])
    return found


def measure(days: int = DAYS) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="sanban-bench-") as directory:
        server = EmbeddedServer(Path(directory) / "store").start()
        try:
            year = DeskYear(server.url)
            began = time.perf_counter()
            year.play(days)
            took = time.perf_counter() - began
        finally:
            server.stop()
    goal = "≤ 60" if days == DAYS else ""
    name = f"{days} days of the case desk, {year.done['visits']} home visits"
    return [
        Figure(name, took, "s", "second", took, goal, fixed=True),
        Figure("home visits of the case desk played", year.done["visits"] / took, "/s"),
    ]


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS)))
