"""上门办 as the scheme says it, H1–H3, walked through on the example hall."""

# ruff: noqa: N802 - rows of the scheme are called H1 to H3

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from bench.desk_year import example
from hall.domain.case_errors import PairWrong, UnknownRecipient
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.services.doorstep import Doorstep
from hall.services.visits import Action, Pair, Plan
from hall.store.cases import Image
from tests.cases.desk import Desk
from tests.driver import DAY

TODAY = date.fromisoformat(DAY)
#: whom the scheme visits: H1, and H2
VISITED = ("extreme-hardship", "elder-alone", "disabled-veteran", "bedridden")
#: H3, as far as the scheme names them
NAMED = (
    "pension-app",
    "pension-card",
    "unemployment-benefit",
    "long-term-care",
    "birth-bundle",
    "retirement-bundle",
    "online-other",
)


class Hall(Desk):
    """The example hall's case desk."""

    def __init__(self, url: str) -> None:
        hall = example("x")
        parts = ("officers", "communities", "items", "bundles", "recipients", "groups", "services", "lines", "windows")
        super().__init__(url, **{name: getattr(hall, name) for name in parts})
        self.doorstep = Doorstep(self.visits)

    def of_each(self) -> dict[str, str]:
        return {one.id: one.of for one in self.hall.officers}

    def wanting(self, group: str, *items: str, bundle: str = "", **more: Any) -> Image:
        opening = Opening(
            kind="home_visit",
            source="phone",
            group=group,
            owner="c1",
            community="r01",
            wanted=Wanted(items, (bundle,) if bundle else ()),
            **more,
        )
        return self.cases.open(self.caller(), self.id, opening)

    def planned(self, case: Image) -> Image:
        """In the first slot both have tomorrow."""
        pair = Pair("c1", "n01")
        (slot, *_) = self.visits.slots(self.id, pair, TODAY + timedelta(days=1))
        return self.visits.plan(self.caller(), self.id, case["id"], Plan(pair, slot))

    def act(self, visit: Image, sequence: int, move: str, text: str = "", **facts: Any) -> None:
        action = Action(visit["id"], move, self.now, facts, text)
        self.visits.act(self.caller("staff:n01"), self.id, "phone", sequence, action)


@pytest.fixture
def hall(store_url: str) -> Hall:
    return Hall(store_url)


def test_H1_two_officers_go_together_to_whom_is_supported_in_extreme_hardship(hall: Hall) -> None:
    """特困供养对象: one of the centre and one of the community, never two of a kind, never one alone."""
    case = hall.wanting("extreme-hardship", "pension-card", person=Person("王秀英"), texts={"address": "6 Aomen Road"})
    kinds = hall.of_each()
    assert (list(kinds.values()).count("centre"), list(kinds.values()).count("community")) == (8, 35)
    for pair in (Pair("c1", "c2"), Pair("n01", "n02"), Pair("n01", "c1"), Pair("c1", "c1")):
        with pytest.raises(PairWrong):
            hall.visits.plan(hall.caller(), hall.id, case["id"], Plan(pair, hall.now + 86_400_000))
    visit = hall.planned(case)
    assert (kinds[visit["centre"]], kinds[visit["near"]]) == ("centre", "community")

    ((_, legs, _),) = hall.doorstep.rounds(hall.id, TODAY + timedelta(days=1))
    assert [leg.visit for leg in legs] == [visit["id"]]
    pack = hall.doorstep.pack(hall.caller("staff:n01"), hall.id, visit["id"], "phone")
    assert (pack.person.name, pack.address) == ("王秀英", "6 Aomen Road")

    hall.now = visit["starts"]
    hall.act(visit, 1, "arrive")
    for sequence, move in enumerate(("accept", "take", "submit"), 2):
        hall.act(visit, sequence, "item", item="1", do=move, present=True)
    hall.act(visit, 5, "leave", met=True, outcome="done")
    assert hall.kept.visit(hall.id, visit["id"])["state"] == "done"
    assert hall.case(case)["items"]["1"]["state"] == "submitted"
    assert [one["kind"] for one in hall.kept.story(hall.id, case["id"])][-1] == "visit_left"

    hall.move(case, "1", "decide", "deliver")
    hall.cases.close(hall.caller(), hall.id, case["id"])
    results = hall.lists.results(hall.id, 0, hall.now + 1, "group")
    assert (results["extreme-hardship"].people, results["extreme-hardship"].delivered) == (1, 1)


@pytest.mark.parametrize("group", VISITED[1:])
def test_H2_elders_veterans_and_the_bedridden_are_visited_with_the_officers_own_device(hall: Hall, group: str) -> None:
    """What is done there goes through 掌上办 and 随申办 on a device; another device cannot interfere."""
    recipients = next(one for one in hall.hall.recipients if one.id == group)
    assert "home_visit" in recipients.kinds
    assert recipients.basis, "with its legal basis"
    assert recipients.checks, "and what to look at"
    case = hall.wanting(group, bundle="elder-home")
    apps = {one.id: one.app for one in hall.hall.items}
    assert {apps[item["item"]] for item in case["items"].values()} == {"掌上办", "随申办"}
    visit = hall.planned(case)
    hall.visits.carry(hall.caller("staff:n01"), hall.id, visit["id"], "phone")
    other = Action(visit["id"], "arrive", hall.now, {})
    hall.visits.act(hall.caller("staff:n02"), hall.id, "another", 1, other)
    assert hall.kept.visit(hall.id, visit["id"])["state"] == "planned"
    hall.act(visit, 1, "arrive")
    assert hall.kept.visit(hall.id, visit["id"])["state"] == "under_way"


def test_H2_whom_the_scheme_does_not_visit_is_not_visited(hall: Hall) -> None:
    for one in hall.hall.recipients:
        if one.id not in VISITED:
            with pytest.raises(UnknownRecipient):
                hall.wanting(one.id, "pension-app")


def test_H3_every_named_item_has_guidance_step_by_step_and_the_phone_brings_it(hall: Hall) -> None:
    """异地养老认证, 养老金卡, 失业金, 长护险, 一件事, 不见面办理: item by item, in both languages."""
    items = {one.id: one for one in hall.hall.items}
    for name in NAMED:
        item = items[name]
        assert "home_visit" in item.kinds, name
        assert item.app in ("掌上办", "随申办"), name
        assert len(item.guide) >= 3, name
        assert all(step.zh and step.en for step in item.guide), name
    case = hall.wanting("elder-alone", *NAMED)
    visit = hall.planned(case)
    pack = hall.doorstep.pack(hall.caller("staff:n01"), hall.id, visit["id"], "phone")
    assert [one["item"] for _, one in sorted(pack.case["items"].items())] == list(NAMED)
    hall.now = visit["starts"]
    hall.act(visit, 1, "arrive")
    sequence = itertools.count(2)
    for number in case["items"]:
        for move in ("accept", "take", "submit"):
            hall.act(visit, next(sequence), "item", item=number, do=move, present=True)
    hall.act(visit, next(sequence), "add", items=["social-card"])
    hall.act(visit, next(sequence), "leave", met=True, outcome="in_part")
    assert hall.kept.conflicts(hall.id) == {}
    states = [item["state"] for item in hall.case(case)["items"].values()]
    assert sorted(states) == ["opened"] + ["submitted"] * len(NAMED)
