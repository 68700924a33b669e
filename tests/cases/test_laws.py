"""What is true of every desk, whatever officers do: played at random and read back from the journal."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from hall.domain.cases import ITEM_MOVES, moves_of
from hall.domain.errors import HallError
from hall.services.case_parts import Wanted
from hall.services.visits import Action, Pair, Plan
from tests.cases.desk import ITEMS, Desk

OFFICERS = ("c1", "c2", "c3", "n1", "n2", "n3")


def random_step(desk: Desk, random: Random, sequences: dict[str, int]) -> None:
    """Something an officer may ask for; much of it is refused."""
    cases = desk.kept.open(desk.id)
    caller, step = desk.caller(), random.choice([*range(15), 5, 5, 5])
    if step == 0 or not cases:
        kind = random.choice(["assisted", "home_visit", "home_visit"])
        desk.open(*random.sample(ITEMS, 2), kind=kind, owner=random.choice(OFFICERS))
        return
    case = random.choice(cases)
    number = random.choice(list(case["items"]))
    if step <= 4:
        onwards = next(iter(moves_of(case["items"][number]["state"])), "accept")
        move = onwards if random.random() < 0.7 else random.choice(list(ITEM_MOVES))
        desk.move(case, number, move, reason="why", present=random.random() < 0.1)
    elif step == 5:
        wrong = random.random() < 0.1
        pair = Pair(random.choice(OFFICERS if wrong else OFFICERS[:3]), random.choice(OFFICERS[3:]))
        starts = desk.ms("09:00") + random.randrange(16) * 1_800_000
        if case.get("visit") and random.random() < 0.5:
            desk.visits.replan(caller, desk.id, case["visit"], Plan(pair, starts, 90), "why")
        else:
            desk.visits.plan(caller, desk.id, case["id"], Plan(pair, starts, random.choice([30, 60, 90])))
    elif step == 6 and case.get("visit"):
        desk.visits.cancel(caller, desk.id, case["visit"], desk.now + 60_000, "why")
    elif step == 7 and case.get("visit"):
        device = f"of{case['visit']}"
        desk.visits.carry(caller, desk.id, case["visit"], device)
        sequences[device] = sequences.get(device, 0) + 1
        action = Action(case["visit"], random.choice(["arrive", "leave", "note"]), desk.now, {}, "a word")
        desk.visits.act(caller, desk.id, device, sequences[device], action)
    elif step == 8:
        desk.cases.hand_over(caller, desk.id, case["id"], random.choice(OFFICERS), "why")
    elif step == 9:
        desk.cases.add(caller, desk.id, case["id"], Wanted((random.choice(ITEMS),)))
    elif step == 10:
        desk.cases.close(caller, desk.id, case["id"])
    else:
        random_word(desk, random, case["id"], step)


def random_word(desk: Desk, random: Random, case: str, step: int) -> None:
    """What is entered of a case and its person."""
    caller = desk.caller()
    if step == 11:
        desk.cases.next_step(caller, desk.id, case, desk.now + random.randrange(-60_000, 600_000), "call")
    elif step == 12:
        desk.cases.authorise(caller, desk.id, case, "signed")
    elif step == 13 and random.random() < 0.5:
        desk.cases.paper_in(caller, desk.id, case, "id-card")
    elif step == 13:
        desk.cases.paper_back(caller, desk.id, case, str(random.randint(1, 3)))
    elif random.random() < 0.7:
        desk.cases.merge(caller, desk.id, case, random.choice(desk.kept.open(desk.id))["person"], "why")
    else:
        desk.cases.part(caller, desk.id, case, "why")


@pytest.fixture(params=range(10))
def played(request: pytest.FixtureRequest, store_url: str) -> Desk:
    desk, random = Desk(store_url), Random(request.param)
    sequences: dict[str, int] = {}
    for _ in range(300):
        desk.now += random.randrange(60_000)
        try:
            random_step(desk, random, sequences)
        except HallError:
            continue
    return desk


def test_the_laws_of_the_desk_hold_at_every_entry(played: Desk) -> None:
    kinds = {officer.id: officer.of for officer in played.hall.officers}
    visits: dict[str, Any] = {}
    items: dict[tuple[str, str], str] = {}
    entries = played.journal()
    for entry in entries:
        if entry.visit:
            visits[entry.visit["id"]] = entry.visit
            assert (kinds[entry.visit["centre"]], kinds[entry.visit["near"]]) == ("centre", "community")
        if entry.case and entry.case["state"] == "open":
            assert entry.case["owner"], "nobody's case"
            assert entry.case["next_at"], "a case without a next date"
        if entry.kind == "case_item_moved":
            assert entry.case
            start, end = ITEM_MOVES[entry.facts["move"]]
            was = items.get((entry.case["id"], entry.facts["n"]), "opened")
            assert was in start, "a state was skipped"
            acted = entry.facts["move"] != "submit" or entry.facts["how"] == "help"
            assert acted or entry.case.get("authorised"), "submitted for somebody who had not authorised it"
            items[entry.case["id"], entry.facts["n"]] = end
            assert entry.facts["to"] == end
        spans = [visit for visit in visits.values() if visit["state"] != "cancelled"]
        assert_disjoint(spans)
    assert len(visits) > 2
    assert len(items) > 10


def assert_disjoint(visits: list[Any]) -> None:
    by_officer: dict[str, list[tuple[int, int]]] = {}
    for visit in visits:
        for officer in (visit["centre"], visit["near"]):
            by_officer.setdefault(officer, []).append((visit["starts"], visit["ends"]))
    for officer, spans in by_officer.items():
        spans.sort()
        for (_, end), (start, _) in pairwise(spans):
            assert end <= start, f"{officer} is in two visits at once"


def test_whoever_was_merged_is_one_person_and_every_way_to_a_record_ends(played: Desk) -> None:
    people = {case["person"] for case in played.kept.open(played.id)}
    same = played.cases.people.roots(played.id, people)
    for person in people:
        family = played.cases.people.family(played.id, person)
        assert person in family
        assert same[person] in family
        assert {played.cases.people.roots(played.id, [one])[one] for one in family} == {same[person]}
    kinds = [entry.kind for entry in played.journal()]
    assert kinds.count("case_merged") > kinds.count("case_parted") > 0
