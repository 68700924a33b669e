"""Home visits: two officers, one of each kind, nobody in two places; and what was done on the doorstep."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from hall.domain.case_errors import (
    NoVisit,
    OfficerAway,
    OfficerBusy,
    OutboxTooFar,
    PairWrong,
    VisitAhead,
    VisitElsewhere,
    VisitMoveNotLegal,
)
from hall.domain.errors import ReasonMissing
from hall.services.visits import AHEAD, Action, Pair, Plan
from hall.store.cases import Image
from hall.store.keys import Keys
from tests.cases.desk import Desk
from tests.driver import DAY

TODAY = date.fromisoformat(DAY)


def test_a_visit_takes_one_officer_of_the_centre_and_one_of_a_community(desk: Desk) -> None:
    case = desk.at_home()
    for pair in (("c1", "c2"), ("n1", "n2"), ("n1", "c1")):
        with pytest.raises(PairWrong):
            desk.visit(case, "10:00", pair)
    visit = desk.visit(case, "10:00")
    assert (visit["centre"], visit["near"], visit["state"]) == ("c1", "n1", "planned")
    assert desk.case(case)["next_at"] == desk.ms("10:00")


def test_nobody_is_booked_twice(desk: Desk) -> None:
    desk.visit(desk.at_home(), "10:00")
    other = desk.at_home()
    for time in ("09:30", "10:00", "10:59"):
        for pair in (("c1", "n2"), ("c2", "n1")):
            with pytest.raises(OfficerBusy):
                desk.visit(other, time, pair)
    desk.visit(other, "11:00")
    desk.visit(desk.at_home(), "09:00")


def test_a_visit_is_for_a_case_at_home_and_one_at_a_time(desk: Desk) -> None:
    with pytest.raises(NoVisit):
        desk.visit(desk.open(), "10:00")
    case = desk.at_home()
    desk.visit(case, "10:00")
    with pytest.raises(VisitAhead):
        desk.visit(case, "14:00")


def test_a_case_that_outlives_its_visit_is_visited_again(desk: Desk) -> None:
    case = desk.at_home()
    visit = carry(desk, desk.visit(case, "10:00"))
    do(desk, 1, Action(visit["id"], "arrive", desk.now, {}))
    do(desk, 2, Action(visit["id"], "leave", desk.now, {"met": True}))
    desk.store.reads.delete(Keys(desk.id).of("visit", visit["id"]))
    again = desk.visit(case, "14:00")
    assert desk.case(case)["visit"] == again["id"]


def test_slots_are_those_that_both_have_free(desk: Desk) -> None:
    desk.visit(desk.at_home(), "10:00", ("c1", "n2"))
    desk.visits.away(desk.caller(), desk.id, "n1", desk.ms("12:00"), desk.ms("16:00"))
    slots = desk.visits.slots(desk.id, Pair("c1", "n1"), TODAY)
    times = [f"{desk.hall.calendar.local(slot):%H:%M}" for slot in slots]
    assert times == ["09:00", "11:00", "16:00"]


def test_an_officer_who_is_away_or_off_duty_is_not_sent(desk: Desk) -> None:
    case = desk.at_home()
    with pytest.raises(OfficerAway):
        desk.visit(case, "16:30")
    desk.visits.away(desk.caller(), desk.id, "n1", desk.ms("10:30"), desk.ms("12:00"))
    with pytest.raises(OfficerAway):
        desk.visit(case, "10:00")


def test_when_one_of_a_pair_is_ill_a_substitute_of_the_same_kind_is_proposed(desk: Desk) -> None:
    visit = desk.visit(desk.at_home(community="k1"), "10:00")
    desk.visit(desk.at_home(), "10:00", ("c2", "n2"))
    needing = desk.visits.away(desk.caller(), desk.id, "n1", desk.ms("08:30"), desk.ms("18:00"))
    assert [one["id"] for one in needing] == [visit["id"]]
    assert desk.visits.substitutes(desk.id, visit, "n1") == ["n3"], "n2 is out, n1 is ill"
    plan = Plan(Pair("c1", "n3"), visit["starts"])
    with pytest.raises(ReasonMissing):
        desk.visits.replan(desk.caller(), desk.id, visit["id"], plan, "")
    changed = desk.visits.replan(desk.caller(), desk.id, visit["id"], plan, "n1 is ill")
    assert (changed["id"], changed["near"]) == (visit["id"], "n3")
    assert desk.visits.of_officer(desk.id, "n1", 0, desk.ms("23:00")) == []


def test_a_cancelled_visit_leaves_both_free_and_the_case_with_a_next_step(desk: Desk) -> None:
    case = desk.at_home()
    visit = desk.visit(case, "10:00")
    desk.visits.cancel(desk.caller(), desk.id, visit["id"], desk.ms("15:00"), "in hospital")
    assert desk.case(case)["next_at"] == desk.ms("15:00")
    desk.visit(case, "10:00")


def test_a_round_goes_to_the_nearest_next_and_says_whether_the_time_is_enough(desk: Desk) -> None:
    far = desk.visit(desk.at_home(community="k3"), "10:00")
    near = desk.visit(desk.at_home(community="k1"), "11:00")
    legs = desk.visits.day_round(desk.id, Pair("c1", "n1"), TODAY)
    assert [leg.visit for leg in legs] == [near["id"], far["id"]]
    assert [leg.travel for leg in legs] == [15, 25]
    assert [leg.fits for leg in legs] == [True, False]


def test_a_visit_that_is_not_over_half_an_hour_after_its_end_alarms_the_desk(desk: Desk) -> None:
    visit = desk.visit(desk.at_home(), "10:00")
    carry(desk, visit)
    do(desk, 1, Action(visit["id"], "arrive", desk.ms("10:01"), {}))
    kinds = {now: [one.kind for one in desk.lists.alarms(desk.id, desk.ms(now))] for now in ("11:29", "11:30")}
    assert "overrun" not in kinds["11:29"]
    assert "overrun" in kinds["11:30"]
    do(desk, 2, Action(visit["id"], "leave", desk.ms("11:35"), {"met": True}))
    assert "overrun" not in [one.kind for one in desk.lists.alarms(desk.id, desk.ms("12:00"))]


def test_only_the_device_that_carries_a_visit_may_act_on_it(desk: Desk) -> None:
    visit = desk.visit(desk.at_home(), "10:00")
    carry(desk, visit)
    with pytest.raises(VisitElsewhere):
        carry(desk, visit, "other")
    do(desk, 1, Action(visit["id"], "arrive", desk.now, {}), "other")
    assert [one["code"] for one in desk.kept.conflicts(desk.id).values()] == ["VISIT_ELSEWHERE"]
    assert desk.kept.visit(desk.id, visit["id"])["state"] == "planned"


def test_a_refused_action_stays_visible_until_it_is_settled_and_stops_nothing_behind_it(desk: Desk) -> None:
    case = desk.at_home()
    visit = carry(desk, desk.visit(case, "10:00"))
    do(desk, 1, Action(visit["id"], "leave", desk.now, {}))
    do(desk, 2, Action(visit["id"], "item", desk.now, {"item": "1", "do": "deliver"}))
    do(desk, 3, Action(visit["id"], "nonsense", desk.now, {}))
    do(desk, 4, Action(visit["id"], "arrive", desk.now, {}))
    codes = [one["code"] for one in desk.kept.conflicts(desk.id).values()]
    assert codes == ["VISIT_MOVE_NOT_LEGAL", "ITEM_MOVE_NOT_LEGAL", "UNKNOWN_VISIT"]
    assert desk.kept.visit(desk.id, visit["id"])["state"] == "under_way"
    desk.visits.settle(desk.caller(), desk.id, "phone/1")
    assert len(desk.kept.conflicts(desk.id)) == 2


def test_an_action_too_far_ahead_is_refused_and_the_device_is_told_what_is_missing(desk: Desk) -> None:
    visit = carry(desk, desk.visit(desk.at_home(), "10:00"))
    with pytest.raises(OutboxTooFar) as refused:
        do(desk, AHEAD + 1, Action(visit["id"], "arrive", desk.now, {}))
    assert refused.value.facts == {"next": 1}
    assert do(desk, AHEAD, Action(visit["id"], "arrive", desk.now, {})).waiting == 1


def test_a_visit_that_is_over_is_neither_cancelled_nor_planned_anew(desk: Desk) -> None:
    visit = carry(desk, desk.visit(desk.at_home(), "10:00"))
    do(desk, 1, Action(visit["id"], "arrive", desk.now, {}))
    do(desk, 2, Action(visit["id"], "leave", desk.now, {"met": False, "outcome": "nobody_home"}))
    assert desk.kept.visit(desk.id, visit["id"])["state"] == "not_met"
    with pytest.raises(VisitMoveNotLegal):
        desk.visits.cancel(desk.caller(), desk.id, visit["id"], desk.ms("15:00"), "why")


def carry(desk: Desk, visit: Image, device: str = "phone") -> Image:
    return desk.visits.carry(desk.caller("staff:n1"), desk.id, visit["id"], device)


def do(desk: Desk, sequence: int, action: Action, device: str = "phone") -> Any:
    return desk.visits.act(desk.caller("staff:n1"), desk.id, device, sequence, action)


def random_actions(random: Random, visit: str, at: int) -> list[Action]:
    """A doorstep's story, part of it against the rules."""
    moves: list[tuple[str, Any]] = [("arrive", {})]
    for _ in range(random.randint(4, 14)):
        moves.append(
            random.choice(
                [
                    ("item", {"item": str(random.randint(1, 4)), "do": random.choice(["accept", "take", "submit"])}),
                    ("item", {"item": "1", "do": "decide", "outcome": "granted"}),
                    ("item", {"item": "2", "do": "withdraw"}),
                    ("add", {"items": [random.choice(["legal", "shelter", "nothing"])]}),
                    ("paper_in", {"paper": "id-card"}),
                    ("paper_back", {"n": str(random.randint(1, 2))}),
                    ("authorise", {"how": "signed"}),
                    ("note", {}),
                ]
            )
        )
    moves.insert(random.randint(1, len(moves)), ("leave", {}))
    return [Action(visit, move, at, facts, "a word" if move in ("note", "item") else "") for move, facts in moves]


def end_state(desk: Desk, cases: list[Image], visits: list[Image]) -> Any:
    """Everything but who the person is."""
    images = [{**desk.case(case), "person": ""} for case in cases]
    stories = [desk.kept.story(desk.id, case["id"]) for case in cases]
    conflicts = {
        key: (one["visit"], one["move"], one["code"], one["facts"]) for key, one in desk.kept.conflicts(desk.id).items()
    }
    return images, stories, [desk.kept.visit(desk.id, visit["id"]) for visit in visits], conflicts


def played(url: str, seed: int, order: Random | None) -> Any:
    """Two pairs, a device each, their actions delivered in a random order with repeats; None: as they were done."""
    desk, random = Desk(url), Random(seed)
    cases = [desk.at_home("papers", "medical"), desk.at_home("legal")]
    pairs = (("c1", "n1"), ("c2", "n2"))
    visits = [desk.visit(case, "10:00", pair) for case, pair in zip(cases, pairs, strict=True)]
    posts = []
    for n, visit in enumerate(visits):
        carry(desk, visit, f"phone{n}")
        actions = random_actions(random, visit["id"], desk.now)
        posts += [(f"phone{n}", sequence, action) for sequence, action in enumerate(actions, 1)]
    if order is not None:
        posts += order.sample(posts, len(posts) // 2)
        order.shuffle(posts)
    for device, sequence, action in posts:
        do(desk, sequence, action, device)
    return end_state(desk, cases, visits)


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_the_network_brings_them_actions_end_in_the_same_state(store_url: str, seed: int) -> None:
    expected = played(store_url, seed, None)
    assert expected[3], "part of the story is against the rules"
    for shuffle in range(4):
        assert played(store_url, seed, Random(1000 * seed + shuffle)) == expected
